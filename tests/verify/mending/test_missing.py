r"""What a formula lacks, or has for something else, is found by numbers and put in its place."""

from __future__ import annotations

import pytest

from tests.verify.mending.test_repair import repaired
from tests.verify.sheets import bench, marks
from verify.mending.hole import HOLE
from verify.mending.repair import other_sizes
from verify.mending.screen import Screen
from verify.setting import Convention, Setting

LACKS = {
    # a factor, in index and in matrix notation
    r"\bar{M}(i,j) = \bar{s}(i)": r"\bar{M}(i,j) = \bar{s}(i) h(j)",
    r"\bar{M} = \bar{s}": r"\bar{M} = \bar{s} h^T",
    r"\bar{g}_r(u,v) = \sum_{i=1}^{2n} \sum_{j=1}^{2n} \bar{A}_{r,\phi}(i,j)": (
        r"\bar{g}_r(u,v) = \sum_{i=1}^{2n} \sum_{j=1}^{2n} \bar{A}_{r,\phi}(i,j) X(i - u, j - v)"
    ),
    # a sum, a term
    r"\bar{c}_r = \sum_{i=1}^{2n} \bar{A}_{r,\phi}(i,j)": (
        r"\bar{c}_r = \sum_{j=1}^{2n} \sum_{i=1}^{2n} \bar{A}_{r,\phi}(i,j)"
    ),
    r"s(i) = \sum_{j=1}^{R n^2} M(i, j)\, h(j)": (
        r"s(i) = \sum_{j=1}^{R n^2} M(i, j)\, h(j) + B(i)"
    ),
    # another symbol
    r"\bar{M}(i,j) = \bar{o}(i)\, h(j)": r"\bar{M}(i,j) = \bar{s}(i)\, h(j)",
    r"\bar{h} = M^T \times \bar{o}": r"\bar{h} = M^T \times \bar{s}",
    # a sign in an exponent
    r"o(i) = \frac{1}{1 + e^{s(i)}}": r"o(i) = \frac{1}{1 + e^{-s(i)}}",
}


@pytest.mark.parametrize("text", LACKS)
def test_what_is_missing_is_put_in_its_place(text: str) -> None:
    suggestion = repaired(text)
    assert suggestion is not None
    assert suggestion.latex == LACKS[text]


@pytest.mark.parametrize(
    ("text", "edit"),
    [
        (r"\bar{M}(i,j) = \bar{s}(i)", "the factor h(j) is missing"),
        (r"\bar{M}(i,j) = \bar{s}(i)\, h(j + 1)", "the index j + 1 should be j"),
        (r"\bar{M}(i,j) = \bar{o}(i)\, h(j)", r"\bar{o}(i) should be \bar{s}(i)"),
        (r"\bar{g}_r = X * \bar{A}_{r,\phi}", "X is to be rotated by 180 degrees"),
    ],
)
def test_the_edit_is_said_in_words(text: str, edit: str) -> None:
    suggestion = repaired(text)
    assert suggestion is not None
    assert suggestion.edit == edit


def screen(text: str) -> Screen:
    return Screen(text, Setting(bench(), marks()), Convention())


@pytest.mark.long
def test_a_hole_is_filled_by_what_stood_there_and_by_nothing_else() -> None:
    here = screen(r"\bar{M}(i,j) = \bar{s}(i)\, h(j)")
    holed = rf"\bar{{M}}(i,j) = \bar{{s}}(i)\, {HOLE}"
    assert here.fits(holed, "h(j)")
    assert here.fits(holed, "1 h(j)")
    for other in ("h(j + 1)", "h(i)", "s(j)", "2 h(j)", "h(j) + 1", "Q", "h", r"\frac{"):
        assert not here.fits(holed, other)


def test_a_hole_inside_a_function_is_filled_too() -> None:
    here = screen(r"o(i) = \phi(s(i))")
    assert here.fits(rf"o(i) = \phi({HOLE})", "s(i)")
    assert not here.fits(rf"o(i) = \phi({HOLE})", "o(i)")


def test_an_array_fills_a_hole_of_its_shape() -> None:
    here = screen(r"\bar{h} = M^T \times \bar{s}")
    assert here.fits(rf"\bar{{h}} = {HOLE} \times \bar{{s}}", "M^T")
    assert not here.fits(rf"\bar{{h}} = {HOLE} \times \bar{{s}}", "M")


def test_the_other_sizes_differ_in_every_size() -> None:
    other = other_sizes(bench())
    assert other is not None
    for size, value in bench().model.sizes.items():
        assert other.model.sizes[size] != value
