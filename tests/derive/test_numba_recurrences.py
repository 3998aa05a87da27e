"""Recurrences as compiled loops compute what the interpreter means, whatever they reach back to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.emit import emit
from derive.equations import Model
from derive.errors import IllFormed
from derive.pipeline import load_model
from derive.reading.sheet import model_from_text
from tests.derive.emitted import bounded, draw, largest, module_of, reference, whole
from tests.derive.recurrences import SHEETS, recurrence
from tests.derive.test_numba_target import compiled, loops_of, same

EPS = float(np.finfo(np.float64).eps)


def disagreements(model: Model, samples: int) -> list[str]:
    """The tensors and gradients that the emitted loops get wrong."""
    complete = whole(model, samples)
    params, inputs = draw(complete)
    env, exact, allowed = reference(complete, params, inputs, EPS)
    module = loops_of(model)
    loss, gradients = module.loss_and_gradients(params, inputs)
    assert gradients.keys() == set(model.parameters)
    found = bounded(module.forward(params, inputs) | {model.loss or "": loss}, gradients)
    expected = bounded(env, exact)
    return [n for n in found if not largest(found[n] - expected[n]) <= allowed[n]]


LONG = [pytest.param(n, marks=pytest.mark.long) for n in SHEETS if n != "memory"]


@pytest.mark.parametrize("name", ["memory", *LONG])
def test_loops_over_time_are_the_interpreter_and_gradients_autograds(name: str) -> None:
    assert not disagreements(recurrence(name), samples=9)  # a block of eight, and one alone


@pytest.mark.long
def test_the_recurrent_network_through_time() -> None:
    assert not disagreements(load_model("rnn"), samples=9)


@pytest.mark.long
def test_compiled_loops_over_time_give_what_numpy_gives(tmp_path: Path) -> None:
    model = load_model("rnn")
    module, plain = compiled(model, tmp_path), module_of(model)
    for samples in (1, 19):
        params, inputs = draw(whole(model, samples))
        found, expected = (
            bounded(m.forward(params, inputs), m.loss_and_gradients(params, inputs)[1])
            for m in (module, plain)
        )
        assert same(found, expected, "float64")


@dataclass(frozen=True)
class Chain:
    """``h_t`` from some of the places before it (after it, where it runs down)."""

    places: int
    lags: frozenset[int]
    down: bool
    batched: bool
    summed: bool

    @property
    def text(self) -> str:
        sign = "+" if self.down else "-"
        reads = " + ".join(f"w_{k} h_{{t{sign}{k}}}" for k in sorted(self.lags))
        batch = "batch: {axis: m, over: [x, 'y'], loss: mean}\n" if self.batched else ""
        last = "1" if self.down else "T"
        each = r"\sum_{t=1}^{T} (h_t - y)^2"
        loss = each if self.summed else rf"\frac{{1}}{{2}} (h_{last} - y)^2"
        return (
            f"---\nloss: E\ninputs: [x, 'y']\n{batch}sizes: {{T: {self.places}}}\n---\n"
            rf"$$ h_t = \tanh({reads} + u x_t), \quad t = 1, \dots, T $$"
            f"\n$$ E = {loss} $$\n"
        )


chains = st.builds(
    Chain,
    places=st.integers(2, 5),
    lags=st.frozensets(st.integers(1, 3), min_size=1),
    down=st.booleans(),
    batched=st.booleans(),
    summed=st.booleans(),
)


@given(chains, st.sampled_from([1, 9]))
@settings(max_examples=4)
def test_any_chain(chain: Chain, samples: int) -> None:
    model = model_from_text(chain.text, "chain")
    assert not disagreements(model, samples if chain.batched else 1)


@pytest.mark.long
@given(chains)
def test_every_chain(chain: Chain) -> None:
    assert not disagreements(model_from_text(chain.text, "chain"), 9 if chain.batched else 1)


def test_the_end_of_an_adjoint_is_a_condition() -> None:
    source = emit(recurrence("memory"), target="numba")
    backward = source[source.index("def _backward") :]
    assert "for t in range(1, 4):" in source
    assert "for t in range(3, -1, -1):" in backward
    assert "if t <= 2:" in backward
    assert "if t == 3:" in backward


SHARED = r"""---
loss: E
inputs: [x, 'y']
batch: {axis: m, over: [x, 'y'], loss: mean}
sizes: {T: 3}
---
$$ g_0 = 1 $$
$$ g_t = a g_{t-1}, \quad t = 1, \dots, T $$
$$ E = (\sum_{t=1}^{T} g_t x_t - y)^2 $$
"""


def test_a_recurrence_that_no_sample_enters_is_refused() -> None:
    with pytest.raises(IllFormed, match=r"g\[t\] = a g\[t - 1\] is a recurrence that no sample"):
        emit(model_from_text(SHARED, "shared"), target="numba")


BEST_PATHS = r"""---
loss: E
inputs: [x, 'y']
batch: {axis: m, over: [x, 'y'], loss: mean}
sizes: {T: 3, n: 3}
---
$$ v_{t,j} = \max_{i=1, \dots, n} (v_{t-1,i} + A_{ij}) + b_j x_{t,j},
   \quad t = 1, \dots, T, \ j = 1, \dots, n $$
$$ E = \sum_{j=1}^{n} (v_{T,j} - y_j)^2 $$
"""


@pytest.mark.parametrize("samples", [1, 9])
def test_a_maximum_in_a_recurrence(samples: int) -> None:
    assert not disagreements(model_from_text(BEST_PATHS, "best paths"), samples)


def test_a_maximum_over_what_enters_a_recurrence() -> None:
    sheet = SHEETS["second order"].replace("a v_{t-1}", r"\max_{i} z_i v_{t-1}")
    text = sheet.replace("inputs: [x]", "inputs: [x, z]").replace("T: 4", "T: 4, I: 3")
    model = model_from_text(text.replace(r"\max_{i}", r"\max_{i=1, \dots, I}"), "greatest")
    assert not disagreements(model, samples=1)
