"""Elaboration: two ways of writing one thing give equal numbers; what means nothing says why."""

from __future__ import annotations

import numpy as np
import pytest

from derive.errors import IllFormed
from derive.expr import Access, Summation
from derive.index import Index, axis
from derive.reading.arrays import ArrayValue, ShapeMismatch
from derive.reading.context import EMPTY
from derive.reading.elaborate import elaborate
from derive.reading.indices import NotAnIndex
from derive.reading.parse import parse
from derive.reading.problems import Undeclared, Unknown, Unsupported
from derive.reading.scope import Scope
from tests.derive.reading.scopes import scope, value


def running() -> Scope:
    """The small scope with p, i, j running over the maps and r over the outputs."""
    axes = {"p": (1, 2), "i": (1, 2), "j": (1, 2), "r": (1, 3)}
    return scope().with_letters({k: Index.of(axis(k, *b)) for k, b in axes.items()})


def meaning(latex: str, here: Scope, *shape: int) -> ArrayValue:
    expected = tuple(Index.of(n) for n in shape) or None
    return elaborate(parse(latex).items[0], here, expected)


def numbers(latex: str, here: Scope) -> np.ndarray:
    out = meaning(latex, here)
    letters = [a for k in "pijr" for a in here.letters[k].axes]
    return value(out.body, (*letters, *out.axes))


