"""What SymPy is shown comes back the same; what has no meaning in a model is refused by name."""

from __future__ import annotations

import pytest
import sympy
from hypothesis import given
from sympy import IndexedBase, KroneckerDelta, Max, Piecewise, Rational, Sum, floor, symbols

from derive.alpha import alpha_key
from derive.canonical import canonical
from derive.equations import Model
from derive.errors import IllFormed
from derive.expr import Access, Delta, Number, Summation, number, power, product, walk
from derive.index import Index, Size, axis
from derive.lower import Scalar, function_class, lower, lower_index, raise_, raise_index, symbol
from tests.derive.in_sympy import without_brackets
from tests.models import at
from tests.strategies import models

i, j, u, n = symbols("i j u n", integer=True)
P = sympy.Symbol("P", integer=True, positive=True)
x, y = IndexedBase("x"), IndexedBase("y")
AXES = {s: axis(s.name, 1, 4) for s in (i, j)}
SCOPE = {s: Index.of(a) for s, a in AXES.items()}


@given(models())
def test_forward_equations_come_back(model: Model) -> None:
    for equation in model.equations:
        rhs = without_brackets(equation.rhs)
        again = lower(raise_(rhs), {symbol(a): Index.of(a) for a in equation.axes})
        names = {a: a.name for a in equation.axes}
        keys = [alpha_key(canonical(e, equation.axes), names) for e in (again, rhs)]
        assert keys[0] == keys[1]


def test_indices_come_back() -> None:
    a, s = AXES[i], Size("s")
    index = 3 * Index.of(s) * a - s * Index.of(s) + 2
    assert lower_index(raise_index(index), {symbol(a): Index.of(a)}) == index


def test_what_is_written_is_what_is_meant() -> None:
    a, b = AXES[i], AXES[j]
    assert lower(x[2 * i - 1], SCOPE) == at("x", 2 * Index.of(a) - 1)
    assert lower(KroneckerDelta(i, j), SCOPE) == Delta(Index.of(a) - b)
    assert lower(Rational(1, 3), {}) == number("1/3")
    assert lower(Scalar("L"), {}) == Access("L", ())
    assert lower(y[i] ** -2, SCOPE) == power(at("y", a), -2)
    logistic = function_class("logistic")
    assert lower(logistic(x[i]), SCOPE) != lower(logistic(x[j]), SCOPE)


def test_a_sum_binds_its_own_index() -> None:
    whole = lower(x[i] * Sum(y[i], (i, 1, P)), SCOPE)
    (inner,) = (node for node in walk(whole) if isinstance(node, Summation))
    assert inner.axes[0] is not AXES[i]
    assert inner.axes[0].hi == Index.of(Size("P"))
    assert whole.free_axes == {AXES[i]}


def test_half_a_power_stays_exact() -> None:
    assert lower(sympy.sqrt(x[i]), SCOPE) == power(at("x", AXES[i]), Number(number("1/2").value))
    assert lower(x[i] / 3, SCOPE) == product(number("1/3"), at("x", AXES[i]))


@pytest.mark.parametrize(
    ("node", "name"),
    [
        (Piecewise((x[i], i > 1), (0, True)), "Piecewise"),
        (Max(x[i], 0), "Max"),
        (sympy.cosh(x[i]), "cosh"),
        (sympy.Product(x[i], (i, 1, 3)), "Product"),
        (sympy.Derivative(Scalar("t") ** 2, Scalar("t")), "Derivative"),
        (0.5 * x[i], "Float"),
        (sympy.pi * x[i], "Pi"),
        (sympy.oo, "Infinity"),
        (x[i] < 2, "StrictLessThan"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_node_without_counterpart_is_refused_by_name(node: sympy.Basic, name: str) -> None:
    with pytest.raises(IllFormed, match=rf"^{name} has no meaning"):
        lower(node, SCOPE)


@pytest.mark.parametrize(
    "index", [i / 2, floor(i / 2), i % 2, 1 / P, P**i, sympy.sin(i), sympy.Float(2), x[i]], ids=str
)
def test_an_index_that_is_no_integer_polynomial_is_refused(index: sympy.Expr) -> None:
    with pytest.raises(IllFormed, match="is not an integer polynomial"):
        lower(x[index], SCOPE)


@pytest.mark.parametrize("index", [i * j, i**2, i * (P + j)], ids=str)
def test_an_index_that_is_not_affine_is_refused(index: sympy.Expr) -> None:
    with pytest.raises(IllFormed, match="multiplies running indices"):
        lower(x[index], SCOPE)


def test_a_bound_that_runs_is_refused() -> None:
    with pytest.raises(IllFormed, match="the bound i of a range"):
        lower(Sum(x[j], (j, 1, i)), SCOPE)
