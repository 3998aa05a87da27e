"""Products with a padding beside NaN and infinities: one rule, without a look at any number."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.emitting.runtime_padding import _outside_of, _product_inside
from tests.derive.device import Device

NUMBERS = [1.0, -2.0, 3.0, 0.0, np.inf, -np.inf, np.nan]
LIKELY = [0.35, 0.2, 0.15, 0.1, 0.08, 0.07, 0.05]


def term_by_term(a: Any, b: Any, padded: tuple[int, ...]) -> Any:
    """The sum over k of a[i, k] b[k, j] where neither is outside."""
    total = np.zeros((*b.shape[:-2], a.shape[-2], b.shape[-1]))
    for k in range(a.shape[-1]):
        pair = (a[..., k, None], b[..., k, None, :])
        outside = [_outside_of(pair[operand], np) for operand in padded]
        total += np.where(sum(outside), 0, pair[0] * pair[1])
    return total


@pytest.mark.parametrize("padded", [(0,), (1,), (0, 1)])
@given(st.integers(1, 4), st.integers(0, 10**6))
@settings(max_examples=60)
def test_a_padding_adds_nothing_to_a_product(
    padded: tuple[int, ...], inner: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    a = rng.choice(NUMBERS, (3, inner), p=LIKELY)
    b = rng.choice(NUMBERS, (2, inner, 4), p=LIKELY)
    for operand in padded:
        rows, columns = (a, b)[operand].shape[-2:]
        (a, b)[operand][..., rng.random((rows, columns)) < 0.3] = -0.0
    device = Device()
    with np.errstate(all="ignore"):
        expected = term_by_term(a, b, padded)
        np.testing.assert_array_equal(_product_inside(a, b, padded, np), expected)
        there = _product_inside(device.asarray(a), device.asarray(b), padded, device)
    np.testing.assert_array_equal(there.get(), expected)
