r"""A model of our own for the judge's tests: one convolution layer, pooling, one dense layer.

Not Zhang's names, not his sizes; every formula below is written out by hand in another way than a
deck would have it.
"""

from __future__ import annotations

from functools import cache

from derive.equations import Model
from derive.pipeline import gradients
from derive.reading.context import Context, context_from_document
from derive.reading.document import document_from_text
from derive.reading.sheet import model_from_text
from verify.bench import Bench
from verify.clock import Clock
from verify.readings import Judged, judge_readings
from verify.setting import Setting

RELAY = r"""---
title: relay
loss: J
inputs: [X, t]
sizes:
  R: 3
  D: 4
  w: {value: 1, least: 0}
  n: 2
functions: {'\phi': logistic, V: vectorise columns}
operators: {'*': convolution, '\times': matmul}
---
$$ a_r(i, j) = \sum_{u=-w}^{w} \sum_{v=-w}^{w} X(i - u, j - v)\, g_r(u, v) + c_r,
   \quad r = 1, \dots, R, \quad i, j = 1, \dots, 2 n $$
$$ A_r(i, j) = \phi(a_r(i, j)) $$
$$ P_r(i, j) = \frac{1}{4} \sum_{u=0}^{1} \sum_{v=0}^{1} A_r(2 i - u, 2 j - v),
   \quad i, j = 1, \dots, n $$
$$ h = V(\{P_r\}_{r = 1, \dots, R}) $$
$$ s(i) = \sum_{j=1}^{R n^2} M(i, j)\, h(j) + B(i), \quad i = 1, \dots, D $$
$$ o(i) = \phi(s(i)) $$
$$ J = \frac{1}{2} \sum_{i=1}^{D} (o(i) - t(i))^2 $$
"""

MARKS = r"""---
gradients: {accent: '\bar'}
meanings: {'\bar{A}_{r,\phi}(i, j)': '\partial J / \partial a_r(i, j)'}
scalars: ['\eta']
outside: {gradients: zero}
---
"""


@cache
def relay(**sizes: int) -> Model:
    """The model, resized where sizes are given."""
    return model_from_text(RELAY, "relay").resized(**sizes)


def marks() -> Context:
    r"""What ``\bar`` and ``\bar{A}_{r,\phi}`` mean."""
    return context_from_document(document_from_text(MARKS), "marks")


@cache
def bench(**sizes: int) -> Bench:
    """The model on the bench."""
    model = relay(**sizes)
    return Bench(model, gradients(model))


def judged(text: str, context: Context | None = None, **sizes: int) -> Judged:
    """One formula judged under all readings; with the usual marks each only once."""
    if context is None:
        return _judged(text, tuple(sizes.items()))
    return judge_readings(text, Setting(bench(**sizes), context), Clock(20.0))


@cache
def _judged(text: str, sizes: tuple[tuple[str, int], ...]) -> Judged:
    return judge_readings(text, Setting(bench(**dict(sizes)), marks()), Clock(20.0))
