r"""`parse`: LaTeX mathematics to the surface tree, or an error that names place and mend."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from lark import Lark, Token
from lark.exceptions import UnexpectedToken
from lark.lexer import Lexer

from derive.errors import LimitExceeded, Unreadable
from derive.reading import slips
from derive.reading.brackets import DEPTH_LIMIT, pair
from derive.reading.build import Build
from derive.reading.large_numbers import with_large_numbers
from derive.reading.reductions import Reductions
from derive.reading.roles import assign
from derive.reading.scan import scan
from derive.reading.surface import Node, Sequence, parts
from derive.reading.tokens import Word
from derive.reading.window_words import called

LENGTH_LIMIT = 20_000
TREE_LIMIT = 200
_NESTING = re.compile(r"\\.|[{}()\[\]]", re.DOTALL)


MOST_SHORT = 1024
SHORT = 120
MOST_LONGER = 256
LONGER = 1200
MOST_LONGEST = 64
"""Formulas and their parts are read again and again, so they are kept, but few very long ones."""


def parse(latex: str) -> Sequence:
    """The surface tree of one formula, without its delimiters.

    Raises `Unreadable` with the offset of what cannot be read, `LimitExceeded` for a formula longer
    than `LENGTH_LIMIT`, nested deeper than `DEPTH_LIMIT` brackets or `TREE_LIMIT` nodes.
    """
    if len(latex) <= SHORT:
        return _short(latex)
    return _longer(latex) if len(latex) <= LONGER else _longest(latex)


@lru_cache(maxsize=MOST_SHORT)
def _short(latex: str) -> Sequence:
    return _parsed(latex)


@lru_cache(maxsize=MOST_LONGER)
def _longer(latex: str) -> Sequence:
    return _parsed(latex)


@lru_cache(maxsize=MOST_LONGEST)
def _longest(latex: str) -> Sequence:
    return _parsed(latex)


def _parsed(latex: str) -> Sequence:
    _within_limits(latex)
    words = assign(called(with_large_numbers(pair(scan(latex)))))
    if not words:
        raise Unreadable("the formula is empty", offset=0, expected="a formula")
    tree = _reductions().parse(words)
    if tree is None:
        raise _complaint(words, latex)
    assert isinstance(tree, Sequence)
    if not tree.items:
        raise Unreadable("the formula is empty", offset=0, expected="a formula")
    _shallow(tree)
    return tree


def _complaint(words: list[Word], latex: str) -> Unreadable:
    """What the parser says of words that make no formula."""
    try:
        _parser().parse(words)
    except UnexpectedToken as error:
        return slips.explain(error, words, latex)
    raise AssertionError(latex)


class _Words(Lexer):
    """Hands words that are ready to the parser."""

    def __init__(self, _configuration: Any) -> None:
        pass

    def lex(self, words: list[Word], _state: Any = None) -> Iterator[Token]:  # type: ignore[override]
        for word in words:
            yield Token(word.kind, word.text, start_pos=word.start, end_pos=word.end)


@cache
def _parser() -> Lark:
    grammar = Path(__file__).with_name("grammar.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", lexer=_Words, transformer=Build())


@cache
def _reductions() -> Reductions:
    return Reductions(_parser())


def _within_limits(latex: str) -> None:
    if len(latex) > LENGTH_LIMIT:
        raise LimitExceeded(
            f"the formula has {len(latex)} characters", offset=0,
            expected=f"at most {LENGTH_LIMIT}",
        )  # fmt: skip
    depth = 0
    for match in _NESTING.finditer(latex):
        sign = match.group()
        depth = depth + 1 if sign in "{([" else max(depth - (sign in "})]"), 0)
        if depth > DEPTH_LIMIT:
            raise LimitExceeded(
                f"brackets nest deeper than {DEPTH_LIMIT}", offset=match.start(),
                expected=f"at most {DEPTH_LIMIT} brackets inside each other",
            )  # fmt: skip


def _shallow(tree: Node) -> None:
    """Refuse a tree that recursion could not walk; this check does not recurse."""
    level: list[Node] = [tree]
    for _ in range(TREE_LIMIT):
        level = [part for node in level for part in parts(node)]
        if not level:
            return
    raise LimitExceeded(
        f"the formula nests deeper than {TREE_LIMIT} operations", offset=level[0].span.start,
        expected=f"at most {TREE_LIMIT} operations inside each other or in one chain",
    )  # fmt: skip
