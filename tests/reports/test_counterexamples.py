"""A counterexample is told in a line: where, both sides, sizes, and what is not 0."""

from __future__ import annotations

from typing import Any

from derive.pipeline import load_model
from derive.reading.context import load_context
from derive.reading.document import document_from_text
from reports.counterexamples import told
from verify.judge import judge_document

FOUND: dict[str, Any] = {
    "index": {"i": 1, "j": 2},
    "left": 0.25,
    "right": 1.0,
    "exact_left": "1/4",
    "exact_right": "1",
    "numbers": "exact rationals",
    "sizes": {"n": 1, "m": 2},
    "values": {"x": {"1, 2": "1"}, "y": "0", "w": [["1/2", "2"]]},
    "python": "print(1)",
}


def test_what_is_not_zero_is_named() -> None:
    assert told(FOUND) == (
        "at i = 1, j = 2: 1/4 against 1 (exact rationals); sizes: n = 1, m = 2; "
        "values: x(1, 2) = 1, w = [[1/2, 2]], all others 0"
    )


def test_six_of_fifty_digits_are_told() -> None:
    digits = {**FOUND, "left": 1 / 3, "exact_left": "0." + 50 * "3", "numbers": "50 digits"}
    assert told(digits).startswith("at i = 1, j = 2: 0.333333 against 1 (50 digits)")


def test_a_number_without_index_and_sizes() -> None:
    bare = {**FOUND, "index": {}, "sizes": {}, "values": {"x": "0"}}
    assert told(bare) == "1/4 against 1 (exact rationals); values: all 0"
    assert told({**bare, "values": {"x": "2"}}).endswith("values: x = 2")


def test_a_sample_that_is_too_large_is_told_by_its_seed() -> None:
    sample = {"index": {"i": 3}, "left": 0.5, "right": 2.0, "seed": 7, "python": "…"}
    assert told(sample) == "index: i = 3; left: 0.5; right: 2; seed: 7"


def test_of_a_slip_in_the_network_of_the_example() -> None:
    text = r"$$ W \leftarrow W + \alpha \cdot \Delta W $$"
    judged = judge_document(document_from_text(text), load_model("zhang"), load_context("zhang"))
    found = judged.claims[0].counterexample
    assert found is not None
    assert told(found).startswith(
        "at i = 1, j = 1: -0.0625 against 0.0625 (50 digits); sizes: P = 1"
    )
