r"""Matrices, samples and sums as other people write them: the right is accepted, a slip is not.

The formulas are textbook ones: softmax and linear regression (Bishop, PRML), linear layers and
logistic regression (Murphy, PML; Ng, CS229), strided convolution (Goodfellow et al., Deep Learning,
9.5), matrix derivatives (Petersen and Pedersen, The Matrix Cookbook), skip-gram (Mikolov et al.).
"""

from __future__ import annotations

from dataclasses import dataclass
from unittest.mock import patch

import pytest

from derive.errors import Problem
from derive.reading.context import EMPTY, context_from_document
from derive.reading.document import document_from_text
from derive.reading.sheet import model_from_text
from verify.judge import judge_deck
from verify.mending.repair import Repair
from verify.verdict import ACCEPTED, Status, Verdict


@dataclass(frozen=True)
class Sheet:
    """Front matter and equations of a sheet, and the front matter of a context."""

    front: str
    equations: str
    context: str = ""

    def verdict(self, formula: str) -> Verdict:
        model = model_from_text(f"---\n{self.front}\n---\n{self.equations}\n", "sheet")
        declared = document_from_text(f"---\n{self.context}\n---\n", "context.md")
        context = context_from_document(declared, "context") if self.context else EMPTY
        with (
            patch("verify.judge.repair_for_targets", return_value=Repair(None, 0)),
            patch("verify.judge.with_smallest", side_effect=lambda outcome, *_: outcome),
        ):
            return judge_deck(document_from_text(f"$$ {formula} $$"), model, context).claims[-1]


LINEAR = Sheet(
    "sizes: {N: 3, D: 2, M: 4}\ntypes: {X: matrix N D, W: matrix D M, b: row M}",
    "$$ Y = X W + b $$",
    "gradients: {prefix: d}",
)
POISSON = Sheet(
    "loss: J\nsizes: {n: 4, p: 2}\ntypes: {'x_i': column p, '\\beta': column p}\ninputs: [x, 'y']",
    r"$$ \mu_i = \exp(x_i^\top \beta), \quad i = 1, \dots, n $$"
    r"$$ J = \sum_{i=1}^n y_i x_i^\top \beta - \mu_i $$",
)
LOGISTIC = Sheet(
    "loss: J\nsizes: {n: 4, d: 2}\ninputs: [x, 'y']\nfunctions: {g: logistic}",
    r"$$ h^{(i)} = g(\sum_{j=1}^d \theta_j x_j^{(i)}), \quad i = 1, \dots, n $$"
    r"$$ J = -\sum_{i=1}^n y^{(i)} \log h^{(i)} + (1 - y^{(i)}) \log(1 - h^{(i)}) $$",
)
STRIDED = Sheet(
    "sizes: {N: 4, K: 3, s: 2}",
    r"$$ y_n = \sum_{k=0}^{K-1} w_k x_{s n + k}, \quad n = 0, \dots, N - 1 $$",
)
EMBEDDING = Sheet(
    "sizes: {V: 5, d: 2, T: 3}\ntypes: {E: matrix V d, x: index T V}",
    r"$$ h_{t,k} = E_{x_t, k}, \quad t = 1, \dots, T,\ k = 1, \dots, d $$",
)
LEAST_SQUARES = Sheet(
    "loss: J\nsizes: {n: 4, d: 2}\ntypes: {X: matrix n d, 'y': column n, '\\theta': column d}",
    r"$$ e = X \theta - y \qquad J = \frac{1}{2} e^T e $$",
)
COSINE = Sheet("sizes: {n: 3}\ntypes: {u: column n, v: column n}",
               r"$$ s = \frac{u^T v}{\|u\| \|v\|} $$")  # fmt: skip
POOLED = Sheet("sizes: {n: 3}", r"$$ y_i = \max_{0 \le u \le 1} x_{2i+u}, \quad 0 \le i < n $$")
BRACES = Sheet("loss: L", r"$$ L = \frac12 \{\max(0, m - D)\}^2 $$")


