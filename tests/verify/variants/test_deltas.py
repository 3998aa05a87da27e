r"""``\delta_{ij}`` is Kronecker's delta, or what a page calls its errors and never declares."""

from __future__ import annotations

import pytest

from tests.verify.test_own import judged, last
from verify.verdict import Status

NORM = r"""---
sizes: {m: 4, d: 3}
---
Given $x \in \mathbb{R}^{m \times d}$,
$$ \mu_j = \frac{1}{m} \sum_{i=1}^{m} x_{ij} $$
$$ \sigma_j^2 = \frac{1}{m} \sum_{i=1}^{m} (x_{ij} - \mu_j)^2 $$
$$ \hat{x}_{ij} = \frac{x_{ij} - \mu_j}{\sqrt{\sigma_j^2 + \epsilon}} $$
$$ y_{ij} = \gamma_j \hat{x}_{ij} + \beta_j $$
"""


@pytest.mark.parametrize(
    ("claim", "letters"),
    [
        (r"\frac{\partial L}{\partial \gamma_j} = \sum_{i=1}^m \delta_{ij} \hat{x}_{ij}", "ij"),
        (
            r"\frac{\partial L}{\partial x_{ij}} = \frac{\gamma_j}{m \sqrt{\sigma_j^2 + \epsilon}}"
            r"(m \delta_{ij} - \sum_k \delta_{kj} - \hat{x}_{ij} \sum_k \delta_{kj} \hat{x}_{kj})",
            "kj",
        ),
    ],
)
def test_errors_with_two_indices_are_open(claim: str, letters: str) -> None:
    found = last(f"{NORM}\n$$ {claim} $$")
    assert found.status is Status.UNDECIDED
    condition = f"δ_{{{letters}}} means ∂L/∂y_{{{','.join(letters)}}}"
    assert any(condition in c for c in found.conditions)


def test_what_is_wrong_for_both_is_refuted() -> None:
    claim = r"\frac{\partial L}{\partial \gamma_j} = \sum_{i=1}^m \delta_{ij} x_{ij}"
    assert last(f"{NORM}\n$$ {claim} $$").status is Status.REFUTED


def test_kroneckers_stay_what_they_are() -> None:
    claim = r"\frac{\partial \mu_j}{\partial x_{ik}} = \frac{1}{m} \delta_{jk}"
    assert last(f"{NORM}\n$$ {claim} $$").status is Status.PROVED


def test_a_sum_over_errors_that_nothing_declares_is_open() -> None:
    found = last(
        r"$$ \mu = \frac{1}{m} \sum_{i=1}^{m} x_i \qquad y_i = \gamma (x_i - \mu) + \beta $$"
        "\n\n"
        r"$$ \frac{\partial L}{\partial x_i} = \gamma (\delta_i - \frac1m \sum_j \delta_j) $$"
    )
    assert found.status is Status.UNDECIDED
    assert "δ_j means ∂L/∂y_j" in str(found.conditions)


def test_a_number_beside_an_element_is_a_number() -> None:
    claim = r"\frac{\partial L}{\partial \beta_j} = \sum_i \frac{\partial L}{\partial y_{ij}}"
    found = judged(f"{NORM}\n$$ {claim} $$")
    assert found.claims[-1].status is Status.PROVED
    assert "ε is a number, as what stands beside it" in found.assumed
