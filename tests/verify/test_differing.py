r"""Whether two sides differ is told alike with and without what is remembered of other values."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.pipeline import gradients
from derive.reading.context import EMPTY, Context
from derive.reading.sheet import model_from_text
from tests.verify.sheets import RELAY, marks, relay
from verify.bench import Bench
from verify.differing import Differing
from verify.draws import drawn
from verify.pointwise import Pointwise
from verify.setting import Convention, Setting
from verify.smallest import read_again

RECURRENT = r"""---
loss: L
inputs: [x, h0]
sizes: {T: 4, N: 3}
---
$$ h_{1i} = \tanh(h0_i + x_{1i}), \quad i = 1, \dots, N $$
$$ h_{ti} = \tanh\left(\sum_{j=1}^{N} W_{ij} h_{t-1,j} + x_{ti}\right), \quad t = 2, \dots, T,
   \quad i = 1, \dots, N $$
$$ y_i = \frac{h_{Ti}}{v_i}, \quad i = 1, \dots, N $$
$$ L = \frac12 \sum_{i=1}^{N} y_i^2 $$
"""
WRONG = {
    RELAY: r"\bar{c}_r = \sum_{i,j} \bar{A}_r(i,j)",
    RECURRENT: r"\frac{\partial L}{\partial v_i} = \frac{y_i^2}{v_i}",
}


@cache
def link_of(sheet: str) -> Pointwise:
    """A wrong formula of the sheet; of the recurrence a pole lies where v is 0."""
    model = relay() if sheet is RELAY else model_from_text(sheet, "sheet")
    context: Context = marks() if sheet is RELAY else EMPTY
    setting = Setting(Bench(model, gradients(model)), context)
    return Pointwise(read_again(WRONG[sheet], Convention(), setting)[0], setting.bench)


@pytest.mark.parametrize("sheet", [RELAY, RECURRENT])
@settings(max_examples=6, deadline=None)
@given(data=st.data())
def test_what_is_kept_changes_no_answer(sheet: str, data: st.DataObject) -> None:
    link = link_of(sheet)
    kept = Differing(link)
    values = {n: np.asarray(a) for n, a in drawn(link.model, 7).items()}
    assert kept.at(values)
    for _ in range(4):
        name = data.draw(st.sampled_from(sorted(values)))
        number = data.draw(st.sampled_from([0.0, 1.0, -1.0]))
        values = {**values, name: np.full_like(values[name], number)}
        assert kept.at(values) == Differing(link).at(values)
