"""Rung 3 on Zhang's family: every formula, every slip, whatever the seed; an engine that lies."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from functools import cache

import pytest

import derive.collapse
from derive.equations import Model, adjoint_name
from derive.evaluate import OutOfRange
from derive.expr import (
    ONE,
    Access,
    Delta,
    Expr,
    Guard,
    add,
    negative,
    number,
    product,
    rewrite,
    substitute,
)
from derive.index import Axis, Index
from derive.pipeline import gradients, load_model
from derive.residues import MERSENNE, ORDERED
from tests.models import at, padded_softplus, zhang_like
from tests.verify.exactly import found, trials_of
from verify.bench import Bench, sized
from verify.compare import Identity, climb
from verify.exact import Finding
from verify.subject import Subject
from verify.trials import Trials
from verify.verdict import Status

ERROR = 1e-15


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


@pytest.mark.long
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
