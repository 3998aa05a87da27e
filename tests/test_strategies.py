"""The generator of random networks reaches the awkward cases, and shrinks to readable ones."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import Phase, find, given, settings

from tests.strategies import Layer, Network, model_of, networks


def _any_slide(network: Network, holds: Callable[[Layer, int, int], bool]) -> bool:
    """Whether an axis of some layer (its number, its extent there) has the property."""
    extents = network.image
    for layer in network.layers:
        if any(holds(layer, axis, extent) for axis, extent in enumerate(extents)):
            return True
        pairs = zip(layer.slides, extents, strict=True)
        extents = tuple(slide.positions(extent) for slide, extent in pairs)
    return False


def _leftover(layer: Layer, axis: int, extent: int) -> bool:
    slide = layer.slides[axis]
    return (extent + 2 * slide.padding - slide.reach) % slide.stride != 0


CASES: dict[str, Callable[[Network], bool]] = {
    "pooling with stride above its window": lambda n: _any_slide(
        n, lambda x, d, _: x.kind == "pooling" and x.slides[d].stride > x.slides[d].width > 1
    ),
    "overlapping pooling": lambda n: _any_slide(
        n,
        lambda x, d, e: (
            x.kind == "pooling"
            and x.slides[d].width > x.slides[d].stride
            and x.slides[d].positions(e) > 1
        ),
    ),
    "convolution with a stride that leaves pixels over": lambda n: _any_slide(
        n, lambda x, d, e: x.kind != "pooling" and x.slides[d].stride > 1 and _leftover(x, d, e)
    ),
    "dilation and stride with a common divisor": lambda n: _any_slide(
        n,
        lambda x, d, e: x.slides[d].dilation == x.slides[d].stride == 2 < x.slides[d].positions(e),
    ),
    "kernel as large as the image": lambda n: _any_slide(
        n, lambda x, d, e: x.kind == "convolution" and x.slides[d].width == e > 2
    ),
    "padding": lambda n: _any_slide(n, lambda x, d, _: x.slides[d].padding > 1),
    "one channel": lambda n: n.channels == 1,
    "no channel axis": lambda n: n.channels is None,
    "batch of one": lambda n: n.samples == 1 and n.batch == "mean",
    "odd, unequal sides": lambda n: len(set(n.image)) == 2 and all(e % 2 for e in n.image),
    "no loss": lambda n: not n.loss and bool(n.batch),
    "column-major flattening of several maps": lambda n: n.column_major and (n.channels or 0) > 1,
}


@pytest.mark.long
def test_every_awkward_case_is_reached() -> None:
    missing = set(CASES)

    @settings(max_examples=1500, derandomize=True, database=None, phases=[Phase.generate])
    @given(networks())
    def draw(network: Network) -> None:
        missing.difference_update([case for case in missing if CASES[case](network)])

    draw()
    assert not missing


@pytest.mark.long
@pytest.mark.parametrize("case", ["overlapping pooling", "padding"])
def test_networks_shrink_to_readable_ones(case: str) -> None:
    search = settings(max_examples=500, derandomize=True, database=None)
    found = find(networks(), CASES[case], settings=search)
    assert len(found.layers) == 1
    assert found.samples == found.outputs == 1
    assert max(found.image) <= 3


@given(networks())
def test_every_network_is_a_well_formed_model(network: Network) -> None:
    model_of(network).check()
