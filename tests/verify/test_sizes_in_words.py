"""The size of an array in plain words behind its symbol is a claim."""

from __future__ import annotations

import pytest

from tests.verify.claims import sheet
from verify.judge import judge_text
from verify.verdict import Status

DENSE = sheet(
    "---\nsizes: {m: 3, n: 5}\ntypes: {A: matrix m n, u: column n, c: column m}\n---\n"
    "$$ q = A u + c $$\n"
)


@pytest.mark.parametrize(
    ("text", "statuses"),
    [
        ("weights $A$ (size 3x5), $c$ (size $3 \\times 1$)", [Status.PROVED, Status.PROVED]),
        ("pesos $A$ (tamanho: 3 × 4)", [Status.REFUTED]),
        ("$A$ (dimensão 3×5) e $u$ (dimensão 6×1)", [Status.PROVED, Status.REFUTED]),
        ("$A$ (see 3x5)", []),
    ],
)
def test_a_size_in_words_is_judged(text: str, statuses: list[Status]) -> None:
    assert [claim.status for claim in judge_text(text, DENSE).claims] == statuses
