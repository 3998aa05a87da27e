r"""Symbols that a deck gives several values, ``\hat y = 0.2`` here and ``\hat y = 0.9`` there.

What shows numbers means something else under another value, so its repetitions are one claim only
where all such symbols have the same values; formulas without numbers hold whatever the values are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from derive.errors import Problem
from derive.reading.sentence import Sentence
from derive.reading.shown import Shown, Table, shown_number, shown_table
from verify.claim import sentence_of
from verify.claims import SPACES, Claim
from verify.numbers.sides import shows_numbers

Values = tuple[tuple[str, Table], ...]
"""The tables of symbols, by the symbols as typed."""


def states(claims: Sequence[Claim]) -> Iterator[Values]:
    """For every claim, in the order of the deck, the values that it is to be judged with.

    Only symbols that are given different values count, and only for claims that show numbers.
    """
    given = [_given(claim) for claim in claims]
    contested = _contested(given)
    now: dict[str, Table] = {}
    for claim, found in zip(claims, given, strict=True):
        yield tuple(now.items()) if now and _shows_numbers(claim) else ()
        if found is not None and found[0] in contested:
            now = {**now, found[0]: found[1]}


def _contested(given: Sequence[tuple[str, Table] | None]) -> frozenset[str]:
    first: dict[str, Table] = {}
    found = set()
    for name, table in filter(None, given):
        if not _agree(first.setdefault(name, table), table):
            found.add(name)
    return frozenset(found)


def _agree(one: Table, other: Table) -> bool:
    """Whether two tables show the same wherever both show something: one may be a part."""
    return all(
        a is None or b is None or a.value == b.value
        for left, right in zip(one.rows, other.rows, strict=False)
        for a, b in zip(left, right, strict=False)
    ) and (one.joined is None) == (other.joined is None)


def _given(claim: Claim) -> tuple[str, Table] | None:
    """The symbol and the numbers of ``symbol = numbers``."""
    sentence = _sentence(claim)
    if sentence is None or sentence.kind != "equation" or len(sentence.nodes) != 2:
        return None
    left, right = sentence.nodes
    table = _table(shown_number(right)) or shown_table(right)
    if table is None:
        return None
    return SPACES.sub("", claim.text[left.span.start : left.span.end]), table


def _table(number: Shown | None) -> Table | None:
    return None if number is None else Table(((number,),))


def _shows_numbers(claim: Claim) -> bool:
    sentence = _sentence(claim)
    return sentence is not None and shows_numbers(sentence)


def _sentence(claim: Claim) -> Sentence | None:
    if claim.error is not None:
        return None
    try:
        return sentence_of(claim.text)
    except Problem:
        return None
