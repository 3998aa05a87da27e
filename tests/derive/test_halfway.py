"""Adjoints with rows gathered and columns scattered are those of the interpreter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.adjoint import gradients
from derive.expr import Delta, walk
from derive.learning import Batch
from derive.plan import plan_inside
from derive.planning import choice
from derive.planning.arrays import MatMul
from derive.planning.arrays import walk as nodes
from derive.planning.book import Statement
from derive.planning.halfway import rows_gathered
from derive.planning.windows import AddedWindows
from tests.derive.emitted import module_of
from tests.derive.test_emit import EPS, computed, disagreements
from tests.derive.test_emit_values import (
    POISON,
    assert_special_where_interpreted,
    drawn,
    poisoned,
)
from tests.models import zhang_like
from tests.strategies import Layer, Network, Slide, model_of

SLIDES = st.tuples(st.integers(1, 4), st.integers(0, 1)).map(
    lambda drawn: Slide(drawn[0], padding=min(drawn[1], drawn[0] - 1))
)


@st.composite
def two_layers(draw: st.DrawFn) -> Network:
    """Two layers of windows that step by one: the first one's adjoint has all three forms."""
    kind = draw(st.sampled_from(["convolution", "correlation"]))
    channels = draw(st.integers(1, 2))
    return Network(
        image=(draw(st.integers(4, 6)), draw(st.integers(4, 6))),
        channels=draw(st.none() | st.integers(1, 2)),
        layers=(
            Layer("correlation", (Slide(1), Slide(1)), channels, "tanh"),
            Layer(kind, (draw(SLIDES), draw(SLIDES)), draw(st.integers(1, 2)), "logistic"),
        ),
        outputs=2,
        column_major=False,
        loss="squared",
        batch="sum",
        samples=draw(st.integers(1, 3)),
        origin=draw(st.integers(-1, 1)),
    )


def padded_first(statements: Sequence[Statement]) -> float:
    """A cost that lets every form win that pads what it multiplies."""
    found = (node for s in statements for node in nodes(s.value))
    return 0.0 if any(isinstance(n, MatMul) and n.padded for n in found) else 1.0


def halfway_module(network: Network) -> ModuleType:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(choice, "cost", padded_first)
        return module_of(model_of(network))


@given(two_layers())
@settings(max_examples=4)
def test_what_is_computed_halfway_is_what_the_equations_mean(network: Network) -> None:
    module = halfway_module(network)
    found = disagreements(
        model_of(network), network.samples, EPS, lambda p, x: computed(module, p, x)
    )
    assert not found


@given(two_layers(), st.integers(0, 10**6), st.sampled_from(POISON))
@settings(max_examples=3)
def test_its_zeros_add_nothing_times_nan(network: Network, place: int, value: float) -> None:
    values = poisoned(drawn(network), place, value)
    assert_special_where_interpreted(network, halfway_module(network), values)


def test_one_of_two_deltas_is_left() -> None:
    model = zhang_like()
    derivation = gradients(model)["S1"]
    p, i, j = derivation.equation.axes
    assert rows_gathered(derivation.scatter, (p, i, j)) is None, "p is not slid along"
    half = rows_gathered(derivation.scatter, (i, p, j))
    assert half is not None
    deltas = {node.index.axes & {i, j} for node in walk(half) if isinstance(node, Delta)}
    assert deltas - {frozenset()} == {frozenset({j})}


def test_the_form_is_taken_where_it_is_much_cheaper() -> None:
    model = replace(zhang_like(), batch=Batch("n", ("I", "y"), "sum"))
    (step,) = (step for step in plan_inside(model).backward if step.tensor == "∂S1")
    found = [node for s in step.statements for node in nodes(s.value)]
    assert any(isinstance(node, MatMul) and node.padded for node in found)
    assert any(isinstance(node, AddedWindows) for node in found)
