"""Rung 3: right identities are proved exactly, wrong ones never, whatever the seed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

import derive.collapse
from derive.equations import Model, adjoint_name
from derive.evaluate import OutOfRange
from derive.expr import (
    ONE,
    Access,
    Apply,
    Delta,
    Expr,
    Guard,
    Summation,
    add,
    negative,
    number,
    power,
    product,
    quotient,
    rewrite,
    substitute,
)
from derive.index import Axis, Index, axis
from derive.pipeline import gradients, load_model
from derive.residues import MERSENNE, ORDERED
from tests.models import at, padded_softplus, zhang_like
from tests.verify.layers import (
    Layer,
    attention,
    dense,
    f,
    layer_norm,
    max_pooling,
    minus,
    rectified,
    softmax,
)
from verify.bench import Bench, sized
from verify.compare import Identity, climb
from verify.exact import Exactness, Finding, identical
from verify.subject import Law, Subject
from verify.trials import Trials
from verify.verdict import Status

ERROR = 1e-15
"""What a single trial is allowed; two of different primes are taken."""


def trials_of(model: Model, seed: int = 1, **normalised: int) -> Trials:
    """The model with the engine's adjoints at its sizes."""
    adjoints = {n: sized(d.equation, model.sizes) for n, d in gradients(model).items()}
    sizes = {s.name: n for s, n in model.sizes.items()}
    return Trials(Subject(model.at_sizes(), adjoints, normalised), sizes, seed)


def found(claim: Identity, trials: Trials) -> Exactness:
    return identical(claim.left, claim.right, claim.axes, trials, claim.scalars)


def logistic_slope(z: Expr) -> Expr:
    return product(f("logistic", z), minus(ONE, f("logistic", z)))


def tanh_by_logistic(z: Expr) -> Expr:
    return minus(
        ONE, power(minus(product(number(2), f("logistic", product(number(2), z))), ONE), 2)
    )


@cache
def layers() -> dict[str, Layer]:
    return {
        "softmax": softmax(),
        "logistic": dense("logistic", logistic_slope),
        "tanh": dense("tanh", lambda z: minus(ONE, power(f("tanh", z), 2))),
        "tanh by logistic": dense("tanh", tanh_by_logistic),
        "softplus": dense("softplus", lambda z: f("logistic", z)),
        "softplus by exp": dense(
            "softplus", lambda z: quotient(ONE, add(ONE, f("exp", negative(z))))
        ),
        "sine": dense("sin", lambda z: f("cos", z)),
        "any function": dense("g", lambda z: f("g'", z)),
        "leaky": dense(
            "leaky_relu",
            lambda z: add(number("1/100"), product(number("99/100"), f("step", z))),
        ),
        "layer norm": layer_norm(),
        "attention": attention(),
        "relu": rectified(),
        "maximum": max_pooling(),
    }


@cache
def trials_of_layer(name: str) -> Trials:
    return trials_of(layers()[name].model)


RIGHT = [(name, what) for name, layer in layers().items() for what in layer.right]
WRONG = [(name, what) for name, layer in layers().items() for what in layer.wrong]


@pytest.mark.parametrize(("name", "what"), RIGHT)
def test_a_right_formula_is_proved(name: str, what: str) -> None:
    result = found(layers()[name].right[what], trials_of_layer(name))
    assert result.finding is Finding.HOLDS, result.reason
    assert result.error < ERROR
    assert str(ORDERED) in result.detail
    assert "degree at most" in result.detail


@pytest.mark.parametrize(("name", "what"), WRONG)
def test_a_wrong_formula_is_not(name: str, what: str) -> None:
    result = found(layers()[name].wrong[what], trials_of_layer(name))
    assert result.finding is Finding.DIFFERS
    assert result.at is not None


def test_p_minus_y_holds_where_the_targets_add_up_to_one() -> None:
    layer = layers()["softmax"]
    claim = layer.wrong["p - y without sum y = 1"]
    assert not found(claim, trials_of(layer.model)).holds
    assert found(claim, trials_of(layer.model, y=0)).holds


