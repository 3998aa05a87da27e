r"""What an edit leaves wrong is known before it is looked at; what could mend a formula is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from derive.reading.parse import parse
from derive.reading.surface import Span
from tests.verify.mending.test_repair import repaired
from tests.verify.sheets import bench, marks
from verify.judge import judge_text
from verify.mending.edit import Edit
from verify.mending.edits import edits
from verify.mending.lost import inside
from verify.mending.screen import Screen
from verify.setting import Convention, Setting

UNBOUND = r"\bar{c}_r = \bar{A}_{r,\phi}(i,1) + \bar{A}_{r,\phi}(i,2)"
"""The letter i runs nowhere, in two terms."""
OUTSIDE = r"P_r(9, 1) = A_r(1, 1)"


def screen(text: str) -> Screen:
    return Screen(text, Setting(bench(), marks()), Convention())


spans = st.tuples(st.integers(0, 20), st.integers(0, 20)).map(lambda p: Span(min(p), max(p)))


@given(spans, spans)
def test_what_is_put_at_the_end_of_a_place_is_not_inside(place: Span, span: Span) -> None:
    if inside(span, [place]):
        assert place.start <= span.start <= span.end <= place.end
    if span.start == span.end:
        assert not inside(Span(place.start, place.start), [place])


def test_a_letter_that_nothing_binds_has_to_go_from_every_term() -> None:
    found = screen(UNBOUND).lost
    first = UNBOUND.index("(i,1)") + 1
    assert found.letter == "i"
    assert found.is_sure(Edit(Span(first, first + 1), "1", "", 1), UNBOUND)
    assert not found.at(Span(UNBOUND.index("=") + 1, len(UNBOUND)))


def test_a_sum_over_all_terms_may_bind_it() -> None:
    side = UNBOUND.index(r"\bar{A}")
    whole = rf"\sum_{{i=1}}^{{4}} \left( {UNBOUND[side:]} \right)"
    assert not screen(UNBOUND).lost.is_sure(Edit(Span(side, len(UNBOUND)), whole, "", 1), UNBOUND)


def test_nothing_mends_a_left_side_that_is_not_there() -> None:
    assert screen(OUTSIDE).hopeless
    assert not screen(r"P_r(1, 1) = A_r(1, 1)").hopeless


def test_every_one_of_two_wrong_functions_has_to_be_reached() -> None:
    text = r"o(i) = \phi(s(i), 1) + \phi(s(i), 2)"
    found = screen(text).lost
    for edit in edits(text, parse(text)):
        if edit.span.end < text.index("+"):
            assert found.is_sure(edit, text)


@pytest.mark.parametrize(
    ("text", "right"),
    [
        (r"\bar{M}(i,j) = \bar{s}(i)\, h(k)", r"\bar{M}(i,j) = \bar{s}(i)\, h(j)"),
        (
            r"\bar{c}_r = \sum_{i=1}^{4} \sum_{k=1}^{4} \bar{A}_{r,\phi}(i,j)",
            r"\bar{c}_r = \sum_{i=1}^{4} \sum_{k=1}^{4} \bar{A}_{r,\phi}(i,k)",
        ),
    ],
)
def test_an_edit_that_is_right_is_never_lost(text: str, right: str) -> None:
    found = repaired(text)
    assert found is not None
    assert "".join(found.latex.split()) == "".join(right.split())


def test_no_number_makes_some_cells_of_an_array_right_and_leaves_the_others() -> None:
    text = r"\bar{M} = \bar{s} h^T + B h^T"
    holed = r"\bar{M} = \Xi (\bar{s} h^T + B h^T)"
    assert not screen(text).takes_number(holed)
    assert screen(r"\bar{M} = 3 \bar{s} h^T").takes_number(r"\bar{M} = \Xi \bar{s} h^T")


@pytest.mark.long
def test_a_sum_too_many_over_windows_is_taken_away() -> None:
    right = r"\Delta S_p^1 = \sum_{q=1}^{12} \Delta C_{q,\sigma}^2 * k_{p,q,rot180}^2"
    (found,) = judge_text(right.replace("= ", r"= \sum_{p} "), "zhang", "zhang").claims
    assert found.suggestion is not None
    assert found.suggestion.latex == right


@pytest.mark.long
def test_a_window_beyond_the_end_is_read_where_it_counts_only() -> None:
    text = r"\Delta S_p^1 = \sum_{q=1}^{12} \Delta C_{q,\sigma}^1 * k_{p,q,rot180}^2"
    (found,) = judge_text(text, "zhang", "zhang").claims
    suggestion = found.suggestion
    assert suggestion is not None
    assert suggestion.words == "upper index 1 should be 2"
