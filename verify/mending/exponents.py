"""Numbers that the power rule brings in front: the exponents of a model's powers."""

from __future__ import annotations

from collections.abc import Iterator

from derive.equations import Model
from derive.expr import Apply, Number, walk

LEAST, MOST = 3, 9
"""A 2 is tried anyway."""


def exponents(model: Model) -> tuple[str, ...]:
    """The whole exponents from 3 to 9, as they are written, in order of first occurrence."""
    return tuple(dict.fromkeys(str(n) for n in _exponents(model) if LEAST <= n <= MOST))


def _exponents(model: Model) -> Iterator[int]:
    for equation in model.equations:
        for node in walk(equation.rhs):
            match node:
                case Apply("pow", (_, Number(n))) if n.denominator == 1:
                    yield n.numerator
