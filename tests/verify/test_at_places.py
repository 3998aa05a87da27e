r"""Values at a place: ``\left.\frac{\partial L}{\partial w}\right|_{w=w_0}``, ``f'(2)``.

Stewart, Calculus, 3.1 (powers); Goodfellow, Bengio and Courville 2016, 6.2.2 (sigmoid units);
Bishop 2006, 5.3 (evaluation of error functions' derivatives).
"""

from __future__ import annotations

import pytest

from derive.reading.document import document_from_text
from tests.verify.claims import RIGHT, judged, not_refuted, not_right, sheet, verdict
from verify.judge import judge_deck
from verify.verdict import Status

LINE = sheet(r"""---
loss: L
inputs: [x, 'y']
sizes: {n: 3}
---
$$ L = \frac{1}{2} \sum_{i=1}^n (w x_i - y_i)^2 $$
""")
NEURON = sheet(r"""---
loss: L
inputs: [x, t]
functions: {'\sigma': logistic}
---
$$ z = w x + b $$ $$ y = \sigma(z) $$ $$ L = \frac12 (y - t)^2 $$
""")
AFFINE = sheet(r"""---
loss: L
types: {W: matrix 2 3, x: column 3, b: column 2}
---
$$ z = W x + b $$ $$ L = \frac12 \|z\|^2 $$
""")
SOFTMAX = sheet(r"""---
sizes: {n: 3}
---
$$ p_i = \frac{e^{z_i}}{\sum_{j=1}^n e^{z_j}}, \quad i = 1, \dots, n $$
""")
RECTIFIER = sheet("---\nfunctions: {f: relu}\n---\n$$ y = f(x) $$\n")
CUBIC = "The function $f(x) = x^3 + 2x$.\n\n$$ {} $$\n"

RIGHT_THERE = [
    (LINE, r"\left. \frac{\partial L}{\partial w} \right|_{w=w_0} = \sum_i (w_0 x_i - y_i) x_i"),
    (LINE, r"\left.\frac{dL}{dw}\right|_{w_0} = \sum_i (w_0 x_i - y_i) x_i"),
    (LINE, r"\frac{dL}{dw}\Big|_{w=0} = -\sum_i y_i x_i"),
    (LINE, r"\frac{dL}{dw}\bigg\rvert_{w=1} = \sum_i (x_i - y_i) x_i"),
    (LINE, r"\frac{\partial L}{\partial w} \vert_{w = 2} = \sum_i (2 x_i - y_i) x_i"),
    (LINE, r"\left. \frac{dL}{dw} \right|_{w=1, y_1=0, y_2=0, y_3=0} = \sum_i x_i^2"),
    (LINE, r"\left. L \right|_{w=0} = \frac12 \sum_i y_i^2"),
    (NEURON, r"\left.\frac{\partial y}{\partial z}\right|_{z=0} = \frac14"),
    (NEURON, r"\left.\frac{\partial y}{\partial z}\right|_{z=1} = 0.1966"),
    (NEURON, r"\left.\frac{\partial L}{\partial z}\right|_{z=0} = \frac14 (\frac12 - t)"),
    (NEURON, r"\left.\frac{\partial L}{\partial w}\right|_{w=0,\,b=0} = \frac14 (\frac12 - t) x"),
    (NEURON, r"\frac{\partial L}{\partial w}(w_0) = (\sigma(w_0 x + b) - t) \sigma'(w_0 x + b) x"),
    (AFFINE, r"\left.\frac{\partial L}{\partial W}\right|_{b = 0} = W x x^T"),
    (AFFINE, r"\nabla_x L |_{x=0} = W^T b"),
    (AFFINE, r"\frac{\partial L}{\partial x}\Big|_{x=x_0} = W^T (W x_0 + b)"),
    (AFFINE, r"\left.\frac{\partial L}{\partial b}\right|_{x=x^*} = W x^* + b"),
    (SOFTMAX, r"\frac{\partial p_i}{\partial z_j}\Big|_{z=0} = \frac1n (\delta_{ij} - \frac1n)"),
    (SOFTMAX, r"\left.\frac{\partial p_i}{\partial z_i}\right|_{z=\mathbf{0}} = \frac29"),
    (RECTIFIER, r"y'(3) = 1"),
    (RECTIFIER, r"\left.\frac{dy}{dx}\right|_{x=-1} = 0"),
]  # fmt: skip
WRONG_THERE = [
    (LINE, r"\left. \frac{\partial L}{\partial w} \right|_{w=w_0} = \sum_i (w_0 x_i + y_i) x_i"),
    (LINE, r"\left.\frac{dL}{dw}\right|_{w_0} = \sum_i (y_i - w_0 x_i) x_i"),
    (LINE, r"\frac{dL}{dw}\Big|_{w=0} = \sum_i y_i x_i"),
    (LINE, r"\frac{dL}{dw}\bigg\rvert_{w=1} = \sum_i (x_i + y_i) x_i"),
    (NEURON, r"\left.\frac{\partial y}{\partial z}\right|_{z=0} = \frac12"),
    (NEURON, r"\left.\frac{\partial y}{\partial z}\right|_{z=1} = 0.1976"),
    (NEURON, r"\left.\frac{\partial L}{\partial z}\right|_{z=0} = \frac14 (\frac12 + t)"),
    (AFFINE, r"\nabla_x L |_{x=0} = -W^T b"),
    (AFFINE, r"\frac{\partial L}{\partial x}\Big|_{x=x_0} = W^T (W x_0 - b)"),
    (SOFTMAX, r"\left.\frac{\partial p_i}{\partial z_i}\right|_{z_i=0} = \frac29"),
    (RECTIFIER, r"\left.\frac{dy}{dx}\right|_{x=-1} = 1"),
]
OPEN_THERE = [
    (NEURON, r"\left.\frac{\partial L}{\partial w}\right|_{z=0} = \frac14 (\frac12 - t) x"),
    (NEURON, r"\left.\frac{\partial L}{\partial w}\right|_{w=0} = (y - t) y (1 - y) x"),
    (NEURON, r"L \approx \left.L\right|_{w=0} + \left.\frac{dL}{dw}\right|_{w=0} w"),
    (NEURON, r"\left.\frac{dL}{dw}\right|_{w=0} = \left.\frac{dL}{dw}\right|_{w=1}"),
    (RECTIFIER, r"\left.\frac{dy}{dx}\right|_{x=0} = 1"),
]


