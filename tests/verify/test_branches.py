"""Numbers that agree on one branch say nothing of another: every branch is taken, or it is said."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.equations import Model
from derive.expr import Apply, number
from derive.index import axis
from derive.pipeline import gradients
from derive.reading.context import EMPTY
from derive.reading.sheet import model_from_text
from tests.corpus.library import topic
from tests.models import at
from tests.verify.layers import Layer, max_pooling, rectified
from verify.bench import Bench, Sample, sample_at, sized
from verify.branches import Seen
from verify.clock import Clock
from verify.compare import Identity, Outcome, climb, compared, difference
from verify.draws import FARTHEST, drawn, finite
from verify.readings import judge_readings
from verify.setting import Convention, Setting
from verify.smallest import read_again
from verify.verdict import ACCEPTED, Status

SQUARES = r"""---
inputs: [x]
sizes: {C: 2, n: 4}
---
$$ y_c = \max_{1 \le k \le n} x_{ck}^2, \quad c = 1, \dots, C $$
"""
RECTIFIER = r"""---
loss: L
inputs: [x]
sizes: {n: 2}
---
$$ y_i = \operatorname{ReLU}(x_i), \quad i = 1, \dots, n $$
$$ L = \sum_{i=1}^{n} y_i^2 $$
"""
SOFT = r"""---
loss: L
inputs: [x]
sizes: {n: 3}
functions: {'\sigma': logistic}
---
$$ y_i = \sigma(x_i), \quad i = 1, \dots, n $$
$$ L = \sum_{i=1}^{n} y_i $$
"""
POOLED = r"""---
loss: L
inputs: [x]
sizes: {n: 3, s: 2}
---
$$ a_i = \operatorname{ReLU}(x_i), \quad i = 1, \dots, s n $$
$$ y_i = \max_{1 \le p \le s} a_{s (i - 1) + p}, \quad i = 1, \dots, n $$
$$ L = \sum_{i=1}^{n} y_i^2 $$
"""
MANY = r"""---
loss: L
inputs: [x]
sizes: {n: 12}
---
$$ L = \sum_{i=1}^{n} \operatorname{ReLU}(x_i) $$
"""
LINEAR = POOLED.replace("y_i^2", "y_i")
LOGARITHM = r"""---
loss: L
inputs: [x]
sizes: {n: 3}
---
$$ L = \sum_{i=1}^{n} \ln x_i $$
"""
HUBER = (
    r"\frac{\partial L}{\partial %s} = \begin{cases} e_i & \text{if } |%s| \le c \\"
    r" c \operatorname{sign}(e_i) & \text{otherwise} \end{cases}"
)
LARGEST = r"\frac{\partial L}{\partial x_{ck}} = 2 x_{ck} \frac{\partial L}{\partial y_c} [%s]"


def verdict(sheet: str | Model, text: str) -> Outcome:
    model = sheet if isinstance(sheet, Model) else model_from_text(sheet, "sheet")
    return judge_readings(text, Setting(bench(model), EMPTY), Clock(20.0)).outcome


def bench(model: Model) -> Bench:
    return Bench(model, gradients(model))


def huber() -> Model:
    return topic("huber").model


@pytest.mark.long
@pytest.mark.parametrize(
    ("model", "text"),
    [
        (huber(), HUBER % ("e_i", "e_i")),
        (huber(), HUBER % ("y_i", "e_i")),
        (SQUARES, LARGEST % r"k = \operatorname{argmax}_j x_{cj}^2"),
        (SQUARES, LARGEST % r"x_{ck}^2 = y_c"),
        (RECTIFIER, r"\frac{\partial L}{\partial x_i} = 2 y_i"),
        (RECTIFIER, r"\frac{\partial L}{\partial x_i} = 2 y_i [x_i > 0]"),
        (POOLED, r"\frac{\partial L}{\partial y_i} = 2 y_i"),
    ],
)
def test_what_is_right_on_every_branch_is_proved(model: str | Model, text: str) -> None:
    assert verdict(model, text).status is Status.PROVED


@pytest.mark.long
@pytest.mark.parametrize(
    ("model", "text"),
    [
        (huber(), HUBER % ("e_i", "y_i")),
        (huber(), HUBER % ("y_i", "y_i")),
        (huber(), HUBER % ("e_i", "t_i")),
        (huber(), r"\frac{\partial L}{\partial e_i} = e_i"),
        (huber(), r"\frac{\partial L}{\partial e_i} = c \operatorname{sign}(e_i)"),
        (SQUARES, LARGEST % r"k = \operatorname{argmax}_j x_{cj}"),
        (SQUARES, LARGEST % r"x_{ck} = \max_{1 \le j \le n} x_{cj}"),
        (RECTIFIER, r"\frac{\partial L}{\partial x_i} = 0 \cdot x_i"),
        (RECTIFIER, r"\frac{\partial L}{\partial x_i} = 2 y_i [x_i < 0]"),
        (MANY, r"\frac{\partial L}{\partial x_i} = [x_i > 0] + [\max_{1 \le j \le n} x_j < 0]"),
        (POOLED, r"\frac{\partial L}{\partial x_i} = 0 \cdot x_i"),
    ],
)
def test_what_fails_on_any_branch_is_refuted(model: str | Model, text: str) -> None:
    assert verdict(model, text).status is Status.REFUTED


@pytest.mark.parametrize("sheet", [RECTIFIER, POOLED])
@pytest.mark.parametrize("number", ["0", "1"])
def test_the_slope_of_a_rectifier_is_no_number(sheet: str, number: str) -> None:
    found = verdict(sheet, rf"\frac{{\partial L}}{{\partial x_i}} = {number}")
    assert found.status not in ACCEPTED


@pytest.mark.long
def test_a_branch_that_no_run_takes_leaves_a_claim_undecided() -> None:
    far = r"\frac{\partial L}{\partial x_i} = 2 y_i [y_i < %s]"
    assert verdict(RECTIFIER, far % "40").status is Status.REFUTED
    found = verdict(RECTIFIER, far % "10^{15}")
    assert found.status is Status.UNDECIDED
    assert "1 of 2 masks took every value" in found.message


@pytest.mark.long
def test_a_branch_that_nothing_can_take_is_no_doubt() -> None:
    """No entry exceeds the maximum of its row, at whatever values."""
    found = verdict(SQUARES, LARGEST % r"x_{ck}^2 \ge \max_{1 \le j \le n} x_{cj}^2")
    assert found.status in ACCEPTED
    inside = (
        r"\frac{\partial y_c}{\partial x_{ck}} = 2 x_{ck} [x_{ck}^2 = y_c] [x_{ck}^2 - y_c < 1]"
    )
    assert verdict(SQUARES, inside).status in ACCEPTED


def test_the_evidence_says_which_branches_were_taken() -> None:
    lines = verdict(huber(), HUBER % ("e_i", "e_i")).evidence
    assert any("masks took every value in" in e.detail for e in lines if e.method == "autograd")


def test_a_smooth_model_is_run_once() -> None:
    model = model_from_text(SOFT, "soft")
    once = Bench(model, {})
    i = axis("i", 1, 3)
    assert compared(Identity((i,), at("y", i), at("y", i)), once).runs == 1
    assert compared(Identity((i,), at("x", i), Apply("abs", (at("x", i),))), once).worst.differs


@pytest.mark.parametrize("layer", [rectified(), max_pooling()], ids=["relu", "maximum"])
def test_the_runs_take_every_branch_of_a_model(layer: Layer) -> None:
    here = bench(layer.model)
    assert here.forks
    samples = list(here.samples(True))
    assert len(samples) == FARTHEST
    seen = Seen(here.forks)
    for sample in samples:
        seen.see(taken for taken, _ in sample.branches)
    assert seen.whole


@pytest.mark.long
def test_sides_that_differ_at_a_tie_alone_are_no_counterexample() -> None:
    """Rectified windows tie at 0: which entry wins there is a convention."""
    kinked = [s.kinked for s in bench(model_from_text(POOLED, "pooled")).samples(True)]
    assert any(kinked)
    assert not all(kinked)
    right = (
        r"\frac{\partial L}{\partial a_i} = %s y_{\lceil i/s \rceil} [a_i = y_{\lceil i/s \rceil}]"
    )
    assert verdict(POOLED, right % "2").status is not Status.REFUTED
    assert verdict(POOLED, right % "3").status is Status.REFUTED


@pytest.mark.long
def test_what_is_wrong_whoever_wins_a_tie_is_refuted() -> None:
    """Where every rectified entry of a window is 0, one of them has the slope of the maximum."""
    text = r"\frac{\partial L}{\partial x_i} = \frac{\partial L}{\partial a_i}"
    assert verdict(LINEAR, text).status is Status.REFUTED
    textbook = r"\frac{\partial L}{\partial a_i} = [a_i = y_{\lceil i/s \rceil}]"
    assert verdict(LINEAR, textbook).status is Status.UNDECIDED
    assert verdict(LINEAR, textbook.replace("= [", "= 2 [")).status is Status.REFUTED


def test_an_engine_that_is_right_only_where_every_unit_is_dead_is_not_trusted() -> None:
    model = model_from_text(RECTIFIER, "rectifier")
    honest = gradients(model)
    assert Bench(model, honest).trusted == {"x", "y"}
    lie = replace(sized(honest["x"].equation, model.sizes), rhs=number(0))
    lying = Bench(model, {**honest, "x": replace(honest["x"], equation=lie)})
    assert lying.trusted == {"y"}
    assert climb(Identity(lie.axes, lie.lhs, lie.rhs), lying).status is Status.REFUTED


# Values and sizes by hypothesis


@st.composite
def runs(draw: st.DrawFn, sheet: str) -> tuple[Model, Sample]:
    """A model at drawn sizes on drawn values, ties and zeros among them."""
    base = model_from_text(sheet, "sheet")
    model = base.resized(**{s.name: draw(st.integers(max(1, s.least), 4)) for s in base.sizes})
    numbers = st.integers(-6, 6).map(lambda n: n / 2)
    values = {
        n: np.reshape(draw(st.lists(numbers, min_size=a.size, max_size=a.size)), a.shape)
        for n, a in drawn(model.at_sizes(), 1).items()
    }
    return model, sample_at(model, values)


@pytest.mark.parametrize(
    ("sheet", "text"),
    [
        (SQUARES, LARGEST % r"x_{ck}^2 = y_c"),
        (POOLED, r"\frac{\partial L}{\partial y_i} = 2 y_i"),
        (SOFT, r"\frac{\partial L}{\partial x_i} = y_i (1 - y_i)"),
    ],
)
@settings(max_examples=6, deadline=None)
@given(data=st.data())
def test_a_right_formula_holds_at_all_sizes_and_values_but_kinks(
    sheet: str, text: str, data: st.DataObject
) -> None:
    model, sample = data.draw(runs(sheet))
    setting = Setting(Bench(model, {}, sample), EMPTY)
    for link in read_again(text, Convention(), setting):
        assert sample.kinked or difference(link, sample).agrees


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 40), st.integers(0, 9))
def test_every_manner_of_drawing_is_finite_and_keeps_what_must_be_positive(
    seed: int, number: int
) -> None:
    model = model_from_text(LOGARITHM, "logarithm").at_sizes()
    values = drawn(model, seed, number)
    assert finite(values)
    assert (values["x"] > 0).all()
