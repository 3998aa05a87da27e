r"""Conditions in prose: "For $i \ne j$, …" and "… if $x > 0$" belong to the formula beside them."""

from __future__ import annotations

import pytest

from derive.reading.document import document_from_text
from verify.extract import extract
from verify.prose_conditions import ALONE


def texts(deck: str) -> list[str]:
    """The claims of a deck, each with what was joined to it."""
    return [claim.text for claim in extract(document_from_text(deck)).claims]


UNEQUAL, EQUAL = r"i \ne j", "i = j"
FIRST, SECOND = r"a_{ij} = p_i q_j", r"a_{ij} = p_i (1 - q_j)"


@pytest.mark.parametrize(
    "deck",
    [
        f"For ${UNEQUAL}$: ${FIRST}$.",
        f"For ${UNEQUAL}$ we get ${FIRST}$.",
        f"If ${UNEQUAL}$, then\n\n$$ {FIRST} $$\n",
        f"So ${FIRST}$ for ${UNEQUAL}$.",
        f"So ${FIRST}$ (${UNEQUAL}$).",
        f"$$ {FIRST} $$\n\nfor all ${UNEQUAL}$.",
        f"Temos ${FIRST}$ quando ${UNEQUAL}$.",
        f"Also gilt ${FIRST}$, falls ${UNEQUAL}$.",
    ],
)
def test_a_condition_joins_its_formula(deck: str) -> None:
    assert texts(deck) == [rf"{FIRST}, \quad {UNEQUAL}"]


@pytest.mark.parametrize(
    "deck",
    [
        f"${FIRST}$ if ${UNEQUAL}$ and ${SECOND}$ if ${EQUAL}$.",
        f"If ${UNEQUAL}$ then ${FIRST}$, if ${EQUAL}$ then ${SECOND}$.",
        f"For ${UNEQUAL}$ we have\n\n$$ {FIRST} $$\n\nand for ${EQUAL}$\n\n$$ {SECOND} $$\n",
        f"${FIRST}$ for ${UNEQUAL}$. For ${EQUAL}$ it is ${SECOND}$.",
    ],
)
def test_of_two_conditions_each_joins_its_own(deck: str) -> None:
    assert texts(deck) == [rf"{FIRST}, \quad {UNEQUAL}", rf"{SECOND}, \quad {EQUAL}"]


def test_two_conditions_may_open_one_sentence() -> None:
    assert texts(rf"For ${UNEQUAL}$ and $p_i > 0$ it is ${FIRST}$.") == [
        rf"{FIRST}, \quad {UNEQUAL}, \quad p_i > 0"
    ]


def test_a_condition_counts_for_what_has_its_letters() -> None:
    other = "b_i = p_i"
    assert texts(f"For ${UNEQUAL}$: ${FIRST}$ and ${other}$.")[1] == other


@pytest.mark.parametrize(
    "deck",
    [
        f"${FIRST}$. For ${UNEQUAL}$ nothing is said.",
        f"For ${UNEQUAL}$ nothing is said. But ${FIRST}$.",
        f"For ${UNEQUAL}$ nothing is said.\n\nBut ${FIRST}$.",
        f"${FIRST}$, which is why $p_i > 0$.",
    ],
)
def test_a_condition_ends_with_its_sentence(deck: str) -> None:
    assert FIRST in texts(deck)


def test_an_equation_is_a_condition_only_where_words_say_so() -> None:
    assert texts(f"${FIRST}$, ${EQUAL}$") == [FIRST, EQUAL]


def test_the_condition_itself_is_accounted_for() -> None:
    (skipped,) = extract(document_from_text(f"For ${UNEQUAL}$: ${FIRST}$.")).skipped
    assert (skipped.column, skipped.reason) == (5, ALONE)