def test_laws_are_used_only_where_it_takes_them() -> None:
    def laws(name: str, what: str) -> frozenset[Law]:
        return found(layers()[name].right[what], trials_of_layer(name)).laws

    assert laws("softmax", "Jacobian") == set()
    assert laws("attention", "shifted exponents") == {Law.EXPONENTS}
    assert laws("attention", "root times root") == {Law.ORDER}
    assert laws("layer norm", "s^2 = v + eps") == {Law.ORDER}
    assert laws("relu", "mask is idempotent") == {Law.ORDER}


def test_the_detail_says_which_masks_were_seen() -> None:
    free = found(layers()["relu"].right["mask"], trials_of_layer("relu"))
    assert "all patterns at once" in free.detail
    bits = found(layers()["relu"].right["mask is idempotent"], trials_of_layer("relu"))
    assert "every value in 64 patterns" in bits.detail
    assert "masks" not in found(layers()["sine"].right["input"], trials_of_layer("sine")).detail


# Zhang's family


def small() -> Model:
    return zhang_like(P=2, Q=3, A=2, K=1, M=3)


@cache
def engine() -> dict[str, tuple[tuple[Axis, ...], Expr, Expr]]:
    """Axes, left and right side of every adjoint of the small network."""
    model = small()
    here = {n: sized(d.equation, model.sizes) for n, d in gradients(model).items()}
    return {n: (e.axes, e.lhs, e.rhs) for n, e in here.items()}


def claims(model: Model) -> Iterator[Identity]:
    """The engine's own adjoints and the model's equations."""
    for derivation in gradients(model).values():
        e = sized(derivation.equation, model.sizes)
        yield Identity(e.axes, e.lhs, e.rhs)
    for e in model.at_sizes().equations:
        yield Identity(e.axes, e.lhs, e.rhs)


def test_every_formula_of_the_full_network_is_proved_within_a_second_or_so() -> None:
    model = load_model("zhang")
    subject = trials_of(model)
    started = time.perf_counter()
    results = [found(claim, subject) for claim in claims(model)]
    seconds = time.perf_counter() - started
    assert all(r.holds for r in results)
    assert max(r.error for r in results) < ERROR
    assert max(r.degree for r in results) < 20
    assert results[0].sizes["N_2"] == 4
    assert seconds < 3  # 0.2 s on two cores that have nothing else to do


@pytest.mark.parametrize(
    ("model", "seeds"),
    [
        (small(), 50),
        (padded_softplus(4, 1), 200),
        pytest.param(small(), 200, marks=pytest.mark.long),
    ],
    ids=lambda x: x.name if isinstance(x, Model) else str(x),
)
def test_no_right_formula_is_refuted_whatever_the_seed(model: Model, seeds: int) -> None:
    right = list(claims(model))
    for seed in range(seeds):
        subject = trials_of_seed(model.name, seed)
        assert all(found(claim, subject).holds for claim in right[seed % 3 :: 3])


@cache
def subject_of(name: str) -> Subject:
    model = {m.name: m for m in (small(), padded_softplus(4, 1))}[name]
    return trials_of(model).subject


@cache
def trials_of_seed(name: str, seed: int) -> Trials:
    return Trials(subject_of(name), seed=2 * seed)


def swapped(expr: Expr, old: Expr, new: Expr) -> Expr:
    """``old`` replaced wherever it stands."""
    return rewrite(expr, lambda node: new if node == old else node)


def renamed(expr: Expr, old: str, new: str) -> Expr:
    def rule(node: Expr) -> Expr:
        if isinstance(node, Access) and node.tensor == old:
            return Access(new, node.indices)
        return node

    return rewrite(expr, rule)


