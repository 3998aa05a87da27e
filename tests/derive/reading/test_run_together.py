"""Indices without separators, and derivatives with a lost sign."""

from __future__ import annotations

import pytest

from derive.expr import Access
from derive.index import Index
from derive.pipeline import load_model
from derive.reading.elaborate import elaborate
from derive.reading.parse import parse
from derive.reading.problems import Unsupported
from derive.reading.respell import respelled
from derive.reading.scope import Scope, numeric_scope
from derive.reading.sheet import model_from_text

SHEET = r"""---
loss: L
inputs: [X, y]
---
$$ s_{i,j} = \sum_{u=1}^{2} X_{i+u,j}\, k_{u}, \quad i = 1,\dots,24,\ j = 1,\dots,24 $$
$$ L = \sum_{i=1}^{24} \sum_{j=1}^{24} (s_{i,j} - y_{i,j})^2 $$
"""


@pytest.fixture(scope="module")
def scope() -> Scope:
    return numeric_scope(model_from_text(SHEET, "twenty-four"))


def _read(text: str, scope: Scope) -> tuple[object, list[str]]:
    scope = scope.afresh()
    body = elaborate(respelled(parse(text).items[0], scope), scope).body
    return body, list(scope.assumptions)


@pytest.mark.parametrize(
    ("text", "indices"),
    [
        ("s_{11}", (1, 1)),
        ("s_{1 1}", (1, 1)),
        ("s_{1,1}", (1, 1)),
        ("s(1,1)", (1, 1)),
        ("s_{1011}", (10, 11)),
        ("s_{241}", (24, 1)),
        ("s_{930}", None),
    ],
)
def test_digits_are_taken_apart_where_one_way_is_in_range(
    text: str, indices: tuple[int, int] | None, scope: Scope
) -> None:
    if indices is None:
        with pytest.raises(Exception, match="not defined"):
            _read(text, scope)
    else:
        assert _read(text, scope)[0] == Access("s", tuple(map(Index.of, indices)))


def test_two_ways_in_range_are_named(scope: Scope) -> None:
    with pytest.raises(Unsupported, match="1,11 or 11,1"):
        _read("s_{111}", scope)


@pytest.mark.parametrize("text", [r"\frac{\partial L}{s_{12}}", r"\frac{L}{\partial s_{12}}"])
def test_a_derivative_with_one_sign_is_a_derivative(text: str, scope: Scope) -> None:
    whole, _ = _read(r"\frac{\partial L}{\partial s_{1,2}}", scope)
    body, notes = _read(text, scope)
    assert body == whole
    assert any("∂ is read as one" in note for note in notes)


def test_a_point_between_indices_is_a_comma_where_no_product_can_stand(scope: Scope) -> None:
    whole, _ = _read(r"\frac{\partial L}{\partial s(3, 12)}", scope)
    assert _read(r"\frac{\partial L}{\partial s(3.12)}", scope)[0] == whole
    assert _read(r"s(1.5)", scope)[0] != _read(r"s(1, 5)", scope)[0]


def test_what_fits_as_it_stands_is_left_alone() -> None:
    scope = numeric_scope(load_model("zhang"))
    assert _read("f(12)", scope)[0] == Access("f", (Index.of(12),))
