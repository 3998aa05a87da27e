r"""Origins are free, undeclared meanings are conditions, and where nothing fits: refuted."""

from __future__ import annotations

from derive.reading.context import EMPTY
from tests.verify.sheets import judged
from verify.verdict import Status

DENSE = r"\frac{\partial J}{\partial M(i,j)} = \Delta o(i)\, h(j)"
FULL = (
    r"\frac{\partial J}{\partial X(i,j)} = \sum_{r=1}^{R} \sum_{u=-w}^{w} \sum_{v=-w}^{w}"
    r"\frac{\partial J}{\partial a_r(i+u, j+v)}\, g_r(u,v)"
)


def test_an_undeclared_mark_is_a_condition_where_one_meaning_fits() -> None:
    verdict = judged(DENSE, EMPTY)
    assert verdict.outcome.status is Status.UNDECIDED
    assert verdict.conditions == ("right if Δo means ∂J/∂s",)


def test_an_undeclared_mark_that_fits_with_no_meaning_is_refuted() -> None:
    verdict = judged(DENSE.replace("h(j)", "h(j)^2"), EMPTY)
    assert verdict.outcome.status is Status.REFUTED
    assert "wrong under all 2 readings" in verdict.outcome.message


def test_zero_outside_is_a_condition_where_nothing_declares_it() -> None:
    verdict = judged(FULL, EMPTY)
    assert verdict.outcome.status is Status.UNDECIDED
    assert any("zero outside" in c for c in verdict.conditions)


def test_zero_outside_is_an_assumption_where_the_context_declares_it() -> None:
    verdict = judged(FULL)
    assert verdict.outcome.status is Status.PROVED
    assert any("zero outside" in a for a in verdict.best.assumptions)


def test_zero_outside_does_not_excuse_a_sum_that_runs_too_far() -> None:
    text = r"\bar{c}_r = \sum_{i=1}^{2n+1} \sum_{j=1}^{2n} \bar{A}_{r,\phi}(i, j)"
    verdict = judged(text)
    assert verdict.outcome.status is Status.ILL_FORMED
    assert "is read for i = 5" in verdict.outcome.message
    assert "ends at 4" in verdict.outcome.message


def test_an_explicit_range_that_leaves_out_a_part_is_refuted_with_its_condition() -> None:
    pool = r"P_r(i,j) = \frac{1}{4} \sum_{u=0}^1 \sum_{v=0}^1 A_r(2i-u, 2j-v)"
    text = pool + r", \quad i, j = 1, \dots, 1"
    verdict = judged(text, n=3)
    assert verdict.outcome.status is Status.REFUTED
    assert verdict.outcome.conditions == ("right if only i = 1..1 is meant",)


def test_an_explicit_range_is_no_slip_where_the_formula_reads_nothing_beyond_it() -> None:
    verdict = judged(FULL + r", \quad i, j = w + 1, \dots, 2n - w", EMPTY, n=3)
    assert verdict.outcome.status is Status.PROVED
    assert any("stated for i = 2..5 only" in a for a in verdict.best.assumptions)


def test_an_explicit_range_is_no_slip_where_the_formula_is_wrong_beyond_it() -> None:
    text = r"A_r(i, j) = [i \le 3]\, \phi(a_r(i, j))"
    assert judged(text).outcome.status is Status.REFUTED
    assert judged(text + r", \quad i = 1, \dots, 3").outcome.status is Status.PROVED


def test_a_list_with_a_wrong_step_is_ill_formed() -> None:
    text = r"o(i) = \phi(s(i)), \quad i = 1, 3, \dots, 4"
    assert judged(text).outcome.status is Status.ILL_FORMED


def test_shapes_that_do_not_fit_are_ill_formed_and_say_so() -> None:
    verdict = judged(r"\bar{h} = M \times \bar{s}")
    assert verdict.outcome.status is Status.ILL_FORMED
    assert "transpose" in verdict.outcome.message


def test_an_unknown_symbol_is_ill_formed_and_named() -> None:
    verdict = judged(r"\bar{M}(i,j) = Q(i)\, h(j)")
    assert verdict.outcome.status is Status.ILL_FORMED
    assert "Q" in verdict.outcome.message
