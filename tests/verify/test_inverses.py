r"""Inverses and determinants of small matrices, as other people write them.

Petersen and Pedersen, The Matrix Cookbook, (40), (49), (57), (61), (124); Bishop 2006, (2.122) and
(2.124), the maximum likelihood of the Gaussian; Hastie et al. 2009, (3.6), least squares.
"""

from __future__ import annotations

import numpy as np
import pytest

from derive.errors import Problem
from derive.evaluate import evaluate
from derive.expr import Access
from derive.index import Axis, Index
from derive.reading.arrays import ArrayValue
from derive.reading.document import document_from_text
from derive.reading.inverses import MOST_ROWS, determinant, inverse, log_determinant
from tests.verify.claims import RIGHT, judged, not_refuted, not_right, sheet, verdict
from verify.judge import judge_deck
from verify.verdict import Status

SOLVED = sheet("---\ntypes: {A: matrix 2 2, b: column 2}\n---\n$$ x = A^{-1} b $$\n")
LOGARITHM = sheet(r"""---
types: {A: matrix 2 2}
---
$$ f = \log \det A $$ $$ g = \det A $$ $$ h = \operatorname{tr}(A^{-1}) $$
""")
INVERTED = sheet("---\nsizes: {n: 2}\ntypes: {A: matrix n n}\n---\n$$ B = A^{-1} $$\n")
SQUARES = sheet(r"""---
sizes: {N: 4, d: 2}
types: {X: matrix N d, 'y': column N}
---
$$ w = (X^T X)^{-1} X^T y $$
""")
GAUSSIAN = r"""---
sizes: {{d: 2}}
loss: L
types: {{x: column d, '\mu': column d, '\Sigma': matrix d d}}
inputs: [x]
{}
---
$$ L = -\frac12 \log |\Sigma| - \frac12 (x - \mu)^T \Sigma^{{-1}} (x - \mu) $$
"""
ANY, SYMMETRIC = (sheet(GAUSSIAN.format(s)) for s in ("", r"declare: {symmetric: ['\Sigma']}"))
OUTER = r"\Sigma^{-1} (x - \mu) (x - \mu)^T \Sigma^{-1}"

TURNED = r"A^{-1} \frac{\partial A}{\partial a_{ij}} A^{-1}"

RIGHT_ONES = {
    "solved": (
        SOLVED,
        r"\frac{\partial x_i}{\partial b_j} = (A^{-1})_{ij}",
        r"A x = b",
        r"\frac{\partial L}{\partial b} = A^{-T} \frac{\partial L}{\partial x}",
        r"\frac{\partial L}{\partial A} = -(A^T)^{-1} \frac{\partial L}{\partial x} x^T",
    ),
    "logarithm": (
        LOGARITHM,
        r"\frac{\partial f}{\partial A} = A^{-T}",
        r"\frac{\partial \log \det A}{\partial A} = (A^{-1})^T",
        r"\nabla_A \ln |\det A| = A^{-\top}",
        r"f = \log |A|",
        r"\frac{\partial g}{\partial A} = \det(A) A^{-T}",
        r"\det(A) = a_{11} a_{22} - a_{12} a_{21}",
        r"\frac{\partial h}{\partial A} = -(A^{-2})^T",
    ),
    "inverted": (
        INVERTED,
        rf"\frac{{\partial A^{{-1}}}}{{\partial a_{{ij}}}} = -{TURNED}",
        r"\frac{\partial B_{kl}}{\partial A_{ij}} = -B_{ki} B_{jl}",
        r"\sum_k A_{ik} B_{kj} = \delta_{ij}",
        r"B A = I",
    ),
}
WRONG_ONES = {
    "solved": (
        SOLVED,
        r"\frac{\partial x_i}{\partial b_j} = (A^{-1})_{ji}",
        r"A b = x",
        r"\frac{\partial L}{\partial b} = A^{-1} \frac{\partial L}{\partial x}",
        r"\frac{\partial L}{\partial A} = (A^T)^{-1} \frac{\partial L}{\partial x} x^T",
    ),
    "logarithm": (
        LOGARITHM,
        r"\frac{\partial f}{\partial A} = -A^{-T}",
        r"\frac{\partial g}{\partial A} = A^{-T}",
        r"\det(A) = a_{11} a_{22} + a_{12} a_{21}",
        r"\frac{\partial h}{\partial A} = (A^{-2})^T",
    ),
    "inverted": (
        INVERTED,
        rf"\frac{{\partial A^{{-1}}}}{{\partial a_{{ij}}}} = {TURNED}",
        r"\frac{\partial B_{kl}}{\partial A_{ij}} = -B_{ik} B_{jl}",
    ),
}
BY_MU = r"\frac{\partial L}{\partial \mu} ="
BY_SIGMA = r"\frac{\partial L}{\partial \Sigma} ="


