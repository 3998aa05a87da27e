"""Recurrences in the core: what a loop is, its values, its adjoint, and that work grows with T."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from derive.adjoint import gradients
from derive.equations import Equation, Model
from derive.evaluate import integer_ranges
from derive.expr import Expr, add
from derive.index import Index, axis
from derive.loops import Loop, NoLoop, blocks, ordered
from derive.run import fill, run
from tests.derive.recurrences import SHEETS, recurrence
from tests.models import at
from verify.oracles import autograd_gradients, check_gradient, random_values


def _loop(model: Model) -> Loop:
    (found,) = (b for b in model.blocks if isinstance(b, Loop))
    return found


def _equation(tensor: str, rhs: Expr, *axes: object) -> Equation:
    return Equation(tensor, axes, rhs)  # type: ignore[arg-type]


def test_a_loop_holds_what_begins_it_and_its_step() -> None:
    loop = _loop(recurrence("elman"))
    assert loop.tensors == {"q", "s"}
    assert (loop.step, loop.lag) == (1, 1)
    assert [e.place is None for e in loop.equations if e.tensor == "s"] == [False, True]


def test_a_loop_may_run_backwards_and_reach_two_places_back() -> None:
    assert _loop(recurrence("backwards")).step == -1
    assert _loop(recurrence("second order")).lag == 2


def test_equations_without_a_circle_stay_in_their_order() -> None:
    t = axis("t", 1, 3)
    a, b = _equation("a", at("x", t), t), _equation("b", at("a", t), t)
    assert blocks((a, b)) == (a, b)
    assert ordered((b, a)) == (a, b)


@pytest.mark.parametrize("distance", [(0, 0), (-1, 1)])
def test_what_needs_itself_at_the_same_place_or_on_both_sides_is_no_loop(
    distance: tuple[int, int],
) -> None:
    t = axis("t", 1, 3)
    reads = (at("a", Index.of(t) + d) for d in distance)
    with pytest.raises(NoLoop, match="a: each is defined by the others"):
        blocks((_equation("a", add(*reads), t),))


def test_the_axis_of_a_loop_may_stand_elsewhere_in_each_tensor() -> None:
    t, i, s, j = axis("t", 1, 3), axis("i", 1, 2), axis("s", 1, 3), axis("j", 1, 2)
    a = _equation("a", at("b", i, Index.of(t) - 1), t, i)
    b = _equation("b", at("a", s, j), j, s)
    (loop,) = blocks((a, b))
    assert isinstance(loop, Loop)
    assert dict(loop.position) == {"a": 0, "b": 1}


def test_a_recurrence_has_the_values_that_a_program_would_compute() -> None:
    model = recurrence("elman").at_sizes()
    values = random_values(model, np.random.default_rng(1))
    state, expected = values["s0"], [values["s0"]]
    for x in values["x"]:
        state = np.tanh(values["A"] @ state + values["B"] @ x + values["v"])
        expected.append(state)
    assert np.allclose(run(model, values)["s"], expected, rtol=1e-14, atol=1e-15)


@pytest.mark.parametrize(
    "name", ["elman", *(pytest.param(n, marks=pytest.mark.long) for n in SHEETS if n != "elman")]
)
def test_the_engines_adjoint_is_that_of_every_witness(name: str) -> None:
    whole = recurrence(name)
    model = replace(whole, batch=None).at_sizes()
    values = random_values(model, np.random.default_rng(2))
    truth = autograd_gradients(model, values)
    env = run(model, values) | {"∂" + (model.loss or ""): np.ones(())}
    adjoints = [d.equation for d in gradients(model).values()]
    said = dict(env)
    fill(blocks(adjoints), said, integer_ranges(model))
    for e in adjoints:
        claimed = said[e.tensor]
        assert np.allclose(claimed, truth[e.tensor[1:]], rtol=1e-12, atol=1e-14)


def test_a_wrong_adjoint_of_a_recurrence_is_noticed() -> None:
    model = recurrence("scalar").at_sizes()
    values = random_values(model, np.random.default_rng(3))
    truth = autograd_gradients(model, values)["h"]
    assert check_gradient(model, values, "h", truth).agrees
    assert not check_gradient(model, values, "h", truth * np.array([1, 1, 1.0005, 1])).agrees


def test_the_adjoint_is_a_loop_backwards_with_a_guard_at_the_end() -> None:
    adjoints = [d.equation for d in gradients(recurrence("elman")).values()]
    (loop,) = (b for b in blocks(adjoints) if isinstance(b, Loop))
    assert (loop.tensors, loop.step) == ({"∂q", "∂s"}, -1)


def test_work_grows_with_the_number_of_places_and_not_with_its_square() -> None:
    counted = []
    for places in (50, 100):
        model = recurrence("scalar").resized(T=places).at_sizes()
        values = random_values(model, np.random.default_rng(4))
        seen: list[int] = []

        def note(spot: object, value: np.ndarray, seen: list[int] = seen) -> np.ndarray:
            seen.append(sum(np.size(a) for n, a in spot.env.items() if n == "h"))  # type: ignore[attr-defined]
            return value

        run(model, values, finish=note)
        counted.append(sum(seen[:-1]))
    assert counted[1] <= 2 * counted[0] + 10


def test_what_begins_is_given_or_computed() -> None:
    assert recurrence("elman").inputs == ("x", "s0", "r")
    assert recurrence("second order").parameters == ("a", "b", "v0", "v1")
    assert "h0" not in recurrence("scalar").tensors
