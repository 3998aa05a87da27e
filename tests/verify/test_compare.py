"""The ladder against right and wrong identities, and against an engine that is wrong."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from derive.equations import Model, adjoint_name
from derive.expr import Access, Delta, Expr, add, negative, number, power, product
from derive.index import Index
from derive.pipeline import gradients
from tests.models import at, padded_softplus, zhang_like
from verify.bench import Bench, sized, take_sample
from verify.compare import Identity, climb, difference, plainly_differs
from verify.tolerance import magnitude
from verify.verdict import Status


@pytest.fixture(scope="module")
def model() -> Model:
    return zhang_like(P=2, Q=3, A=2, K=1, M=3)


@pytest.fixture(scope="module")
def bench(model: Model) -> Bench:
    return Bench(model, gradients(model))


def adjoint_identity(bench: Bench, name: str, right: Expr | None = None) -> Identity:
    """The engine's own equation for the adjoint of ``name``, or another right side for it."""
    equation = bench.known_here[adjoint_name(name)]
    return Identity(equation.axes, equation.lhs, equation.rhs if right is None else right)


def test_every_adjoint_of_the_engine_is_trusted_and_proved(bench: Bench, model: Model) -> None:
    assert bench.trusted == {t for t in model.tensors if t != "L"}
    for name in sorted(bench.trusted):
        assert climb(adjoint_identity(bench, name), bench).status is Status.PROVED


def test_a_gradient_off_by_a_part_in_a_million_is_refuted(bench: Bench) -> None:
    right = bench.known_here[adjoint_name("k2")].rhs
    wrong = product(number("1000001/1000000"), right)
    outcome = climb(adjoint_identity(bench, "k2", wrong), bench)
    assert outcome.status is Status.REFUTED
    assert outcome.counterexample is not None
    assert outcome.counterexample["left"] != outcome.counterexample["right"]


def test_one_wrong_element_among_many_is_found(bench: Bench) -> None:
    equation = bench.known_here[adjoint_name("W")]
    i, j = equation.axes
    bump = product(Delta(Index.of(i) - 2), Delta(Index.of(j) - 3), number("1/1000000"))
    outcome = climb(adjoint_identity(bench, "W", add(equation.rhs, bump)), bench)
    assert outcome.status is Status.REFUTED
    assert outcome.counterexample is not None
    assert outcome.counterexample["index"] == {"i": 2, "j": 3}


def test_a_sign_is_told_at_a_glance_and_rounding_is_not(bench: Bench) -> None:
    right = bench.known_here[adjoint_name("W")].rhs
    assert plainly_differs(adjoint_identity(bench, "W", negative(right)), bench.sample)
    assert not plainly_differs(adjoint_identity(bench, "W"), bench.sample)


def test_a_sabotaged_engine_proves_nothing(model: Model) -> None:
    """The engine says twice the truth of ∂S2: its equation proves nothing, and is refuted."""
    honest = gradients(model)
    lie = honest["S2"]
    doubled = replace(lie.equation, rhs=product(number(2), lie.equation.rhs))
    bench = Bench(model, {**honest, "S2": replace(lie, equation=doubled)})
    assert "S2" not in bench.trusted
    assert adjoint_name("S2") not in bench.known_here
    here = sized(doubled, model.sizes)
    claim = Identity(here.axes, here.lhs, here.rhs)
    assert climb(claim, bench).status is Status.REFUTED


def test_a_right_claim_is_only_confirmed_where_the_engine_is_wrong() -> None:
    model = padded_softplus()
    honest = gradients(model)
    truth = honest["d"]
    zeroed = replace(truth.equation, rhs=number(0))
    bench = Bench(model, {**honest, "d": replace(truth, equation=zeroed)})
    here = sized(truth.equation, model.sizes)
    outcome = climb(Identity(here.axes, here.lhs, here.rhs), bench)
    assert outcome.status is Status.CONFIRMED


def test_samples_are_small_unequal_and_of_other_sizes(bench: Bench) -> None:
    assert len(bench.small) == 2
    assert bench.small[0].sizes != bench.small[1].sizes
    for sample in bench.small:
        assert len(set(sample.sizes.values())) > 1
        assert min(sample.sizes.values()) >= 2


def test_what_is_not_finite_agrees_with_nothing(bench: Bench) -> None:
    pole = power(number(0), -1)
    outcome = climb(Identity((), at("L"), pole), bench)
    assert outcome.status is Status.UNDECIDED
    assert "not finite" in outcome.message
    assert climb(Identity((), pole, pole), bench).status is not Status.CONFIRMED


def test_scalars_take_several_values(bench: Bench) -> None:
    x = Access("x", ())
    square, line = product(x, x), x
    assert difference(Identity((), square, square, ("x",)), bench.sample).agrees
    assert difference(Identity((), square, line, ("x",)), bench.sample).differs


def test_tolerance_follows_cancellation_not_the_result() -> None:
    """1 + big - big has the magnitude of big: what rounding can do is measured there."""
    model = padded_softplus(4, 1)
    sample = take_sample(model)
    big = number(10**12)
    x = at("x", 1)
    cancelled = add(x, big, negative(big))
    assert sample.slack(cancelled, ()) > 1e10 * sample.slack(x, ())
    assert np.all(sample.values(magnitude(cancelled), ()) >= 2e12)
