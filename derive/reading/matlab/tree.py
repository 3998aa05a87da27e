"""One MATLAB statement as a tree of Lark, or an error with its place."""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from typing import cast

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedEOF, UnexpectedInput, UnexpectedToken

from derive.errors import LimitExceeded, Unreadable

LENGTH_LIMIT = 2_000
DEPTH_LIMIT = 40


@lru_cache(maxsize=256)  # to see what language it is, for its claim, and to judge that
def parsed(text: str) -> Tree[Token]:
    """The tree of a statement whose transpositions are marked.

    Raises `Unreadable` with the offset of what cannot be read, `LimitExceeded` for one that is too
    long or nested too deep.
    """
    if len(text) > LENGTH_LIMIT:
        raise LimitExceeded(
            f"the statement has {len(text)} characters", expected=f"at most {LENGTH_LIMIT}"
        )
    if _depth(text) > DEPTH_LIMIT:
        raise LimitExceeded(f"the statement nests deeper than {DEPTH_LIMIT} brackets")
    try:
        return _parser().parse(text)
    except UnexpectedInput as error:
        raise _unreadable(error, text) from None


def _depth(text: str) -> int:
    depth = most = 0
    for sign in text:
        depth += (sign in "([{") - (sign in ")]}")
        most = max(most, depth)
    return most


def _unreadable(error: UnexpectedInput, text: str) -> Unreadable:
    ended = isinstance(error, UnexpectedToken) and error.token.type == "$END"
    if ended or isinstance(error, UnexpectedEOF):
        return Unreadable("the statement ends too early", offset=len(text))
    at = cast("int | None", error.pos_in_stream)  # which Lark declares as None
    sign = text[at] if at is not None else text
    message = f"{sign} cannot stand here in a MATLAB statement"
    if at is not None and sign in ",)" and text[:at].rstrip()[-1:] in (",", "("):
        return Unreadable(message, offset=at, expected="something before it, : for all")
    return Unreadable(message, offset=at)


@cache
def _parser() -> Lark:
    grammar = Path(__file__).with_name("grammar.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", maybe_placeholders=False, propagate_positions=True)
