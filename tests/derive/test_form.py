"""A form is what two questions have in common, and gives back everything in which they differ."""

from __future__ import annotations

from unittest.mock import patch

import sympy
from hypothesis import given

from derive.adjoint import fresh_axes
from derive.alpha import alpha_key
from derive.element import element_derivative
from derive.equations import Equation, Model
from derive.expr import Access, Apply, Guard, Winner, product, summation
from derive.form import form_of
from derive.index import Index, axis
from tests.models import at
from tests.strategies import models


def layer(out: str, weight: str, source: str, width: int) -> Equation:
    """out[i] = tanh(sum over j of weight[i, j] source[j])"""
    i, j = axis("i", 1, width), axis("j", 1, width + 2)
    inside = summation((j,), product(at(weight, i, j), at(source, j)))
    return Equation(out, (i,), Apply("tanh", (inside,)))


@given(models())
def test_a_filled_form_is_the_expression(model: Model) -> None:
    for equation in model.equations:
        for name in equation.reads:
            places = fresh_axes(model, name)
            form = form_of(equation.rhs, Access(name, tuple(map(Index.of, places))))
            names = {a: a.name for a in equation.axes}
            assert alpha_key(form.filled(form.expr), names) == alpha_key(equation.rhs, names)


def test_brackets_and_masks_come_back() -> None:
    i, u, t = axis("i", 1, 5), axis("u", 1, 4), axis("t", 1, 5)
    mask = Winner((u,), (Index.of(i),), at("x", Index.of(i) + u))
    rhs = product(mask, Guard(3 - Index.of(i)), at("x", i))
    form = form_of(rhs, Access("x", (Index.of(t),)))
    assert alpha_key(form.filled(form.expr), {i: "i"}) == alpha_key(rhs, {i: "i"})


def test_layers_have_one_form_whatever_their_names_and_sizes() -> None:
    one, other = layer("a", "u", "v", 3), layer("h", "w", "x", 7)
    forms = [
        form_of(e.rhs, Access(source, (Index.of(axis("k", 1, 9)),)))
        for e, source in ((one, "v"), (other, "x"))
    ]
    assert forms[0].expr != one.rhs
    assert (forms[0].expr, forms[0].element) == (forms[1].expr, forms[1].element)


def test_sympy_is_asked_once_for_layers_of_one_form() -> None:
    with patch("sympy.diff", side_effect=sympy.diff) as asked:
        for number in range(5):
            equation = layer(f"m{number}", f"n{number}", f"o{number}", 11 + number)
            element_derivative(equation, f"o{number}", (axis("k", 1, 13 + number),))
    assert asked.call_count <= 1
