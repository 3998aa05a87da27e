"""A batch is its samples, one beside the other."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from derive.batching import BATCH, batched, samples
from derive.errors import IllFormed
from derive.learning import Batch
from derive.run import run
from derive.upstream import with_upstream
from tests.derive.emitted import draw, whole
from tests.models import correlation_relu, zhang_like
from tests.strategies import Network, model_of, networks


@given(networks())
def test_the_loss_adds_over_the_samples_as_declared(network: Network) -> None:
    model = replace(model_of(network), batch=None)
    if model.loss is None or network.loss == "decayed":
        return
    for kind, total in (("sum", np.sum), ("mean", np.mean)):
        together = replace(model, batch=Batch("n", ("X", "y"), kind))
        params, inputs = draw(whole(together, network.samples))
        found = run(whole(together, network.samples), {**params, **inputs})
        single = [
            run(model, params | {n: a[k] for n, a in inputs.items()})["L"]
            for k in range(network.samples)
        ]
        np.testing.assert_allclose(found["L"], total(single), rtol=1e-13)


def test_the_batch_axis_is_in_front_of_what_depends_on_a_sample_only() -> None:
    model = batched(replace(zhang_like(), batch=Batch("n", ("I", "y"), "sum")))
    model.check()
    for name, tensor in model.tensors.items():
        carries = bool(tensor.extents) and BATCH in tensor.extents[0].sizes
        assert carries == (name not in {*model.parameters, "L"}), name
    assert model.by_tensor["C1"].axes[0].name == "n"
    assert model.tensors["S1"].notation.args == (0, 2, 3)


def test_weight_decay_counts_once_in_a_sum_over_samples() -> None:
    network = Network((3,), None, (), 2, False, "decayed", "sum", 4, 1)
    complete = whole(model_of(network), 4)
    params, inputs = draw(complete)
    values = params | inputs
    weightless = run(complete, values | {"W": np.zeros_like(params["W"])})
    decay = np.sum(params["W"] ** 2) / 20
    kept = run(complete, values | {"f": np.zeros_like(run(complete, values)["f"])})
    assert kept["L"] - weightless["L"] == pytest.approx(decay)


def test_a_model_without_a_batch_stays_as_it_is() -> None:
    model = zhang_like()
    assert batched(model) is model
    assert samples(model) == frozenset()


def test_upstream_gradients_carry_the_batch_axis_of_their_output() -> None:
    model = replace(correlation_relu(), batch=Batch("n", ("X",), "mean"))
    complete = with_upstream(model)
    assert complete.batch == Batch("n", ("X", "d_R"), "mean")
    assert complete.loss == "L"
    assert with_upstream(complete) is complete


@pytest.mark.parametrize(
    "batch", [Batch("n", ("k1",), "sum"), Batch("n", ("I",), "total"), Batch("n", ("Z",), "sum")]
)
def test_a_batch_that_makes_no_sense_is_refused(batch: Batch) -> None:
    with pytest.raises(IllFormed, match="batch"):
        batched(replace(zhang_like(), batch=batch))
