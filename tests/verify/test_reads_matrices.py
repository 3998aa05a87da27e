r"""Matrix notation: types, layouts, ones, I, diag, tr, broadcasting, slices, softmax and losses."""

from __future__ import annotations

import numpy as np
import pytest

from derive.errors import IllFormed
from derive.run import run
from tests.verify.claims import RIGHT, context, judged, not_refuted, not_right, sheet, verdict
from verify.oracles import random_values
from verify.verdict import Status

ROWS = r"""---
loss: L
inputs: [X, Y]
sizes: {N: 5, D: 3, H: 4, K: 2}
functions: {'\sigma': logistic}
types:
  X: matrix N D (rows are samples)
  W_1: matrix D H
  b_1: row H
  W_2: matrix H K
  b_2: row K
  Y: matrix N K
---
$$ Z_1 = X W_1 + \mathbf{1} b_1 $$
$$ A_1 = \sigma(Z_1) $$
$$ Z_2 = A_1 W_2 + b_2 $$
$$ L = \frac{1}{2N} \operatorname{tr}((Z_2 - Y)^T (Z_2 - Y)) $$
"""
SAMPLES_IN_ROWS = sheet(ROWS)
VECTORS = sheet(r"""---
loss: L
inputs: [x, t]
sizes: {n: 3, m: 2}
functions: {'\sigma': logistic}
types: {x: 'column n', W: 'matrix m n', b: 'column m', t: 'column m'}
---
$$ z = W x + b $$
$$ a = \sigma(z) $$
$$ L = \frac12 \| a - t \|^2 $$
""")


def test_a_sheet_in_matrices_computes_them() -> None:
    given = random_values(SAMPLES_IN_ROWS.at_sizes(), np.random.default_rng(2))
    values = run(SAMPLES_IN_ROWS.at_sizes(), given)
    hidden = 1 / (1 + np.exp(-(given["X"] @ given["W1"] + given["b1"])))
    np.testing.assert_allclose(values["A1"], hidden)
    error = hidden @ given["W2"] + given["b2"] - given["Y"]
    np.testing.assert_allclose(values["L"], (error**2).sum() / 10)


def test_samples_in_rows() -> None:
    right = [
        r"\frac{\partial L}{\partial Z_2} = \frac1N (Z_2 - Y)",
        r"\frac{\partial L}{\partial W_2} = A_1^T \frac{\partial L}{\partial Z_2}",
        r"\frac{\partial L}{\partial b_2} = \frac1N \mathbf{1}^T (Z_2 - Y)",
        r"\frac{\partial L}{\partial b_2} = \mathbf{1}_N^\top \frac{\partial L}{\partial Z_2}",
        r"\frac{\partial L}{\partial b_2} = \frac1N \sum_{n=1}^N (Z_2 - Y)_{n,:}",
        r"\frac{\partial L}{\partial A_1} = \frac{\partial L}{\partial Z_2} W_2^T",
        r"\frac{\partial L}{\partial Z_1} = \frac{\partial L}{\partial A_1} \odot A_1"
        r" \odot (\mathbf{1} - A_1)",
        r"\nabla_{W_1} L = X^\top \left( \frac1N (Z_2 - Y) W_2^\top \odot \sigma'(Z_1) \right)",
        r"L = \frac{1}{2N} \| Z_2 - Y \|_F^2",
    ]
    wrong = [
        r"\frac{\partial L}{\partial Z_2} = Z_2 - Y",
        r"\frac{\partial L}{\partial b_2} = \frac1N \sum_{n=1}^N Z_{2,n,:}",
        r"\frac{\partial L}{\partial Z_1} = \frac{\partial L}{\partial A_1} \odot A_1",
        r"L = \frac{1}{N} \| Z_2 - Y \|_F^2",
    ]
    assert not_right(judged(SAMPLES_IN_ROWS, right)) == []
    assert not_refuted(judged(SAMPLES_IN_ROWS, wrong)) == []


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (r"\frac{\partial L}{\partial W_2} = \frac{\partial L}{\partial Z_2} A_1^T", "do not fit"),
        (
            r"\frac{\partial L}{\partial W_2} = \frac{\partial L}{\partial Z_2}^T A_1",
            "does not fit",
        ),
        (r"\frac{\partial L}{\partial b_2} = \frac{\partial L}{\partial Z_2}", "this is 5×2"),
        (r"\frac{\partial L}{\partial b_2} = \mathbf{1} \frac{\partial L}{\partial Z_2}", "open"),
        (r"\operatorname{tr}(W_2) = 0", "no square matrix"),
        (r"\| \mathbf{1} \|^2 = N", "does not follow from what stands beside it"),
    ],
)
def test_shapes_are_answers(claim: str, said: str) -> None:
    found = verdict(SAMPLES_IN_ROWS, claim)
    assert found.status is Status.ILL_FORMED
    assert said in found.message


