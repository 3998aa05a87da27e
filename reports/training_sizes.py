"""Sizes at which a model takes images of a given height and width.

Strides stay as they are where that is possible, because they are structure. The other sizes change
as little as they can in proportion, many a little rather than one a lot; kernels of even extent
are as good as others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import log, prod

import numpy as np
from numpy.typing import NDArray

from derive.equations import Model
from derive.errors import Problem
from derive.expr import accesses
from derive.index import Index, Size

MOST_TRIED = 2_000_000
"""Most combinations of sizes that are looked at."""

Wanted = Sequence[tuple[Index, int]]
"""Extents and the values that they should have."""


def fitted(model: Model, images: str, target: str, side: int, classes: int) -> Model:
    """The model with sizes at which it maps images of ``side`` by ``side`` to ``classes``.

    An image is an array of two axes, has channels in front or behind, or is one long vector. Raises
    `Problem` where no sizes do that.
    """
    wanted = _wanted(model, images, target, side, classes)
    values = dict(model.sizes)
    if all(_value(extent, values) == goal for extent, goal in wanted):
        return model
    strides = strides_of(model)
    for held in (strides, frozenset[Size]()):
        found = nearest(wanted, values, held)
        if found is not None:
            return model.resized(**{size.name: value for size, value in found.items()})
    raise _unfit(model, images, target, side, classes)


def _wanted(model: Model, images: str, target: str, side: int, classes: int) -> Wanted:
    shape, labels = model.tensors[images].extents, model.tensors[target].extents
    if len(labels) != 1 or not 1 <= len(shape) <= 3:
        raise _unfit(model, images, target, side, classes)
    if len(shape) == 1:
        return [(shape[0], side * side), (labels[0], classes)]
    channels = channel_axis(model, images) if len(shape) == 3 else None
    sides = [extent for k, extent in enumerate(shape) if k != channels]
    return [*((extent, side) for extent in sides), (labels[0], classes)]


def channel_axis(model: Model, images: str) -> int:
    """The axis of images of three axes along which no window slides; the first if that is open."""
    read = (a for e in model.equations for a in accesses(e.rhs) if a.tensor == images)
    slides = {k for a in read for k, index in enumerate(a.indices) if len(index.axes) > 1}
    rest = [k for k in range(3) if k not in slides]
    return rest[0] if len(rest) == 1 else 0


def _unfit(model: Model, images: str, target: str, side: int, classes: int) -> Problem:
    def shape(name: str) -> str:
        extents = (str(_value(e, dict(model.sizes))) for e in model.tensors[name].extents)
        return " × ".join(extents) or "one number"

    return Problem(
        f"{model.name} cannot learn images of {side} × {side} in {classes} classes: at no sizes "
        f"does {images} ({shape(images)}) hold an image and {target} ({shape(target)}) the classes"
    )


def strides_of(model: Model) -> frozenset[Size]:
    """The sizes that an index of some tensor is multiplied with."""
    indices = [i for e in model.equations for a in accesses(e.rhs) for i in a.indices]
    return frozenset(s for i in indices for axis in i.axes for s in i.coefficient(axis).sizes)


def nearest(
    wanted: Wanted, values: dict[Size, int], held: frozenset[Size]
) -> dict[Size, int] | None:
    """The values closest to ``values`` that give every wanted extent; ``None`` where none do."""
    found = dict(values)
    for group in _connected(wanted):
        free = sorted({s for extent, _ in group for s in extent.sizes} - held)
        best = _nearest_of(group, found, free)
        if best is None:
            return None
        found |= best
    return found


def _connected(wanted: Wanted) -> Iterator[Wanted]:
    """Extents that share a size are solved together."""
    rest = list(wanted)
    while rest:
        group = [rest.pop(0)]
        grown = True
        while grown:
            sizes = {s for extent, _ in group for s in extent.sizes}
            joined = [pair for pair in rest if pair[0].sizes & sizes]
            rest = [pair for pair in rest if pair not in joined]
            group += joined
            grown = bool(joined)
        yield group


def _nearest_of(
    group: Wanted, values: dict[Size, int], free: Sequence[Size]
) -> dict[Size, int] | None:
    most = max(goal for _, goal in group)
    choices = [np.arange(s.least, max(most, values[s]) + 1) for s in free]
    if prod(map(len, choices)) > MOST_TRIED:
        choices = [np.arange(s.least, values[s] + 1) for s in free]
    grid: dict[Size, NDArray[np.int64]] = dict(
        zip(free, np.meshgrid(*choices, indexing="ij", sparse=True), strict=True)
    )
    shape = tuple(map(len, choices))
    fits, distance = np.ones(shape, bool), np.zeros(shape)
    for extent, goal in group:
        fits &= np.asarray(_value(extent, {**values, **grid})) == goal
    for size in free:
        # One is added because a size may be 0.
        distance = distance + (np.log(grid[size] + 1) - log(values[size] + 1)) ** 2
    if not fits.any():
        return None
    place = np.unravel_index(np.argmin(np.where(fits, distance, np.inf)), shape)
    return {s: int(c[p]) for s, c, p in zip(free, choices, place, strict=True)}


def _value(extent: Index, values: dict[Size, int] | dict[Size, object]) -> object:
    return extent.evaluate(lambda symbol: values[symbol])  # type: ignore[index]
