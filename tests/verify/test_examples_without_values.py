r"""Examples in numbers where nothing says what the quantity's own values are."""

from __future__ import annotations

import pytest

from tests.verify.valued_models import context, one
from verify.verdict import Status

SURPRISE = r"""---
loss: H
inputs: [r]
sizes: {N: 4}
---
$$ H = - \sum_{k=1}^{N} r_k \log(p_k) $$
"""
REFUTED, UNDECIDED = Status.REFUTED, Status.UNDECIDED


@pytest.mark.parametrize(
    ("formula", "status"),
    [
        (r"H = -(\log 0.6)", UNDECIDED),
        (r"H = -(0 \times \log 0.3 + (1 - 0) \times \log(1 - 0.3))", UNDECIDED),
        (r"H = 2 \cdot 3 + 4", UNDECIDED),
        (r"H = -\ln 0.6 = 0.5108", UNDECIDED),
        (r"H = -\ln 0.6 = 0.6108", REFUTED),
    ],
)
def test_numbers_put_in_are_open_where_no_values_are_given(formula: str, status: Status) -> None:
    assert one(formula, SURPRISE).status is status


def test_the_base_of_a_logarithm_stays_open_within_a_chain() -> None:
    chain = r"H = -(\log 0.6) = 0.22185"
    found = one(chain, SURPRISE)
    assert found.status is UNDECIDED
    assert found.conditions[0].startswith("right if log is the decimal logarithm")
    assert one(chain, SURPRISE, context(r"functions: {'\log': log}")).status is REFUTED
    assert one(r"H = -(\log 0.6) = 0.32", SURPRISE).status is REFUTED


def test_a_loss_with_a_logarithm_of_unsaid_base_may_be_the_decimal_one() -> None:
    decimal = one(r"H = -\sum_{k=1}^{N} r_k \log_{10}(p_k)", SURPRISE)
    assert decimal.conditions == ("right if log in H is the decimal logarithm",)
    assert one(r"H = \sum_{k=1}^{N} r_k \log_{10}(p_k)", SURPRISE).status is REFUTED
