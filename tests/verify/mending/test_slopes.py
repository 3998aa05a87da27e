r"""A slope that stands twice is taken away once, with the product signs around it."""

from __future__ import annotations

import pytest

from derive.reading.parse import parse
from tests.verify.mending.test_repair import repaired
from verify.mending.slopes import slopes_too_many


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        (r"d = e \odot a \odot (1 - a)", {r"d = e"}),
        (r"d = a (1 - a) e", {r"d = e"}),
        (r"d = (1 - a) \cdot a \cdot e", {r"d = e"}),
        (r"d(i) = e(i)\, a(i) (1 - a(i))\, x(i)", {r"d(i) = e(i) \, x(i)"}),
        (r"d = a_1 (1 - a_2)", set()),
        (r"d = a (2 - a)", set()),
    ],
)
def test_what_is_left_is_the_formula_without_it(text: str, mended: set[str]) -> None:
    assert {e.apply(text) for e in slopes_too_many(text, parse(text))} == mended


@pytest.mark.parametrize(
    ("text", "edit"),
    [
        (
            r"\bar{M}(i,j) = \bar{s}(i)\, h(j)\, o(i) (1 - o(i))",
            "the slope o(i) (1 - o(i)) is too many",
        ),
        (
            r"s(i) = \sum_{j=1}^{R n^2} M(i, j)\, h (1 - h)(j) + B(i)",
            "the factor 1 - h is too many",
        ),
    ],
)
def test_it_is_found_and_named(text: str, edit: str) -> None:
    suggestion = repaired(text)
    assert suggestion is not None
    assert suggestion.edit == edit
