r"""Indicators, Kronecker deltas, cases, maxima: in sheets and in claims, right and wrong."""

from __future__ import annotations

import numpy as np
import pytest

from derive.errors import Problem
from derive.expr import Winner, walk
from derive.run import run
from tests.verify.claims import judged, not_refuted, not_right, sheet
from verify.oracles import random_values

POOLING = r"""---
loss: L
inputs: [x, t]
sizes: {N: 3, M: 2}
---
$$ m_{ij} = \max_{u,v=0,1} x_{2i-u, 2j-v}, \quad i = 1, \dots, N, \quad j = 1, \dots, M $$
$$ r_{ij} = \max(0, m_{ij}), \quad i = 1, \dots, N, \quad j = 1, \dots, M $$
$$ h_{ij} = \begin{cases} \frac12 r_{ij}^2 & \text{if } r_{ij} \le 1 \\
   r_{ij} - \frac12 & \text{otherwise} \end{cases}, \quad i = 1, \dots, N, \quad j = 1, \dots, M $$
$$ L = \sum_{i,j} |h_{ij} - t_{ij}| + \sum_{i=1}^{N} \sum_{j=1}^{M} [i = j] x_{ij} $$
"""
MODEL = sheet(POOLING)


def test_a_sheet_with_maxima_and_cases_computes_them() -> None:
    given = random_values(MODEL.at_sizes(), np.random.default_rng(5))
    values = run(MODEL.at_sizes(), given)
    pooled = given["x"].reshape(3, 2, 2, 2).max(axis=(1, 3))
    rectified = np.maximum(pooled, 0)
    huber = np.where(rectified <= 1, rectified**2 / 2, rectified - 0.5)
    np.testing.assert_allclose(values["m"], pooled)
    np.testing.assert_allclose(values["r"], rectified)
    np.testing.assert_allclose(values["h"], huber)
    extra = given["x"][0, 0] + given["x"][1, 1]
    np.testing.assert_allclose(values["L"], np.abs(huber - given["t"]).sum() + extra)


@pytest.mark.parametrize("rule", ["first", "split", "all"])
def test_the_sheet_says_who_wins_a_tie(rule: str) -> None:
    model = sheet(POOLING.replace("loss: L", f"loss: L\nties: {rule}"))
    winners = [n for e in model.equations for n in walk(e.rhs) if isinstance(n, Winner)]
    assert {w.tie for w in winners} == {rule}


def test_an_unknown_tie_rule_is_refused() -> None:
    with pytest.raises(Problem, match="ties: 'last' is not known; expected one of first, split"):
        sheet(POOLING.replace("loss: L", "loss: L\nties: last"))


def test_right_masks() -> None:
    claims = [
        r"\frac{\partial L}{\partial h_{ij}} = \operatorname{sgn}(h_{ij} - t_{ij})",
        r"\frac{\partial h_{ij}}{\partial r_{ij}} = \min(r_{ij}, 1)",
        r"\frac{\partial h_{ij}}{\partial r_{ij}} = \begin{cases} r_{ij} & r_{ij} < 1 \\"
        r" 1 & r_{ij} \ge 1 \end{cases}",
        r"\frac{\partial r_{ij}}{\partial m_{ij}} = \mathbb{1}[m_{ij} > 0]",
        r"\frac{\partial r_{ij}}{\partial m_{ij}} = \mathbf{1}_{m_{ij} \ge 0}",
        r"\frac{\partial r_{ij}}{\partial m_{kl}} = \delta_{ik} \delta_{jl} 1\{m_{ij} > 0\}",
        r"\frac{\partial r_{ij}}{\partial m_{kl}} = [i = k][j = l] \, \mathbb{I}(r_{ij} > 0)",
        r"\frac{\partial r_{ij}}{\partial m_{kl}} = \mathbb{1}_{\{i = k, j = l\}}"
        r" \frac{\partial r_{ij}}{\partial m_{ij}}",
        r"\frac{\partial r_{ij}}{\partial m_{kl}} = \begin{cases}"
        r" 1, & \text{if } i = k, j = l \text{ and } m_{ij} > 0 \\ 0, & \text{else} \end{cases}",
        r"\frac{\partial m_{ij}}{\partial x_{kl}} = \sum_{u,v=0}^{1} \delta_{k,2i-u}"
        r" \delta_{l,2j-v} \mathbb{1}[x_{kl} = m_{ij}]",
        r"\frac{\partial m_{ij}}{\partial x_{2i,2j}} = [x_{2i,2j} = m_{ij}]",
        r"r_{ij} = (m_{ij})_+",
        r"r_{ij} = -\min(0, -m_{ij})",
        r"r_{ij} = \begin{cases} m_{ij} & m_{ij} > 0 \\ 0 & m_{ij} \le 0 \end{cases}",
        r"m_{ij} = -\min_{u,v=0}^{1} (-x_{2i-u,2j-v})",
        r"m_{ij} = \max(x_{2i,2j}, x_{2i-1,2j}, x_{2i,2j-1}, x_{2i-1,2j-1})",
    ]
    assert not_right(judged(MODEL, claims)) == []


