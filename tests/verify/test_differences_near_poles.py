r"""A step over a pole of ``log x^2`` sees no branch change, only its error does."""

from __future__ import annotations

import numpy as np
import pytest

from tests.verify.claims import sheet
from verify.differences import finite_difference

LOGARITHMS = r"""---
loss: L
sizes: {n: 3}
---
$$ L = \sum_{i=1}^{n} \log x_i^2 $$
"""


@pytest.mark.parametrize("near", [0.15, 0.04, 0.004, -0.0007])
def test_steps_are_made_smaller_until_no_pole_lies_between_the_points(near: float) -> None:
    x, d = np.array([near, 1.0, -2.0]), np.array([1.0, 0.3, -0.7])
    seen = finite_difference(sheet(LOGARITHMS).at_sizes(), {"x": x}, "x", d)
    exact = float(np.sum(2 * d / x))
    assert seen is not None
    assert abs(seen.value - exact) <= seen.error <= 1e-5 * abs(exact)