@pytest.mark.parametrize(
    "case",
    ["logarithm", *(pytest.param(c, marks=pytest.mark.long) for c in ("solved", "inverted"))],
)
def test_right_formulas_are_accepted(case):
    model, *claims = RIGHT_ONES[case]
    assert not not_right(judged(model, claims))


@pytest.mark.long
@pytest.mark.parametrize("case", WRONG_ONES)
def test_slips_are_refuted(case):
    model, *claims = WRONG_ONES[case]
    assert not not_refuted(judged(model, claims))


@pytest.mark.long
def test_least_squares():
    claims = (
        r"\frac{\partial w}{\partial y} = (X^T X)^{-1} X^T",
        r"X^T X w = X^T y",
        r"\frac{\partial w}{\partial y} = X^T",
    )
    *right, wrong = judged(SQUARES, claims)
    assert not not_right(right)
    assert not not_refuted([wrong])


@pytest.mark.long
def test_gaussian_with_a_symmetric_covariance():
    right = (
        rf"{BY_MU} \Sigma^{{-1}} (x - \mu)",
        rf"{BY_SIGMA} -\frac12 \Sigma^{{-1}} + \frac12 {OUTER}",
    )
    wrong = (
        rf"{BY_MU} \Sigma (x - \mu)",
        rf"{BY_SIGMA} -\frac12 \Sigma^{{-1}} - \frac12 {OUTER}",
    )
    found = judged(SYMMETRIC, (*right, *wrong))
    assert not not_right(found[:2])
    assert not not_refuted(found[2:])


def test_what_holds_for_symmetric_matrices_is_open():
    found = verdict(LOGARITHM, r"\frac{\partial f}{\partial A} = A^{-1}")
    assert found.status == Status.UNDECIDED
    assert "A is symmetric" in found.message


@pytest.mark.long
def test_gaussian_with_any_covariance_is_open():
    found = verdict(ANY, rf"{BY_MU} \Sigma^{{-1}} (x - \mu)")
    assert found.status == Status.UNDECIDED
    assert "Σ is symmetric" in found.message


@pytest.mark.long
def test_a_page_may_have_an_inverse():
    page = (
        r"Let $A \in \mathbb{R}^{2 \times 2}$ and $f = \log \det A$. "
        r"$$ \frac{\partial f}{\partial A} = A^{-T} $$ "
        r"$$ \frac{\partial f}{\partial A} = -A^{-T} $$"
    )
    *_, right, wrong = judge_deck(document_from_text(page)).claims
    assert (right.status, wrong.status) == (Status.PROVED, Status.REFUTED)


def test_bars_may_be_declared_a_determinant():
    front = "types: {A: matrix 2 2}\noperators: {'|': determinant}"
    model = sheet(f"---\n{front}\n---\n$$ g = |A| $$\n")
    assert verdict(model, r"g = a_{11} a_{22} - a_{12} a_{21}").status in RIGHT


def test_larger_matrices_are_out_of_reach_and_it_is_said():
    with pytest.raises(Problem, match="out of reach"):
        sheet("---\ntypes: {A: matrix 3 3}\n---\n$$ B = A^{-1} $$\n")


@pytest.mark.parametrize("count", range(1, MOST_ROWS + 1))
def test_they_are_what_linear_algebra_says(count):
    i, j = Axis("i", Index.of(1), Index.of(count)), Axis("j", Index.of(1), Index.of(count))
    whole = ArrayValue((i, j), Access("A", (Index.of(i), Index.of(j))))
    numbers = np.random.default_rng(count).normal(size=(count, count))
    env, ranges = {"A": numbers}, {"A": ((1, count), (1, count))}
    inverted = inverse(whole)
    assert np.allclose(evaluate(inverted.body, inverted.axes, env, ranges), np.linalg.inv(numbers))
    assert np.isclose(evaluate(determinant(whole).body, (), env, ranges), np.linalg.det(numbers))
    logarithm = evaluate(log_determinant(whole).body, (), env, ranges)
    assert np.isclose(logarithm, np.linalg.slogdet(numbers).logabsdet)
