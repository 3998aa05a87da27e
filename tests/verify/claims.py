"""Many claims about one model, judged as one deck: what the tests of the reader ask."""

from __future__ import annotations

from collections.abc import Iterable
from unittest.mock import patch

from derive.equations import Model
from derive.reading.context import EMPTY, Context, context_from_document
from derive.reading.document import document_from_text
from derive.reading.sheet import model_from_text
from verify.judge import judge_document
from verify.mending.repair import Repair
from verify.verdict import Status, Verdict

RIGHT = frozenset({Status.PROVED, Status.CONFIRMED})


def sheet(text: str) -> Model:
    """The model of a sheet."""
    return model_from_text(text, "sheet")


def context(front: str) -> Context:
    """The context that front matter declares."""
    return context_from_document(document_from_text(f"---\n{front}\n---\n"), "test")


def judged(model: Model, claims: Iterable[str], declared: Context = EMPTY) -> tuple[Verdict, ...]:
    """The verdicts on ``claims``, one each, in order.

    Without suggestions and small counterexamples: these have tests of their own, and take longer
    than all the rest.
    """
    deck = "\n\n".join(f"$$ {claim} $$" for claim in claims)
    with (
        patch("verify.judge.repair_for_targets", return_value=Repair(None, 0)),
        patch("verify.judge.with_smallest", side_effect=lambda outcome, *_: outcome),
    ):
        return judge_document(document_from_text(deck), model, declared).claims


def verdict(model: Model, claim: str, declared: Context = EMPTY) -> Verdict:
    """The verdict on one claim."""
    (found,) = judged(model, [claim], declared)
    return found


def not_right(verdicts: Iterable[Verdict]) -> list[str]:
    """Those that are not accepted as right, with what was said: empty if all is well."""
    return [f"{v.latex}: {v.status}, {v.message}" for v in verdicts if v.status not in RIGHT]


def not_refuted(verdicts: Iterable[Verdict]) -> list[str]:
    """Those that are not refuted, with what was said: empty if all is well."""
    return [f"{v.latex}: {v.status}, {v.message}" for v in verdicts if v.status != Status.REFUTED]
