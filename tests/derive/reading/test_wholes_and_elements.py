r"""Arrays that one equation defines whole and another reads by elements: squares and sums."""

from __future__ import annotations

import numpy as np
import pytest

from derive.equations import Model
from derive.reading.sheet import model_from_text
from derive.run import run
from verify.judge import judge_text
from verify.verdict import Status

SHEET = r"""---
loss: L
inputs: [x]
sizes: {n: 3, d: 2}
types: {x: column d, W: matrix n d, U: matrix n d}
---
$$ y = W x $$
$$ z = U x $$
$$ L = TERMS $$
"""
X = np.array([1.0, -2.0])
W = np.array([[1.0, 2.0], [0.5, 0.0], [-1.0, 1.0]])


def model(terms: str) -> Model:
    return model_from_text(SHEET.replace("TERMS", terms), "wholes").at_sizes()


@pytest.mark.parametrize(
    ("terms", "value"),
    [
        (r"\sum_{i=1}^{n} y_i", lambda y: y.sum()),
        (r"\frac12 \sum_{i=1}^{n} y_i^2", lambda y: 0.5 * (y**2).sum()),
        (r"\sum_{i=1}^{n} \sum_{j=1}^{d} W_{ij}^2 + \sum_{i=1}^{n} y_i^3", None),
    ],
)
def test_elements_of_what_is_defined_whole(terms: str, value: object) -> None:
    found = run(model(terms), {"x": X, "W": W, "U": W})["L"]
    wanted = value(W @ X) if callable(value) else (W**2).sum() + ((W @ X) ** 3).sum()
    assert np.isclose(found, wanted, rtol=1e-14)


def test_what_the_loss_does_not_depend_on_proves_nothing() -> None:
    aside = model(r"\sum_{i=1}^{n} y_i")
    wrong, zero = judge_text(
        r"$$ \frac{\partial L}{\partial U} = 7 \frac{\partial L}{\partial z} x^T $$"
        "\n\n"
        r"$$ \frac{\partial L}{\partial U} = 0 $$",
        aside,
    ).claims
    assert wrong.status is Status.UNDECIDED
    assert "does not depend on" in wrong.message
    assert zero.status is Status.PROVED
