"""What the repairs of one deck may take in all, so that a deck of hopeless claims stays fast.

Most repairs are found at once. A search that lasts is paid from what the deck has, of which every
claim may have half, so that what comes first cannot take it all.
"""

from __future__ import annotations

from dataclasses import dataclass

from verify.clock import Clock

CUT_SHORT = "the time was up that this deck has for repairs"
"""What is said of a search that found nothing and did not end."""
LONGEST = 2.0
"""Seconds that the search for one repair may last."""
EACH = 0.15
"""Seconds that every claim has anyway."""
MORE = 4.0
"""Seconds beyond that, for all of a deck."""


@dataclass
class Allowance:
    """Seconds of processor time: ``each`` claim has so many, all of the deck ``more``."""

    each: float = EACH
    more: float = MORE

    @property
    def share(self) -> float:
        """What the next claim may take."""
        return min(LONGEST, self.each + self.more / 2)

    def clock(self, whole: Clock) -> Clock:
        """The share of the next claim, at most what is left of its ``whole`` time."""
        return Clock(min(whole.left, self.share))

    def among(self, processes: int) -> Allowance:
        """The share of one process, where so many judge a deck: together they have what it has."""
        return Allowance(self.each, self.more / processes)

    def spend(self, seconds: float) -> None:
        """Note what a claim took."""
        self.more = max(0.0, self.more - max(0.0, seconds - self.each))
