"""Atoms: the same value met on two ways is one residue, and what is known of a function holds."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from derive.atoms import Formal, Ordered, numbers
from derive.evaluate import evaluate
from derive.expr import Apply, Expr, Guard, add, negative, number, power, product, quotient
from derive.index import Index, axis
from derive.residues import MERSENNE, ORDERED, ORDERED_TOO, Field, Pole
from derive.rules import LEAK, RULES, derivative
from tests.models import at

FIELDS = (MERSENNE, ORDERED)
x, y = at("x"), at("y")
half = number("1/2")


def value(expr: Expr, atoms: Formal, **given: Fraction | int) -> int:
    """The residue of an expression without axes, at the values given."""
    env = {n: atoms.field.asarray(np.array(v, dtype=object)) for n, v in given.items()}
    ranges: dict[str, tuple[tuple[int, int], ...]] = dict.fromkeys(env, ())
    return int(evaluate(expr, (), env, ranges, number=numbers(atoms)))


def f(name: str, *arguments: Expr) -> Expr:
    return Apply(name, arguments)


def minus(a: Expr, b: Expr) -> Expr:
    return add(a, negative(b))


IDENTITIES: dict[str, tuple[Expr, Expr]] = {
    "exp": (product(f("exp", x), f("exp", negative(x))), number(1)),
    "logistic by exp": (f("logistic", x), quotient(f("exp", x), add(number(1), f("exp", x)))),
    "logistic is symmetric": (f("logistic", negative(x)), minus(number(1), f("logistic", x))),
    "tanh is odd": (f("tanh", negative(x)), negative(f("tanh", x))),
    "tanh by exp": (
        f("tanh", x),
        quotient(
            minus(f("exp", x), f("exp", negative(x))), add(f("exp", x), f("exp", negative(x)))
        ),
    ),
    "softplus": (minus(f("softplus", x), f("softplus", negative(x))), x),
    "Pythagoras": (add(power(f("sin", x), 2), power(f("cos", x), 2)), number(1)),
    "sine is odd": (f("sin", negative(x)), negative(f("sin", x))),
    "cosine is even": (f("cos", negative(x)), f("cos", x)),
    "relu": (minus(f("relu", x), f("relu", negative(x))), x),
    "abs": (f("abs", x), add(f("relu", x), f("relu", negative(x)))),
    "sign": (f("sign", x), minus(product(number(2), f("step", x)), number(1))),
    "leak": (
        f("leaky_relu", x),
        add(f("relu", x), product(number(-LEAK), f("relu", negative(x)))),
    ),
    "max and min": (add(f("maximum", x, y), f("minimum", x, y)), add(x, y)),
    "max is symmetric": (f("maximum", x, y), f("maximum", y, x)),
    "relu is a max": (f("relu", x), f("maximum", x, number(0))),
    "log of 1": (f("log", power(x, 0)), number(0)),
    "exp of 0": (f("exp", minus(x, x)), number(1)),
}


@pytest.mark.long
@pytest.mark.parametrize("name", IDENTITIES)
@given(seed=st.integers(0, 2**32), a=st.integers(1, 2**60), b=st.integers(1, 2**60))
def test_what_is_known_at_one_argument_holds(name: str, seed: int, a: int, b: int) -> None:
    left, right = IDENTITIES[name]
    for field in FIELDS:
        atoms = Formal(field, seed)
        assert value(left, atoms, x=a, y=b) == value(right, atoms, x=a, y=b)
    ordered = Ordered(ORDERED_TOO, seed)
    assert value(left, ordered, x=a, y=b) == value(right, ordered, x=a, y=b)


@pytest.mark.parametrize("name", sorted(RULES))
def test_a_function_and_its_derivative_are_evaluated_whatever_the_function(name: str) -> None:
    arguments = (x, y)[: RULES[name].arity]
    slopes = (derivative(name, arguments, k) for k in range(len(arguments)))
    for expr in (Apply(name, arguments), *slopes):
        once, again = (value(expr, Formal(MERSENNE, 1), x=3**20, y=5**9) for _ in range(2))
        assert once == again
    drawn = {value(Apply(name, arguments), Formal(MERSENNE, s), x=3**20, y=5**9) for s in range(9)}
    assert len(drawn) == 9


def test_what_is_met_on_two_ways_is_one_atom_and_other_values_are_others() -> None:
    atoms = Formal(MERSENNE, 5)
    squares = product(add(x, y), minus(x, y)), minus(power(x, 2), power(y, 2))
    one, two = (value(f("h", s), atoms, x=12, y=7) for s in squares)
    assert one == two
    assert value(f("h", x), atoms, x=12) != value(f("h", x), atoms, x=13)
    assert value(f("h", x), atoms, x=12) != value(f("h'", x), atoms, x=12)


def test_a_pole_is_found_only_where_something_depends_on_it() -> None:
    i = axis("i", 0, 2)
    place = Index.of(i)
    inverse = power(at("t", i), -1)
    env = {"t": np.array([0, 1, 2], dtype=np.uint64)}
    atoms = numbers(Formal(MERSENNE, 1))
    with pytest.raises(Pole):
        evaluate(inverse, (i,), env, {"t": ((0, 2),)}, number=atoms)
    guarded = product(Guard(place - 1), inverse)
    assert int(evaluate(guarded, (i,), env, {"t": ((0, 2),)}, number=atoms)[1]) == 1


Step = Callable[[Formal], np.ndarray]


@pytest.mark.parametrize("field", [ORDERED, ORDERED_TOO], ids=str)
def test_ordered_masks_are_bits_of_both_kinds_and_are_recorded(field: Field) -> None:
    atoms = Ordered(field, 1)
    drawn = field.draw(np.random.default_rng(0), (400,))
    masks = atoms.step(drawn)
    assert set(masks.tolist()) == {0, 1}
    assert 120 < masks.sum() < 280
    (choice,) = atoms.choices
    assert choice.options == 2
    assert (choice.taken == masks).all()
    assert (atoms.step(field.multiply(drawn, masks)) == masks).all()


def test_ordered_roots_are_roots() -> None:
    atoms = Ordered(ORDERED, 1)
    nine, four = (np.array([n], dtype=np.uint64) for n in (9, 4))
    assert atoms.root(nine, Fraction(1, 2)) in (3, ORDERED.prime - 3)
    assert ORDERED.multiply(atoms.root(four, Fraction(-1, 2)), np.uint64(2)) in (
        1,
        ORDERED.prime - 1,
    )


@pytest.mark.parametrize("kind", [Formal, Ordered])
def test_a_window_is_won_once_in_all_and_in_whatever_order_it_is_read(
    kind: type[Formal],
) -> None:
    atoms = kind(ORDERED, 3)
    windows = ORDERED.draw(np.random.default_rng(1), (50, 4))
    won = [atoms.winner(windows, np.full((1,), k)) for k in range(4)]
    assert (ORDERED.total(np.stack(won), (0,)) == 1).all()
    turned = [atoms.winner(windows[:, ::-1], np.full((1,), 3 - k)) for k in range(4)]
    assert (np.stack(won) == np.stack(turned)).all()
