"""The JSON face: what other programs read is what the schema states."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.verdict_json import as_text, to_json
from verify.verdict import (
    Evidence,
    Judgement,
    Part,
    Place,
    Skipped,
    Status,
    Suggestion,
    Verdict,
)

SCHEMA = json.loads(files("reports").joinpath("verdicts.schema.json").read_text())

positions = st.integers(1, 10**6)
places = st.builds(Place, positions, positions, positions, positions)
words = st.text(max_size=12)
verdicts = st.builds(
    Verdict,
    id=st.text(min_size=1, max_size=6),
    places=st.lists(places, min_size=1, max_size=3).map(tuple),
    latex=words,
    status=st.sampled_from(Status),
    message=words,
    read_as=words,
    target=st.none() | words,
    scope=st.none() | words,
    assumptions=st.lists(words, max_size=2).map(tuple),
    conditions=st.lists(words, max_size=2).map(tuple),
    evidence=st.lists(st.builds(Evidence, words, words, words), max_size=2).map(tuple),
    parts=st.lists(st.builds(Part, words, st.sampled_from(Status), words), max_size=2).map(tuple),
    counterexample=st.none() | st.dictionaries(words, words | st.integers(), max_size=2),
    suggestion=st.none() | st.builds(Suggestion, words, words),
)
judgements = st.builds(
    Judgement,
    deck=words,
    model=st.none() | words,
    context=st.none() | words,
    claims=st.lists(verdicts, max_size=3).map(tuple),
    skipped=st.lists(
        st.builds(Skipped, positions, positions, st.text(min_size=1, max_size=9)), max_size=2
    ).map(tuple),
)


def _one() -> dict[str, Any]:
    """A judgement with one claim, as JSON."""
    verdict = Verdict("c1", (Place(3, 5, 3, 20),), r"a = b", Status.REFUTED, "a is not b")
    return to_json(Judgement("deck.md", "zhang", None, (verdict,)))


def test_the_schema_is_itself_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@given(judgements)
def test_every_judgement_follows_the_schema(judgement: Judgement) -> None:
    jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(as_text(to_json(judgement))))


def test_every_field_that_was_promised_is_there() -> None:
    data = _one()
    top = {
        "version", "deck", "model", "context", "summary", "claims", "skipped", "contradictions"
    }  # fmt: skip
    claim = {
        "id", "line", "column", "end_line", "end_column", "places", "latex", "read_as", "target",
        "status", "scope", "message", "assumptions", "conditions", "evidence", "parts",
        "counterexample", "suggestion",
    }  # fmt: skip
    assert set(data) == top
    assert set(data["claims"][0]) == claim
    assert data["summary"]["refuted"] == 1
    assert sum(data["summary"].values()) == 1


@pytest.mark.parametrize("field", ["status", "line", "places", "suggestion", "evidence"])
def test_the_schema_rejects_a_claim_that_lacks_a_field(field: str) -> None:
    data = _one()
    del data["claims"][0][field]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(SCHEMA).validate(data)


def test_the_schema_rejects_an_unknown_status() -> None:
    data = _one()
    data["claims"][0]["status"] = "fine"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(SCHEMA).validate(data)


def test_a_number_that_json_lacks_is_an_error() -> None:
    verdict = Verdict(
        "c1", (Place(1, 1, 1, 2),), "x", Status.REFUTED, "", counterexample={"x": float("nan")}
    )
    with pytest.raises(ValueError, match="not JSON compliant"):
        as_text(to_json(Judgement("deck.md", None, None, (verdict,))))