def slips() -> dict[str, Identity]:
    """Typical errors in the gradients of the network, each by its name."""
    sides = engine()

    def claim(tensor: str, wrong: Expr) -> Identity:
        axes, left, _ = sides[tensor]
        return Identity(axes, left, wrong)

    def right(tensor: str) -> Expr:
        return sides[tensor][2]

    def shifted(tensor: str, position: int) -> Expr:
        axis = sides[tensor][0][position]
        inside = {axis: Index.of(axis.lo) + axis.hi - axis}
        return substitute(right(tensor), inside)

    i, _ = sides["W"][0]
    (b,), (m,) = sides["b"][0], sides["f"][0]
    transposed = product(at("∂z", i), at("f", i))
    return {
        "sign": claim("k2", negative(right("k2"))),
        "factor two": claim("k1", product(number(2), right("k1"))),
        "slope of the activation forgotten": claim("z2", at("∂C2", *sides["z2"][0])),
        "slope written 1 + C": claim("z", swapped(right("z"), number(-1), ONE)),
        "adjoint of the wrong layer": claim("b", at("∂yhat", b)),
        "value instead of adjoint": claim("f", renamed(right("f"), "∂z", "z")),
        "transposed": claim("W", transposed),
        "kernel not turned, rows": claim("k2", shifted("k2", 2)),
        "kernel not turned, columns": claim("k1", shifted("k1", 2)),
        "kernel turned where it should not": claim("S1", shifted("S1", 1)),
        "pooling's factor is 1/2": claim("C2", product(number(2), right("C2"))),
        "upsampling mirrored": claim("C1", shifted("C1", 1)),
        "sum forgotten": claim("f", product(at("∂z", 1), at("W", 1, m))),
        "y - yhat": claim("yhat", negative(right("yhat"))),
        "one entry off": claim(
            "b2", add(right("b2"), product(Delta(Index.of(sides["b2"][0][0]) - 2), number("1/7")))
        ),
        "input for output": claim("z1", renamed(right("z1"), "C1", "z1")),
        "bias has a factor": claim("b", product(at("∂z", b), at("b", b))),
    }


@pytest.mark.parametrize("what", slips())
def test_a_typical_error_is_seen_whatever_the_seed(what: str) -> None:
    claim = slips()[what]
    for seed in range(50):
        result = found(claim, trials_of_seed("zhang_like", seed))
        assert result.finding is Finding.DIFFERS, seed


def test_one_entry_off_by_a_part_in_a_billion_is_found_at_full_size() -> None:
    model = load_model("zhang")
    equation = sized(gradients(model)["k2"].equation, model.sizes)
    where = (5, 11, -1, 2)
    bump: Expr = number("1/1000000000")
    for a, n in zip(equation.axes, where, strict=True):
        bump = product(bump, Delta(Index.of(a) - n))
    result = found(Identity(equation.axes, equation.lhs, add(equation.rhs, bump)), trials_of(model))
    assert result.finding is Finding.DIFFERS
    assert result.at == where


def test_a_coefficient_that_the_first_prime_does_not_see_is_seen_by_the_second() -> None:
    axes, left, right = engine()["b"]
    extra = product(number(MERSENNE.prime), at("z", *axes))
    result = found(Identity(axes, left, add(right, extra)), trials_of_seed("zhang_like", 0))
    assert result.finding is Finding.DIFFERS
    assert result.primes == (str(ORDERED),)


def test_a_symbol_stands_for_any_number() -> None:
    x = Access("x", ())
    subject = trials_of_seed("zhang_like", 0)
    square = Identity(
        (), power(add(x, ONE), 2), add(power(x, 2), product(number(2), x), ONE), ("x",)
    )
    assert found(square, subject).holds
    assert not found(replace(square, right=power(x, 2)), subject).holds
    logistic = Identity(
        (), f("logistic", x), quotient(ONE, add(ONE, f("exp", negative(x)))), ("x",)
    )
    assert found(logistic, subject).holds


