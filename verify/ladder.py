"""All rungs for one link: numbers and proofs, fifty digits, thresholds from both sides."""

from __future__ import annotations

from verify.bench import Bench
from verify.close_calls import settled
from verify.compare import Identity, Outcome, climb
from verify.fifty_digits import told_apart
from verify.thresholds import seen_switching


def all_rungs(link: Identity, bench: Bench) -> Outcome:
    """What comes of ``link``, by everything that there is."""
    found = seen_switching(settled(climb(link, bench), link, bench), link, bench)
    return told_apart(found, link, bench)