SAME = [
    (r"2 \hat y(r)", r"\hat y_r + \hat{y}(r)"),
    (r"\hat y(r)^2", r"\hat y_r \hat y_r"),
    (r"\hat y^2", r"\hat y \odot \hat y"),
    (r"\hat y (t - \hat y)^T", r"\hat y \times (t^T - \hat y^T)"),
    (r"\sum_{q=1}^{3} t_q (z_q - 1)^2", r"\sum_{q=1}^{3} t_q \cdot (z_q - 1) \cdot (z_q - 1)"),
    (r"\sigma(z(r))^2", r"\sigma(z(r)) \sigma(z(r))"),
    (r"W_{rj}", "W(r, j)"),
    (r"W^T(j, r)", "W(r, j)"),
    (r"\mathbf{W}(r, j)", "W[r, j]"),
    (r"W f", r"W \times f"),
    (r"(W f)(r)", r"\sum_{k=1}^{8} W(r, k) f(k)"),
    (r"(W \times f)_r", r"\sum_k W(r, k) f(k)"),
    (r"f^T W^T", r"(W f)^\top"),
    (r"\hat y^T t", r"\sum_r \hat y(r) t(r)".replace("r", "q")),
    (r"\| \hat y \|^2", r"\sum_q \hat y(q)^2"),
    (r"\| W \|_F^2", r"\sum_{q,s} W(q, s)^2"),
    (r"\| \hat y \|_2", r"\sqrt{\hat y^T \hat y}"),
    (r"\sum \hat y", r"\sum_q \hat y(q)"),
    (r"\hat y t^T", r"\hat y \times t^T"),
    (r"\sigma'(z(r))", r"\sigma(z(r)) (1 - \sigma(z(r)))"),
    (r"\tanh'(z(r))", r"1 - \tanh(z(r))^2"),
    (r"e^{-z(r)}", r"\exp(-z(r))"),
    (r"\exp^{-z(r)}", r"e^{-z(r)}"),
    (r"\frac{1}{1 + e^{-z(r)}}", r"\sigma(z(r))"),
    (r"\ln e^{z(r)}", r"\log(e^{z(r)})"),
    (r"\sqrt{e^{z(r)}}", r"e^{z(r)/2}"),
    (r"\sqrt[3]{e^{z(r)}}", r"e^{z(r)/3}"),
    (r"|z(r)|", r"\sqrt{z(r)^2}"),
    (r"\max(z(r), 0)", r"\frac{z(r) + |z(r)|}{2}"),
    (r"S_p^1(i, j)", r"S^1_p(i,j)"),
    (r"S_{p,rot180}^1(-i, -j)", "S_p^1(i, j)"),
    (r"\mathrm{rot180}(S_p^1)", r"S_{p,rot180}^1"),
    (r"C_p^1(\lceil i/2 \rceil, j)", r"C_p^1(\lfloor (i+1)/2 \rfloor, j)"),
    (r"C_p^1(1 + i \bmod 2, j)", r"C_p^1(i + 1 - 2 \lfloor i/2 \rfloor, j)"),
    (r"\sum_{u,v=0}^{1} C_p^1(2i-u, 2j-v)", r"4 S_p^1(i, j)"),
    (r"\sum_{u,v} C_p^1(u, v)", r"\sum C_p^1"),
    (r"\sum_{1 \le u < 4} C_p^1(u, j)", r"C_p^1(1, j) + C_p^1(2, j) + C_p^1(3, j)"),
    (r"\sum_{u \ne i} S_p^1(u, j)", r"\sum_u S_p^1(u, j) - S_p^1(i, j)"),
    (r"\frac{\partial L}{\partial W(r, j)}", r"\Delta W_{rj}"),
    (r"\partial L / \partial W", r"\nabla_W L"),
    (r"\frac{dL}{dz}", r"\Delta \hat y"),
    (r"\Delta \hat y_r", r"\frac{\partial L}{\partial z(r)}"),
    (r"\Delta C_{p,\sigma}^1", r"\frac{\partial L}{\partial z_p^1}"),
    (r"\Delta \hat y \times f^T", r"\Delta W"),
    (r"F(\{S_p^1\}_{p=1,2,\dots,2})".replace("p", "q"), "f"),
    (r"\sum_{q'} \hat y(q') t(q')", r"\hat y^T t"),
    (r"\sum_{\beta=1}^{3} \hat y_\beta", r"\sum \hat y"),
    (r"\sum_{q_1, q_2} W(q_1, q_2)", r"\sum W"),
    (r"P N", "4"),
    (r"\frac{1}{N^2} \hat y(r)", r"0.25\, \hat y(r)"),
    (r"\alpha (1 - \alpha)", r"\alpha - \alpha^2"),
    (r"b_p^1(1 - C_p^1(i, j))", r"b_p^1 - b_p^1 C_p^1(i, j)"),
    (r"g'(z(r)) + g(z(r))", r"g(z(r)) + g'(z(r))"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_same_numbers(one: str, other: str) -> None:
    here = running()
    if one == r"F(\{S_q^1\}_{q=1,2,\dots,2})":
        one = r"F(\{S_q^1\}_{q=1,\dots,2})"
    np.testing.assert_allclose(numbers(one, here), numbers(other, here), rtol=1e-12, atol=1e-14)


def test_convolution_takes_the_mode_that_fits() -> None:
    here = running()
    star = meaning("X * k_p^1 + b_p^1", here, 4, 4)
    i, j = (Index.of(a) for a in star.axes)
    plain = meaning("z_p^1", here)
    p = next(iter(here.letters["p"].axes))
    np.testing.assert_allclose(
        value(star.at((i, j)), (p, *star.axes)), value(plain.body, (p, *plain.axes)), rtol=1e-12
    )
    assert here.assumptions == ["the convolution of 6×6 and 3×3 is the valid one"]


def test_inverse_of_the_vectorisation() -> None:
    back = meaning("F^{-1}(f)", scope(), 2, 2, 2)
    plain = meaning(r"\{S_p^1\}_{p=1,\dots,P}", scope())
    np.testing.assert_array_equal(value(back.body, back.axes), value(plain.body, plain.axes))


@pytest.mark.parametrize(
    ("latex", "error", "message", "part"),
    [
        (r"1 + Q_p^1", Unknown, "Q_p.1 is not defined", "Q"),
        (r"c_p^1(i, j)", Unknown, "did you mean C_p.1", "c"),
        (r"\hat z", Unknown, "is not defined", r"\hat"),
        (r"\hat y(q)", NotAnIndex, "q is no index here", "q"),
        (r"\hat y(r/2)", NotAnIndex, "no whole number", "r/2"),
        (r"\hat y(r r)", NotAnIndex, "not affine", "r r"),
        (r"C_p^1(i)", IllFormed, "C_p.1 has 2 index slots, not 1", "i"),
        (r"b_p^1(i)", IllFormed, "has no index slots, not 1", "i"),
        (r"b_p^1(i, j)", IllFormed, "has no index slots, not 2", "i"),
        (r"\Delta C_p^1(i)", IllFormed, "has 2 index slots", "i"),
        (r"f W", ShapeMismatch, "a column of 8 and 3×8", "W"),
        (r"W \times \hat y", ShapeMismatch, "the transpose of the first factor would fit", "W"),
        (r"\hat y + f", ShapeMismatch, "sum: a column of 3 does not fit a column of 8", r"\hat"),
        (r"\hat y t", None, "", ""),
        (r"W * X", ShapeMismatch, "neither surely contains the other", "W"),
        (r"\sum_{i=1}^{2} S_p^1(i, j)", IllFormed, "the index i is used twice", "i"),
        (r"\sum_{u=1} C_p^1(u, j)", IllFormed, "no upper bound", "u"),
        (r"\sum_{u=1}^{\lceil r/2 \rceil + 1} C_p^1(u, j)", IllFormed, "depends on", r"\lceil"),
        (r"\sum_u C_p^1(2 u, j)", IllFormed, "range of u is not given", "u"),
        (r"\sum_u C_p^1(u, j) S_p^1(u, j)", IllFormed, "1..4 and 1..2", "u"),
        (r"\sigma_{rot180}(z)", IllFormed, "script that means nothing", "rot180"),
        (r"\sigma(z, t)", IllFormed, r"takes 1 argument\(s\), not 2", r"\sigma"),
        (r"\alpha^T", ShapeMismatch, "a number has no transpose", r"\alpha"),
        (r"\frac{\partial \hat y}{\partial z}", Undeclared, "layout", r"\frac"),
        (r"\frac{\partial L^T}{\partial z}", IllFormed, "means nothing", "L^T"),
        (r"\arg\max_q S_p^1(q, j)", Unsupported, "not judged yet", r"\arg"),
        (r"(S_1^1)^2", Undeclared, "can mean two things", "(S"),
        (r"\pm 3", IllFormed, "two values", r"\pm"),
        (r"F^{-1}(f)", IllFormed, "shape that F⁻¹ gives is not known", "F"),
        (r"2 (i, j)", IllFormed, "a list in brackets is no factor", "("),
    ],
)
def test_what_means_nothing(
    latex: str, error: type[IllFormed] | None, message: str, part: str
) -> None:
    if error is None:
        assert meaning(latex, running()).shape == "a column of 3"
        return
    with pytest.raises(error, match=message) as caught:
        meaning(latex, running())
    assert caught.value.offset is not None
    assert latex[caught.value.offset :].startswith(part)


def test_an_undeclared_product_lists_its_readings() -> None:
    with pytest.raises(Undeclared) as caught:
        meaning(r"S_p^1 \star S_p^1", running())
    readings = [r.text for r in caught.value.readings]
    assert "⋆ is valid convolution" in readings
    assert "⋆ is full correlation" in readings
    assert "⋆ is elementwise" in readings
    accepted = running().accept(caught.value.readings[0].declaration)
    meaning(r"S_p^1 \star S_p^1", accepted)


def test_an_undeclared_gradient_lists_its_readings() -> None:
    bare = scope(EMPTY)
    with pytest.raises(Undeclared) as caught:
        meaning(r"\Delta \hat y", bare)
    assert [r.text for r in caught.value.readings] == [
        "Δy\u0302 means ∂L/∂y\u0302",
        "Δy\u0302 means ∂L/∂z",
    ]
    for reading, tensor in zip(caught.value.readings, ("∂yhat", "∂z"), strict=True):
        out = meaning(r"\Delta \hat y", bare.accept(reading.declaration))
        assert out.body == Access(tensor, tuple(Index.of(a) for a in out.axes))


def test_a_foreign_label_lists_its_readings() -> None:
    with pytest.raises(Undeclared) as caught:
        meaning(r"\Delta C_{p,\tau}^1(i, j)", running())
    assert [r.text for r in caught.value.readings] == [
        "ΔC_{p,τ}^1 means ∂L/∂C_p^1",
        "ΔC_{p,τ}^1 means ∂L/∂z_p^1",
    ]
    here = running().accept(caught.value.readings[1].declaration)
    np.testing.assert_array_equal(
        numbers(r"\Delta C_{p,\tau}^1(i, j)", here),
        numbers(r"\frac{\partial L}{\partial z_p^1(i, j)}", here),
    )


def test_a_sum_to_a_thousand_million_is_only_written_down() -> None:
    out = meaning(r"\sum_{u=1}^{1000000000} C_p^1(u, j)", running())
    assert isinstance(out.body, Summation)
    assert out.body.axes[0].hi.value == 10**9
