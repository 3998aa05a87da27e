"""By what people multiply the gradients that they call errors: 1, -1, or the number of samples."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from derive.expr import ONE, Expr, Value, number
from derive.reading.scope import Scope


@dataclass(frozen=True)
class Scale:
    """By what a gradient is multiplied, and how that is said."""

    text: str
    factor: Expr


def scales(scope: Scope) -> Iterator[Scale]:
    """1, -1, and n where the loss is a mean over n: errors are those of one sample."""
    yield Scale("", ONE)
    yield Scale("−", number(-1))
    for name in scope.means:
        count = scope.letters.get(name)
        if count is not None:
            factor = Value(count) if count.value is None else number(count.value)
            yield Scale(f"{name} ", factor)
