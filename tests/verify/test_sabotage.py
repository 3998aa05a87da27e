r"""An engine that lies: nothing wrong is ever accepted, nothing right refuted, no lie proves.

The collapse of deltas and the derivative of one element are broken, one after the other, on the way
into the judge, which then judges right formulas, slips, and what the broken engine would say.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

import derive.adjoint
from derive.collapse import collapse
from derive.element import element_derivative
from derive.equations import Equation
from derive.expr import (
    ONE,
    ZERO,
    Apply,
    Delta,
    Expr,
    Guard,
    Product,
    add,
    negative,
    number,
    product,
    rewrite,
)
from derive.index import Axis, Index
from derive.pipeline import gradients
from derive.reading.context import EMPTY
from derive.reading.sheet import model_from_text
from derive.steps import Step
from tests.verify.sheets import marks, relay
from verify.bench import Bench
from verify.clock import Clock
from verify.readings import judge_readings
from verify.setting import Setting
from verify.verdict import ACCEPTED, Status

RIGHT = (
    r"\bar{o}(i) = o(i) - t(i)",
    r"\bar{s}(i) = \bar{o}(i) o(i) (1 - o(i))",
    r"\bar{M}(i, j) = \bar{s}(i) h(j)",
    r"\bar{B} = \bar{s}",
    r"\bar{h}(j) = \sum_{i=1}^{D} M(i, j) \bar{s}(i)",
    r"\bar{c}_r = \sum_{i=1}^{2 n} \sum_{j=1}^{2 n} \bar{A}_{r,\phi}(i, j)",
    r"\bar{A}_r(i, j) = \frac{1}{4} \bar{P}_r(\lceil i / 2 \rceil, \lceil j / 2 \rceil)",
)
WRONG = (
    r"\bar{o}(i) = 2 (o(i) - t(i))",
    r"\bar{s}(i) = \bar{o}(i)",
    r"\bar{s}(i) = -\bar{o}(i) o(i) (1 - o(i))",
    r"\bar{M}(i, j) = 2 \bar{s}(i) h(j)",
    r"\bar{B} = \bar{o}",
    r"\bar{h}(j) = 0 \cdot h(j)",
    r"\bar{A}_r(i, j) = \bar{P}_r(\lceil i / 2 \rceil, \lceil j / 2 \rceil)",
)
POOLED = r"""---
loss: L
inputs: [x]
sizes: {n: 3, s: 2}
---
$$ a_i = \operatorname{ReLU}(x_i), \quad i = 1, \dots, s n $$
$$ y_i = \max_{1 \le p \le s} a_{s (i - 1) + p}, \quad i = 1, \dots, n $$
$$ L = \sum_{i=1}^{n} y_i^2 $$
"""
RIGHT_POOLED = (
    r"\frac{\partial L}{\partial y_i} = 2 y_i",
    r"\frac{\partial L}{\partial x_i} = \frac{\partial L}{\partial a_i} [x_i > 0]",
)
WRONG_POOLED = (
    r"\frac{\partial L}{\partial x_i} = \frac{\partial L}{\partial a_i} [x_i < 0]",
    r"\frac{\partial L}{\partial x_i} = 2 y_{\lceil i / s \rceil} [x_i > 0]",
    r"\frac{\partial L}{\partial x_i} = 0 \cdot x_i",
)

Collapsed = tuple[Expr, tuple[Step, ...]]
Lie = Callable[[Expr], Expr]


def broken_collapse(lie: Lie) -> Callable[..., Collapsed]:
    def collapse_wrongly(expr: Expr, outputs: tuple[Axis, ...]) -> Collapsed:
        said, steps = collapse(expr, outputs)
        return lie(said), steps

    return collapse_wrongly


def broken_element(lie: Lie) -> Callable[..., Expr]:
    def differentiate_wrongly(equation: Equation, tensor: str, at: tuple[Axis, ...]) -> Expr:
        return lie(element_derivative(equation, tensor, at))

    return differentiate_wrongly


def twice(expr: Expr) -> Expr:
    return product(number(2), expr)


def nothing(expr: Expr) -> Expr:
    return product(ZERO, expr)


def unguarded(expr: Expr) -> Expr:
    """Every guard taken for true."""
    return rewrite(expr, lambda node: ONE if isinstance(node, Guard) else node)


def shifted(expr: Expr) -> Expr:
    """Every delta beside its place."""
    return rewrite(expr, lambda node: Delta(node.index + 1) if isinstance(node, Delta) else node)


def first_entry_twice(expr: Expr) -> Expr:
    """Right but at one value of one axis."""
    axes = sorted(expr.free_axes, key=str)
    bump = Delta(Index.of(axes[0]) - axes[0].lo) if axes else ZERO
    return add(expr, product(bump, expr))


def no_slope(expr: Expr) -> Expr:
    """``1 - s`` is forgotten."""

    def rule(node: Expr) -> Expr:
        if isinstance(node, Product) and len(node.factors) > 1:
            kept = [f for f in node.factors if not (f.free_axes and "Add" in type(f).__name__)]
            return product(*kept)
        return node

    return rewrite(expr, rule)


def mask_turned(expr: Expr) -> Expr:
    def rule(node: Expr) -> Expr:
        is_step = isinstance(node, Apply) and node.function == "step"
        return add(ONE, negative(node)) if is_step else node

    return rewrite(expr, rule)


def statuses(texts: tuple[str, ...], sheet: str | None = None) -> dict[str, Status]:
    model = relay() if sheet is None else model_from_text(sheet, "sheet")
    context = marks() if sheet is None else EMPTY
    setting = Setting(Bench(model, gradients(model)), context)
    return {t: judge_readings(t, setting, Clock(20.0)).outcome.status for t in texts}


def broken(part: str, lie: Lie, monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine with one part broken; the test is void where that changes nothing."""
    honest = gradients(relay())
    if part == "collapse":
        monkeypatch.setattr(derive.adjoint, "collapse", broken_collapse(lie))
    else:
        monkeypatch.setattr(derive.adjoint, "element_derivative", broken_element(lie))
    lying = gradients(relay())
    changed = [n for n in honest if str(honest[n].equation.rhs) != str(lying[n].equation.rhs)]
    assert changed or lie is mask_turned


