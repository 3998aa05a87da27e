"""Proof by expansion: right formulas are proved through any level, wrong ones never."""

from __future__ import annotations

from dataclasses import replace

import pytest

from derive.adjoint import gradients
from derive.equations import Model, adjoint_name
from derive.expr import ONE, Expr, add, negative, product, summation
from derive.index import Axis, Index, Size
from derive.prove import definitions, proves_equal, same_model, unfold
from derive.reading.sheet import load_model
from tests.derive.zhang_in_sympy import zhang_in_sympy
from tests.models import at, zhang_like

SYMBOLIC = zhang_like()
MODELS = [SYMBOLIC, SYMBOLIC.at_sizes()]


def kernel_gradient(
    model: Model, u: Axis, v: Axis, shift: int = 0
) -> tuple[Expr, tuple[Axis, ...]]:
    """Zhang's Δk² with C(1-C) written out; ``u`` and ``v`` choose what is subtracted where."""
    axes = gradients(model)["k2"].equation.axes
    p, q, *_ = axes
    c2 = model.by_tensor["C2"]
    i, j = c2.axes[1].like(), c2.axes[2].like()
    margin = Index.of(Size("K")) if model is SYMBOLIC else Index.of(2)
    c = at("C2", q, i, j)
    read = at("S1", p, Index.of(i) - u + margin + shift, Index.of(j) - v + margin)
    body = product(at("∂C2", q, i, j), c, add(ONE, negative(c)), read)
    return summation((i, j), body), axes


@pytest.mark.parametrize("model", MODELS, ids=["all sizes", "its sizes"])
def test_the_kernel_gradient_of_the_slide_is_proved(model: Model) -> None:
    derivations = gradients(model)
    axes = derivations["k2"].equation.axes
    claim, _ = kernel_gradient(model, axes[2], axes[3])
    known = definitions(model, derivations)
    claim = _rename(claim, model, derivations["k2"].equation.axes)
    assert proves_equal(claim, derivations["k2"].equation.rhs, axes, known)


def _rename(claim: Expr, model: Model, axes: tuple[Axis, ...]) -> Expr:
    """`kernel_gradient` derives afresh, so its p and q are other axes of the same ranges."""
    from derive.expr import substitute

    stray = [a for a in claim.free_axes if a not in axes]
    by_name = {a.name: a for a in axes}
    return substitute(claim, {a: Index.of(by_name[a.name]) for a in stray})


@pytest.mark.parametrize("model", MODELS, ids=["all sizes", "its sizes"])
def test_typical_slips_are_not_proved(model: Model) -> None:
    derivations = gradients(model)
    d = derivations["k2"].equation
    u, v = d.axes[2:]
    known = definitions(model, derivations)
    slips = [
        kernel_gradient(model, u, u),
        kernel_gradient(model, v, u),
        kernel_gradient(model, u, v, 1),
    ]
    for claim, _ in slips:
        assert not proves_equal(_rename(claim, model, d.axes), d.rhs, d.axes, known)


@pytest.mark.parametrize(
    "name", ["z", "f", "S2", "C2", "z2", "S1", "k2", "b2", "z1", "k1", "W", "I"]
)
def test_an_adjoint_is_proved_through_the_definitions_of_others(name: str) -> None:
    derivations = gradients(SYMBOLIC)
    known = definitions(SYMBOLIC, derivations)
    d = derivations[name].equation
    deeper = d.rhs
    for later in ("S2", "C2", "z2", "yhat"):
        if adjoint_name(later) in known:
            deeper = unfold(deeper, known[adjoint_name(later)])
    assert proves_equal(deeper, d.rhs, d.axes, known)
    assert not proves_equal(negative(deeper), d.rhs, d.axes, known)


def test_sheet_and_sympy_give_the_same_model() -> None:
    sheet, written = load_model("zhang"), zhang_in_sympy()
    assert same_model(sheet, written)
    assert sheet.tensors.keys() == written.tensors.keys()


def test_another_pooling_is_another_model() -> None:
    model = zhang_like()
    changed = [
        replace(e, rhs=product(negative(ONE), e.rhs)) if e.tensor == "S1" else e
        for e in model.equations
    ]
    assert same_model(model, zhang_like())
    assert not same_model(model, replace(model, equations=tuple(changed)))
    assert not same_model(model, zhang_like(P=5))
