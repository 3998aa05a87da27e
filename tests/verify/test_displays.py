"""Sums that are displayed term by term: right ones are proved, slips are told by the term."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from derive.reading.document import document_from_text
from tests.verify.written_out import (
    STYLES,
    Shape,
    Style,
    Sum,
    Term,
    setting,
    sums,
    term,
    with_commas,
    written,
)
from verify.clock import Clock
from verify.extract import extract
from verify.readings import Judged, judge_readings
from verify.verdict import Status

SHAPES = (Shape(3, 4, 4, 2), Shape(2, 5, 5, 3))


@st.composite
def displays(draw: st.DrawFn) -> tuple[Shape, Sum, Style]:
    """A sum of one of the models, in one of the styles."""
    shape = draw(st.sampled_from(SHAPES))
    return shape, draw(st.sampled_from(list(sums(shape)))), draw(st.sampled_from(STYLES))


def judged(text: str, shape: Shape) -> Judged:
    return judge_readings(text, setting(shape), Clock(60.0))


def wrong_parts(found: Judged) -> list[str]:
    return [p.what for p in found.best.parts if p.status is Status.REFUTED]


@given(displays())
def test_a_sum_written_out_is_proved(display: tuple[Shape, Sum, Style]) -> None:
    shape, total, style = display
    assert judged(written(total, style), shape).outcome.status is Status.PROVED


@given(displays(), st.data())
def test_dots_stand_for_what_is_not_shown(
    display: tuple[Shape, Sum, Style], data: st.DataObject
) -> None:
    shape, total, style = display
    terms: list[Term | None] = list(total.terms)
    assume(len(terms) > 3)
    first = data.draw(st.integers(1, len(terms) - 2))
    last = data.draw(st.integers(first + 1, len(terms) - 1))
    text = written(total, style, [*terms[:first], None, *terms[last:]])
    found = judged(text, shape)
    assert found.outcome.status is Status.PROVED
    assert any(f"dots stand for {last - first} term" in a for a in found.best.assumptions)


@given(displays(), st.data())
def test_a_wrong_number_in_one_term_is_told_by_the_term(
    display: tuple[Shape, Sum, Style], data: st.DataObject
) -> None:
    shape, total, style = display
    place = data.draw(st.integers(0, len(total.terms) - 1))
    slipped = _slipped(total.terms[place], total, data)
    terms = [*total.terms[:place], slipped, *total.terms[place + 1 :]]
    assume(sorted(map(sorted, terms)) != sorted(map(sorted, total.terms)))
    found = judged(written(total, style, list(terms)), shape)
    assert found.outcome.status is Status.REFUTED
    assert term(slipped, style) in wrong_parts(found)
    assert found.best.suggestion is not None
    assert _terms(found.best.suggestion.latex) == _terms(written(total, style))


def _slipped(old: Term, total: Sum, data: st.DataObject) -> Term:
    """One number of the term as in another term."""
    factor = data.draw(st.integers(0, len(old) - 1))
    symbol, at = old[factor]
    others = {t[factor][1] for t in total.terms if len(t) > factor and t[factor][0] == symbol}
    choices = sorted(others - {at})
    assume(choices)
    return (*old[:factor], (symbol, data.draw(st.sampled_from(choices))), *old[factor + 1 :])


def _terms(formula: str) -> list[str]:
    """The terms in any order: of two equal ones either may be the slip."""
    right = "".join(formula.split()).partition("=")[2]
    return sorted(right.removeprefix(r"\frac{1}{4}(").removesuffix(")").split("+"))


@given(displays(), st.data())
def test_a_term_that_is_left_out_is_named(
    display: tuple[Shape, Sum, Style], data: st.DataObject
) -> None:
    shape, total, style = display
    assume(len(total.terms) > 2)
    place = data.draw(st.integers(0, len(total.terms) - 1))
    left = [*total.terms[:place], *total.terms[place + 1 :]]
    found = judged(written(total, style, list(left)), shape)
    assert found.outcome.status is Status.REFUTED
    assert "is missing" in found.outcome.message
    alone = sum(len(t) == len(total.terms[place]) for t in total.terms) == 1
    if not alone:  # the only term of its kind is named in the model's notation
        assert wrong_parts(found) == [term(total.terms[place], style)]


@given(displays(), st.data())
def test_dots_do_not_hide_what_the_pattern_jumps_over(
    display: tuple[Shape, Sum, Style], data: st.DataObject
) -> None:
    shape, total, style = display
    terms: list[Term | None] = [t for t in total.terms if len(t) == len(total.terms[0])]
    assume(len(terms) > 4)
    rest: list[Term | None] = [t for t in total.terms if len(t) != len(total.terms[0])]
    shown = [terms[0], terms[2], None, terms[-1], *rest]
    found = judged(written(total, style, shown), shape)
    jumped = terms[1]
    assert jumped is not None
    if found.outcome.status is Status.REFUTED:
        assert term(jumped, style) in wrong_parts(found)
    else:  # another order, column by column, passes through these terms
        assert found.outcome.status is Status.PROVED
        assert len(total.terms[0][0][1]) == 2


def test_a_sum_that_ends_too_early_is_told_in_spite_of_dots() -> None:
    shape = SHAPES[0]
    total = next(s for s in sums(shape) if s.left[0] == "dk")
    terms = total.terms
    found = judged(written(total, with_commas, [terms[0], terms[1], None, terms[-2]]), shape)
    assert found.outcome.status is Status.REFUTED
    assert wrong_parts(found) == [term(terms[-1], with_commas)]


@pytest.mark.parametrize("gap", [slice(18, 25), slice(7, 14)])
def test_dots_are_put_where_many_terms_are_missing(gap: slice) -> None:
    shape = Shape(2, 3, 6, 2)
    total = next(s for s in sums(shape) if s.left[0] == "dk")
    shown = [t for k, t in enumerate(total.terms) if k not in range(*gap.indices(25))]
    found = judged(written(total, with_commas, shown), shape)
    assert found.outcome.status is Status.REFUTED
    assert found.best.suggestion is not None
    assert r"\dots" in found.best.suggestion.latex
    assert judged(found.best.suggestion.latex, shape).outcome.status is Status.PROVED


def test_a_term_that_stands_twice_is_told() -> None:
    shape = SHAPES[0]
    total = next(s for s in sums(shape) if s.left[0] == "p")
    terms = total.terms
    found = judged(written(total, with_commas, [terms[0], terms[1], terms[2], terms[2]]), shape)
    assert "term 4 repeats" in found.outcome.message
    assert term(terms[3], with_commas) in found.outcome.message


def test_a_wrong_sign_is_told() -> None:
    shape = SHAPES[0]
    total = next(s for s in sums(shape) if s.left[0] == "z")
    text = written(total, with_commas)
    place = text.rindex("+")
    found = judged(f"{text[:place]}-{text[place + 1 :]}", shape)
    assert "has the wrong sign" in found.outcome.message


@pytest.mark.parametrize("between", ["\n\n", "\n\nThe next slide goes on.\n\n"])
@pytest.mark.parametrize("sign", ["+", r"+ \dots"])
def test_a_sum_goes_on_in_the_next_display(between: str, sign: str) -> None:
    shape = SHAPES[0]
    total = next(s for s in sums(shape) if s.left[0] == "dk")
    terms = [term(t, with_commas) for t in total.terms]
    first = f"{written(total, with_commas).split('=')[0]} = {' + '.join(terms[:3])}"
    deck = f"$$ {first} {sign} $$ {between} $$ {' + '.join(terms[3:])} $$"
    (claim,) = extract(document_from_text(deck)).claims
    assert judged(claim.text, shape).outcome.status is Status.PROVED
    lines = rf"\begin{{aligned}} {first} {sign} \\ & {' + '.join(terms[3:])} \end{{aligned}}"
    (claim,) = extract(document_from_text(f"$$ {lines} $$")).claims
    assert judged(claim.text, shape).outcome.status is Status.PROVED


@pytest.mark.parametrize(
    ("deck", "claims"),
    [
        (r"$$ y = x_1 + x_2 + \dots $$ $$ x_3 + x_4 $$", [r"y = x_1 + x_2 + \dots + x_3 + x_4"]),
        (r"$$ y = x_1 + x_2 + \dots $$ and so $$ a + b $$", [r"y = x_1 + x_2 + \dots"]),
        (r"$$ y = x_1 $$ $$ + \dots + x_3 $$", [r"y = x_1 + \dots + x_3"]),
        (r"$$ y = x_1 $$ $$ - x_2 $$", ["y = x_1"]),
        (r"$$ a = b + c $$ $$ d + e $$", ["a = b + c"]),
        (
            r"$$ A = \text{corr} $$ $$ \left( a, b \right) $$",
            [r"A = \text{corr} \left( a, b \right)"],
        ),
        (r"$$ a + b $$ $$ = c $$", ["a + b = c"]),
    ],
)
def test_a_display_goes_on_only_with_what_cannot_stand_alone(deck: str, claims: list[str]) -> None:
    assert [c.text for c in extract(document_from_text(deck)).claims] == claims


def test_a_term_between_dots_shows_the_pattern_only() -> None:
    shape = SHAPES[0]
    terms = ["W_{1,1} x_1", r"\dots", "W_{1,k} x_k", r"\dots", "W_{1,4} x_4", "b_1"]
    found = judged(f"s_1 = {' + '.join(terms)}", shape)
    assert found.outcome.status is Status.PROVED
    terms[2:4] = []
    terms[2] = "W_{1,n} x_n"
    found = judged(f"s_1 = {' + '.join(terms)}", shape)
    assert found.outcome.status is Status.PROVED
    assert "n stands for its last value, 4" in found.best.assumptions


@pytest.mark.parametrize(
    "terms",
    [
        r"W_{1,1} x_1 + (W_{1,2} x_2 + W_{1,2} x_2) / 2 + \dots + W_{1,4} x_4 + b_1",
        r"W_{1,1} x_1 + 2 W_{1,2} x_2 - W_{1,2} x_2 + \dots + W_{1,4} x_4 + b_1",
        r"\frac{2}{2} W_{1,1} x_1 + W_{1,2} x_2 + \dots + \frac{3}{3} W_{1,4} x_4 + b_1",
    ],
)
def test_terms_grouped_in_another_way_are_not_refuted_with_dots(terms: str) -> None:
    status = judged(f"s_1 = {terms}", SHAPES[0]).outcome.status
    assert status in (Status.PROVED, Status.CONFIRMED, Status.UNDECIDED)


def test_terms_grouped_in_another_way_are_no_slip() -> None:
    shape = SHAPES[0]
    half = r"\frac{1}{2} (W_{1,1} x_1 + W_{1,2} x_2)"
    found = judged(f"s_1 = {half} + {half} + W_{{1,3}} x_3 + W_{{1,4}} x_4 + b_1", shape)
    assert found.outcome.status is Status.PROVED
    assert not any("right all the same" in a for a in found.best.assumptions)


def test_every_term_may_be_wrong_in_the_same_way() -> None:
    shape = SHAPES[0]
    wrong = " + ".join(f"W_{{2,{j}}} x_{j}" for j in range(1, 5))
    found = judged(f"s_1 = {wrong} + b_2", shape)
    assert found.outcome.status is Status.REFUTED
    assert found.best.suggestion is not None
    assert "b_1" in found.best.suggestion.latex
    assert "_{2," not in found.best.suggestion.latex


def test_dots_stand_for_terms_like_those_that_are_shown() -> None:
    shape = SHAPES[0]
    found = judged(r"s_1 = W_{1,1} x_1 + W_{1,2} x_2 + \dots", shape)
    assert found.outcome.status is Status.UNDECIDED
    assert "of a kind that is not shown" in found.outcome.message
    found = judged(r"s_1 = b_1 + W_{1,1} x_1 + W_{1,2} x_2 + \dots", shape)
    assert found.outcome.status is Status.PROVED
