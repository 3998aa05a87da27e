"""Steps of an example in which some symbols have their numbers already."""

from __future__ import annotations

import pytest

from tests.verify.claims import judged, sheet
from tests.verify.valued_models import one
from verify.verdict import Status, Verdict

SOFTMAX = sheet(r"""---
loss: L
inputs: [s, t]
sizes: {n: 3}
values: {s: [2, 1, 0.1], t: [1, 0, 0]}
types: {s: column n, t: column n}
declare: {one-hot: [t]}
---
$$ p_k = \frac{\exp(s_k)}{\sum_{j=1}^{n} \exp(s_j)}, \quad k = 1, \dots, n $$
$$ L = -\sum_{k=1}^{n} t_k \log p_k $$
""")
FIRST = r"\frac{\partial L}{\partial s_1} = "


def _one(claim: str) -> Verdict:
    (found,) = judged(SOFTMAX, [claim])
    return found


@pytest.mark.parametrize("rest", ["p_1 - 1 = -0.3410", "p_1 - t_1 = p_1 - 1 = -0.3410"])
def test_a_literal_may_stand_for_the_value_of_an_input(rest: str) -> None:
    found = _one(FIRST + rest)
    assert found.status is Status.CONFIRMED
    assert "in this example" in " ".join([found.message, *(p.message for p in found.parts)])


@pytest.mark.parametrize("rest", ["p_1 - 1", "p_1 - 0 = 0.6590", "p_1 - 2 = -1.3410"])
def test_without_an_example_or_with_another_value_it_does_not(rest: str) -> None:
    assert _one(FIRST + rest).status is Status.REFUTED


def test_a_sum_is_right_term_by_term_to_the_digits_shown() -> None:
    right = _one("e^{2.0} + e^{1.0} + e^{0.1} = 7.3891 + 2.7183 + 1.1052 = 11.2126")
    assert right.status is Status.CONFIRMED
    wrong = _one("e^{2.0} + e^{1.0} + e^{0.1} = 7.3981 + 2.7183 + 1.1052 = 11.2216")
    assert wrong.status is Status.REFUTED


def test_a_single_digit_that_is_no_value_is_told_where_it_does_not_count() -> None:
    found = _one(r"L = -(1 \times \log 0.6590 + 0 \times \log 0.5 + 0 \times \log 0.0986)")
    assert found.status is Status.CONFIRMED
    assert "but for 0.5" in found.message


def test_every_wrong_link_of_a_chain_is_mended() -> None:
    found = one(r"o = \phi(0.5 \cdot 0.3776) = 0.5470")
    assert found.status is Status.REFUTED
    assert found.message.count("to as many digits") == 2
    assert found.suggestion is not None
    assert one(found.suggestion.latex).status is Status.CONFIRMED
