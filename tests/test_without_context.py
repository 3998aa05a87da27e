"""Deleting a context may only turn verdicts into undecided ones, never right into wrong or back."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from unittest.mock import patch

import pytest

from derive.reading.context import context_from_document
from derive.reading.document import document_from_text
from derive.reading.sheet import load_model
from verify import judge_deck
from verify.mending.repair import Repair
from verify.verdict import ACCEPTED, Place, Status, Verdict

SEEDS = Path(__file__).resolve().parents[2] / "shared" / "seeds"
SYSTEMS = {"000": "cnn-softmax", "001": "worked-conv", "002": "mlp", "003": "zhang",
           "004": "conv-relu"}  # fmt: skip
DECKS = {d.name[:3]: d for d in SEEDS.glob("*.txt")}
OPEN = frozenset({Status.UNDECIDED, Status.DEFINITION})

FILTER = r"""---
loss: E
inputs: [X, g]
sizes: {w: 2, n: 3, c: 2}
---
$$ T(i, j, r) = \sum_{u=1}^{w} \sum_{v=1}^{w} G(u, v, r) \sum_{k=1}^{c} X(i + u - 1, j + v - 1, k),
   \quad i, j = 1, \dots, n, \quad r = 1, 2 $$
$$ H(i, j, r) = \tanh(T(i, j, r)) $$
$$ E = \frac{1}{2} \sum_{i=1}^{n} \sum_{j=1}^{n} \sum_{r=1}^{2} (H(i, j, r) - g(i, j, r))^2 $$
"""
FILTER_SAYS = r"""---
operators: {'@': correlation over depth, '\ast': elementwise}
gradients: {prefix: '\Delta'}
functions: {'\text{turned}': rot180 of planes}
meanings: {A: H, 'a(i, j, r)': 'T(i, j, r)', 'g_{\text{wanted}}': g}
---
"""
FILTER_DECK = r"""
$$ T = X @ G $$ and $$ T = G @ X $$ and $$ H = \tanh(a) $$
$$ \Delta H = A - g_{\text{wanted}} $$ and $$ \Delta H = g_{\text{wanted}} - A $$
$$ \Delta T = (A - g) \ast (1 - A \ast A) $$ and $$ \Delta T = (A - g) \ast (1 - A) $$
$$ \Delta G = X @ \Delta T $$
$$ \frac{\partial E}{\partial T(i, j, r)} = (A(i, j, r) - g(i, j, r)) (1 - A(i, j, r)) $$
"""
NEURON = r"""---
loss: C
inputs: [x, t]
functions: {'\sigma': logistic}
values: {x: 2, t: 1, '\phi': 0.5}
---
$$ z = \phi x $$ $$ q = \sigma(z) $$ $$ C = \frac{1}{2} (q - t)^2 $$
"""
NEURON_SAYS = r"""---
scalars: ['\gamma']
values: {'\gamma': 0.1}
meanings: {o: q, e: '\partial C / \partial z'}
---
$$ \phi_n = \phi - \gamma \frac{\partial C}{\partial \phi} $$
"""
NEURON_DECK = r"""
$$ o = \sigma(\phi x) = 0.7311 $$ and $$ o = 0.7312 $$ and $$ C = CQ(o) $$
$$ e = (o - t) o (1 - o) $$ and $$ e = (o - t) o $$ and $$ \frac{\partial C}{\partial \phi} = e x $$
$$ \phi_n = 0.5 - 0.1 \cdot (-0.2) $$ and $$ \phi_n = 0.52 $$
"""


def _by_place(claims: Iterable[Verdict]) -> dict[Place, Verdict]:
    return {place: claim for claim in claims for place in claim.places}


def _side(claim: Verdict) -> str:
    """Right, wrong or open."""
    if claim.status in OPEN:
        return "open"
    return "right" if claim.status in ACCEPTED else "wrong"


def _broken(with_it: Iterable[Verdict], without: Iterable[Verdict]) -> list[str]:
    """The formulas whose verdict is another one without the context, and not an open one."""
    first, second = _by_place(with_it), _by_place(without)
    return [
        f"{first[p].latex}: {first[p].status}, without {second[p].status}: {second[p].message}"
        for p in sorted(first.keys() & second.keys(), key=lambda p: (p.line, p.column))
        if second[p].status not in OPEN and _side(second[p]) != _side(first[p])
    ]


@pytest.mark.long
@pytest.mark.parametrize(
    ("sheet", "says", "deck"),
    [(FILTER, FILTER_SAYS, FILTER_DECK), (NEURON, NEURON_SAYS, NEURON_DECK)],
    ids=["filter", "neuron"],
)
def test_deleting_the_context_only_makes_verdicts_undecided(
    sheet: str, says: str, deck: str, tmp_path: Path
) -> None:
    (tmp_path / "sheet.md").write_text(sheet, encoding="utf-8")
    model = load_model(tmp_path / "sheet.md")
    context = context_from_document(document_from_text(says), "says")
    document = document_from_text(deck)
    with (  # suggestions and small counterexamples have tests of their own
        patch("verify.judge.repair_for_targets", return_value=Repair(None, 0)),
        patch("verify.judge.with_smallest", side_effect=lambda outcome, *_: outcome),
    ):
        known = judge_deck(document, model, context).claims
        alone = judge_deck(document, model).claims
    assert Status.REFUTED in {c.status for c in known}
    assert not _broken(known, alone)
    assert [c for c in alone if c.status is Status.UNDECIDED]


ROWS = r"""---
loss: C
inputs: [X, y]
types: {X: matrix 2 2, y: column 2, w: column 2}
---
$$ z = X w $$ $$ C = \frac{1}{2} \| z - y \|^2 $$
"""


def test_a_value_of_what_nobody_declared_is_not_known_to_what_follows(tmp_path: Path) -> None:
    (tmp_path / "sheet.md").write_text(ROWS, encoding="utf-8")
    column = r"$$ X_1 = \begin{bmatrix} 0.5 \\ 0.2 \end{bmatrix} $$"
    document = document_from_text(f"{column} and on the next slide {column.replace('0.2', '0.3')}")
    found = judge_deck(document, load_model(tmp_path / "sheet.md")).claims
    assert [c.status for c in found] == [Status.UNDECIDED] * 2


@pytest.mark.long
@pytest.mark.skipif(not DECKS, reason="the decks of ../shared/seeds are not here")
@pytest.mark.parametrize("deck", sorted(SYSTEMS))
def test_the_law_of_contexts_holds_for_the_systems_of_the_decks(deck: str) -> None:
    name = SYSTEMS[deck]
    known = judge_deck(DECKS[deck], name, name).claims
    assert not _broken(known, judge_deck(DECKS[deck], name).claims)
