"""Damaged formulas: every one is read, or refused with a place; nothing else happens."""

from __future__ import annotations

import re

from hypothesis import example, given
from hypothesis import strategies as st

from derive.errors import Problem
from derive.reading.parse import parse
from derive.reading.sentence import sentences
from derive.reading.statement import statement
from tests.derive.reading.scopes import scope
from tests.derive.reading.test_statement import RIGHT, WRONG

TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\d+|[A-Za-z]|[^\sA-Za-z\d]")
FORMULAS = [TOKEN.findall(f) for f in (*RIGHT, *WRONG)]
POOL = sorted(
    {t for f in FORMULAS for t in f} | set(r"\top @ \star | [ ] \max \bmod ' e T".split())
)


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """A formula with up to three tokens replaced, inserted, dropped or swapped."""
    tokens = list(draw(st.sampled_from(FORMULAS)))
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(tokens) - 1))
        action = draw(st.sampled_from(["replace", "insert", "drop", "swap"]))
        if action == "replace":
            tokens[at] = draw(st.sampled_from(POOL))
        elif action == "insert":
            tokens.insert(at, draw(st.sampled_from(POOL)))
        elif action == "drop" and len(tokens) > 1:
            del tokens[at]
        else:
            other = draw(st.integers(0, len(tokens) - 1))
            tokens[at], tokens[other] = tokens[other], tokens[at]
    return " ".join(tokens)


@given(damaged())
@example(r"L = y ( , )")
@example(r"\Delta W ( ) = f")
def test_a_damaged_formula_means_something_or_is_refused_with_a_place(latex: str) -> None:
    try:
        found = sentences(parse(latex))
    except Problem as problem:
        assert problem.offset is not None  # noqa: PT017
        return
    for sentence in found:
        try:
            meaning = statement(sentence, scope())
        except Problem as problem:
            assert problem.offset is None or 0 <= problem.offset <= len(latex)  # noqa: PT017
            assert problem.message  # noqa: PT017
        else:
            axes = frozenset(meaning.axes)
            assert all(s.body.free_axes <= axes for s in meaning.sides)