def test_what_has_no_entry_or_no_point_is_not_proved() -> None:
    empty = axis("i", 1, 0)
    subject = trials_of_seed("zhang_like", 0)
    nothing = found(Identity((empty,), ONE, number(2)), subject)
    assert nothing.finding is Finding.NOT_APPLICABLE
    pole = quotient(ONE, minus(at("b", 1), at("b", 1)))
    assert found(Identity((), pole, pole), subject).finding is Finding.NOT_APPLICABLE


def test_dependent_atoms_give_a_hint_that_no_number_confirms() -> None:
    """The sine of a double angle is no law that residues know."""
    x = Access("x", ())
    double = Identity(
        (),
        f("sin", product(number(2), x)),
        product(number(2), f("sin", x), f("cos", x)),
        ("x",),
    )
    bench = Bench(small(), {})
    assert found(double, bench.trials).finding is Finding.DIFFERS
    outcome = climb(double, bench)
    assert outcome.status is Status.CONFIRMED
    assert ("exact test", "unclear") in {(e.method, e.outcome) for e in outcome.evidence}


# The engine under suspicion


def no_guards(axis: Axis, solution: Index) -> tuple[Expr, ...]:
    """Ranges forgotten: what is outside is read."""
    return ()


def narrow_guards(axis: Axis, solution: Index) -> tuple[Expr, ...]:
    """Ranges one too narrow at the lower end."""
    return Guard(solution - axis.lo - 1), Guard(axis.hi - solution)


@pytest.mark.parametrize("sabotage", [no_guards, narrow_guards])
def test_with_a_sabotaged_engine_nothing_is_called_proved(
    sabotage: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = small()
    honest = dict(zip(engine(), claims(model), strict=False))
    monkeypatch.setattr(derive.collapse, "_range_guards", sabotage)
    lying = gradients(model)
    monkeypatch.undo()
    bench = Bench(model, lying)
    trial = next(bench.trials.trials(frozenset()))
    lies = honest.keys() - bench.trusted
    assert {"S1", "C1"} & lies
    for name in sorted(lies & {"S1", "C1"}):
        assert adjoint_name(name) not in trial.env
        assert climb(honest[name], bench).status is Status.CONFIRMED
        told = sized(lying[name].equation, model.sizes)
        with suppress(OutOfRange):
            outcome = climb(Identity(told.axes, told.lhs, told.rhs), bench)
            assert outcome.status is Status.REFUTED


def test_an_engine_that_says_twice_the_truth_of_one_tensor_is_found_out_there_and_upstream() -> (
    None
):
    model = small()
    derivations = gradients(model)
    lie = derivations["S2"]
    doubled = replace(lie.equation, rhs=product(number(2), lie.equation.rhs))
    bench = Bench(model, {**derivations, "S2": replace(lie, equation=doubled)})
    trial = next(bench.trials.trials(frozenset()))
    right = {n for n in derivations if adjoint_name(n) in trial.env}
    assert right == {"yhat", "z", "f", "W", "b", "y"}


def test_a_generic_upstream_gradient_is_drawn_where_there_is_no_loss() -> None:
    layer = layers()["any function"]
    subject = trials_of(layer.model)
    trial = next(subject.trials(frozenset()))
    assert adjoint_name("a") in trial.env
    assert len(np.unique(trial.env[adjoint_name("a")])) == 3
    wrong = {found(claim, subject).finding for claim in layer.wrong.values()}
    assert wrong == {Finding.DIFFERS}


def test_the_logarithm_of_a_softmax_is_split_through_its_definition() -> None:
    layer = layers()["softmax"]
    k, j = (Axis("k", Index.of(1), Index.of(4)) for _ in range(2))
    total = Summation((j,), Apply("exp", (at("z", j),)))
    whole = minus(at("z", k), f("log", total))
    claim = Identity((k,), f("log", at("p", k)), whole)
    assert found(claim, trials_of(layer.model)).laws == {Law.EXPONENTS}
