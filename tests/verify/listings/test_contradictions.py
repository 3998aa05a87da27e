r"""Listings that disagree with the formulas beside them: steps, windows, maps, means."""

from __future__ import annotations

from dataclasses import replace

import pytest

from derive.reading.context import context_from_document
from derive.reading.document import document_from_text
from derive.reading.sheet import model_from_text
from verify.extract import extract
from verify.judge import judge_deck
from verify.listings.contradictions import all_contradictions
from verify.listings.layers import layers_of, listed
from verify.verdict import Place, Status, Verdict

SHEET = r"""---
loss: H
inputs: [X, r]
batch: {axis: n, over: [X, r], loss: sum}
functions: {g: tanh}
---
$$ A_m(i, j) = g\left(\sum_{u=1}^{3} \sum_{v=1}^{3} X(i + u - 1, j + v - 1) q_m(u, v)\right),
   \quad m = 1, \dots, 4, \quad i, j = 1, \dots, 6 $$
$$ B_m(i, j) = \frac{1}{4} \sum_{u=0}^{1} \sum_{v=0}^{1} A_m(2 i - u, 2 j - v),
   \quad i, j = 1, 2, 3 $$
$$ H = \sum_{m=1}^{4} \sum_{i=1}^{3} \sum_{j=1}^{3} (B_m(i, j) - r_m(i, j))^2 $$
"""
MODEL = model_from_text(SHEET, "maps")
FORMULAS = r"""
$$ A_m(i, j) = g\left(\sum_{u=1}^{3} \sum_{v=1}^{3} X(i + u - 1, j + v - 1) q_m(u, v)\right) $$

$$ B_m(i, j) = \frac{1}{4} \sum_{u=0}^{1} \sum_{v=0}^{1} A_m(2 i - u, 2 j - v) $$
"""


def _disagreements(code: str) -> list[str]:
    document = document_from_text(f"{FORMULAS}\n```matlab\n{code}\n```\n")
    return [c.message for c in judge_deck(document, MODEL).contradictions]


def _net(filters: int, size: int, pool: int, stride: int) -> str:
    return (
        "net.layers = {\n"
        f"  struct('type', 'c', 'filters', {filters}, 'stride', 1, 'size', {size})\n"
        f"  struct('type', 'p', 'stride', {stride}, 'poolDim', {pool})\n}};"
    )


def test_a_list_that_agrees_is_not_told() -> None:
    assert _disagreements(_net(4, 3, 2, 2)) == []


@pytest.mark.parametrize(
    ("code", "message"),
    [
        (_net(4, 3, 2, 1), "B_m has steps of 2 in line 4, 1 in line 9"),
        (_net(4, 5, 2, 2), "A_m has windows of 3 in line 2, 5 in line 8"),
        (_net(6, 3, 2, 2), "A_m has 4 maps in line 2, 6 in line 8"),
    ],
)
def test_what_a_list_says_otherwise_is_told_with_both_lines(code: str, message: str) -> None:
    assert _disagreements(code) == [message]


def test_other_layers_than_the_model_has_are_of_another_network() -> None:
    assert _disagreements(_net(4, 5, 2, 1) + "\n" + _net(4, 5, 2, 1)) == []


def test_a_gradient_divided_by_the_size_of_the_batch_is_of_a_mean() -> None:
    code = "```matlab\nvq = mom*vq + eta*(q_grad/batchsize);\nvp = vp/length;\n```\n"
    document = document_from_text(f"$$ H = \\sum_{{n=1}}^N h_n $$\n\n{code}")
    loss = Verdict(
        "c1", (Place(1, 1, 1, 2),), r"H = \sum_{n=1}^N h_n", Status.PROVED, "", target="H"
    )
    (found,) = all_contradictions(document, extract(document).claims, [loss], MODEL)
    assert found.message == "line 1 sums over the samples, line 4 divides q_grad by batchsize"
    wrong = replace(loss, status=Status.REFUTED)
    assert not all_contradictions(document, extract(document).claims, [wrong], MODEL)


@pytest.mark.parametrize(
    "code",
    [
        "a = convolution2dLayer(3, 4, 'Stride', 1)\nb = averagePooling2dLayer(2, 'Stride', 2)",
        "conv = nn.Conv2d(1, 4, 3, stride=1)\npool = nn.AvgPool2d(2, 2)",
        "model.add(Conv2D(4, (3, 3), strides=(1, 1)))\nmodel.add(AveragePooling2D(2, strides=2))",
    ],
)
def test_layers_of_libraries_say_the_same(code: str) -> None:
    found = listed(document_from_text(f"```\n{code}\n```\n"))
    assert [(s.kind, dict(s.said)) for s in found] == [
        (s.kind, dict(s.said)) for s in layers_of(MODEL.at_sizes())
    ]


BIASED = r"""---
loss: E
inputs: [x, t]
sizes: {n: 3, m: 2}
batch: {axis: s, over: [x, t], loss: sum}
types: {W: matrix m n, x: column n, t: column m}
---
$$ z = W x%s $$
$$ E = \tfrac12 \| z - t \|^2 $$
"""
NAMES = r"code: {z: 'z', t: 't', delta: '\partial E / \partial z'}"


@pytest.mark.parametrize(("bias", "told"), [("", 1), (" + b", 0)])
def test_a_listing_that_learns_a_bias_that_no_formula_has_is_told(bias: str, told: int) -> None:
    front = BIASED.replace("types: {", "types: {b: column m, " if bias else "types: {")
    model = model_from_text(front % bias, "layer")
    code = "delta = z - t;\nb_grad = sum(delta, 2);\nW = W - b_grad;"
    deck = document_from_text(f"$$ z = W x{bias} $$\n\n```matlab\n{code}\n```\n")
    context = context_from_document(document_from_text(f"---\n{NAMES}\n---\n"), "names")
    found = judge_deck(deck, model, context).contradictions
    assert sum("gradient of a bias" in c.message for c in found) == told
