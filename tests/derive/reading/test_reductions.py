"""The loop over Lark's tables gives what Lark's own gives, and nothing where that complains."""

from __future__ import annotations

import pytest
from lark.exceptions import UnexpectedToken

from derive.reading.brackets import pair
from derive.reading.parse import _parser
from derive.reading.reductions import Reductions
from derive.reading.roles import assign
from derive.reading.scan import scan
from derive.reading.surface import walk
from derive.reading.tokens import Word


def _words(latex: str) -> list[Word]:
    return assign(pair(scan(latex)))


@pytest.mark.parametrize(
    "latex",
    [
        r"a = b + c \cdot d / e",
        r"C(i, j) = f\left(\sum_{u=-1}^{1} k_u x(i + u, j)\right), \quad i, j = 1, \dots, n",
        r"\begin{bmatrix} \frac{\partial L}{\partial w_{11}} & \dots \\ 0 & -x^2 \end{bmatrix}^T",
        r"f(x) = \begin{cases} x & x > 0 \\ 0 & \text{otherwise} \end{cases}",
        r"\Delta W \leftarrow -\log \hat{y}'",
    ],
)
def test_the_tree_and_its_places_are_those_that_lark_makes(latex: str) -> None:
    words = _words(latex)
    mine, theirs = Reductions(_parser()).parse(words), _parser().parse(words)
    assert mine == theirs
    assert [n.span for n in walk(mine)] == [n.span for n in walk(theirs)]


@pytest.mark.parametrize("latex", ["a = * b", "a +", r"\frac{a} = b"])
def test_what_lark_cannot_read_is_nothing(latex: str) -> None:
    words = _words(latex)
    with pytest.raises(UnexpectedToken):
        _parser().parse(words)
    assert Reductions(_parser()).parse(words) is None
