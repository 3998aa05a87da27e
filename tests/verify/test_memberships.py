r"""Sizes written with an element-of sign are claims about the arrays of the model."""

from __future__ import annotations

import pytest

from derive.reading.document import document_from_text
from derive.reading.sheet import model_from_document
from verify import judge_deck
from verify.verdict import Status, Verdict

DENSE = model_from_document(
    document_from_text(r"""---
loss: L
inputs: [X, t]
sizes: {N: 5, d: 3, h: 4}
types: {X: 'matrix N d (rows are samples)', V: matrix d h, c: row h, a: column h}
batch: {axis: n, over: [X, t], loss: sum}
functions: {g: tanh}
---
$$ H = g(X V + c) $$
$$ r = H a $$
$$ q_n = r_n^2, \quad n = 1, \dots, N $$
$$ L = \sum_{n=1}^{N} (q_n - t_n)^2 $$
"""),
    "dense",
)


def judged(text: str) -> list[Verdict]:
    return list(judge_deck(document_from_text(text), DENSE).claims)


@pytest.mark.parametrize(
    ("formula", "status"),
    [
        (r"V \in \mathbb{R}^{3 \times 4}", Status.PROVED),
        (r"V \in \mathbb{R}^{d \times h}", Status.PROVED),
        (r"V \in \mathbb R^{h \times d}", Status.REFUTED),
        (r"V \in \Re^{3 \times 5}", Status.REFUTED),
        (r"V \in R^{3 \times 4}", Status.PROVED),
        (r"a \in \mathbb{R}^{h}", Status.PROVED),
        (r"a \in \mathbb{R}^{h \times 1}", Status.PROVED),
        (r"a \in \mathbb{R}^{5}", Status.REFUTED),
        (r"a, c \in \mathbb{R}^{4}", Status.PROVED),
        (r"a, c \in \mathbb{R}^{3}", Status.REFUTED),
        (r"\frac{\partial L}{\partial V} = X^T G", Status.UNDECIDED),
    ],
)
def test_a_size_is_that_of_the_model_or_not(formula: str, status: Status) -> None:
    (verdict,) = judged(f"$$ {formula} $$")
    assert verdict.status is status, verdict.message


@pytest.mark.parametrize("formula", [r"a \in \mathbb{R}", r"V \in \mathbb{R}^{12}"])
def test_what_may_be_meant_otherwise_is_open(formula: str) -> None:
    (verdict,) = judged(f"$$ {formula} $$")
    assert verdict.status is Status.UNDECIDED
    assert verdict.conditions[0].startswith("right if ")


@pytest.mark.parametrize(
    "formula", [r"Q \in \mathbb{R}^{7 \times 2}", r"V \in \mathbb{R}^{p \times s}"]
)
def test_new_symbols_and_new_letters_are_defined(formula: str) -> None:
    (verdict,) = judged(f"$$ {formula} $$")
    assert verdict.status is Status.DEFINITION


def test_one_sample_of_a_batch() -> None:
    (verdict,) = judged(r"where $q \in \mathbb{R}$ and $N \in \mathbb{N}$")
    assert verdict.status is Status.PROVED
    assert "of one sample" in verdict.message


def test_a_size_behind_an_equation_is_a_claim_of_its_own() -> None:
    equation, size = judged(r"$$ r = H a = H \, a \in \mathbb{R}^{5} $$ $$ H \in \mathbb{R}^{5} $$")
    assert equation.status is Status.PROVED
    assert size.status is Status.REFUTED


def test_other_sets_are_no_sizes() -> None:
    assert not judged(r"$t_n \in \{0, 1\}$, $n \in \mathbb{N}$, $a \in S^{3}$, $$ c = c $$")[1:]


def test_letters_that_were_given_an_extent_are_numbers_in_expressions() -> None:
    named = r"$$ V \in \mathbb{R}^{p \times r} $$"
    sizes = [r"c \in \mathbb{R}^{p + 1}", r"c \in \mathbb{R}^{r + 1}", r"a \in \mathbb{R}^{p}"]
    found = judged("\n\n".join([named, *(f"$$ {s} $$" for s in sizes)]))
    assert [v.status for v in found] == [
        Status.DEFINITION,
        Status.PROVED,
        Status.REFUTED,
        Status.DEFINITION,  # the letter is given another extent
    ]


def test_a_letter_alone_and_an_expression_in_it_are_numbers_together() -> None:
    first, second = judged(
        r"$$ V \in \mathbb{R}^{p \times r} $$"
        + "\n\n"
        + r"$$ V \in \mathbb{R}^{p \times (p + 1)} $$"
    )
    assert first.status is Status.DEFINITION
    assert second.status is Status.PROVED


def test_a_symbol_without_its_label_is_one_that_fits() -> None:
    two = r"""---
sizes: {d: 3, h: 4, k: 2}
types: {x: column d, V_1: matrix h d, V_2: matrix k h}
---
$$ u = V_1 x $$
$$ r = V_2 u $$
"""
    model = model_from_document(document_from_text(two), "two")
    text = r"$$ V \in \mathbb{R}^{2 \times 4} $$"
    (verdict,) = judge_deck(document_from_text(text), model).claims
    assert verdict.status is Status.PROVED
    assert "V means V_2" in verdict.assumptions


def test_a_symbol_without_its_label_has_the_size_of_one_that_it_may_be_or_is_another() -> None:
    sheet = r"""---
inputs: [x]
sizes: {m: 4, n: 3, k: 5}
---
$$ u_i = \sum_{j=1}^{n} W_1(i, j) x_j, \quad i = 1, \dots, m $$
$$ v_i = \sum_{j=1}^{m} W_2(i, j) u_j, \quad i = 1, \dots, k $$
"""
    model = model_from_document(document_from_text(sheet), "layers")
    text = r"$W \in \mathbb{R}^{4 \times 3}$, $W \in \mathbb{R}^{4 \times 7}$"
    right, other = judge_deck(document_from_text(text), model).claims
    assert (right.status, other.status) == (Status.PROVED, Status.UNDECIDED)
    assert other.conditions[0].startswith("right if W is another array than W_1 or W_2")
