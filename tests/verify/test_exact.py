"""Rung 3: right identities are proved exactly, wrong ones never, whatever the seed."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from derive.equations import adjoint_name
from derive.expr import (
    ONE,
    Access,
    Apply,
    Delta,
    Expr,
    Summation,
    add,
    negative,
    number,
    power,
    product,
    quotient,
)
from derive.index import Axis, Index, axis
from derive.reading.sheet import model_from_text
from derive.residues import ORDERED
from tests.models import at
from tests.verify.exactly import found, trials_of
from tests.verify.layers import (
    Layer,
    attention,
    dense,
    f,
    layer_norm,
    max_pooling,
    minus,
    picked,
    rectified,
    softmax,
)
from verify.bench import Bench
from verify.compare import Identity, climb
from verify.exact import Exactness, Finding
from verify.judge import judge_text
from verify.restrictions import Restriction, Values
from verify.subject import Law
from verify.trials import Trials
from verify.verdict import Status

ERROR = 1e-15
"""What a single trial is allowed; two of different primes are taken."""


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


@pytest.mark.long
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
    shares = Restriction("y", Values.SUM_TO_ONE, 0)
    assert not found(claim, trials_of(layer.model)).holds
    assert found(claim, trials_of(layer.model, shares)).holds


@pytest.mark.parametrize("what", picked().right)
def test_what_holds_for_bits_only_is_proved_for_bits_only(what: str) -> None:
    layer = picked()

    def proved(*restrictions: Restriction) -> Exactness:
        return found(layer.right[what], trials_of(layer.model, *restrictions))

    assert not proved().holds
    assert not proved(Restriction("y", Values.SUM_TO_ONE, 0)).holds
    assert proved(Restriction("y", Values.BINARY)).holds == (what == "y^2 = y")
    one_hot = proved(Restriction("y", Values.ONE_HOT, 0))
    assert one_hot.holds
    assert "every value in 64 patterns" in one_hot.detail


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


def test_a_symbol_stands_for_any_number() -> None:
    x = Access("x", ())
    subject = trials_of_layer("softmax")
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
    subject = trials_of_layer("softmax")
    nothing = found(Identity((empty,), ONE, number(2)), subject)
    assert nothing.finding is Finding.NOT_APPLICABLE
    pole = quotient(ONE, minus(at("y", 1), at("y", 1)))
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
    bench = Bench(layers()["softmax"].model, {})
    assert found(double, bench.trials).finding is Finding.DIFFERS
    outcome = climb(double, bench)
    assert outcome.status is Status.CONFIRMED
    assert ("exact test", "unclear") in {(e.method, e.outcome) for e in outcome.evidence}


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


def test_jacobians_are_those_of_dual_numbers_along_every_entry() -> None:
    layer = layers()["softmax"]
    subject = trials_of(layer.model)
    i, k = axis("i", 1, 4), axis("k", 1, 4)
    slope = at("∂p/∂z", i, k)
    right = product(at("p", i), minus(Delta(Index.of(i) - k), at("p", k)))
    assert found(Identity((i, k), slope, right), subject).holds
    assert not found(Identity((i, k), slope, negative(right)), subject).holds
    still = Identity((i, k), at("∂p/∂y", i, k), number(0))
    assert found(still, subject).holds


def test_points_where_all_roots_exist_are_found_for_many_patterns_of_masks() -> None:
    scaled = model_from_text(
        r"""---
sizes: {n: 5, m: 2}
inputs: [x, t]
---
$$ s_i = \sqrt{\frac1m \sum_{j=1}^{m} x_{ij}^2 + \epsilon}, \quad i = 1, \dots, n $$
$$ L = \sum_{i=1}^{n} \sum_{j=1}^{m} |x_{ij} / s_i - t_{ij}|^3 $$
""",
        "scaled",
    )
    (verdict,) = judge_text(
        r"\frac{1}{m} \sum_j (x_{ij} / s_i)^2 = 1 - \frac{\epsilon}{s_i^2}", scaled
    ).claims
    assert verdict.status == "proved"
