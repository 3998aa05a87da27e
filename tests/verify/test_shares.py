r"""What a deck says of its targets holds for its formulas: "since Σ_i y_i = 1"."""

from __future__ import annotations

import pytest

from tests.verify.claims import judged, sheet
from verify.judge import judge_text
from verify.verdict import Status

SOFTMAX = sheet(r"""---
loss: L
sizes: {K: 4}
types: {a: column K, y: column K, w: column K}
inputs: [y]
---
$$ S_i = \frac{w_i e^{a_i}}{\sum_{k=1}^K w_k e^{a_k}} $$
$$ L = -\sum_{i=1}^K y_i \log S_i $$
""")
GRADIENT = r"\nabla_a L = S - y"
SHARE = r"\sum_i y_i = 1"


def statuses(*claims: str) -> list[Status]:
    return [v.status for v in judged(SOFTMAX, claims)]


def test_without_it_the_formula_is_open() -> None:
    assert statuses(GRADIENT) == [Status.UNDECIDED]


@pytest.mark.parametrize("word", ["since", "because", "where", "pois", "using"])
def test_what_the_deck_says_of_its_targets_is_assumed(word: str) -> None:
    found = judge_text(rf"$$ {GRADIENT}, \quad \text{{{word} }} {SHARE} $$", SOFTMAX).claims
    assert [v.status for v in found] == [Status.PROVED, Status.PROVED]
    assert any("as declared" in note for note in found[0].assumptions)


def test_it_makes_nothing_else_right() -> None:
    assert statuses(SHARE, r"\nabla_a L = y - S")[1] is Status.REFUTED


def test_of_parameters_it_is_a_claim() -> None:
    assert statuses(r"\sum_i w_i = 1")[0] is Status.REFUTED
