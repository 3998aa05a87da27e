"""A polynomial in axes and sizes as people type it: ``2*i - u + 1``, constants last."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol


class _Named(Protocol):
    @property
    def name(self) -> str: ...


def polynomial_text(terms: Iterable[tuple[Iterable[_Named], int]]) -> str:
    """The text of ``(monomial, coefficient)`` pairs in their order; 0 where there is none."""
    parts = []
    for monomial, coefficient in terms:
        name = "*".join(s.name for s in monomial)
        size = abs(coefficient)
        text = name if name and size == 1 else f"{size}*{name}" if name else str(size)
        parts.append(("-" if coefficient < 0 else "+", text))
    if not parts:
        return "0"
    first = ("-" if parts[0][0] == "-" else "") + parts[0][1]
    return first + "".join(f" {sign} {text}" for sign, text in parts[1:])
