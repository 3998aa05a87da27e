"""Printing and reading are inverse to each other."""

from pathlib import Path

import pytest
from hypothesis import given

from derive.errors import Problem
from derive.reading.document import read_document
from derive.reading.parse import parse
from derive.reading.printing import to_latex
from derive.reading.surface import Sequence
from tests.derive.reading.formulas import ALL
from tests.derive.reading.trees import formulas

DECKS = sorted((Path(__file__).parents[4] / "shared" / "seeds").glob("*.txt"))


@given(formulas)
def test_a_printed_tree_reads_as_itself(tree: Sequence) -> None:
    assert parse(to_latex(tree)) == tree


@pytest.mark.parametrize("latex", ALL)
def test_a_printed_formula_reads_as_the_formula(latex: str) -> None:
    tree = parse(latex)
    assert parse(to_latex(tree)) == tree


@pytest.mark.parametrize("latex", ALL)
def test_printing_twice_changes_nothing(latex: str) -> None:
    once = to_latex(parse(latex))
    assert to_latex(parse(once)) == once


@pytest.mark.parametrize(
    ("latex", "printed"),
    [
        (r"\frac12 (a+b)", r"\frac{1}{2} (a + b)"),
        (r"k^2_{p,q}", r"k_{p, q}^{2}"),
        (r"\sum_{u=0}^1 C(2i-u)", r"\sum_{u = 0}^{1} C(2 i - u)"),
        (r"a \odot W^Tb", r"a \odot W^{T} b"),
        (r"\Delta f = W^T \times y", r"\Delta f = W^{T} \times y"),
        (r"x = 1, \quad i, j = 1,2,\dots,4", r"x = 1, \quad i, j = 1, 2, \dots, 4"),
        (r"{a+b} c", r"{a + b} c"),
        (r"x {(a)}", r"x {(a)}"),
        (r"dW = x^T dZ", r"d W = x^{T} d Z"),
        (r"\frac{dy}{dx}", r"\frac{d y}{d x}"),
        (r"f(x)(1-f(x))", r"f(x) (1 - f(x))"),
    ],
)
def test_printed_formulas_look_as_one_would_write_them(latex: str, printed: str) -> None:
    assert to_latex(parse(latex)) == printed


@pytest.mark.long
@pytest.mark.skipif(not DECKS, reason="the decks of ../shared/seeds are not here")
@pytest.mark.parametrize("deck", DECKS, ids=lambda path: path.name[:3])
def test_formulas_of_the_decks_survive_printing(deck: Path) -> None:
    refused = 0
    for latex in {segment.text for segment in read_document(deck).formulas()}:
        try:
            tree = parse(latex)
        except Problem:
            refused += 1
            continue
        assert parse(to_latex(tree)) == tree
    assert refused <= 3
