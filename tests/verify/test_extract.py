"""Every delimiter of a deck is a claim or is skipped with a reason, at the place that is named."""

from __future__ import annotations

import pytest

from derive.errors import Unreadable
from derive.reading.document import document_from_text
from verify.extract import Extract, extract
from verify.formulas import HIDDEN, Kind
from verify.verdict import Place, Status, Verdict, united


def found(text: str) -> Extract:
    return extract(document_from_text(text))


def texts(text: str) -> list[str]:
    return [claim.text for claim in found(text).claims]


def at(text: str, line: int, column: int, end_line: int, end_column: int) -> str:
    """What stands at a place of the text."""
    lines = text.split("\n")[line - 1 : end_line]
    lines[-1] = lines[-1][: end_column - 1]
    lines[0] = lines[0][column - 1 :]
    return "\n".join(lines)


DECK = r"""# A deck

The sum $s = a + b$ and the symbol $q$ alone; costs $5 and $6.

$$
g_r(u) = \frac{\partial J}{\partial w_r(u)}
$$

$$ = \sum_i d(i) x(i - u) $$

$$ \begin{aligned} A &= B \\ \Rightarrow C &= D \end{aligned}, \quad i = 1, \dots, n $$

Here $v(i) = x(i)$,   $i = 1, 2, \dots, 7$, and $K$ (size $3 \times 4$).
"""


def test_the_text_of_a_claim_stands_at_its_place() -> None:
    for claim in found(DECK).claims:
        (place,) = claim.places
        here = at(DECK, place.line, place.column, place.end_line, place.end_column)
        assert here == claim.latex


def test_every_delimiter_is_accounted_for() -> None:
    document = document_from_text(DECK)
    result = extract(document)
    places = [p for c in result.claims for p in c.places]
    for segment in document.formulas():
        line, column = document.position(segment.start)
        end_line, end = document.position(segment.end)
        inside = [p for p in places if (line, column) <= (p.line, p.column) <= (end_line, end)]
        start = document.position(segment.outer_start)
        skipped = [s for s in result.skipped if start <= (s.line, s.column) <= (end_line, end)]
        sized = [
            p for p in places if (p.line, p.column) < (line, column) <= (p.end_line, p.end_column)
        ]
        assert inside or skipped or sized, segment.text


def test_implications_separate_claims_and_ranges_belong_to_each() -> None:
    deck = r"$$ a = b \Rightarrow c = d, \quad i = 1, \dots, n $$"
    assert texts(deck) == [
        r"a = b, \quad i = 1, \dots, n",
        r"c = d, \quad i = 1, \dots, n",
    ]


def test_a_line_that_begins_with_an_equals_sign_gets_the_head_of_the_chain() -> None:
    deck = "$$ y(i) = a $$\n\n$$ = b $$\n\n$$ = c $$"
    assert texts(deck) == ["y(i) = a", "y(i) = b", "y(i) = c"]
    assert [c.latex for c in found(deck).claims] == ["y(i) = a", "= b", "= c"]


def test_a_continuation_of_nothing_is_unreadable() -> None:
    (claim,) = found("$$ = b $$").claims
    assert claim.error is not None
    assert "left side" in claim.error.expected


def test_a_chain_is_one_claim() -> None:
    assert texts("$$ a = b = c $$") == ["a = b = c"]


def test_a_range_on_its_own_joins_the_formula_before_it_on_the_line() -> None:
    deck = r"Then $x(i) = y(i)$ for $i = 1, \dots, 3$."
    assert texts(deck) == [r"x(i) = y(i), \quad i = 1, \dots, 3"]
    assert len(found(deck).skipped) == 1


def test_a_range_before_a_display_joins_it() -> None:
    deck = "For $i = 1, \\dots, 3$:\n\n$$ x(i) = y(i) $$"
    assert texts(deck) == [r"x(i) = y(i), \quad i = 1, \dots, 3"]