MODELS = {"line": LINE, "neuron": NEURON, "affine": AFFINE, "softmax": SOFTMAX, "relu": RECTIFIER}


@pytest.mark.parametrize("name", MODELS)
def test_what_is_right_at_a_place_is_accepted(name):
    model = MODELS[name]
    assert not not_right(judged(model, [c for m, c in RIGHT_THERE if m is model]))


@pytest.mark.parametrize("name", MODELS)
def test_what_is_wrong_at_a_place_is_refuted(name):
    model = MODELS[name]
    assert not not_refuted(judged(model, [c for m, c in WRONG_THERE if m is model]))


@pytest.mark.parametrize(("model", "claim"), OPEN_THERE)
def test_what_is_not_said_to_be_at_the_place_is_open(model, claim):
    assert verdict(model, claim).status == Status.UNDECIDED


def test_the_place_is_said():
    said = verdict(LINE, r"\frac{dL}{dw}\Big|_{w=0} = -\sum_i y_i x_i")
    assert "at w = 0" in said.assumptions


def test_a_kink_is_said():
    said = verdict(RECTIFIER, r"\left.\frac{dy}{dx}\right|_{x=0} = 0")
    assert any("ReLU'(0) = 0" in note for note in said.assumptions)


@pytest.mark.parametrize(
    ("claim", "status"),
    [
        (r"f'(x) = 3x^2 + 2", Status.PROVED),
        pytest.param(r"f'(x) = 3x^2 + 3", Status.REFUTED, marks=pytest.mark.long),
        (r"f''(x) = 6x", Status.PROVED),
        pytest.param(r"f''(x) = 3x", Status.REFUTED, marks=pytest.mark.long),
        (r"f'(2) = 14", Status.PROVED),
        pytest.param(r"f'(2) = 28", Status.REFUTED, marks=pytest.mark.long),
        (r"f(2) = 12", Status.PROVED),
        pytest.param(r"f(2) = 13", Status.REFUTED, marks=pytest.mark.long),
        (r"\left.\frac{df}{dx}\right|_{x=a} = 3a^2 + 2", Status.PROVED),
        pytest.param(
            r"\left.\frac{df}{dx}\right|_{x=a} = 3a^2", Status.REFUTED, marks=pytest.mark.long
        ),
        (r"\frac{d^2 f}{dx^2}\Big|_{x=1} = 6", Status.PROVED),
    ],
)
def test_functions_of_a_page_are_taken_at_places(claim, status):
    page = document_from_text(CUBIC.format(claim))
    assert judge_deck(page).claims[-1].status == status


MARGIN = r"For numbers $\ell(w) = \max(0, 1 - y w x)^2$." + "\n\n$$ {} $$\n"


@pytest.mark.long
@pytest.mark.parametrize(
    ("claim", "right"),
    [
        (r"\ell'(w) = -2 y x \max(0, 1 - y w x)", True),
        (r"\ell'(w) = -y x \max(0, 1 - y w x)", False),
        (r"\ell'(0) = -2 y x", True),
        (r"\ell'(0) = -y x", False),
        (r"\frac{d\ell}{dw}\Big|_{w=0} = -2 y x", True),
        (r"\frac{d\ell}{dw}\Big|_{w=0} = -y x", False),
    ],
)
def test_what_is_decided_at_the_place_has_one_branch(claim, right):
    page = document_from_text(MARGIN.replace("{}", claim))
    status = judge_deck(page).claims[-1].status
    assert status in RIGHT if right else status == Status.REFUTED


def test_repairs_keep_the_bar():
    deck = document_from_text(r"$$ \frac{dL}{dw}\Big|_{w=0} = \sum_i y_i x_i $$")
    (found,) = judge_deck(deck, LINE).claims
    assert found.suggestion is not None
    assert found.suggestion.latex == r"\frac{dL}{dw}\Big|_{w=0} = -\sum_i y_i x_i"
