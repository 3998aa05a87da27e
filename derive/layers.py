"""What a sheet says of a family of layers that it states once."""

from __future__ import annotations

from dataclasses import dataclass

from derive.index import Index


@dataclass(frozen=True)
class Layers:
    """Layers ``first`` to ``last``; ``letter`` stands for any of them, ``name`` for the last."""

    letter: str
    first: int
    last: int
    name: str

    @property
    def numbers(self) -> tuple[int, ...]:
        """The layers for which formulas are stated."""
        return tuple(range(self.first, self.last + 1))

    def letters(self, number: int) -> dict[str, Index]:
        """What the letters are in the formulas of one layer."""
        return {self.letter: Index.of(number), self.name: Index.of(self.last)}