def test_the_formulas_are_right_and_wrong() -> None:
    assert set(statuses(RIGHT).values()) == {Status.PROVED}
    assert set(statuses(RIGHT_POOLED, POOLED).values()) == {Status.PROVED}
    assert not set(statuses(WRONG).values()) & ACCEPTED
    assert not set(statuses(WRONG_POOLED, POOLED).values()) & ACCEPTED


@pytest.mark.parametrize(
    ("part", "lie"),
    [
        ("collapse", twice),
        pytest.param("collapse", negative, marks=pytest.mark.long),
        pytest.param("collapse", nothing, marks=pytest.mark.long),
        pytest.param("element", twice, marks=pytest.mark.long),
        ("element", negative),
        pytest.param("element", nothing, marks=pytest.mark.long),
    ],
)
def test_where_every_adjoint_is_wrong_no_gradient_is_proved(
    part: str, lie: Lie, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken(part, lie, monkeypatch)
    right = statuses(RIGHT)
    assert set(right.values()) == {Status.CONFIRMED}
    assert not set(statuses(WRONG).values()) & ACCEPTED


@pytest.mark.parametrize(
    ("part", "lie"),
    [
        ("collapse", unguarded),
        pytest.param("collapse", first_entry_twice, marks=pytest.mark.long),
        pytest.param("element", first_entry_twice, marks=pytest.mark.long),
        pytest.param("element", no_slope, marks=pytest.mark.long),
        ("element", shifted),
    ],
)
def test_where_some_adjoints_are_wrong_nothing_wrong_is_accepted_and_nothing_right_refuted(
    part: str, lie: Lie, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken(part, lie, monkeypatch)
    right = statuses(RIGHT)
    assert set(right.values()) <= {Status.PROVED, Status.CONFIRMED}
    assert Status.CONFIRMED in right.values()
    assert not set(statuses(WRONG).values()) & ACCEPTED


@pytest.mark.long
@pytest.mark.parametrize("part", ["collapse", "element"])
def test_a_mask_the_wrong_way_round_is_found_out(
    part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken(part, mask_turned, monkeypatch)
    right = statuses(RIGHT_POOLED, POOLED)
    assert set(right.values()) <= {Status.PROVED, Status.CONFIRMED}
    assert right[RIGHT_POOLED[1]] is Status.CONFIRMED
    assert not set(statuses(WRONG_POOLED, POOLED).values()) & ACCEPTED
