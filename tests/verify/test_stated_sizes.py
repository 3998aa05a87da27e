"""``H = 8``: a claim about a size that the model fixes, by whatever name; else a definition."""

from __future__ import annotations

import pytest

from tests.verify.claims import sheet, verdict
from verify.verdict import Status

CONVOLUTION = sheet(r"""---
sizes: {H: 8, kh: 3, Ho: 'H - kh + 1'}
types: {x: matrix H H, w: matrix kh kh}
---
$$ y_{ij} = \sum_{k=1}^{kh} \sum_{l=1}^{kh} w_{kl} x_{i+k-1,j+l-1}, \quad i, j = 1, \dots, Ho $$
""")


@pytest.mark.parametrize("claim", ["H = 8", "kh = 3", "Ho = 6", "Ho = H - kh + 1"])
def test_a_size_of_the_model_is_judged(claim):
    assert verdict(CONVOLUTION, claim).status == Status.PROVED


@pytest.mark.parametrize("claim", ["Ho = 7", "Ho = H - kh"])
def test_another_value_of_what_follows_from_sizes_is_refuted(claim):
    assert verdict(CONVOLUTION, claim).status == Status.REFUTED


@pytest.mark.parametrize("claim", ["H = 9"])
def test_another_size_may_be_that_of_another_example(claim):
    assert verdict(CONVOLUTION, claim).status == Status.UNDECIDED


@pytest.mark.parametrize("claim", ["K = 4", "n = 5", "i = 2"])
def test_other_letters_are_defined(claim):
    assert verdict(CONVOLUTION, claim).status == Status.DEFINITION
