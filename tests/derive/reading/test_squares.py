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


def test_the_letter_of_a_variance_is_its_root() -> None:
    model = sheet(HEAD + r"$$ L = \sum_{i=1}^{n} \frac{x_i^2}{\sigma^2} $$")
    right = [
        r"\frac{dL}{d\sigma} = -2 \sum_{i=1}^{n} \frac{x_i^2}{\sigma^3}",
        r"L = \frac{1}{\sigma} \sum_{i=1}^{n} \frac{x_i^2}{\sigma}",
    ]
    wrong = [
        r"\frac{dL}{d\sigma} = -\sum_{i=1}^{n} \frac{x_i^2}{\sigma^4}",
        r"L = \frac{1}{\sigma} \sum_{i=1}^{n} x_i^2",
    ]
    found = [verdict(model, claim) for claim in right]
    assert not_right(found) == []
    assert "σ is the positive root of σ^2" in found[0].assumptions
    assert [verdict(model, claim).status for claim in wrong] == [Status.REFUTED] * 2


def test_the_root_of_what_is_computed() -> None:
    model = sheet(
        r"""---
sizes: {m: 4}
inputs: [x]
---
$$ \mu = \frac{1}{m} \sum_{i=1}^{m} x_i $$
$$ \sigma^2 = \frac{1}{m} \sum_{i=1}^{m} (x_i - \mu)^2 $$
"""
    )
    assert (
        not_right(
            [verdict(model, r"\frac{\partial \sigma}{\partial x_i} = \frac{x_i - \mu}{m \sigma}")]
        )
        == []
    )
    wrong = r"\frac{\partial \sigma}{\partial x_i} = \frac{2 (x_i - \mu)}{m}"
    assert verdict(model, wrong).status is Status.REFUTED
