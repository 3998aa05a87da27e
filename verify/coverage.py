"""Which values the masks of a model have had over several trials."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from derive.arithmetic import Array
from derive.atoms import Choice


class Coverage:
    """Which values every mask has had."""

    def __init__(self) -> None:
        self.seen: list[Array] = []

    def see(self, choices: Iterable[Choice]) -> None:
        """Add what one trial drew; always the same masks in the same order."""
        for number, choice in enumerate(choices):
            options = np.arange(choice.options)
            here = np.reshape(choice.taken, (-1, 1)) == options
            if number < len(self.seen):
                self.seen[number] = self.seen[number] | here
            else:
                self.seen.append(here)

    @property
    def choices(self) -> int:
        """Number of masks."""
        return sum(len(seen) for seen in self.seen)

    @property
    def complete(self) -> bool:
        """True where every mask has had every value."""
        return all(seen.all() for seen in self.seen)

    def __str__(self) -> str:
        whole = sum(int(seen.all(axis=1).sum()) for seen in self.seen)
        return f"{whole} of {self.choices} masks took every value"
