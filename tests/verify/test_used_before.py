r"""What a deck uses and then says, "… = X^T M, where M = …", is judged by what it says."""

from __future__ import annotations

from tests.verify.claims import context, judged, sheet
from verify.verdict import Status

HINGE = sheet(r"""---
loss: L
sizes: {N: 4, D: 3, K: 2}
types: {X: matrix N D, Y: matrix N K, W: matrix D K}
inputs: [X, Y]
---
$$ S = X W $$
$$ L = \sum_{n=1}^N \sum_{k=1}^K \max(0, S_{nk} - Y_{nk} + 1) $$
""")
GRADIENT = r"\frac{\partial L}{\partial W} = X^T M"
MASK = r"M_{nk} = \mathbb{1}[S_{nk} - Y_{nk} > -1]"


def statuses(*claims: str) -> list[Status]:
    return [v.status for v in judged(HINGE, claims)]


def test_a_symbol_may_be_defined_behind_its_use() -> None:
    assert statuses(GRADIENT, MASK) == [Status.PROVED, Status.DEFINITION]
    assert statuses(GRADIENT, MASK.replace("-1", "1")) == [Status.REFUTED, Status.DEFINITION]


def test_what_is_defined_before_keeps_its_meaning() -> None:
    twice = r"M_{nk} = 2 \cdot \mathbb{1}[S_{nk} - Y_{nk} > -1]"
    assert statuses(MASK, GRADIENT, twice)[:2] == [Status.DEFINITION, Status.PROVED]


def test_what_is_said_far_behind_is_another_matter() -> None:
    between = [rf"S = X W + {n} - {n}" for n in range(5)]
    assert statuses(GRADIENT, *between, MASK)[0] is Status.UNDECIDED


def test_a_number_with_a_number_below_is_known_before_it_is_given() -> None:
    model = sheet("---\nloss: J\n---\n$$ J = (w - 1)^2 $$")
    rates = [r"\eta_t = \frac{\eta_0}{1 + k t}", r"\eta_0 = 0.1", "k = 0.01"]
    joined = [", \\quad ".join(rates)]
    found = judged(model, joined, context(r"scalars: ['\eta', k, t]"))
    assert {v.status for v in found} == {Status.DEFINITION}
