r"""Sums along a wrong axis, samples that stand for their batch, products the wrong way round."""

from __future__ import annotations

from functools import cache

import pytest

from derive.pipeline import gradients
from derive.reading.context import context_from_document
from derive.reading.document import document_from_text
from derive.reading.sheet import model_from_text
from verify.bench import Bench
from verify.clock import Clock
from verify.mending.repair import repair
from verify.readings import judge_readings
from verify.setting import Setting

LAYER = r"""---
loss: C
inputs: [X, T]
sizes: {a: 2, b: 3, c: 4}
types: {X: matrix a b, V: matrix b c, e: row c, T: matrix a c}
---
$$ Y = X V + e $$ $$ Z = \tanh(Y) $$
$$ C = \frac{1}{2} \sum_{i=1}^{a} \sum_{k=1}^{c} (Z_{ik} - T_{ik})^2 $$
"""
MARKS = "---\ngradients: {prefix: d}\n---\n"


@cache
def setting() -> Setting:
    model = model_from_text(LAYER, "layer")
    context = context_from_document(document_from_text(MARKS), "marks")
    return Setting(Bench(model, gradients(model)), context)


@pytest.mark.parametrize(
    ("wrong", "right", "what"),
    [
        ("de_k = dY_{1k}", r"de_k = \sum_{n=1}^{a} dY_{nk}", "the sum over n is missing"),
        (
            r"de_k = \sum_{i=1}^{c} dY_{ki}",
            r"de_k = \sum_{i=1}^{a} dY_{ik}",
            "the sum over i runs along the wrong index",
        ),
        (
            "dV_{jk} = X_{2j} dY_{2k}",
            r"dV_{jk} = \sum_{n=1}^{a} X_{nj} dY_{nk}",
            "the sum over n is missing",
        ),
        ("dV = dY^T X", "dV = X^T dY", "the product dY^T X is to be transposed"),
        ("dX = V dY^T", "dX = dY V^T", "the product V dY^T is to be transposed"),
    ],
)
def test_the_axes_change_together(wrong: str, right: str, what: str) -> None:
    judged = judge_readings(wrong, setting(), Clock(20.0))
    found = repair(wrong, setting(), judged.best, Clock(20.0)).suggestion
    assert found is not None
    assert (found.latex, found.edit) == (right, what)
