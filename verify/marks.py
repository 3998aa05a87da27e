r"""Marks of gradients that a deck itself says to be such, ``\delta h_t = \partial L/\partial h_t``.

They are declared where the context declares none. They are the deck's own words: what else it
leaves unsaid stays open as without a context.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from derive.errors import Problem
from derive.reading.context import EMPTY, Context
from derive.reading.said_marks import said_marks
from derive.reading.sentence import Sentence
from verify.claim import sentence_of
from verify.claims import Claim
from verify.formulas import Kind
from verify.without_context import OWN


def marks_of(claims: Iterable[Claim]) -> tuple[str, ...]:
    """The marks that formulas of the deck say to be those of gradients."""
    return said_marks(_sentences(claims))


def with_marks(context: Context, marks: tuple[str, ...]) -> Context:
    """The context with these marks, where it says nothing of any."""
    if not marks or context.prefixes or context.accents:
        return context
    return replace(context, name=OWN if context is EMPTY else context.name, prefixes=marks)


def _sentences(claims: Iterable[Claim]) -> Iterator[Sentence]:
    for claim in claims:
        if claim.error is None and claim.kind is not Kind.CODE:
            try:
                yield sentence_of(claim.text)
            except Problem:
                continue
