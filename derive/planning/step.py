"""One step of a plan: array statements that assign a tensor."""

from __future__ import annotations

from dataclasses import dataclass

from derive.equations import Equation
from derive.index import Index
from derive.planning.arrays import walk
from derive.planning.book import Statement
from derive.planning.cost import elements, is_scattered, is_view


@dataclass(frozen=True)
class Step:
    """One equation as array statements; the last one assigns its tensor."""

    tensor: str
    equation: Equation
    statements: tuple[Statement, ...]

    @property
    def tensors(self) -> tuple[str, ...]:
        """What the step computes."""
        return (self.tensor,)

    @property
    def flops(self) -> Index:
        """Floating-point operations, a polynomial in ``batch``."""
        arrays = (a for s in self.statements for a in walk(s.value))
        return sum((a.flops for a in arrays), start=Index.of(0))

    @property
    def largest(self) -> Statement:
        """The statement that makes the largest array (at `NOMINAL` samples); views are none."""
        scattered: set[str] = set()
        made = []
        for statement in self.statements:
            if not is_view(statement.value, scattered):
                made.append(statement)
            if is_scattered(statement.value, scattered):
                scattered.add(statement.target.name)
        return max(made or self.statements, key=lambda s: elements(s.target.shape))

    def __str__(self) -> str:
        target = self.largest.target
        shape = ", ".join(str(n) for n in target.shape)
        return f"{self.tensor:12} {self.flops!s:>20} flops   largest {target.name} ({shape})"
