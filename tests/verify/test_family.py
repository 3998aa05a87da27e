"""Several sheets of one system: a claim is judged by the one that its notation fits."""

from __future__ import annotations

from pathlib import Path

import pytest

from derive.errors import Problem
from verify.judge import judge_deck
from verify.verdict import ACCEPTED, Status, Verdict

LAYER = r"""---
inputs: [x]
sizes: {n: 3, m: 4}
variants: [net.batch.md, net.coarse.md]
announced: ['step 1']
---
$$ y_i = \sum_{j=1}^{m} w_{ij} x_j, \quad i = 1, \dots, n $$
$$ h_i = y_i^2 $$
"""
BATCH = r"""---
inputs: [x]
sizes: {n: 3, m: 4, N: 2}
---
$$ y_i(t) = \sum_{j=1}^{m} w_{ij} x_j(t), \quad i = 1, \dots, n, \quad t = 1, \dots, N $$
$$ E = \sum_{t=1}^{N} \sum_{i=1}^{n} y_i(t)^2 $$
"""
COARSE = r"""---
inputs: [x]
sizes: {n: 3}
announced: ['step 2']
---
$$ y_i = x_{2i} + x_{2i-1}, \quad i = 1, \dots, n $$
"""


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    """Three sheets of a family beside each other; the first one's path."""
    for name, text in (("net", LAYER), ("net.batch", BATCH), ("net.coarse", COARSE)):
        (tmp_path / f"{name}.md").write_text(text)
    return tmp_path / "net.md"


def judged(sheet: Path, text: str, context: str = "") -> tuple[Verdict, ...]:
    deck = sheet.parent / "deck.txt"
    deck.write_text(text)
    declared = None
    if context:
        declared = sheet.parent / "deck.context.md"
        declared.write_text(context)
    return judge_deck(deck, sheet, declared).claims


def test_symbols_choose_the_sheet(sheet: Path) -> None:
    text = r"$$ h_i = (\sum_j w_{ij} x_j)^2 $$ and $$ y_i(t) = \sum_j w_{ij} x_j(t) $$"
    first, second = judged(sheet, text)
    assert first.status is second.status is Status.PROVED
    assert first.assumptions == ("j runs over 1..4",)
    assert "read as in: net.batch" in second.assumptions


def test_what_is_wrong_where_its_symbols_are_known_stays_wrong(sheet: Path) -> None:
    wrong, other = judged(
        sheet,
        r"$$ h_i = y_i $$ and $$ E = \sum_{t=1}^{2} \sum_{i=1}^{3} y_i(t) $$",
    )
    assert wrong.status is other.status is Status.REFUTED


def test_words_announce_a_sheet_up_to_the_next_words(sheet: Path) -> None:
    claim = r"$$ y_i = x_{2i} + x_{2i-1} $$"
    verdicts = judged(sheet, f"{claim}\n\nWith Step 2\n\n{claim}\n\nwith step 1:\n\n{claim}\n")
    assert [(v.places[0].line, v.status in ACCEPTED) for v in verdicts] == [(1, False), (5, True)]
    assert [p.line for p in verdicts[0].places] == [1, 9]


def test_longer_words_announce_nothing(sheet: Path) -> None:
    (verdict,) = judged(sheet, "Step 2.5, misstep 2, step 21\n\n$$ h_i = y_i^2 $$")
    assert verdict.status is Status.PROVED


def test_a_symbol_that_no_sheet_has_is_told_by_the_first(sheet: Path) -> None:
    (verdict,) = judged(sheet, "$$ h_i = q_i^2 $$")
    assert verdict.status is Status.UNDECIDED
    assert "q" in verdict.message
    assert not verdict.assumptions


def test_a_context_may_speak_of_any_sheet(sheet: Path) -> None:
    context = "---\nmeanings: {'Y_i(t)': 'y_i(t)', 'a_i': 'h_i'}\n---\n"
    verdicts = judged(
        sheet, r"$$ a_i = y_i^2 $$ $$ E = \sum_{t=1}^2 \sum_{i=1}^3 Y_i(t)^2 $$", context
    )
    assert [v.status for v in verdicts] == [Status.PROVED] * 2


def test_what_suits_no_sheet_is_told(sheet: Path) -> None:
    with pytest.raises(Problem, match="cannot mean"):
        judged(sheet, "$$ h_i = y_i^2 $$", "---\nmeanings: {'a_i': 'q_i'}\n---\n")


def test_a_variant_that_is_missing_is_named(sheet: Path) -> None:
    (sheet.parent / "net.coarse.md").unlink()
    with pytest.raises(Problem, match=r"net\.coarse"):
        judged(sheet, "$$ h_i = y_i^2 $$")


def test_a_symbol_that_fits_under_no_label_is_sought_in_the_other_sheets(tmp_path: Path) -> None:
    first = (
        "---\ninputs: [u^1, u^2]\nsizes: {n: 3, m: 4}\nvariants: [two.signal.md]\n---\n"
        r"$$ p_i = \sum_{j=1}^{m} u_i^1 u_j^2, \quad i = 1, \dots, n $$"
    )
    signal = (
        "---\ninputs: [u, v]\nsizes: {T: 5}\noperators: {'*': full convolution}\n---\n"
        r"$$ r(t) = \sum_{a=1}^{T} u(a) v(t - a), \quad t = 2, \dots, 2 T, \quad a = 1, \dots, T $$"
    )
    (tmp_path / "two.md").write_text(first)
    (tmp_path / "two.signal.md").write_text(signal)
    (verdict,) = judged(tmp_path / "two.md", r"$$ r(t) = \sum_{a=1}^{5} v(t - a) u(a) $$")
    assert "signal" in " ".join(verdict.assumptions), verdict.message


@pytest.mark.parametrize(("sign", "status"), [("-", Status.PROVED), ("+", Status.REFUTED)])
def test_a_velocity_that_another_sheet_defined_is_followed(
    sheet: Path, sign: str, status: Status
) -> None:
    deck = rf"""
$$ v^{{new}} = \mu v^{{old}} + \eta \frac{{\partial E}}{{\partial w}} $$

$$ w_{{new}} = w_{{old}} {sign} v^{{new}} $$
"""
    assert [v.status for v in judged(sheet, deck)] == [Status.DEFINITION, status]
