r"""Right if …: what is wrong as declared may be right under another convention."""

from __future__ import annotations

from functools import cache

import pytest

from derive.equations import Model
from derive.errors import Problem
from derive.reading.context import EMPTY, Context, context_from_document
from derive.reading.document import document_from_text
from derive.reading.sheet import model_from_text
from tests.verify.sheets import marks, relay
from verify import conditions
from verify.judge import judge_document
from verify.verdict import ACCEPTED, Status, Verdict

SOFTMAX = r"""---
loss: L
inputs: [x, t]
sizes: {N: 3, D: 2, K: 4}
batch: {axis: n, over: [x, t], loss: sum}
---
$$ o_{nk} = \sum_{d=1}^{D} x_{nd} W_{dk} + b_k, \quad n = 1, \dots, N, \quad k = 1, \dots, K $$
$$ p_{nk} = \frac{\exp(o_{nk})}{\sum_{j=1}^{K} \exp(o_{nj})} $$
$$ L = -\sum_{n=1}^{N} \sum_{k=1}^{K} t_{nk} \log p_{nk} $$
"""
SQUARES = r"""---
loss: L
inputs: [x, t]
sizes: {N: 3, D: 2}
functions: {'\sigma': logistic}
---
$$ z_n = \sum_{d=1}^{D} x_{nd} w_d, \quad n = 1, \dots, N $$
$$ y_n = \sigma(z_n) $$
$$ L = \frac12 \sum_{n=1}^{N} (y_n - t_n)^2 $$
"""
D = r"\frac{\partial L}{\partial "


@cache
def softmax() -> Model:
    return model_from_text(SOFTMAX, "softmax")


@cache
def squares() -> Model:
    return model_from_text(SQUARES, "squares")


def context(front: str) -> Context:
    return context_from_document(document_from_text(f"---\n{front}\n---\n"), "context")


def verdict(text: str, model: Model, declared: Context = EMPTY) -> Verdict:
    (found,) = judge_document(document_from_text(f"$$ {text} $$"), model, declared).claims
    return found


P_MINUS_T = D + r"o_{nk}} = p_{nk} - t_{nk}"


@pytest.mark.parametrize(
    "text",
    [
        P_MINUS_T,
        D + r"W_{dk}} = \sum_{n=1}^{N} x_{nd} (p_{nk} - t_{nk})",
        D
        + r"b} = \sum_{n=1}^{N} (p_n - t_n)".replace("p_n - t_n", "p_{nk} - t_{nk}").replace(
            "b}", "b_k}"
        ),
        D + r"W} = x^T (p - t)",
    ],
)
def test_p_minus_t_is_right_only_if_the_targets_add_up_to_one(text: str) -> None:
    found = verdict(text, softmax())
    assert found.status is Status.UNDECIDED
    assert found.conditions == ("right if Σ_k t_{n,k} = 1",)


@pytest.mark.long
def test_what_needs_more_than_a_sum_of_one_says_so() -> None:
    found = verdict(r"\sum_{k=1}^{K} t_{nk}^2 = 1", softmax())
    assert found.conditions == ("right if t_{n,k} is one-hot over k",)
    found = verdict(r"t_n^2 = t_n", squares())
    assert found.conditions == ("right if t_n is 0 or 1",)


@pytest.mark.parametrize("kind", ["sum-to-one", "one-hot"])
def test_what_is_declared_is_assumed_and_said(kind: str) -> None:
    found = verdict(P_MINUS_T, softmax(), context(f"declare: {{{kind}: [t]}}"))
    assert found.status in ACCEPTED
    assert not found.conditions
    assert any("as declared" in a for a in found.assumptions)


def test_what_is_declared_over_another_index_does_not_help() -> None:
    found = verdict(P_MINUS_T, softmax(), context("declare: {one-hot: ['t_{nk} over n']}"))
    assert found.status is Status.REFUTED


def test_a_sheet_may_declare_it_too() -> None:
    model = model_from_text(
        SOFTMAX.replace("loss: L", "loss: L\ndeclare: {one-hot: [t]}", 1), "declared"
    )
    assert verdict(P_MINUS_T, model).status in ACCEPTED


@pytest.mark.parametrize(
    "front",
    [
        "declare: {one-hot: [q]}",
        "declare: {one-hot: [W]}",
        "declare: {tiny: [t]}",
        "declare: {one-hot: ['t over z']}",
    ],
)
def test_a_declaration_that_means_nothing_is_a_problem(front: str) -> None:
    with pytest.raises(Problem):
        verdict(P_MINUS_T, softmax(), context(front))


@pytest.mark.long
@pytest.mark.parametrize(
    "slip",
    [
        D + r"o_{nk}} = t_{nk} - p_{nk}",
        D + r"o_{nk}} = p_{nk} + t_{nk}",
        D + r"o_{nk}} = (p_{nk} - t_{nk})\, p_{nk} (1 - p_{nk})",
        D + r"W_{dk}} = x_{1d} (p_{1k} - t_{1k})",
    ],
)
def test_a_slip_is_wrong_under_every_convention(slip: str) -> None:
    for declared in (EMPTY, context("declare: {one-hot: [t]}")):
        found = verdict(slip, softmax(), declared)
        assert found.status is Status.REFUTED
        assert not found.conditions


