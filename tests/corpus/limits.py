"""What the judge is known not to decide: cases with the truth, and what the judge says of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from derive.reading.context import EMPTY
from derive.reading.document import document_from_text
from derive.reading.sheet import model_from_text
from verify.judge import judge_document
from verify.verdict import Status, Verdict

LIMITS = Path(__file__).with_name("limits.yaml")


@dataclass(frozen=True)
class Limit:
    """A formula whose ``truth`` is no secret, and what the judge says of it, and why."""

    sheet: str
    formula: str
    truth: str
    said: Status
    because: str


@cache
def limits() -> tuple[Limit, ...]:
    """All of them, in their order."""
    cases = yaml.safe_load(LIMITS.read_text(encoding="utf-8"))
    return tuple(Limit(**{**case, "said": Status(case["said"])}) for case in cases)


def verdict_on(limit: Limit) -> Verdict:
    """The verdict on a deck with this formula alone."""
    model = model_from_text(limit.sheet, "limit")
    document = document_from_text(f"$$ {limit.formula} $$\n")
    (verdict,) = judge_document(document, model, EMPTY).claims
    return verdict
