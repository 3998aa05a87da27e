"""What a page's own model does not settle: another case than its equations', lengths left open."""

from __future__ import annotations

import re
from dataclasses import replace

from derive.equations import Model
from derive.errors import LimitExceeded, Problem, Unreadable
from derive.reading.cases import number_of
from derive.reading.document import Document
from derive.reading.own.statements import page_of
from verify.claim import sentence_of
from verify.named_cases import NAMED
from verify.verdict import Judgement, Status, Verdict

_WRONG = (Status.REFUTED, Status.ILL_FORMED)
_COUNTED = re.compile(r"\d+×\d+ numbers are shown; expected \d+")


def with_open_cases(judged: Judgement, model: Model) -> Judgement:
    """What is wrong of the model as undecided, where the page tells cases of its sizes apart."""
    sizes = {s.name for s in model.sizes}
    letters = [n for v in judged.claims if v.message == NAMED and (n := _letter(v)) in sizes]
    if not letters:
        return judged
    words = f"right if another case of {letters[0]} is meant than that of the model's equations"
    return _eased(judged, words, [v for v in judged.claims if v.status in _WRONG and v.target])


def with_open_lengths(judged: Judgement, document: Document, model: Model) -> Judgement:
    """Lists of another length as undecided, where the page never says how long they are."""
    malformed = (v for v in judged.claims if v.status is Status.ILL_FORMED)
    counted = [v for v in malformed if _COUNTED.match(v.message)]
    said = {*page_of(document).numbers, *(document.front.get("sizes") or ())} if counted else {}
    free = [s.name for s in model.sizes if s.name not in said]
    if not counted or not free:
        return judged
    words = f"right if {', '.join(free)}, which the page leaves open, gives so many"
    return _eased(judged, words, counted)


def _letter(verdict: Verdict) -> str | None:
    try:
        stated = number_of(sentence_of(verdict.latex))
    except (Problem, Unreadable, LimitExceeded):
        return None
    return None if stated is None else stated[0]


def _eased(judged: Judgement, words: str, wrong: list[Verdict]) -> Judgement:
    def eased(verdict: Verdict) -> Verdict:
        if verdict not in wrong:
            return verdict
        message = f"{verdict.message}; {words}"
        return replace(
            verdict, status=Status.UNDECIDED, message=message, conditions=(words,),
            counterexample=None, suggestion=None, parts=(),
        )  # fmt: skip

    return replace(judged, claims=tuple(map(eased, judged.claims)))