def test_a_bare_sum_over_rows_runs_over_all_of_them() -> None:
    model = sheet(ROWS.replace("Z_1", "S").replace("A_1", "A").replace("Z_2", "Z"))
    total = r"\frac{\partial L}{\partial b_1} = \sum_i \frac{\partial L}{\partial S_i}"
    assert verdict(model, total).status is Status.PROVED
    assert verdict(model, total.replace("b_1", "b_2")).status is Status.ILL_FORMED


@pytest.mark.long
def test_vectors() -> None:
    right = [
        r"\frac{\partial L}{\partial W} = \operatorname{diag}(\sigma'(z)) (a - t) x^T",
        r"\nabla_W L = ((a - t) \odot a \odot (1 - a)) x^\top",
        r"\nabla_W L = (a - t) \odot a \odot (1 - a) x^\top",
        r"\frac{\partial L}{\partial x} = W^T ((a - t) \odot \sigma'(z))",
        r"\frac{\partial L}{\partial x^T} = ((a - t) \odot \sigma'(z))^T W",
        r"\frac{\partial a}{\partial z} = \operatorname{diag}(a \odot (1 - a))",
        r"\frac{\partial a}{\partial z} = \operatorname{diag}(a) (I - \operatorname{diag}(a))",
        r"\frac{\partial z}{\partial b} = I",
        r"\frac{\partial L}{\partial x} = \left(\frac{\partial z}{\partial x}\right)^T"
        r" \frac{\partial L}{\partial z}",
        r"\frac{\partial L}{\partial x} = \frac{\partial z}{\partial x}"
        r" \frac{\partial L}{\partial z}",
        r"\frac{\partial a}{\partial x} = \frac{\partial a}{\partial z}"
        r" \frac{\partial z}{\partial x}",
        r"a^T \mathbf{1} = \sum_i a_i",
        r"\langle a, t \rangle = t^T a",
        r"\|a\|_1 = \sum_i |a_i|",
        r"\operatorname{tr}(W W^T) = \|W\|_F^2",
        r"W_{1,:} x + b_1 = z_1",
        r"W = I_2 W",
    ]
    wrong = [
        r"\frac{\partial L}{\partial W} = \operatorname{diag}(\sigma(z)) (a - t) x^T",
        r"\frac{\partial a}{\partial z} = \operatorname{diag}(a)",
        r"\frac{\partial z}{\partial b} = 2 I",
        r"a^T \mathbf{1} = \sum_i a_i^2",
        r"\frac{\partial L}{\partial b} = \mathbf{1}",
        r"W_{2,:} x + b_1 = z_1",
    ]
    assert not_right(judged(VECTORS, right)) == []
    assert not_refuted(judged(VECTORS, wrong)) == []


def test_regrouping_and_layouts_are_said() -> None:
    found = verdict(VECTORS, r"\nabla_W L = (a - t) \odot a \odot (1 - a) x^\top")
    assert any("taken before the factors that follow" in a for a in found.assumptions)
    found = verdict(VECTORS, r"\frac{\partial z}{\partial x} = W^T")
    assert any("denominator layout" in a for a in found.assumptions)


SOFTMAX = r"""---
loss: L
inputs: [x, y]
sizes: {D: 3, K: 4}
types: {W: 'matrix K D', x: 'column D', y: 'column K'}
FUNCTIONS
---
$$ z = W x $$
$$ p = S(z) $$
$$ L = E(y, p) $$
"""


def test_softmax_and_cross_entropy_as_functions() -> None:
    model = sheet(SOFTMAX.replace("FUNCTIONS", "functions: {S: softmax, E: cross_entropy}"))
    right = [
        r"p_k = \frac{e^{z_k}}{\sum_j e^{z_j}}",
        r"p = \operatorname{softmax}(z)",
        r"p_k = \operatorname{softmax}(z)_k",
        r"p_k = \mathrm{softmax}_k(z)",
        r"p_k = S(z_k)",
        r"L = -\sum_k y_k \ln p_k",
        r"\frac{\partial p_k}{\partial z_j} = p_k (\delta_{kj} - p_j)",
        r"\frac{\partial p}{\partial z} = \operatorname{diag}(p) - p p^T",
        r"\frac{\partial L}{\partial z_k} = p_k \sum_j y_j - y_k",
        r"\frac{\partial}{\partial z_k} \operatorname{logsumexp}(z) = p_k",
        r"\ln p_k = z_k - \operatorname{LSE}(z)",
    ]
    wrong = [
        r"p_k = \frac{e^{z_k}}{\sum_j e^{-z_j}}",
        r"\frac{\partial p}{\partial z} = \operatorname{diag}(p) + p p^T",
        r"\frac{\partial L}{\partial z_k} = y_k - p_k \sum_j y_j",
        r"L = E(p, y)",
    ]
    assert not_right(judged(model, right)) == []
    assert not_refuted(judged(model, wrong)) == []


