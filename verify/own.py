r"""A document judged by the model that it defines itself.

Its forward equations are definitions, all else is judged by them. A function that the page never
defines is any function; what holds only for one of the usual ones is undecided, "right if".
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from derive.equations import Model
from derive.errors import Problem
from derive.reading.context import CONTEXT_KEYS, EMPTY, Context, context_from_document
from derive.reading.document import Document
from derive.reading.names import readable
from derive.reading.own.model import Own
from derive.reading.own.page_model import page_model
from derive.rules import RULES
from verify.memberships import STATED
from verify.own_cases import with_open_cases, with_open_lengths
from verify.variants.steps import CLIMBED, DESCENDED
from verify.verdict import ACCEPTED, Judgement, Status, Verdict
from verify.without_context import OWN

USUAL = {"logistic": "the logistic function", "tanh": "tanh", "relu": "ReLU"}
TAKEN = "an equation of the document's own model"
_CLIMBS = re.compile(r"likelihood|maximi[sz]|\bascent\b", re.IGNORECASE)
"""Words of pages whose objective may be no loss."""
_STEP = re.compile(r":=|<-|[-+]=|\\(?:leftarrow|gets|longleftarrow)(?![A-Za-z])")
Judge = Callable[[Model, Context], Judgement]


def judge_own(document: Document, context: Context, judge: Judge) -> Judgement:
    """Judge a document by its own equations, under its own front matter where no context is given.

    Raises `Problem` where they do not make a model, with all that is to be declared.
    """
    name = Path(document.path).stem if document.path else "own"
    document = _with_functions(document, context)
    own = page_model(document, name)
    declared = own_context(document) if context is EMPTY else context
    judged = _with_definitions(judge(own.model, declared), own, document)
    judged = with_open_lengths(with_open_cases(judged, own.model), document, own.model)
    if judged.claims and all(c.status is Status.DEFINITION for c in judged.claims):
        raise Problem(
            "no model is given, and the document claims nothing beyond its own equations",
            path=document.path, expected="gradients to judge by them, or --model with a sheet",
        )  # fmt: skip
    if "loss" not in document.front:
        climbs = _CLIMBS.search(document.text) is not None
        claims = (_descended(c) if climbs else _climbed(c) for c in judged.claims)
        judged = replace(judged, claims=tuple(claims))
    if own.open and any(c.status is Status.REFUTED for c in judged.claims):
        for meaning, words in USUAL.items():
            judged = _right_if(judged, _other(document, name, own, meaning), words, own, judge,
                               declared)  # fmt: skip
    return replace(judged, assumed=(*own.assumed, *map(_generic, own.open)))


def _with_functions(document: Document, context: Context) -> Document:
    """The document with the functions that a context declares, its own first."""
    said = {name: meaning for name, meaning in context.functions.items() if meaning in RULES}
    if not said:
        return document
    functions = {**said, **(document.front.get("functions") or {})}
    return replace(document, front={**document.front, "functions": functions})


def own_context(document: Document) -> Context:
    """What the front matter of a page declares as a context would."""
    front = {k: v for k, v in document.front.items() if k in CONTEXT_KEYS and k not in _SHEETS}
    if not front:
        return EMPTY
    return context_from_document(replace(document, front=front, segments=()), OWN)


_SHEETS = frozenset({"title", "functions", "operators", "outside", "values", "declare", "layout"})
"""Keys that a sheet has too; the model has read them."""


def _climbed(verdict: Verdict) -> Verdict:
    """A step that descends something else as undecided, where nothing declares a loss."""
    condition = next((c for c in verdict.conditions if c.endswith((CLIMBED, DESCENDED))), None)
    if verdict.status is not Status.REFUTED or condition is None:
        return verdict
    return replace(
        verdict, status=Status.UNDECIDED, message=f"{condition} (a loss is declared by loss:)",
        conditions=(condition,), counterexample=None, suggestion=None, parts=(),
    )  # fmt: skip


def _descended(verdict: Verdict) -> Verdict:
    """Any step as undecided, on a page that speaks of climbing."""
    verdict = _climbed(verdict)
    if verdict.status not in ACCEPTED or _STEP.search(verdict.latex) is None:
        return verdict
    condition = "right if what is differentiated is to be minimised"
    return replace(
        verdict, status=Status.UNDECIDED, message=f"{condition} (a loss is declared by loss:)",
        conditions=(condition,), scope=None,
    )  # fmt: skip


def _generic(function: str) -> str:
    shown = readable(function)
    return f"{shown} is any differentiable function, as it is not defined"


def _with_definitions(judged: Judgement, own: Own, document: Document) -> Judgement:
    """The judgement with the model's own equations as definitions."""
    at, restated = _places(own.definitions, document), _places(own.restated, document)

    def marked(verdict: Verdict) -> Verdict:
        first = verdict.places[0]
        place = (first.file, first.cell, first.line, first.column)
        here = place in at or any(e.method == STATED for e in verdict.evidence)
        wrong = verdict.status not in (*ACCEPTED, Status.UNDECIDED) and place not in restated
        displayed = bool(verdict.parts) and own.model.layers is None
        if not here or displayed or wrong:
            return verdict
        return replace(verdict, status=Status.DEFINITION, message=TAKEN, scope=None, evidence=())

    return replace(judged, claims=tuple(map(marked, judged.claims)))


def _places(
    offsets: frozenset[int], document: Document
) -> set[tuple[str | None, int | None, int, int]]:
    origins = map(document.origin, offsets)
    return {(o.file, o.cell, o.line, o.column) for o in origins}


def _other(document: Document, name: str, own: Own, meaning: str) -> Model | None:
    """The model with the open functions of one meaning."""
    functions = {**(document.front.get("functions") or {}), **dict.fromkeys(own.open, meaning)}
    try:
        front = {**document.front, "functions": functions}
        return page_model(replace(document, front=front), name).model
    except Problem:
        return None


def _right_if(
    judged: Judgement, model: Model | None, words: str, own: Own, judge: Judge, context: Context
) -> Judgement:
    """What is refuted, but accepted by the other model, as undecided with the condition."""
    if model is None or not any(c.status is Status.REFUTED for c in judged.claims):
        return judged
    accepted = {c.places: c for c in judge(model, context).claims if c.status in ACCEPTED}
    shown = " and ".join(readable(f) for f in own.open)
    condition = f"right if {shown} is {words}"

    def eased(verdict: Verdict) -> Verdict:
        if verdict.status is not Status.REFUTED or verdict.places not in accepted:
            return verdict
        return replace(
            verdict, status=Status.UNDECIDED, message=f"{condition} (declare it under functions)",
            conditions=(condition,), counterexample=None, suggestion=None, parts=(),
        )  # fmt: skip

    return replace(judged, claims=tuple(map(eased, judged.claims)))
