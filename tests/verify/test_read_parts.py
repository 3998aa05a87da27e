"""Of a Jacobian a formula reads a few elements; these are the same as in the whole."""

from __future__ import annotations

import numpy as np

from derive.equations import slope_name
from derive.expr import Access, Summation
from derive.index import Index, axis
from derive.pipeline import gradients, jacobians
from derive.run import fill
from derive.scope import extent
from tests.models import correlation_relu
from verify.bench import Bench
from verify.jacobians import slope_ranges, slope_values
from verify.read_parts import over_part, part_read, slices

WHOLE = ((1, 9), (-2, 2))


def test_the_part_holds_every_read_and_no_more() -> None:
    i, u = axis("i", 2, 4), axis("u", 0, 1)
    window = Summation((u,), Access("A", (Index.of(i) + u, Index.of(0))))
    assert part_read("A", [window], WHOLE) == ((2, 5), (0, 0))
    alone = Access("A", (Index.of(7), Index.of(-1)))
    assert part_read("A", [window, alone], WHOLE) == ((2, 7), (-1, 0))


def test_what_leaves_the_whole_or_is_not_read_asks_for_all() -> None:
    assert part_read("B", [Access("A", (Index.of(1), Index.of(0)))], WHOLE) == WHOLE
    assert part_read("A", [Access("A", (Index.of(12), Index.of(0)))], WHOLE)[0] == WHOLE[0]


def test_a_part_of_a_jacobian_is_that_of_the_whole() -> None:
    model = correlation_relu()
    bench = Bench(model, gradients(model))
    sample, fixed = bench.sample, bench.fixed
    below, *_ = fixed.parameters
    above = next(e.tensor for e in fixed.equations if below in e.reads)
    found = {e.tensor: e for e in jacobians(fixed, above).values()}
    name = slope_name(above, below)
    whole = slope_ranges(name, sample.ranges)
    part = tuple((lo, lo + (hi - lo) // 2) for lo, hi in whole)
    env, ranges = dict(sample.env), {**sample.ranges, name: part}
    fill((over_part(found[name], part),), env, ranges)
    assert env[name].shape == tuple(map(extent, part))
    wanted = slope_values(fixed, sample.env, name)
    assert np.allclose(env[name], wanted[slices(part, whole)], rtol=1e-9, atol=1e-12)