@pytest.mark.parametrize(
    ("sheet", "right", "wrong"),
    [
        (LINEAR, r"\frac{\partial y_{ij}}{\partial w_{kl}} = x_{ik} \delta_{jl}",
         r"\frac{\partial y_{ij}}{\partial w_{kl}} = x_{ki} \delta_{jl}"),
        (LINEAR, r"y_{12} = x_{11} w_{12} + x_{12} w_{22} + b_2",
         r"y_{12} = x_{11} w_{21} + x_{12} w_{22} + b_2"),
        (LINEAR, r"db = \sum_{i=1}^{N} dY_i", r"db = \frac1N \sum_{i=1}^{N} dY_i"),
        (POISSON, r"\nabla_\beta J = \sum_{i=1}^n (y_i - \mu_i) x_i",
         r"\nabla_\beta J = \sum_{i=1}^n (\mu_i - y_i) x_i"),
        (POISSON, r"\nabla_\beta \nabla_\beta^\top J = -\sum_{i=1}^n \mu_i x_i x_i^\top",
         r"\nabla_\beta \nabla_\beta^\top J = -\sum_{i=1}^n x_i x_i^\top"),
        pytest.param(LOGISTIC, r"\frac{\partial J}{\partial \theta_j}"
         r" = \sum_{i=1}^n (h_\theta(x^{(i)}) - y^{(i)}) x_j^{(i)}",
         r"\frac{\partial J}{\partial \theta_j}"
         r" = \sum_{i=1}^n (y^{(i)} - h_\theta(x^{(i)})) x_j^{(i)}",
         marks=pytest.mark.long),
        (STRIDED, r"\frac{\partial L}{\partial x_m} = \sum_{n : 0 \le m - s n < K}"
         r" \frac{\partial L}{\partial y_n} w_{m - s n}",
         r"\frac{\partial L}{\partial x_m} = \sum_{n : 0 \le m - n < K}"
         r" \frac{\partial L}{\partial y_n} w_{m - n}"),
        (STRIDED, r"\frac{\partial L}{\partial x_m}"
         r" = \sum_{\substack{n, k \\ \text{s.t.} \\ s n + k = m}}"
         r" \frac{\partial L}{\partial y_n} w_k",
         r"\frac{\partial L}{\partial x_m} = \sum_{\substack{n, k \\ \text{s.t.} \\ s n - k = m}}"
         r" \frac{\partial L}{\partial y_n} w_k"),
        (EMBEDDING, r"\frac{\partial L}{\partial E_{v,:}}"
         r" = \sum_{t : x_t = v} \frac{\partial L}{\partial h_{t,:}}",
         r"\frac{\partial L}{\partial E_{v,:}}"
         r" = \sum_{t : x_t \ne v} \frac{\partial L}{\partial h_{t,:}}"),
        (LEAST_SQUARES, r"\nabla_\theta J(\theta)"
         r" = \nabla_\theta \frac12 \operatorname{tr} \theta^T X^T X \theta - X^T y = X^T e",
         r"\nabla_\theta J(\theta)"
         r" = \nabla_\theta \frac12 (X \theta - y)^T (X \theta - y) = X e"),
        pytest.param(COSINE, r"\frac{\partial s}{\partial v_i}"
         r" = \frac{u_i}{|u||v|} - s \frac{v_i}{|v|^2}",
         r"\frac{\partial s}{\partial v_i} = \frac{u_i}{|u||v|} - s \frac{v_i}{|v|}",
         marks=pytest.mark.long),
        pytest.param(POOLED, r"\frac{\partial L}{\partial x_{2i+u}}"
         r" = \frac{\partial L}{\partial y_i} \mathbb{1}[x_{2i+u} = y_i]",
         r"\frac{\partial L}{\partial x_{2i+u}} = \frac{\partial L}{\partial y_i}",
         marks=pytest.mark.long),
        pytest.param(BRACES, r"\frac{\partial L}{\partial D} = -\max(0, m - D)",
         r"\frac{\partial L}{\partial D} = -\frac12 \max(0, m - D)",
         marks=pytest.mark.long),
    ],
)  # fmt: skip
def test_the_right_formula_is_accepted_and_the_slip_is_not(
    sheet: Sheet, right: str, wrong: str
) -> None:
    found = sheet.verdict(right)
    assert found.status in ACCEPTED - {Status.DEFINITION}, found.message
    assert sheet.verdict(wrong).status in {Status.REFUTED, Status.ILL_FORMED}


def test_a_condition_may_stand_before_its_formula() -> None:
    sheet = Sheet(
        "sizes: {n: 3}", r"$$ p_i = \frac{e^{z_i}}{\sum_{j=1}^n e^{z_j}}, i = 1, \dots, n $$"
    )
    slope = r"\frac{\partial p_i}{\partial z_j}"
    assert sheet.verdict(rf"\text{{if }} i \neq j: {slope} = -p_i p_j").status in ACCEPTED
    assert sheet.verdict(rf"\text{{if }} i = j: {slope} = p_i (1 - p_i)").status in ACCEPTED
    assert sheet.verdict(rf"\text{{if }} i = j: {slope} = -p_i p_j").status is Status.REFUTED


def test_a_new_symbol_with_what_it_is_of_is_defined() -> None:
    assert LEAST_SQUARES.verdict(r"G(\theta) = \nabla_\theta J").status is Status.DEFINITION


def test_a_function_that_nothing_declares_is_asked_about() -> None:
    with pytest.raises(Problem, match="nothing declares the function σ"):
        Sheet("sizes: {n: 3}", r"$$ a_i = \sigma(w z_i + b), \quad i = 1, \dots, n $$").verdict("a")