@pytest.mark.parametrize(
    ("loss", "formula"),
    [
        ("cross_entropy of prediction and target", r"-\sum_k y_k \ln p_k"),
        ("squared_error", r"\sum_k (y_k - p_k)^2"),
        ("half_squared_error", r"\frac12 \sum_k (y_k - p_k)^2"),
        ("mean_squared_error", r"\frac1K \| y - p \|^2"),
        ("binary_cross_entropy", r"-\sum_k (y_k \ln p_k + (1 - y_k) \ln(1 - p_k))"),
    ],
)
def test_losses_by_name(loss: str, formula: str) -> None:
    text = SOFTMAX.replace("FUNCTIONS", f"functions: {{S: softmax, E: {loss}}}")
    if "prediction" in loss:
        text = text.replace("E(y, p)", "E(p, y)")
    assert verdict(sheet(text), f"L = {formula}").status in RIGHT


@pytest.mark.long
def test_softmax_of_a_matrix_asks_which_way() -> None:
    text = SOFTMAX.replace("column D", "matrix D N").replace("column K", "matrix K N")
    text = text.replace("K: 4", "K: 4, N: 2")
    with pytest.raises(IllFormed, match="declare softmax rows or softmax columns"):
        sheet(text.replace("FUNCTIONS", "functions: {S: softmax, E: cross_entropy}"))
    model = sheet(text.replace("FUNCTIONS", "functions: {S: softmax columns, E: cross_entropy}"))
    claim = r"p_{kn} = \frac{e^{z_{kn}}}{\sum_j e^{z_{jn}}}"
    assert verdict(model, claim).status in RIGHT
    assert verdict(model, claim.replace("jn", "kj")).status is not Status.PROVED


def test_a_row_of_what_a_symbol_is_declared_to_mean() -> None:
    declared = context(
        r"meanings: {'\delta_1': '\partial L / \partial Z_1', G: '\partial L / \partial Z_2'}"
    )
    right = (
        r"\frac{\partial L}{\partial b_1} = \sum_{n=1}^{N} \delta_{1,n}",
        r"\frac{\partial L}{\partial b_2} = \sum_{n=1}^{N} G_n",
        r"\frac{\partial L}{\partial W_2} = \sum_{n=1}^{N} A_{1,n}^T G_n",
    )
    assert not not_right(judged(SAMPLES_IN_ROWS, right, declared))
    wrong = r"\frac{\partial L}{\partial b_1} = 2 \sum_{n=1}^{N} \delta_{1,n}"
    assert verdict(SAMPLES_IN_ROWS, wrong, declared).status is Status.REFUTED


def test_an_equation_of_rows_is_judged_by_its_matrix() -> None:
    model = sheet(ROWS.replace("Z_1", "S").replace("A_1", "A").replace("Z_2", "Z"))
    assert verdict(model, r"A_n = \sigma(S_n)").status is Status.PROVED
    assert verdict(model, r"A_n = 2 \sigma(S_n)").status is Status.REFUTED


def test_a_bracket_behind_a_transposed_matrix_of_elements_is_a_factor() -> None:
    model = sheet(r"""---
loss: E
inputs: [x, t]
sizes: {N: 4, D: 3, K: 5}
---
$$ z_{nk} = \sum_{d=1}^{D} x_{nd} W_{dk}, \quad n = 1, \dots, N,\ k = 1, \dots, K $$
$$ E = \frac12 \sum_{n=1}^{N} \sum_{k=1}^{K} (z_{nk} - t_{nk})^2 $$
""")
    assert verdict(model, r"\nabla_W E = X^T (Z - T)").status is Status.PROVED
    assert verdict(model, r"\nabla_W E = X^T (Z + T)").status is not Status.PROVED


def test_a_power_on_a_function_of_elements_is_taken_element_by_element() -> None:
    model = sheet("---\nsizes: {n: 3}\ntypes: {Z: matrix n n}\n---\n$$ A = \\tanh(Z) $$")
    slope = r"\frac{\partial A}{\partial Z} = 1 - \tanh^2(Z)"
    assert verdict(model, slope).status is Status.PROVED
    assert verdict(model, slope.replace("^2", "^3")).status is not Status.PROVED
