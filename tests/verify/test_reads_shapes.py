"""Equations between arrays of other shapes: reshaped, pooled, filtered over depth, contracted."""

from __future__ import annotations

from functools import cache

import pytest

from derive.reading.sheet import model_from_text
from tests.verify.claims import context, judged, sheet, verdict
from verify.judge import judge_text
from verify.verdict import Status, Verdict

MAPS = sheet(r"""---
loss: E
inputs: [X, t]
sizes: {a: 4, n: 2, g: 3, K: 3, c: 3, D: '4 n'}
types: {w: matrix D K, t: row K, o: row K, b: row K}
functions: {f: relu, V: vectorise rows, S: softmax}
---
$$ T(i, j, m) = \sum_{u=1}^{g} \sum_{v=1}^{g} F(u, v, m) \sum_{k=1}^{c} X(i + u - 1, j + v - 1, k),
   \quad i, j = 1, \dots, a, \quad m = 1, \dots, n $$
$$ H(i, j, m) = f(T(i, j, m)) $$
$$ U(i, j, m) = \max_{0 \le u, v \le 1} H(2 i - u, 2 j - v, m), \quad i, j = 1, \dots, 2 $$
$$ x = V(U)^T $$
$$ o = S(x w + b) $$
$$ E = - t \, (\log o)^T $$
""")
MEANT = context(r"""operators: {'@': correlation over depth}
functions:
  '\text{MP}': maxima of 2x2
  '\text{CE}': cross_entropy
  '\text{R}': rot180 of planes""")
G = r"\frac{\partial E}{\partial %s}"

CLAIMS = [
    ("T = X @ F", Status.PROVED),
    (G % "F" + " = X @ " + G % "T", Status.PROVED),
    (G % "F" + " = H @ " + G % "T", Status.ILL_FORMED),
    (r"T = X @ \text{R}(\text{R}(F))", Status.PROVED),
    (r"U = \text{MP}(H)", Status.PROVED),
    (r"U = 2 \text{MP}(H)", Status.REFUTED),
    ("x = U", Status.PROVED),
    ("U = x", Status.PROVED),
    (G % "U" + " = " + G % "x", Status.PROVED),
    (G % "U" + " = x", Status.ILL_FORMED),
    (G % "H" + " = " + G % "U", Status.UNDECIDED),
    (G % "T" + " = " + G % "U", Status.ILL_FORMED),
    (G % "F" + " = " + G % "T" + r" \cdot \frac{\partial T}{\partial F}", Status.PROVED),
    ("E = CE(o)", Status.PROVED),
    (r"E = \text{CE}(x)", Status.ILL_FORMED),
    (r"f = \text{ReLU}", Status.PROVED),
]


@cache
def found() -> dict[str, Verdict]:
    """The verdicts on all claims, judged as one deck."""
    return {v.latex: v for v in judged(MAPS, [text for text, _ in CLAIMS], MEANT)}


@pytest.mark.long
@pytest.mark.parametrize(("text", "status"), CLAIMS)
def test_shapes_decide_what_an_equation_of_arrays_says(text: str, status: Status) -> None:
    assert found()[text].status is status, found()[text].message


@pytest.mark.long
def test_what_was_understood_is_said() -> None:
    assert "in the order in which x has them" in " ".join(found()["U = x"].assumptions)
    assert "the winner of its window" in found()[f"{G % 'H'} = {G % 'U'}"].message
    assert "the loss is that against t" in found()["E = CE(o)"].assumptions


SEQUENCES = sheet(r"""---
inputs: [x]
sizes: {A: 3, B: 2}
types: {x: 'tensor -A..A', w: 'tensor -B..B'}
outside: zero
---
$$ s(t) = \sum_{a=-A}^{A} x(a) w(t - a), \quad t = -A - B, \dots, A + B $$
""")


@pytest.mark.parametrize(
    ("text", "status"),
    [
        (r"s(t) = \sum_{a=-\infty}^{\infty} x(a) w(t - a)", Status.PROVED),
        (r"s(t) = \sum_{a=-\infty}^{\infty} x(t - a) w(a)", Status.PROVED),
        (r"s(t) = \sum_{a=-\infty}^{\infty} x(a) w(a - t)", Status.REFUTED),
        (r"s(t) = \sum_{a=0}^{\infty} x(a) w(t - a)", Status.ILL_FORMED),
    ],
)
def test_a_sum_to_infinity_is_over_what_there_is(text: str, status: Status) -> None:
    told = verdict(SEQUENCES, text)
    assert told.status is status, told.message


def test_a_usual_function_of_an_element_is_no_new_symbol() -> None:
    shares = model_from_text(
        r"""---
inputs: [z]
sizes: {m: 4}
---
$$ q_i = \frac{e^{z_i}}{\sum_{j=1}^{m} e^{z_j}}, \quad i = 1, \dots, m $$
""",
        "shares",
    )
    text = r"\text{softmax}(z_i) = \frac{e^{z_i}}{\sum_{j=1}^{m} e^{z_j}}"
    (found,) = judge_text(text, shares).claims
    assert found.status is Status.PROVED
