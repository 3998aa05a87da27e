"""Proof by expansion: right formulas are proved through any level, wrong ones never."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest

from derive.adjoint import gradients
from derive.equations import Model, adjoint_name
from derive.expr import ONE, Expr, add, negative, number, product, summation
from derive.index import Index
from derive.prove import definitions, proves_equal, same_model, unfold
from derive.reading.sheet import load_model
from derive.steps import Derivation
from tests.derive.zhang_in_sympy import zhang_in_sympy
from tests.models import at, zhang_like

SYMBOLIC = zhang_like()
MODELS = {"all sizes": SYMBOLIC, "its sizes": SYMBOLIC.at_sizes()}


@dataclass(frozen=True)
class Derived:
    """A model with all its adjoints, derived once."""

    model: Model
    derivations: dict[str, Derivation]

    def proves(self, claim: Expr, name: str) -> bool:
        """``claim`` is the adjoint of ``name``, over the axes of its equation."""
        e = self.derivations[name].equation
        return proves_equal(claim, e.rhs, e.axes, definitions(self.model, self.derivations))


@pytest.fixture(scope="module", params=list(MODELS.values()), ids=list(MODELS))
def derived(request: pytest.FixtureRequest) -> Derived:
    return Derived(request.param, gradients(request.param))


@pytest.fixture(scope="module")
def at_all_sizes() -> Derived:
    return Derived(SYMBOLIC, gradients(SYMBOLIC))


def kernel_gradient(derived: Derived, rows: str, columns: str, shift: int = 0) -> Expr:
    """Zhang's Δk² with C(1-C) written out; ``rows`` and ``columns`` say what is subtracted."""
    p, q, u, v = derived.derivations["k2"].equation.axes
    c2 = derived.model.by_tensor["C2"]
    i, j = c2.axes[1].like(), c2.axes[2].like()
    margin = -u.lo
    c = at("C2", q, i, j)
    offsets = {"u": u, "v": v}
    row, column = Index.of(i) - offsets[rows], Index.of(j) - offsets[columns]
    read = at("S1", p, row + margin + shift, column + margin)
    body = product(at("∂C2", q, i, j), c, add(ONE, negative(c)), read)
    return summation((i, j), body)


def test_the_kernel_gradient_of_the_slide_is_proved(derived: Derived) -> None:
    assert derived.proves(kernel_gradient(derived, "u", "v"), "k2")


def test_typical_slips_are_not_proved(derived: Derived) -> None:
    assert not derived.proves(kernel_gradient(derived, "u", "u"), "k2")
    assert not derived.proves(kernel_gradient(derived, "v", "u"), "k2")
    assert not derived.proves(kernel_gradient(derived, "u", "v", shift=1), "k2")


def in_the_long_tier(name: str) -> Any:
    return pytest.param(name, marks=pytest.mark.long)


@pytest.mark.parametrize(
    "name",
    ["f", "k2", *map(in_the_long_tier, "S2 C2 S1 W I z z2 b2 z1 k1".split())],
)
def test_an_adjoint_is_proved_through_the_definitions_of_others(
    name: str, at_all_sizes: Derived
) -> None:
    known = definitions(SYMBOLIC, at_all_sizes.derivations)
    deeper = at_all_sizes.derivations[name].equation.rhs
    for later in ("S2", "C2", "z2", "yhat"):
        if adjoint_name(later) in known:
            deeper = unfold(deeper, known[adjoint_name(later)])
    assert at_all_sizes.proves(deeper, name)
    assert not at_all_sizes.proves(negative(deeper), name)


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


@pytest.mark.long
@pytest.mark.parametrize("name", ["S1", "k2", *map(in_the_long_tier, ("C1", "b2", "k1"))])
def test_proofs_go_through_a_flattening_at_numeric_sizes_too(name: str) -> None:
    """There some inequalities follow from others only by divisibility, in either direction."""
    model = SYMBOLIC.at_sizes()
    derivations = gradients(model)
    known = definitions(model, derivations)
    d = derivations[name].equation
    deeper = d.rhs
    for later in ("S1", "z2", "C2", "S2", "f"):
        deeper = unfold(deeper, known[adjoint_name(later)])
    assert proves_equal(deeper, d.rhs, d.axes, known)
    assert not proves_equal(product(number(2), deeper), d.rhs, d.axes, known)