def test_repetitions_are_one_claim_with_several_places() -> None:
    (claim,) = found("$a = b$ and\n$a=b$ and\n\n$$ a \n = b $$").claims
    assert [(p.line, p.column) for p in claim.places] == [(1, 2), (2, 2), (4, 4)]


def test_sizes_in_prose_and_in_a_formula_are_claims() -> None:
    deck = r"kernels $k_p$ (size $5 \times 5$) and $$ W \text{ (size } 3 \times 4) $$"
    assert [c.kind for c in found(deck).claims] == [Kind.SIZE, Kind.SIZE]


def test_updates_and_distributions_are_told_from_equations() -> None:
    kinds = [c.kind for c in found(r"$w \leftarrow w - g$, $w \sim U(-1, 1)$, $w = g$").claims]
    assert kinds == [Kind.UPDATE, Kind.DISTRIBUTION, Kind.EQUATION]


def test_lone_symbols_numbers_and_signs_assert_nothing() -> None:
    result = found(
        r"$x$, $S_p^1$, $64$, $3 \times 4$, $\lceil \cdot \rceil$, $=$, $\rightarrow$, $ $"
    )
    assert result.claims == ()
    assert len(result.skipped) == 8
    assert all(s.reason for s in result.skipped)


def test_an_equation_that_goes_on_in_words_asserts_nothing_that_can_be_judged() -> None:
    (skipped,) = found(r"$2 \times 3 = 6 \text{ million weights}$").skipped
    assert skipped.reason == "goes on in words"
    assert len(found(r"$2 \times 3 = 6 \text{ million}$").claims) == 1
    assert len(found(r"$a = b \text{ where } c = d$").claims) == 2


def test_a_table_without_a_label_is_skipped_with_the_reason() -> None:
    result = found("1\t2\n3\t4\n\n$x = y$\n\nyear\tname\n1998\tA\n2012\tB")
    assert [s.reason for s in result.skipped] == [
        "a table of numbers without a label",
        "a table with words: no quantity of a model is named",
    ]


def test_what_cannot_be_parsed_is_a_claim_with_its_error_and_loses_no_other() -> None:
    first, second = found(r"$\frac{a}{b$ and then $a = b$").claims
    assert first.error is not None
    assert second.error is None


def test_positions_in_a_made_up_text_lead_back_to_the_deck() -> None:
    deck = "$$ y(i) = a $$\n\n$$ = bad $$"
    claim = found(deck).claims[1]
    offset = claim.offset(claim.text.index("bad"))
    assert offset is not None
    assert deck[offset : offset + 3] == "bad"
    assert claim.offset(0) is None


@pytest.mark.parametrize(
    "hiding",
    [
        r"\begin{matrix} a \\ \text{= full correlation} \\ b \end{matrix} c",
        r"\underbrace{\sum_{k} \mathbf{z = 0.5}}_{k}",
    ],
)
def test_an_equation_within_an_expression_is_unreadable_and_not_passed_over(hiding: str) -> None:
    (claim,) = extract(document_from_text(f"$$ {hiding} $$")).claims
    assert isinstance(claim.error, Unreadable)
    assert HIDDEN in claim.error.message


@pytest.mark.parametrize("plain", [r"\sum_{k=1}^{3} z_k", r"x \text{ of } y", r"P(y = 1) + 1"])
def test_conditions_and_words_hide_no_equation(plain: str) -> None:
    assert not extract(document_from_text(f"$$ {plain} $$")).claims


def test_places_of_one_verdict_come_in_the_order_of_the_text() -> None:
    places = [Place(line, 1, line, 5) for line in (1, 9, 5)]
    same = [
        Verdict("c1", (places[0], places[1]), "a = b", Status.PROVED, ""),
        Verdict("c2", (places[2],), "a = b", Status.PROVED, ""),
    ]
    (verdict,) = united(same)
    assert [place.line for place in verdict.places] == [1, 5, 9]