HINTS = {
    D + r"y_n} = 2 (y_n - t_n)": "right if the loss is 2 L",
    D + r"y_n} = \frac{1}{N} (y_n - t_n)": "right if the loss is L / N, the mean over n",
    D + r"y_n} = \frac{2}{N} (y_n - t_n)": "right if the loss is 2 L / N, the mean over n",
    r"\bar{y}_n = (y_n - t_n)\, y_n (1 - y_n)": "right if y\u0304_n means ∂L/∂z_n",
    r"\bar{w}_d = \sum_{n=0}^{N-1} \bar{z}_n x_{nd}": "right if indices are counted from 0",
    r"L = \frac{1}{2N} \sum_{n=1}^{N} (y_n - t_n)^2": "right if the loss is L / N, the mean over n",
    r"L = \sum_{n=1}^{N} (y_n - t_n)^2": "right if the loss is 2 L",
    (
        r"w_d \leftarrow w_d - \frac{\eta}{N} \sum_{n=1}^{N} (y_n - t_n) y_n (1 - y_n) x_{nd}"
    ): "right if the loss is L / N, the mean over n",
}


@pytest.mark.long
@pytest.mark.parametrize("text", HINTS)
def test_what_the_model_settles_is_refuted_with_the_condition_as_a_hint(text: str) -> None:
    found = verdict(text, squares(), context(r"gradients: {accent: '\bar'}"))
    assert found.status in (Status.REFUTED, Status.ILL_FORMED)
    assert HINTS[text] in found.conditions


def test_two_conventions_together() -> None:
    found = verdict(D + r"o_{nk}} = \frac{1}{N} (p_{nk} - t_{nk})", softmax())
    assert found.status is Status.REFUTED
    assert found.conditions == ("right if Σ_k t_{n,k} = 1 and the loss is L / N, the mean over n",)


def test_an_undeclared_logarithm_is_natural_unless_only_the_decimal_one_fits() -> None:
    natural = verdict(r"L = -\sum_{n,k} t_{nk} \log p_{nk}", softmax())
    assert natural.status is Status.PROVED
    assert "log is the natural logarithm" in natural.assumptions
    decimal = verdict(r"\log(10\, p_{nk}) = 1 + \log p_{nk}", softmax())
    assert decimal.status is Status.UNDECIDED
    assert decimal.conditions == ("right if log is the decimal logarithm",)
    declared = verdict(r"\log(10\, p_{nk}) = 1 + \log p_{nk}", softmax(),
                       context(r"functions: {'\log': log}"))  # fmt: skip
    assert declared.status is Status.REFUTED
    assert declared.conditions == ("right if log is the decimal logarithm",)


def test_the_logarithm_of_a_loss_is_natural_unless_only_the_decimal_one_fits() -> None:
    decimal = verdict(D + r"p_{nk}} = -\frac{t_{nk}}{p_{nk} \ln 10}", softmax())
    assert decimal.status is Status.UNDECIDED
    assert decimal.conditions == ("right if log in L is the decimal logarithm",)
    both = verdict(D + r"o_{nk}} = \frac{p_{nk} - t_{nk}}{\ln 10}", softmax())
    assert both.conditions == ("right if Σ_k t_{n,k} = 1 and log in L is the decimal logarithm",)
    declared = verdict(D + r"p_{nk}} = -\frac{t_{nk}}{p_{nk} \ln 10}", softmax(),
                       context(r"functions: {'\log': log}"))  # fmt: skip
    assert declared.status is Status.REFUTED
    other = verdict(D + r"p_{nk}} = -\frac{t_{nk}}{p_{nk} \ln 2}", softmax())
    assert other.status is Status.REFUTED


def test_what_has_no_value_may_have_one_for_targets() -> None:
    found = verdict(r"L = -\sum_{n=1}^{N} \log \sum_{k=1}^{K} t_{nk} p_{nk}", softmax())
    assert found.status is Status.UNDECIDED
    assert found.conditions == ("right if t_{n,k} is one-hot over k",)


def test_nothing_is_refuted_while_an_open_convention_is_untried(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(conditions, "SECONDS", 0.0)
    found = verdict(P_MINUS_T, softmax())
    assert found.status is Status.UNDECIDED
    assert "time ran out before every convention" in found.message


def test_rows_and_columns() -> None:
    turned = verdict(D + r"W} = (p - t)\, x^T", softmax(), context("declare: {one-hot: [t]}"))
    assert turned.status is Status.ILL_FORMED
    assert turned.conditions == ("right if samples are columns",)
    rows = verdict(r"z = w x^T", squares())
    assert rows.status is Status.UNDECIDED
    assert rows.conditions == ("right if vectors are rows",)
    assert verdict(r"z = x w", squares()).status is Status.PROVED


def test_rotated_kernels_and_operators() -> None:
    rotated = verdict(r"\bar{g}_r = X_{rot180} * \bar{A}_{r,\phi}", relay(), marks())
    assert rotated.status is Status.PROVED
    other = verdict(
        r"\bar{g}_r(u,v) = \sum_{i=1}^{2n} \sum_{j=1}^{2n} \bar{A}_{r,\phi}(i,j) X(i+u, j+v)",
        relay(),
        marks(),
    )
    assert other.status is Status.REFUTED
    assert "right if g_r is stored rotated by 180 degrees" in other.conditions
