"""Maxima enter through the mask of their winner; ties have a rule, gradients are conserved."""

from __future__ import annotations

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from derive.adjoint import gradients
from derive.arithmetic import AUTOGRAD, EXACT, Array
from derive.canonical import equal
from derive.check import check
from derive.equations import Equation, Model, Notation
from derive.evaluate import evaluate, integer_ranges
from derive.expr import TIES, Summation, Winner, refresh, substitute, walk
from derive.index import Axis, Index, axis
from derive.latex import equation_latex
from derive.maximum import as_maximum, maximum
from derive.run import run
from tests.derive.backward import backward
from tests.models import at, named, tensor


def pooling(width: int = 2, stride: int = 2, out: int = 3, tie: str = "first") -> Model:
    """``R[i,j] = max_{u,v} X[s i + u, s j + v]``, no loss."""
    side = stride * (out - 1) + width - 1
    i, j = axis("i", 0, out - 1), axis("j", 0, out - 1)
    u, v = axis("u", 0, width - 1), axis("v", 0, width - 1)
    read = at("X", stride * Index.of(i) + u, stride * Index.of(j) + v)
    tensors = named(
        tensor("X", Notation("X", args=(0, 1)), (0, side), (0, side)),
        tensor("R", Notation("R", args=(0, 1)), (0, out - 1), (0, out - 1)),
    )
    equation = Equation("R", (i, j), maximum((u, v), read, tie))
    return Model("max", tensors, (equation,), ("X",), ())


WIDTHS, STRIDES = st.integers(1, 3), st.integers(1, 4)


@given(WIDTHS, STRIDES, st.integers(1, 3), st.integers(0, 999))
def test_a_maximum_is_the_greatest_of_its_window(w: int, s: int, n: int, seed: int) -> None:
    model = pooling(w, s, n)
    side = s * (n - 1) + w
    x = np.random.default_rng(seed).normal(size=(side, side))
    expected = [[x[s * i : s * i + w, s * j : s * j + w].max() for j in range(n)] for i in range(n)]
    np.testing.assert_array_equal(run(model, {"X": x})["R"], expected)


@given(WIDTHS, STRIDES, st.integers(1, 3), st.integers(0, 999))
def test_its_adjoint_agrees_with_autograd(w: int, s: int, n: int, seed: int) -> None:
    """Overlapping windows and gaps included; Gaussian values have no ties."""
    model = pooling(w, s, n)
    rng = np.random.default_rng(seed)
    x, upstream = rng.normal(size=(s * (n - 1) + w,) * 2), rng.normal(size=(n, n))
    ranges = integer_ranges(model)
    (equation,) = model.equations

    def total(x: Array) -> Array:
        r = evaluate(equation.rhs, equation.axes, {"X": x}, ranges, number=AUTOGRAD)
        return anp.sum(r * upstream)

    found = backward(model, {"X": x, "∂R": upstream})["X"]
    np.testing.assert_allclose(found, autograd.grad(total)(x), rtol=0, atol=2**-48)


@pytest.mark.parametrize("tie", TIES)
@given(st.integers(0, 999))
def test_input_gradients_sum_to_output_gradients(tie: str, seed: int) -> None:
    """ANCHORS 9, with ties in plenty; ``all`` gives every winner the whole, conserving nothing."""
    rng = np.random.default_rng(seed)
    model = pooling(tie=tie)
    x, upstream = rng.integers(0, 2, (6, 6)), rng.integers(-4, 5, (3, 3))
    found = backward(model, {"X": x, "∂R": upstream}, number=EXACT)["X"]
    if tie == "all":
        winners = x == np.kron(x.reshape(3, 2, 3, 2).max(axis=(1, 3)), np.ones((2, 2), int))
        assert (found == np.kron(upstream, np.ones((2, 2), int)) * winners).all()
    else:
        assert found.sum() == upstream.sum()


def test_ties_go_to_whom_the_rule_names() -> None:
    x, upstream = np.ones((2, 2)), np.ones((1, 1))
    shares = {t: backward(pooling(out=1, tie=t), {"X": x, "∂R": upstream})["X"] for t in TIES}
    assert shares["first"].tolist() == [[1, 0], [0, 0]]
    assert shares["split"].tolist() == [[0.25, 0.25], [0.25, 0.25]]
    assert shares["all"].tolist() == [[1, 1], [1, 1]]


def test_its_derivation_is_well_formed_and_reads_well() -> None:
    model = pooling()
    d = gradients(model)["X"]
    check(d.equation.rhs, {"X": 2, "∂R": 2}, frozenset(d.equation.axes))
    assert any(isinstance(n, Winner) for n in walk(d.equation.rhs))
    shown = equation_latex(model.equations[0], model)
    assert shown.startswith(r"R(i, j) = \max_{u=0,\dots,1, v=0,\dots,1} X(2i+u, 2j+v)")
    assert r"\arg\max" in equation_latex(d.equation, model)


def test_the_same_maximum_is_recognised_and_equal_under_other_names() -> None:
    (equation,) = pooling().equations
    assert isinstance(equation.rhs, Summation)
    assert as_maximum(equation.rhs) is not None
    assert equal(equation.rhs, refresh(equation.rhs), equation.axes)
    (wider,) = pooling(width=3).equations
    renamed: dict[Axis, Index] = dict(zip(wider.axes, map(Index.of, equation.axes), strict=True))
    assert not equal(equation.rhs, substitute(wider.rhs, renamed), equation.axes)
