"""Equations as one line of text."""

from __future__ import annotations

import pytest

from derive.adjoint import gradients
from derive.equations import Equation
from derive.expr import (
    Expr,
    Guard,
    Summation,
    Value,
    add,
    negative,
    number,
    power,
    product,
    quotient,
)
from derive.index import Index, Size, axis
from derive.plain import plain
from tests.models import at, logistic, zhang_like

i, j, u = axis("i", 1, 4), axis("j", 1, 3), axis("u", -1, 1)
window = at("A", 2 * Index.of(i) - u)

LINES: list[tuple[Expr, str]] = [
    (logistic(at("z", i)), "T[i] = logistic(z[i])"),
    (Summation((u,), product(window, at("k", u))), "T[i] = Σ_{u=-1..1} A[2*i - u] k[u]"),
    (add(at("x", i), negative(at("y", i))), "T[i] = x[i] - y[i]"),
    (product(number("1/2"), power(add(at("x", i), number(-1)), 2)), "T[i] = (1/2) (x[i] - 1)^2"),
    (product(at("x", i), add(number(1), negative(at("x", i)))), "T[i] = x[i] (1 - x[i])"),
    (quotient(at("x", i), Value(Index.of(Size("N")))), "T[i] = x[i] / N"),
    (
        product(Guard(Index.of(i) - 2), Guard(3 - Index.of(i)), at("x", i)),
        "T[i] = [2 <= i <= 3] x[i]",
    ),
    (
        Summation(
            (j,),
            product(
                Guard(2 * Index.of(j) - i), Guard(1 + Index.of(i) - 2 * Index.of(j)), at("x", j)
            ),
        ),
        "T[i] = x[ceil(i/2)]",
    ),
]


@pytest.mark.parametrize(("rhs", "line"), LINES, ids=[line for _, line in LINES])
def test_the_line(rhs: Expr, line: str) -> None:
    assert plain(Equation("T", (i,), rhs)) == line


def test_two_indices_of_one_name_are_told_apart() -> None:
    again = axis("i", 1, 4)
    rhs = Summation((again,), product(at("A", i, again), at("x", again)))
    assert plain(Equation("T", (i,), rhs)) == "T[i] = Σ_{i'=1..4} A[i, i'] x[i']"


def test_zhangs_upsampling_is_a_ceiling_and_adjoints_have_short_names() -> None:
    derived = gradients(zhang_like().at_sizes())
    names = {"∂C1": "dC1", "∂S1": "dS1"}
    line = plain(derived["C1"].equation, names)
    assert line == "dC1[p, i, j] = (1/4) dS1[p, ceil(i/2), ceil(j/2)]"
