"""The face of sums displayed term by term: how they are read, and what is told of their terms."""

from __future__ import annotations

from derive.errors import Problem
from derive.reading.scope import Scope
from derive.reading.statement import Statement
from verify.bench import Bench
from verify.claim import read_statement, sentence_of, without_lookalikes
from verify.compare import Outcome
from verify.expansion.displays import Display, displays, dotted, element_by_element, with_terms
from verify.expansion.flat import flat
from verify.expansion.outcome import Told, told
from verify.lints import check_typed

Shown = tuple[Display, ...]


def read_displayed(text: str, scope: Scope, bench: Bench) -> tuple[Statement, Shown | None]:
    """The statement, and for sums with dots the terms that these stand for.

    Raises what `read_statement` raises, `Unsupported` where dots cannot be filled in.
    """
    sentence = sentence_of(text)
    if not dotted(sentence):
        return read_statement(text, scope), None
    check_typed(sentence)
    read, shown = with_terms(sentence, without_lookalikes(sentence, scope), bench)
    return read, tuple(shown)


def term_by_term(
    outcome: Outcome, shown: Shown | None, text: str, scope: Scope, bench: Bench
) -> Told:
    """The outcome with what is wrong in displayed sums; ``shown`` are those read with dots."""
    if shown is None:
        sentence = sentence_of(text)
        if not element_by_element(sentence):
            return Told(outcome)
        try:
            shown = tuple(displays(flat(sentence, without_lookalikes(sentence, scope)), bench))
        except Problem:
            return Told(outcome)  # the formula has its outcome; its terms cannot be told apart
    return told(outcome, shown, text)
