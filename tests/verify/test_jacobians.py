"""Jacobians by automatic differentiation, and who is asked whether the engine's are right."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from derive.expr import Delta, Number, add, number, product
from tests.models import correlation_relu
from tests.verify.sheets import bench
from verify.bench import take_sample
from verify.jacobians import slope_along, slope_ranges, slope_values
from verify.read_parts import slices
from verify.slope_trust import passes_slope

EPSILON = float(np.finfo(float).eps)


def _name() -> str:
    """A Jacobian of the relay: of the outputs by the first of what is computed."""
    above, below = _ends()
    return f"∂{above}/∂{below}"


def _ends() -> tuple[str, str]:
    first, *_, outputs, _ = bench().model.equations
    return outputs.tensor, first.tensor


def test_rows_added_with_weights_are_the_weighted_sum_of_the_jacobian() -> None:
    sample = bench().sample
    dense = slope_values(sample.model, sample.env, _name())
    above = np.shape(sample.env[_ends()[0]])
    weights = np.random.default_rng(1).uniform(1, 2, above)
    wanted = np.tensordot(weights, dense, len(above))
    along = slope_along(sample.model, sample.env, _name(), weights)
    scale = np.tensordot(np.abs(weights), np.abs(dense), len(above))
    assert np.all(np.abs(along - wanted) <= 100 * EPSILON * (scale + 1))


@pytest.mark.parametrize("factor", [number("1.000001"), number(-1), number(0)])
def test_a_jacobian_that_is_off_is_not_trusted(factor: Number) -> None:
    slope = bench().slope_equations((_name(),))[_name()]
    sample = bench().sample
    assert passes_slope(slope, sample)
    assert not passes_slope(replace(slope, rhs=product(factor, slope.rhs)), sample)


def test_at_other_sizes_and_values_the_first_bench_says_what_is_trusted() -> None:
    first = bench()
    sizes = first.unequal[0]
    there = first.at(sizes)
    assert there.model.sizes != first.model.sizes
    assert there.trusted is first.trusted
    assert there.known is first.known
    assert there.small is first.small
    assert {n: str(e.axes) for n, e in there.known_here.items()}.keys() == first.known_here.keys()


def test_fewer_columns_than_rows_are_taken_forwards_with_the_same_result() -> None:
    model = correlation_relu(out=5)
    sample = take_sample(model)
    for name in ("∂R/∂w", "∂z/∂w", "∂R/∂c"):
        dense = slope_values(sample.model, sample.env, name)
        rows = np.eye(dense.shape[0])
        backwards = [slope_along(sample.model, sample.env, name, row) for row in rows]
        assert dense.shape[0] > dense[0].size
        assert np.allclose(dense, backwards, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("name", ["∂R/∂w", "∂z/∂w", "∂R/∂c", "∂R/∂z"])
def test_a_part_of_a_jacobian_is_cut_out_of_the_whole(name: str) -> None:
    sample = take_sample(correlation_relu(out=5))
    whole = slope_ranges(name, sample.ranges)
    dense = slope_values(sample.model, sample.env, name)
    for cut in range(len(whole)):
        part = tuple((lo, lo) if k == cut else (lo, hi) for k, (lo, hi) in enumerate(whole))
        found = slope_values(sample.model, sample.env, name, part)
        assert np.allclose(found, dense[slices(part, whole)], rtol=1e-12, atol=1e-15)


def test_one_wrong_row_is_not_hidden_by_the_others() -> None:
    slope = bench().slope_equations((_name(),))[_name()]
    row = slope.axes[0]
    wrong = product(number("1.0001"), Delta(row.index - row.lo))
    others = add(number(1), product(number(-1), Delta(row.index - row.lo)))
    assert passes_slope(slope, bench().sample)
    off = replace(slope, rhs=product(add(wrong, others), slope.rhs))
    assert not passes_slope(off, bench().sample)