def test_wrong_masks() -> None:
    claims = [
        r"\frac{\partial h_{ij}}{\partial r_{ij}} = \max(r_{ij}, 1)",
        r"\frac{\partial r_{ij}}{\partial m_{ij}} = \mathbb{1}[m_{ij} < 0]",
        r"\frac{\partial r_{ij}}{\partial m_{kl}} = \delta_{ik} 1\{m_{ij} > 0\}",
        r"\frac{\partial r_{ij}}{\partial m_{kl}} = [i = l][j = k] \, \mathbb{I}(r_{ij} > 0)",
        r"\frac{\partial r_{ij}}{\partial m_{kl}} = \begin{cases}"
        r" 1, & \text{if } i \ne k \\ 0, & \text{otherwise} \end{cases}",
        r"\frac{\partial m_{ij}}{\partial x_{kl}} = \sum_{u,v=0}^{1} \delta_{k,2i-u}"
        r" \delta_{l,2j-v}",
        r"r_{ij} = \begin{cases} m_{ij} & m_{ij} < 0 \\ 0 & m_{ij} \ge 0 \end{cases}",
        r"m_{ij} = \min_{u,v=0}^{1} x_{2i-u,2j-v}",
        r"\frac{\partial L}{\partial h_{ij}} = |h_{ij} - t_{ij}|",
    ]
    assert not_refuted(judged(MODEL, claims)) == []


@pytest.mark.long
def test_the_place_of_a_maximum() -> None:
    model = sheet(r"""---
loss: L
inputs: [x]
sizes: {n: 4}
---
$$ L = \max_{i=1}^{n} x_i^2 $$
""")
    claims = [
        r"\frac{\partial L}{\partial x_i} = 2 x_i [i = \arg\max_k x_k^2]",
        r"\frac{\partial L}{\partial x_i} = 2 x_i \mathbb{1}\{x_i^2 = L\}",
        r"L = \max_i x_i \, x_i",
    ]
    assert not_right(judged(model, claims)) == []
    wrong = [r"\frac{\partial L}{\partial x_i} = x_i [i = \arg\max_k x_k^2]", r"L = 2 \max_i x_i^2"]
    assert not_refuted(judged(model, wrong)) == []


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (r"\max_{i \ne 1} x_{i1} = 0", "a condition under a maximum"),
        (r"\arg\max_i x_{i1} = 1", "over an index is not judged yet"),
        (r"r_{11} = \begin{cases} 0 & \text{otherwise} \\ m_{11} & m_{11} > 0 \end{cases}",
         "otherwise stands before another case"),
    ],
)  # fmt: skip
def test_what_is_not_read_says_so(claim: str, said: str) -> None:
    (found,) = judged(MODEL, [claim])
    assert said in found.message
