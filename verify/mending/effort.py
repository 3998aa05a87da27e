"""How long a search goes on: while the clock allows, and for so many looks."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf

from verify.clock import Clock


@dataclass
class Effort:
    """What was spent on a search: ``looked`` counts the candidates that were looked at.

    Where ``most`` is set it ends after so many, else with the clock.
    """

    clock: Clock = field(default_factory=lambda: Clock(inf))
    looked: int = 0
    most: int | None = None

    @property
    def left(self) -> bool:
        """Whether the search may go on."""
        return (self.most is None or self.looked < self.most) and self.clock.left > 0

    def at_most(self, more: int) -> None:
        """From here on only so many more are looked at."""
        self.most = self.looked + more
