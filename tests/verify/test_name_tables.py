"""Tables of element names are checked for their layout."""

from __future__ import annotations

from derive.reading.document import document_from_text
from verify.extract import extract
from verify.name_tables import IN_TABLE, name_tables

TABLE = """
$P_{111}$\t$P_{121}$\t$P_{131}$
$P_{211}$\t$P_{221}$\t$P_{231}$
$P_{112}$\t$P_{122}$\t$P_{132}$
"""


def reasons(text: str) -> list[str]:
    return [s.reason for s in extract(document_from_text(text)).skipped]


def test_names_line_under_line_are_a_table() -> None:
    assert reasons(TABLE) == [IN_TABLE] * 9


def test_a_name_that_breaks_its_row_is_named() -> None:
    found = reasons(TABLE.replace("P_{221}", "P_{212}"))
    assert found.count(IN_TABLE) == 8
    assert any("P_{221} would stand there" in r for r in found)


def test_the_first_of_a_row_may_be_the_odd_one() -> None:
    found = reasons(TABLE.replace("$P_{211}$", "$P_{221}$", 1))
    assert any("P_{211} would stand there" in r for r in found)


def test_names_in_a_sentence_are_no_table() -> None:
    text = "Let $a_1$ and $a_2$ be given.\n\nWith $b_1$ they make $b_2$."
    assert name_tables(document_from_text(text)) == {}


def test_a_single_row_is_no_table() -> None:
    assert name_tables(document_from_text("$x_1$ $x_2$ $x_3$")) == {}
