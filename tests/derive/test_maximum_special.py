"""Maxima of windows with infinities and NaN: one rule for the interpreter and for every target."""

from __future__ import annotations

import numpy as np
import pytest

from derive.arithmetic import Array
from derive.expr import TIES
from derive.run import run
from tests.derive.backward import backward
from tests.derive.emitted import module_of
from tests.derive.test_maximum import pooling
from tests.derive.test_numba_target import loops_of

SPECIAL = {
    "minus infinity": [[1.0, -np.inf], [-np.inf, -np.inf]],
    "nothing else": [[-np.inf, -np.inf], [-np.inf, -np.inf]],
    "infinity": [[1.0, np.inf], [-np.inf, np.inf]],
    "not a number": [[np.inf, 1.0], [np.nan, -np.inf]],
    "not two numbers": [[np.inf, np.nan], [2.0, np.nan]],
    "no number": [[np.nan, np.nan], [np.nan, np.nan]],
}


@pytest.mark.parametrize("tie", TIES)
@pytest.mark.parametrize("window", SPECIAL.values(), ids=SPECIAL)
def test_nan_is_the_greatest_and_minus_infinity_a_number(window: Array, tie: str) -> None:
    model, x = pooling(out=1, tie=tie), np.array(window)
    greatest = np.nan if np.isnan(x).any() else x.max()
    winners = np.isnan(x) if np.isnan(x).any() else x == greatest
    shares = {
        "first": np.arange(4).reshape(2, 2) == winners.argmax(),
        "split": winners / winners.sum(),
        "all": winners,
    }
    if tie != "all":  # which gives each of them the whole
        np.testing.assert_array_equal(run(model, {"X": x})["R"], greatest)
    found = backward(model, {"X": x, "∂R": np.ones((1, 1))})["X"]
    np.testing.assert_array_equal(found, shares[tie])
    for emitted in (module_of(model, wrt=("X",)), loops_of(model, wrt=("X",))):
        inputs = {"X": x, "d_R": np.ones((1, 1))}
        np.testing.assert_array_equal(emitted.forward({}, inputs)["R"], greatest)
        _, gradients = emitted.loss_and_gradients({}, inputs)
        np.testing.assert_array_equal(gradients["X"], shares[tie])
