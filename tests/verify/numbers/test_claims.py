r"""Displayed numbers: arithmetic, quantities of a model, numbers put in, conditions and hints."""

from __future__ import annotations

import pytest

from tests.verify.valued_models import CHAIN, context, judged, one
from verify.verdict import Status

PROVED, CONFIRMED, REFUTED = Status.PROVED, Status.CONFIRMED, Status.REFUTED
UNDECIDED, DEFINITION = Status.UNDECIDED, Status.DEFINITION


@pytest.mark.parametrize(
    ("formula", "status"),
    [
        (r"0.5 \cdot 0.25 + 1 = 1.125", PROVED),
        (r"10 \times 192 = 1920", PROVED),
        ("28 - 5 + 1 = 24", PROVED),
        (r"3 \cdot 4 = 12 = 24 / 2", PROVED),
        ("28 - 5 + 1 = 23", REFUTED),
        ("28 - 5 + 1 = 24 = 23", REFUTED),
        (r"\frac{1}{3} = 0.333", CONFIRMED),
        (r"\frac{2}{3} = 0.666", REFUTED),
        (r"\frac{2}{3} \approx 0.666", CONFIRMED),
        ("0.125 = 0.13", CONFIRMED),
        ("0.125 = 0.12", CONFIRMED),
        (r"15.3\% = 0.153", PROVED),
        (r"1.2 \cdot 10^{-3} = 0.0012", PROVED),
        (r"-\log_{10}(0.7) = 0.155", CONFIRMED),
        (r"\log_2 8 = 3", PROVED),
        (r"\ln 2 = 0.693", CONFIRMED),
        (r"\ln 2 = 0.301", REFUTED),
        (r"e^{-0,5} = 0,6065", CONFIRMED),
        (r"2^{0,5} = 1,41", CONFIRMED),
        (r"\sqrt{6 / (192 + 10)} = 0.172", CONFIRMED),
        (r"1{,}000 + 1 = 1001", PROVED),
        (r"2000 \times 500 = 1 \text{ million}", PROVED),
        (r"2000 \times 50 = 1 \text{ million}", REFUTED),
        (r"1 / 0 = 3", Status.ILL_FORMED),
        (r"9^{9^{9}} = 1", UNDECIDED),
    ],
)
def test_arithmetic_is_judged_without_the_model(formula: str, status: Status) -> None:
    assert one(formula).status is status


def test_the_base_of_a_logarithm_is_told_by_the_numbers_or_declared() -> None:
    formula = r"-\log(0,72) = 0,14267"
    assert one(formula).conditions == ("right if log is the decimal logarithm",)
    assert one(formula).status is UNDECIDED
    assert one(formula, under=context(r"functions: {'\log': log10}")).status is CONFIRMED
    declared = one(formula, under=context(r"functions: {'\log': log}"))
    assert declared.status is REFUTED
    assert one(r"\log(0,5) = -0,42").status is REFUTED


@pytest.mark.parametrize(
    "formula",
    [
        "o = 0.5471",
        "o = 0,547",
        "o = 0.547052941864",
        r"o \approx 0.5470",
        r"o = \phi(v_2 \phi(u v_1)) = 0.5471",
        "v_1 = -0.5",
        "E = 0.1026",
        r"\frac{\partial E}{\partial v_2} = -0.042373",
        r"E = 1.026 \cdot 10^{-1}",
        r"E(v_1, v_2) = 0.1026",
    ],
)
def test_quantities_to_the_digits_shown(formula: str) -> None:
    assert one(formula).status is CONFIRMED


def test_a_cut_off_digit_is_told_apart_from_a_wrong_one() -> None:
    cut = one("o = 0.5470")
    assert cut.status is REFUTED
    assert "cut off" in cut.message
    assert cut.suggestion is not None
    assert cut.suggestion.latex == "o = 0.5471"
    assert "wrong" in one("o = 0.6471").message
    assert "off by one" in one("o = 0.5472").message


def test_literals_are_exact_inside_their_own_link() -> None:
    through = one(r"E = \frac12 (t - o)^2 = \frac12 (1 - 0.5470)^2 = 0.1026045")
    assert through.status is CONFIRMED
    assert [p.status for p in through.parts] == [PROVED, CONFIRMED, PROVED]
    assert through.parts[1].message.endswith("0.5470 stands for o, cut off and not rounded")
    short = one(r"E = \frac12 (t - o)^2 = 0.1026045")
    assert short.status is REFUTED
    assert [p.status for p in short.parts] == [PROVED, REFUTED]
    assert short.conditions == ("right if o is cut off to 4 digits first",)


def test_values_that_were_rounded_on_the_way_explain_a_last_digit() -> None:
    # (0.5470 - 1) · 0.5470 · (1 - 0.5470) · 0.3775
    slope = one(r"\frac{\partial E}{\partial v_2} = -0.0423741194325")
    assert slope.status is REFUTED
    assert slope.conditions == ("right if h, o are rounded to 4 digits first",)


