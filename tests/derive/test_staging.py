"""Stages change the steps, not the meaning."""

from __future__ import annotations

import numpy as np
from hypothesis import given

from derive.expr import Apply, Summation, walk
from derive.run import run
from derive.staging import staged
from tests.derive.emitted import draw, whole
from tests.models import padded_softplus
from tests.strategies import Network, model_of, networks


@given(networks())
def test_every_tensor_keeps_its_value(network: Network) -> None:
    model = whole(model_of(network), network.samples)
    fine = staged(model)
    fine.check()
    params, inputs = draw(model)
    before, after = run(model, params | inputs), run(fine, params | inputs)
    for name, array in before.items():
        np.testing.assert_allclose(after[name], array, rtol=1e-14)


@given(networks())
def test_no_function_is_applied_to_a_sum_any_more(network: Network) -> None:
    for equation in staged(whole(model_of(network), 2)).equations:
        applied = [node for node in walk(equation.rhs) if isinstance(node, Apply)]
        assert not any(isinstance(n, Summation) for a in applied for n in walk(a))


def test_a_model_in_stages_already_is_left_alone() -> None:
    model = padded_softplus()
    assert staged(model).equations == model.equations
