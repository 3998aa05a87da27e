r"""A 2 above a symbol is a square where nothing else is numbered above; σ² may be a name."""

from __future__ import annotations

import pytest

from tests.verify.claims import judged, not_right, sheet, verdict
from verify.verdict import Status

HEAD = "---\nloss: L\ninputs: [x]\nsizes: {n: 4}\n---\n"


@pytest.mark.parametrize(
    ("loss", "slope"),
    [
        (r"\sum_{i=1}^{n} w^2 x_i", r"\frac{dL}{dw} = 2 w \sum_{i=1}^{n} x_i"),
        (r"\lambda (w_a^2 + w_b^2) \sum_{i=1}^{n} x_i",
         r"\frac{dL}{dw_a} = 2 \lambda w_a \sum_{i=1}^{n} x_i"),
        (r"\sum_{i=1}^{n} \frac{x_i^2}{\sigma^2}",
         r"\frac{dL}{d\sigma^2} = -\sum_{i=1}^{n} \frac{x_i^2}{(\sigma^2)^2}"),
    ],
)  # fmt: skip
def test_what_stands_squared_only(loss: str, slope: str) -> None:
    assert not_right(judged(sheet(f"{HEAD}$$ L = {loss} $$\n"), [slope])) == []


def test_the_root_of_a_variance_is_not_the_variance() -> None:
    model = sheet(HEAD + r"$$ L = \sum_{i=1}^{n} \frac{x_i^2}{\sigma^2} $$")
    found = verdict(model, r"\frac{dL}{d\sigma} = -2 \sum_{i=1}^{n} \frac{x_i^2}{\sigma^3}")
    assert found.status is Status.UNDECIDED
