"""Sheets of recurrences for tests: a simple network, by columns and by elements, and an LSTM."""

from __future__ import annotations

from functools import cache

from derive.equations import Model
from derive.reading.sheet import model_from_text

ELMAN = r"""---
loss: L
inputs: [x, s_0, r]
sizes: {T: 4, n: 3, d: 2}
time: {t: T}
types: {'s_t': column n, 'x_t': column d, 'r_t': column n, A: matrix n n, B: matrix n d,
  v: column n}
---
$$ q_t = A s_{t-1} + B x_t + v $$
$$ s_t = \tanh(q_t) $$
$$ L = \frac{1}{2} \sum_{t=1}^{T} \| s_t - r_t \|^2 $$
"""

SCALAR = r"""---
loss: E
inputs: [x, 'y']
sizes: {T: 3}
---
$$ h_0 = 0 $$
$$ h_t = \tanh(w h_{t-1} + u x_t), \quad t = 1, \dots, T $$
$$ E = \frac{1}{2} (h_T - y)^2 $$
"""

SECOND_ORDER = r"""---
loss: E
inputs: [x]
sizes: {T: 4}
---
$$ v_t = a v_{t-1} + b v_{t-2} + x_t, \quad t = 1, \dots, T $$
$$ E = \sum_{t=1}^{T} v_t^2 $$
"""

BACKWARDS = r"""---
loss: E
inputs: [x, g_T]
sizes: {T: 4}
---
$$ g_t = \tanh(a g_{t+1} + x_t), \quad t = 0, \dots, T-1 $$
$$ E = \sum_{t=0}^{T-1} g_t^2 $$
"""

MEMORY = r"""---
loss: L
inputs: [x, h_0, c_0, 'y']
batch: {axis: m, over: [x, 'y'], loss: mean}
sizes: {T: 3, n: 2, d: 2}
time: {t: T}
functions: {'\sigma': logistic}
types:
  h_t: column n
  c_t: column n
  x_t: column d
  'y': column n
  W_f: matrix n d
  U_f: matrix n n
  W_g: matrix n d
  U_g: matrix n n
---
$$ f_t = \sigma(W_f x_t + U_f h_{t-1}) $$
$$ g_t = \tanh(W_g x_t + U_g h_{t-1}) $$
$$ c_t = f_t \odot c_{t-1} + (1 - f_t) \odot g_t $$
$$ h_t = \tanh(c_t) $$
$$ L = \frac{1}{2} \| h_T - y \|^2 $$
"""

SHEETS = {
    "elman": ELMAN,
    "scalar": SCALAR,
    "second order": SECOND_ORDER,
    "backwards": BACKWARDS,
    "memory": MEMORY,
}


@cache
def recurrence(name: str) -> Model:
    """The model of one of `SHEETS`."""
    return model_from_text(SHEETS[name], name)
