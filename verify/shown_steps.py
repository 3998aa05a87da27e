r"""A parameter after a step whose gradient is the one that the deck shows, be that right or wrong.

Numbers that no step of the model explains may follow from numbers of the deck: the value given
before, less a learning rate times the table of the gradient. Which rate, the digits tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from verify.numbers.second import GIVEN_ANEW
from verify.verdict import Status, Verdict

_ARRAY = re.compile(r"=\s*\\begin\{[bp]?matrix\}(?P<body>.*)\\end\{[bp]?matrix\}\s*", re.DOTALL)
_NUMBER = re.compile(r"[-−+]?\d+(?:[.,]\d+)?")
STEP = "right if it is a step from"
MOST_PLACES = 4
"""Decimals of the learning rates that are told."""


@dataclass(frozen=True)
class _Shown:
    """The numbers of an array, and half of what the last digit of each counts."""

    numbers: tuple[tuple[Fraction, ...], ...]
    halves: tuple[tuple[Fraction, ...], ...]

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(map(len, self.numbers))

    def cells(self) -> Iterator[tuple[Fraction, Fraction]]:
        for numbers, halves in zip(self.numbers, self.halves, strict=True):
            yield from zip(numbers, halves, strict=True)


def with_shown_steps(verdicts: Sequence[Verdict]) -> tuple[Verdict, ...]:
    """The verdicts, with the rate and the lines from which an open table of a parameter follows."""
    return tuple(_explained(v, verdicts[:k]) for k, v in enumerate(verdicts))


def _explained(verdict: Verdict, before: Sequence[Verdict]) -> Verdict:
    new = _shown(verdict) if is_open(verdict) else None
    if new is None or verdict.target is None:
        return verdict
    olds = [v for v in before if v.target == verdict.target
            and (v.status is Status.DEFINITION or is_open(v))]  # fmt: skip
    gradients = [v for v in before if (v.target or "").startswith("∂")
                 and (v.target or "").endswith(f"/∂{verdict.target}")]  # fmt: skip
    for old, gradient in ((o, g) for g in gradients[::-1] for o in olds[::-1]):
        rate = _rate(_shown(old), _shown(gradient), new)
        if rate is not None:
            lines = (f"line {v.places[0].lines}" for v in (old, gradient))
            condition = (
                f"{STEP} {{}} with the gradient shown in {{}} and the learning rate {rate}"
            ).format(*lines)
            message = f"{verdict.message}; {condition}"
            return replace(verdict, message=message, conditions=(condition,))
    return verdict


def is_open(verdict: Verdict) -> bool:
    """Whether it gives another value than before, and that may be a slip or another example."""
    unclear = any((e.method, e.outcome) == GIVEN_ANEW for e in verdict.evidence)
    return verdict.status is Status.UNDECIDED and unclear


def _shown(verdict: Verdict) -> _Shown | None:
    match = _ARRAY.search(verdict.latex)
    if match is None:
        return None
    rows = [[c.strip() for c in row.split("&")] for row in match["body"].split(r"\\")]
    if not all(_NUMBER.fullmatch(c) for row in rows for c in row):
        return None
    texts = [[c.replace(",", ".").replace("−", "-") for c in row] for row in rows]
    return _Shown(
        tuple(tuple(map(Fraction, row)) for row in texts),
        tuple(tuple(Fraction(1, 2 * 10 ** len(c.partition(".")[2])) for c in row) for row in texts),
    )


def _rate(old: _Shown | None, gradient: _Shown | None, new: _Shown) -> str | None:
    """The shortest learning rate that gives every number to its digits, where one does."""
    if old is None or gradient is None or not old.shape == gradient.shape == new.shape:
        return None
    low, high = Fraction(0), Fraction(10)
    for (was, _), (slope, _), (now, half) in zip(
        old.cells(), gradient.cells(), new.cells(), strict=True
    ):
        if slope:
            ends = sorted(((was - now - half) / slope, (was - now + half) / slope))
            low, high = max(low, ends[0]), min(high, ends[1])
        elif abs(was - now) > half:
            return None
    for places in range(MOST_PLACES + 1):
        rate = Fraction(-(-low * 10**places // 1), 10**places)
        if 0 < rate <= high:
            return f"{float(rate):g}"
    return None
