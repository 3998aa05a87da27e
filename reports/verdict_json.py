"""A judgement as the JSON object that `verdicts.schema.json` states."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from derive.version import VERSION
from verify.fixing import Fixed
from verify.verdict import Judgement, Place, Skipped, Suggestion, Verdict


def to_json(judgement: Judgement) -> dict[str, Any]:
    """The object, of plain dictionaries, lists, texts and numbers."""
    return {
        "version": VERSION,
        "deck": judgement.deck,
        "model": judgement.model,
        "context": judgement.context,
        "summary": judgement.summary,
        **({"assumed": list(judgement.assumed)} if judgement.assumed else {}),
        "claims": [_claim(verdict) for verdict in judgement.claims],
        "skipped": [_without_none(item) for item in judgement.skipped],
        "contradictions": [
            {
                "subject": pair.subject,
                "message": pair.message,
                "first": _place(pair.first),
                "second": _place(pair.second),
            }
            for pair in judgement.contradictions
        ],
    }


def fixed_to_json(fixed: Fixed, copy: str) -> dict[str, Any]:
    """The object of the deck before the corrections, and what became of each in ``copy``."""
    return {
        **to_json(fixed.before),
        "corrections": {
            "copy": copy,
            "changed": [{"id": c.verdict.id, "now": c.status.value} for c in fixed.changed],
            "left": [{"id": left.verdict.id, "reason": left.reason} for left in fixed.left],
        },
    }


def as_text(value: dict[str, Any]) -> str:
    """The object as indented text; a number that JSON does not have is an error, never ``NaN``."""
    return json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False)


def _claim(verdict: Verdict) -> dict[str, Any]:
    return {
        "id": verdict.id,
        **_place(verdict.places[0]),
        "places": [_place(place) for place in verdict.places],
        "latex": verdict.latex,
        "read_as": verdict.read_as,
        "target": verdict.target,
        "status": verdict.status.value,
        "scope": verdict.scope,
        "message": verdict.message,
        "assumptions": list(verdict.assumptions),
        "conditions": list(verdict.conditions),
        "evidence": [asdict(item) for item in verdict.evidence],
        "parts": [
            {"what": part.what, "status": part.status.value, "message": part.message}
            for part in verdict.parts
        ],
        "counterexample": verdict.counterexample,
        "suggestion": _suggestion(verdict.suggestion) if verdict.suggestion else None,
    }


def _suggestion(suggestion: Suggestion) -> dict[str, str]:
    return {"latex": suggestion.latex, "edit": suggestion.edit}


def _place(place: Place) -> dict[str, Any]:
    return _without_none(place)


def _without_none(item: Place | Skipped) -> dict[str, Any]:
    """``file`` and ``cell`` stand only where they say something."""
    return {key: value for key, value in asdict(item).items() if value is not None}
