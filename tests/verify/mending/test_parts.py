r"""What is made of two parts, or lost behind a mark, comes back; and a search ends when it may."""

from __future__ import annotations

import pytest

from tests.corpus.judging import verdict
from tests.verify.sheets import bench, marks
from verify.clock import Clock
from verify.mending.arrays import Arrays
from verify.mending.effort import Effort
from verify.mending.missing import Missing
from verify.mending.pairs import DIFFERENCE, PRODUCT, written
from verify.mending.repair import MORE, repair
from verify.mending.screen import Screen
from verify.mending.terms import Slot
from verify.readings import judge_readings
from verify.setting import Convention, Setting

PARTS = {
    # the symbol behind the mark of a gradient
    ("dense_batch", r"dX = d W^T"): r"dX = dY W^T",
    ("dense_batch", r"db_m = \sum_{n=1}^{N} d"): r"db_m = \sum_{n=1}^{N} dY_{nm}",
    # a product of two under a sum, one less something, a half of something, a difference of arrays
    (
        "cross_entropy_binary",
        r"\frac{\partial J}{\partial V_{jh}} = \frac{1}{m} \sum_{i=1}^{m} (\hat{y}_i - y_i) x_{ij}",
    ): (
        r"\frac{\partial J}{\partial V_{jh}} = \frac{1}{m} \sum_{i=1}^{m} (\hat{y}_i - y_i) x_{ij} "
        r"w_h (1 - a_{ih}^2)"
    ),
    ("rms_normalisation", r"\frac{\partial r}{\partial a_i} = a_i"): (
        r"\frac{\partial r}{\partial a_i} = a_i \frac{1}{r} \frac{1}{n}"
    ),
    ("softmax_layer", r"dS = \frac{1}{N}"): r"dS = \frac{1}{N} (P - Y)",
}


@pytest.mark.long
@pytest.mark.parametrize(("topic", "text"), PARTS)
def test_a_factor_of_several_parts_is_found(topic: str, text: str) -> None:
    suggestion = verdict(topic, text).suggestion
    assert suggestion is not None
    assert suggestion.latex == PARTS[topic, text]


def test_two_things_are_written_as_one_factor() -> None:
    assert written(PRODUCT, "x_{ij}", "x_{ij}") == "x_{ij}^2"
    assert written(PRODUCT, "x^2", "x^2") == "x^2 x^2"
    assert written(PRODUCT, "x_i", "y_i") == "x_i y_i"
    assert written(DIFFERENCE, "y", "t") == "(y - t)"


def test_a_search_ends_soon_after_a_formula_is_right_at_these_sizes() -> None:
    text = r"\bar{A}_r(i,j) = -\frac{1}{4} \bar{P}_r(\lceil i/2 \rceil, \lceil j/2 \rceil)"
    setting = Setting(bench(), marks())
    judged = judge_readings(text, setting, Clock(20.0))
    found = repair(text, setting, judged.best, Clock(20.0))
    assert found.suggestion is not None
    assert found.tried <= 10 * MORE


def test_arrays_are_tried_where_their_lengths_fit() -> None:
    screen = Screen(r"\bar{h} = M^T \times \bar{o}", Setting(bench(), marks()), Convention())
    arrays: Arrays = Missing(screen, Effort()).known_arrays
    (place,) = (s for s in arrays.there if screen.text[s.start : s.end] == r"\bar{o}")
    fitting = [*arrays.fitting(Slot(place), place)]
    assert r"\bar{s}" in fitting
    assert r"\bar{M}" not in fitting
