r"""Formulas that lost the beginnings of commands: a tab for ``\t``, a line end for ``\n``."""

from __future__ import annotations

import pytest

from derive.reading.document import document_from_text
from tests.verify.claims import context, judged, sheet
from verify.claims import Claim, Piece
from verify.extract import extract
from verify.formulas import Kind
from verify.judge import judge_document
from verify.lost_commands import with_lost_commands
from verify.verdict import Place, Status

PARABOLA = sheet("---\nloss: J\n---\n$$ J = (w - 1)^2 $$")
RATE = context(r"scalars: ['\eta']")


@pytest.mark.parametrize(
    "display",
    [
        "\theta_{t+1} = \\theta_t - \\eta \nabla J(\\theta_t)",
        " heta_{t+1} = \\theta_t - \\eta \\nabla J(\\theta_t)",
        "\\theta_{t+1} = \\theta_t - \\eta abla J(\\theta_t)",
    ],
)
def test_what_was_lost_is_put_back_and_said(display: str) -> None:
    (found,) = judge_document(document_from_text(f"$${display}$$"), PARABOLA, RATE).claims
    assert found.status is Status.PROVED
    assert any("is read as" in note for note in found.assumptions)


@pytest.mark.parametrize(
    "display",
    [
        r"rac{dJ}{dw} = 2 (w - 1)",
        r"\frac{partial J}{partial w} = rac{4 (w - 1)}{2}",
    ],
)
def test_commands_before_a_letter_are_put_back_too(display: str) -> None:
    claims = judge_document(document_from_text(f"$${display}$$"), PARABOLA, RATE).claims
    assert claims[-1].status is Status.PROVED
    assert any("is read as" in note for note in claims[0].assumptions)


def test_words_stay_words() -> None:
    deck = r"$$\frac{dJ}{dw} = 2 (w - 1) \text{ (partial sums)}$$"
    (found,) = judge_document(document_from_text(deck), PARABOLA, RATE).claims
    assert not any("is read as" in note for note in found.assumptions)


def test_a_slip_is_told_at_its_place_all_the_same() -> None:
    deck = "$$\theta_{t+1} = \\theta_t + \\eta abla J(\\theta_t)$$"
    (found,) = judge_document(document_from_text(deck), PARABOLA, RATE).claims
    assert found.status is Status.REFUTED
    assert found.suggestion is not None
    assert r"\nabla" in found.suggestion.latex


def test_places_behind_what_was_put_back_are_those_of_the_deck() -> None:
    text = "x + heta y"
    (claim,) = extract(document_from_text(f"$${text} = abla z + q$$")).claims
    for symbol in "xyzq":
        at = claim.offset(claim.text.index(symbol))
        assert at is not None
        assert f"$${text} = abla z + q$$"[at] == symbol


def test_letters_that_could_be_letters_stay() -> None:
    claim = Claim(Kind.EQUATION, "eta = 1", "eta = 1", (Place(1, 1, 1, 8),), (Piece(0, 0, 7),))
    assert with_lost_commands(claim) is claim


def test_a_row_that_begins_with_a_tab_within_a_display_is_no_table() -> None:
    deck = "$$\theta = 1 - \\eta\n x$$\n\nMomentum\n\n$$v = 1$$\n"
    kinds = [s.kind for s in document_from_text(deck).segments if s.kind != "prose"]
    assert kinds == ["display", "display"]


def test_a_pair_of_whole_numbers_behind_an_index_is_a_list() -> None:
    front = "---\ntypes: {R: tensor 9 9}\n---\n"
    pairs = sheet(front + r"$$ M(i, j) = R(2i, 2j), \quad i,j=1,2 $$")
    assert [str(hi) for _, hi in pairs.tensors["M"].ranges] == ["2", "2"]


def test_a_decimal_comma_behind_an_argument_is_none() -> None:
    found = judged(PARABOLA, [r"f(x) = x^2, \quad x = 1,2"])
    assert any("1,2" in v.latex for v in found)
