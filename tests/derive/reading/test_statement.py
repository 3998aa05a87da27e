"""Statements: sides over one set of axes, quantifiers, chains, definitions, laws, sizes."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from derive.errors import IllFormed
from derive.expr import Access, Apply
from derive.index import Index, Size
from derive.reading.context import EMPTY, Context
from derive.reading.parse import parse
from derive.reading.problems import Undeclared, Unknown
from derive.reading.scope import Scope
from derive.reading.sentence import Sentence, sentences
from derive.reading.statement import Statement, statement
from tests.derive.reading.scopes import model, scope, value


def read(
    latex: str, here: Scope | None = None, previous: Sentence | None = None
) -> list[Statement]:
    return [statement(s, here or scope()) for s in sentences(parse(latex), previous)]


def one(latex: str, here: Scope | None = None) -> Statement:
    (found,) = read(latex, here)
    return found


def ranges(found: Statement) -> dict[str, tuple[int | None, int | None]]:
    return {a.name: (a.lo.value, a.hi.value) for a in found.axes}


def holds(found: Statement) -> bool:
    first, *rest = (value(s.body, found.axes) for s in found.sides)
    return all(np.allclose(first, side, rtol=1e-12, atol=1e-14) for side in rest)


RIGHT = [
    r"C_p^1 = \sigma(X * k_p^1 + b_p^1)",
    r"C_p^1(i, j) = \sigma(z_p^1(i, j)), \quad i, j = 1, 2, \dots, 4",
    r"S_p^1(i, j) = \frac{1}{4} \sum_{u=0}^1 \sum_{v=0}^1 C_p^1(2i - u, 2j - v)",
    r"f = F(\{S_p^1\}_{p=1,\dots,2})",
    r"\{S_p^1\}_{p=1,\dots,2} = F^{-1}(f)",
    r"\hat{y} = \sigma(W \times f + x)",
    r"\hat{y} = \sigma(W f + x)",
    r"\Delta W(i, j) = \frac{\partial L}{\partial W(i, j)} = \Delta \hat{y}(i) \cdot f(j)",
    r"\Delta W = \Delta \hat{y} \times f^T",
    r"\Delta x = \Delta \hat y",
    r"\Delta f(j) = \frac{\partial L}{\partial f}",
    r"\frac{\partial L}{\partial z} = (\hat y - t) \odot \sigma'(z)",
    r"\nabla_W L = \nabla_z L f^\top",
    r"\partial L/\partial W_{ij} = \hat y_i (1 - \hat y_i) (\hat y_i - t_i) f_j",
    r"\Delta b_p^1 = \sum_{i=1}^4 \sum_{j=1}^4 \Delta C_{p,\sigma}^1(i, j)",
    r"\Delta b_p^1 = \sum_{i,j} \Delta C_{p,\sigma}^1(i, j)",
    r"\Delta k_p^1(u, v) = \sum_{i,j=1}^4 \Delta C_{p,\sigma}^1(i, j) X(i - u, j - v)",
    r"\Delta k_p^1 = X_{rot180} * \Delta C_{p,\sigma}^1",
    r"X_{rot180}(u - i, v - j) = X(i - u, j - v)",
    r"S_{p,rot180}^1(-i, -j) = S_p^1(i, j)",
    r"\sigma(x) = \frac{1}{1 + \exp^{-x}}",
    r"\sigma'(x) = \sigma(x)(1 - \sigma(x))",
    r"z(i) = (W f)(i) + x(i)",
    r"X^T(i, j) = X(j, i)",
]


@pytest.mark.parametrize("latex", RIGHT)
def test_right_formulas_hold(latex: str) -> None:
    for found in read(latex):
        names = {v: np.asarray(0.4) for v in found.variables}
        if found.variables:
            assert names.keys() == {"x_"}
            continue
        assert holds(found)


WRONG = [
    r"C_p^1 = \sigma(X * k_p^1 - b_p^1)",
    r"S_p^1(i, j) = \frac{1}{4} \sum_{u=0}^1 \sum_{v=0}^1 C_p^1(2i - u, 2i - v)",
    r"\Delta W = \hat{y} \times f^T",
    r"\Delta k_p^1 = X * \Delta C_{p,\sigma}^1",
    r"X^T(i, j) = X(i, j)",
]


@pytest.mark.parametrize("latex", WRONG)
def test_wrong_formulas_do_not(latex: str) -> None:
    assert not holds(one(latex))


def test_axes_come_in_the_order_of_the_tensor() -> None:
    found = one(r"\Delta k_p^1 = X_{rot180} * \Delta C_{p,\sigma}^1")
    assert found.target == "∂k1"
    assert found.indices == tuple(Index.of(a) for a in found.axes)
    assert ranges(found) == {"p": (1, 2), "i": (-1, 1), "j": (-1, 1)}


def test_quantifiers_give_ranges_and_narrow_ones_are_said() -> None:
    found = one(r"C_p^1(i, j) = \sigma(z_p^1(i, j)), i = 2, \dots, 3, j = 1, \dots, 2 N")
    assert ranges(found) == {"p": (1, 2), "i": (2, 3), "j": (1, 4)}
    assert found.assumptions == ("claimed only where the index of C1 lies in 2..3",)


def test_a_symbolic_scope_keeps_sizes() -> None:
    from derive.reading.context import reading_scope

    found = one(r"S_p^1(i, j) = 0", reading_scope(model(), numeric=False))
    assert found.axes[1].hi == Index.of(Size("N"))


def test_another_origin_holds_for_the_tensor_and_its_adjoint() -> None:
    here = scope(origins={"S1": (Index.of(0), Index.of(2), Index.of(2))})
    found = one(r"\Delta S_p^1(i, j) = \frac{\partial L}{\partial S_p^1(i, j)}", here)
    assert ranges(found) == {"p": (1, 2), "i": (-1, 0), "j": (-1, 0)}
    assert found.indices[1] == Index.of(found.axes[1]) + 2
    assert holds(found)


def test_origins_are_aligned_once_and_said() -> None:
    found = one(r"k_p^1 = X_{rot180} * C_p^1")
    assert ranges(found)["i"] == (-1, 1)
    shifted = one(r"\Delta k_p^1 = X * \Delta C_{p,\sigma}^1")
    assert "index -1 on the left side is index 4 of the right side's array" in shifted.assumptions


def test_chains_split_at_implications() -> None:
    first, second = sentences(
        parse(r"\Delta W(i,j) = \Delta \hat y(i) f(j) \Rightarrow \Delta W = \Delta \hat y f^T")
    )
    assert (first.operators, second.operators) == (("=",), ("=",))
    assert [s.kind for s in (first, second)] == ["equation", "equation"]


def test_a_leading_equals_sign_continues_the_head() -> None:
    (before,) = sentences(parse(r"\Delta b_p^1 = \frac{\partial L}{\partial b_p^1}"))
    (found,) = read(r"= \sum_{i,j} \Delta C_{p,\sigma}^1(i, j)", previous=before)
    assert found.target == "∂b1"
    assert holds(found)
    with pytest.raises(IllFormed, match="continues nothing"):
        read(r"= \sum_{i,j} \Delta C_{p,\sigma}^1(i, j)")


def test_kinds() -> None:
    kinds = {
        r"W \leftarrow W - \alpha \Delta W": "update",
        r"W := W - \alpha \Delta W": "update",
        r"d := \hat y - t": "equation",
        r"W \sim U(\pm \sqrt{6/(8 + 3)})": "distribution",
        r"\Delta W \text{ (size } 3 \times 8)": "size",
        r"p = 1, 2, \dots, 2": "quantifier",
        r"W": "mention",
        r"z < 3": "relation",
        r"1 \le i \le 3": "quantifier",
    }
    for latex, kind in kinds.items():
        assert [s.kind for s in sentences(parse(latex))] == [kind], latex


def test_an_update_introduces_its_rate() -> None:
    found = one(r"W \leftarrow W - \eta \Delta W")
    assert found.variables == ("eta",)
    assert found.assumptions == ("η is any number",)
    assert one(r"k_p^1 \leftarrow k_p^1 - \alpha \Delta k_p^1").variables == ("alpha",)
    decayed = one(r"W := W - \eta (\Delta W + \lambda W)")
    assert decayed.variables == ("eta", "lambda_")


def test_a_function_definition_introduces_its_argument() -> None:
    found = one(r"\sigma(s) = \frac{1}{1 + e^{-s}}")
    assert found.variables == ("s",)
    assert found.sides[0].body == Apply("logistic", (Access("s", ()),))


def test_a_distribution_has_its_law() -> None:
    found = one(r"W \sim U(\pm \frac12)")
    assert found.law is not None
    assert (found.target, found.law[0]) == ("W", "uniform")
    assert [value(p, ()) for p in found.law[1]] == [-0.5, 0.5]
    assert one(r"W \sim \mathcal{N}(0, 1)").law is not None
    with pytest.raises(IllFormed, match="not known"):
        one(r"W \sim Q(0, 1)")


def test_a_size_has_its_numbers() -> None:
    found = one(r"\Delta W \text{ (size } m \times 8)")
    assert found.sizes == (Index.of(3), Index.of(8))
    assert found.sides[0].extents == found.sizes


def test_an_unknown_left_side_is_defined() -> None:
    found = one(r"\rho_i = (\hat y_i - t_i)\, \hat y_i (1 - \hat y_i)")
    assert found.kind == "definition"
    assert found.entry is not None
    here = scope().declare(found.entry)
    for latex in (r"\frac{\partial L}{\partial z_i} = \rho_i", r"\Delta W = \rho f^T"):
        assert holds(one(latex, here))


def test_an_undeclared_delta_is_asked_about_unless_it_may_be_defined() -> None:
    latex = r"\delta_i = (\hat y_i - t_i)\, \hat y_i (1 - \hat y_i)"
    with pytest.raises(Undeclared, match=r"δ_i means ∂L/∂z"):
        one(latex)
    found = one(latex, replace(scope(), defining=True))
    assert found.kind == "definition"
    assert found.entry is not None
    here = scope().declare(found.entry)
    assert holds(one(r"\frac{\partial L}{\partial z_i} = \delta_i", here))
    assert holds(one(r"\Delta W = \delta f^T", here))
    with pytest.raises(Undeclared):
        one(r"\frac{\partial L}{\partial f_k} = \delta_k", here)


def test_an_explicit_gradient_declares_a_prefix_on_its_tensor_only() -> None:
    bare = scope(EMPTY)
    found = one(r"\Delta W(i, j) = \frac{\partial L}{\partial W(i, j)}", bare)
    assert found.kind == "definition"
    assert found.entry is not None
    assert holds(one(r"\Delta W = \frac{\partial L}{\partial z} f^T", bare.declare(found.entry)))
    with pytest.raises(Undeclared):
        one(r"\Delta f = W^T \Delta z", bare.declare(found.entry))


@pytest.mark.parametrize(
    ("latex", "error", "message"),
    [
        (r"\Delta W = f \times \Delta \hat y^T", IllFormed, "8×3 does not fit 3×8"),
        (r"\hat y = \hat y^T", IllFormed, "a transpose is missing or too many"),
        (r"W = \hat y(1)", IllFormed, "the left side is 3×8, this is a number"),
        (r"\hat y(i) = W(i, k)", IllFormed, "k is no index here"),
        (r"C_p^1(i, j) = 0, \quad i, j = 1, 3, \dots, 4", IllFormed, "do not count up by one"),
        (r"\hat y(i) = \sum_i W(i, j) f(j)", IllFormed, "the index i is used twice"),
        (r"\Delta k_p^3 = 0", Unknown, "is not defined"),
        (r"\hat y(i) = 0, \quad i = 1, \dots, q", IllFormed, "q is no index here"),
    ],
)
def test_bad_statements(latex: str, error: type[IllFormed], message: str) -> None:
    with pytest.raises(error, match=message) as caught:
        one(latex)
    assert caught.value.offset is not None


def test_without_a_declaration_nothing_is_guessed() -> None:
    here = scope(Context("accent", accents=(r"\bar",)))
    assert one(r"\bar W = \frac{\partial L}{\partial W}", here).target == "∂W"
    with pytest.raises(Undeclared):
        one(r"\Delta W = \hat y f^T", here)


def test_numbers_stay_exact() -> None:
    found = one(r"0.1 + 0.2 = 0.3")
    assert [value(s.body, ()) for s in found.sides][1] == pytest.approx(0.3)
    assert Fraction(3, 10) in {getattr(s.body, "value", None) for s in found.sides}
