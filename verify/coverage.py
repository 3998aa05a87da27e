"""Which values the masks of a model have had over several trials."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from derive.arithmetic import Array
from derive.atoms import Choice


class Coverage:
    """How often every mask has had each of its values."""

    def __init__(self) -> None:
        self._counts: list[Array] = []

    def see(self, choices: Iterable[Choice]) -> None:
        """Add what one trial drew; always the same masks in the same order."""
        for number, choice in enumerate(choices):
            here = np.reshape(choice.taken, (-1, 1)) == np.arange(choice.options)
            if number < len(self._counts):
                self._counts[number] = self._counts[number] + here
            else:
                self._counts.append(here.astype(np.int64))

    @property
    def masks(self) -> int:
        """Number of masks."""
        return sum(len(counts) for counts in self._counts)

    @property
    def least(self) -> int:
        """How often the rarest value of any mask was drawn."""
        return min((int(c.min()) for c in self._counts if c.size), default=0)

    def __str__(self) -> str:
        whole = sum(int(counts.all(axis=1).sum()) for counts in self._counts)
        return f"{whole} of {self.masks} masks took every value"
