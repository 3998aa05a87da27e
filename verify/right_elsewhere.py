r"""The author's own right formula beside a wrong one: what the deck says elsewhere of the same.

A formula that shares its left side with one that is proved, or else what follows, and is little
else, is most likely that one mistyped. Where no edit of its own is as near, that one is suggested.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from derive.errors import Problem
from verify.claim import sentence_of
from verify.expansion.outcome import TERMS
from verify.verdict import Status, Suggestion, Verdict

TOKEN = re.compile(r"\\[a-zA-Z]+|\d+|\S")
SPACING = frozenset({r"\,", r"\;", r"\!", r"\quad", r"\left", r"\right", "&", "."})
WRONG = frozenset({Status.REFUTED, Status.ILL_FORMED})
READ_IN = "read as in: "
NEAR = 0.5
"""The part of two formulas that must be common to them."""
HEAD_TOKENS = 3
"""Tokens that may differ in the left side where the last sides are the same."""

Tokens = tuple[str, ...]


def with_own_formulas(verdicts: Sequence[Verdict]) -> tuple[Verdict, ...]:
    """The verdicts with suggestions that stand in the deck where these are the nearest."""
    right = [(v, sides) for v in verdicts if v.status is Status.PROVED for sides in _sides(v)]
    return tuple(_with_nearest(v, right) if _may_be_another(v) else v for v in verdicts)


def _may_be_another(verdict: Verdict) -> bool:
    """Whether it is wrong and no terms of it were told as wrong or missing."""
    return verdict.status in WRONG and all(e.method != TERMS for e in verdict.evidence)


def _with_nearest(wrong: Verdict, right: Sequence[tuple[Verdict, tuple[Tokens, ...]]]) -> Verdict:
    for sides in _sides(wrong):
        own = _joined(sides)
        alike = [(v, o) for v, o in right if _system(v) == _system(wrong) and _alike(sides, o)]
        same = [(v, o) for v, o in alike if o[0] == sides[0]]
        near = [
            (_distance(own, _joined(others)), abs(v.places[0].line - wrong.places[0].line), v)
            for v, others in same or alike
        ]
        if not near:
            return wrong
        distance, _, nearest = min(near, key=lambda n: n[:2])
        if not same:
            distance += 1  # a left side is mistyped more seldom than what it is said to be
        told = wrong.suggestion
        edited = () if told is None else _tokens(told.plain or told.latex)
        if edited and _distance(own, edited) + _by_itself(edited, own) < distance:
            return wrong
        what = f"line {nearest.places[0].lines} has it right"
        return replace(wrong, suggestion=Suggestion(nearest.latex, what, nearest.plain))
    return wrong


def _by_itself(edited: Tokens, own: Tokens) -> bool:
    """Whether an edit says a derivative by what is differentiated, as ``∂y/∂x = y / x``.

    That is seldom what was meant where the formula had nothing of the sort.
    """
    above = _differentiated(edited)
    return (
        above is not None
        and above == _differentiated(own)
        and (_times(above, edited) > _times(above, own))
    )


def _differentiated(tokens: Tokens) -> Tokens | None:
    """What stands behind the first sign of a derivative, up to the end of its numerator."""
    if tokens[:3] != (r"\frac", "{", r"\partial"):
        return None
    depth = 1
    for at, token in enumerate(tokens[3:], start=3):
        depth += (token == "{") - (token == "}")
        if not depth:
            return tokens[3:at]
    return None


def _times(part: Tokens, whole: Tokens) -> int:
    size = len(part)
    return sum(whole[k : k + size] == part for k in range(len(whole) - size + 1))


def _sides(verdict: Verdict) -> Iterator[tuple[Tokens, ...]]:
    """The sides of an equation, one item or none; those of numbers say nothing of one another."""
    text = verdict.plain or verdict.latex
    counterexample = verdict.counterexample or {}
    if verdict.assumptions[:1] and verdict.assumptions[0].startswith("as a formula: "):
        return
    if "shown" in counterexample:
        return
    try:
        sentence = sentence_of(text)
    except Problem:
        return
    if sentence.kind == "equation" and len(sentence.nodes) > 1:
        yield tuple(_tokens(text[n.span.start : n.span.end]) for n in sentence.nodes)


def _alike(wrong: tuple[Tokens, ...], right: tuple[Tokens, ...]) -> bool:
    same_start = wrong[0] == right[0]
    same_end = wrong[1:] == right[1:] and any(t.isalpha() for t in wrong[-1])
    if not (same_start or same_end):
        return False  # what is common to long ones takes long to find
    one, two = _joined(wrong), _joined(right)
    if one == two or 2 * len(_common(one, two)) < NEAR * (len(one) + len(two)):
        return False
    return same_start or _distance(wrong[0], right[0]) <= HEAD_TOKENS


def _distance(one: Tokens, two: Tokens) -> int:
    """How many tokens are put in, left out or replaced between the two."""
    return max(len(one), len(two)) - len(_common(one, two))


def _common(one: Tokens, two: Tokens) -> Tokens:
    blocks = SequenceMatcher(None, one, two, autojunk=False).get_matching_blocks()
    return tuple(t for b in blocks for t in one[b.a : b.a + b.size])


def _joined(sides: tuple[Tokens, ...]) -> Tokens:
    return tuple(t for side in sides for t in ("=", *side))[1:]


def _tokens(text: str) -> Tokens:
    return tuple(t for t in TOKEN.findall(text) if t not in SPACING)


def _system(verdict: Verdict) -> frozenset[str]:
    """The sheet by which a formula was read, where it was not the first."""
    return frozenset(a for a in verdict.assumptions if a.startswith(READ_IN))