def test_numbers_put_in_are_the_models_or_not() -> None:
    start = r"\frac{\partial E}{\partial v_2} = (o - t) o (1 - o) h = "
    assert one(start + "(0.5471 - 1) 0.5471 (1 - 0.5471) 0.3775").status is CONFIRMED
    off = one(start + "(0.5471 - 1) 0.5471 (1 - 0.5471) 0.3776")
    assert off.status is REFUTED
    assert "0.3776 stands for h" in off.message
    assert one(start + "(0.5471 - 1) 0.5471 (1 - 0.5471) 0.4775").status is REFUTED


def test_a_single_digit_stands_for_itself_alone() -> None:
    # 0.1 could be any of several entries, and one of them would give the value by chance
    assert one(r"\frac{\partial E}{\partial v_2} = (0.5 - 1) 0.5 (1 - 0.5) 0.4").status is UNDECIDED


def test_a_free_number_is_solved_from_what_is_shown() -> None:
    step = context("scalars: ['\\eta']\nmeanings: {'w': 'v_2 - \\eta \\partial E / \\partial v_2'}")
    assert one("w = 0.50424", under=step).conditions == (r"right if η = 0.1",)
    assert one("w = 0.50424", under=step).status is UNDECIDED
    known = context(
        "scalars: ['\\eta']\nvalues: {'\\eta': 0.1}\n"
        "meanings: {'w': 'v_2 - \\eta \\partial E / \\partial v_2'}"
    )
    assert one("w = 0.50424", under=known).status is CONFIRMED
    assert one("w = 0.60424", under=known).status is REFUTED


def test_a_parameter_may_stand_for_its_value_after_a_step() -> None:
    found = one("v_2 = 0.5042373")
    assert found.status is UNDECIDED
    (condition,) = found.conditions
    assert condition.endswith("after a step with learning rate 0.1")
    assert one("v_2 = 0.7").status is REFUTED


def test_what_nobody_gave_a_value_is_named() -> None:
    sheet = CHAIN.replace("values: {u: 1, t: 1, v_1: -0.5, v_2: 0.5}", "values: {u: 1, t: 1}")
    found = one("o = 0.5471", sheet)
    assert found.status is UNDECIDED
    assert found.message == "no value is declared for v_2, v_1"
    given = judged("$v_1 = -0.5$, $v_2 = 0.5$, $o = 0.5471$, $o = 0.5472$", sheet)
    assert [v.status for v in given] == [DEFINITION, DEFINITION, CONFIRMED, REFUTED]


def test_an_identity_with_zero_or_one_needs_no_value() -> None:
    sheet = "---\ninputs: [x]\nsizes: {n: 3}\n---\n" + (
        r"$$ s_i = \frac{e^{x_i}}{\sum_{k=1}^{n} e^{x_k}}, \quad i = 1, \dots, n $$"
    )
    assert one(r"\sum_{i=1}^{n} s_i = 1", sheet).status is PROVED


def test_a_derivative_that_is_a_number_is_proved() -> None:
    sheet = "---\ninputs: [x]\nsizes: {n: 3}\n---\n$$ y_i = 2 x_i, \\quad i = 1, \\dots, n $$"
    assert one(r"\frac{\partial y_i}{\partial x_i} = 2", sheet).status is PROVED
    assert one(r"\frac{\partial y_i}{\partial x_i} = 3", sheet).status is REFUTED
    assert one("x = [1, 2, 4]", sheet).status is DEFINITION
    given = judged("$x = [1, 2, 4]$, $y = [2, 4, 8]$, $y_2 = 4$, $y = (2, 4, 9)$", sheet)
    assert [v.status for v in given] == [DEFINITION, CONFIRMED, CONFIRMED, REFUTED]


def test_a_function_that_is_only_named_has_no_digits() -> None:
    sheet = CHAIN.replace("logistic", "generic")
    assert one("o = 0.5471", sheet).status is UNDECIDED


def test_one_whole_digit_stands_only_for_what_is_near_it() -> None:
    found = one("o = 1")
    assert found.status is REFUTED
    assert found.suggestion is not None
    assert found.suggestion.latex == "o = 0.5471"
    assert one("1.02 = 1").status is CONFIRMED
    assert one("e^5 = 148").status is CONFIRMED


def test_a_product_of_whole_numbers_for_an_array_is_its_size() -> None:
    sheet = "---\ninputs: [x]\nsizes: {n: 3}\ntypes: {W: matrix 2 n}\n---\n$$ y = W x $$"
    assert one(r"W = 2 \times 3", sheet).status is PROVED
    assert one(r"W = 3 \times 3", sheet).status is REFUTED
    assert one(r"n = 1 + 4 = 5", sheet).status is PROVED
