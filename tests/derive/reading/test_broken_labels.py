r"""Labels that fell apart are put together where one reading is possible."""

from __future__ import annotations

import pytest

from derive.reading.broken_labels import LOST
from derive.reading.document import document_from_text
from derive.reading.labelled import Labelled, Unlabelled, labelled

NUMBERS = "\n\n0.5\n\n0.25\n"


def only(text: str) -> Labelled | Unlabelled:
    (found,) = labelled(document_from_text(text))
    return found


@pytest.mark.parametrize(
    ("label", "whole"),
    [
        (r" ∂E $\overline{\partial h}$", r"\frac{\partial E}{\partial h}"),
        (r"$\partial h$ $\overline{\partial r_1}$", r"\frac{\partial h}{\partial r_1}"),
    ],
)
def test_a_bar_below_and_above_a_differential_is_that_of_a_fraction(label: str, whole: str) -> None:
    found = only(label + NUMBERS)
    assert isinstance(found, Labelled)
    assert found.label[0] == whole
    assert found.note == f"the label is read as {whole}"


def test_a_bar_without_what_was_above_it_labels_nothing() -> None:
    found = only(r"$\overline{\partial h}$" + NUMBERS)
    assert isinstance(found, Unlabelled)
    assert found.reason == LOST


def test_a_mean_is_no_fraction() -> None:
    found = only(r"$\overline{h}$" + NUMBERS)
    assert isinstance(found, Labelled)
    assert (found.label[0], found.note) == (r"\overline{h}", "")


@pytest.mark.parametrize("head", ["$w$\t(2)", "$w^{(}$\t(2)", "$w^($\t(2)"])
def test_a_script_in_the_next_cell_belongs_to_the_symbol(head: str) -> None:
    found = only(f"{head}\n0.5\t0.25\n1\t2\n")
    assert isinstance(found, Labelled)
    assert found.label[0] == "w^{(2)}"
    assert [[t for t, _ in row] for row in found.rows] == [["0.5", "0.25"], ["1", "2"]]
