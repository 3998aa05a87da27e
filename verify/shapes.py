"""Sizes at which a model is tried besides its own: small and unequal, so that no slip hides.

Two sizes that are equal hide that one was written for the other, and a size of 1 hides a sum.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from math import prod

from derive.equations import Model
from derive.index import Index

SEED = 20240607
CHOICES = 60
Sizes = dict[str, int]


def unequal_sizes(model: Model) -> Iterator[Sizes]:
    """Small sizes, none 1, those with the fewest entries first; then such as part what was equal.

    Four values stand for up to four sizes. Where there are more, some are equal, and what follows
    the first comes sorted by how many pairs it leaves equal that the first one has so.
    """
    if not model.sizes:
        return
    shuffle = random.Random(SEED)
    drawn = (_unequal(model, shuffle) for _ in range(CHOICES))
    found = {tuple(sizes.values()): sizes for sizes in drawn}.values()
    first, *rest = sorted(found, key=lambda sizes: entries(model, sizes))
    yield first
    pairs = equal_pairs(first)
    yield from sorted(rest, key=lambda sizes: sum(sizes[a] == sizes[b] for a, b in pairs))


def smallest_sizes(
    model: Model, focus: Sequence[str], rest: Sequence[str], needed: Mapping[str, int]
) -> Iterator[Sizes]:
    """Sizes from the least on: none larger, then one or all of ``focus``, then two, then ``rest``.

    Sizes that are in neither keep their values, the others are as ``needed`` at least.
    """
    own = {s.name: n for s, n in model.sizes.items()}
    least = {s.name: s.least for s in model.sizes if s.name in (*focus, *rest)}
    singles, pairs = ([*combinations(focus, n)] for n in (1, 2))
    steps = [(), *singles, tuple(focus), *pairs, (*focus, *rest), (*focus, *focus, *rest)]
    found = [{n: max(least[n] + up.count(n), needed.get(n, 0)) for n in least} for up in steps]
    for chosen in dict.fromkeys(tuple(sizes.values()) for sizes in found):
        yield {**own, **dict(zip(least, chosen, strict=True))}


def _unequal(model: Model, shuffle: random.Random) -> Sizes:
    """2, 3, 4, 5, 2, … from any of them, given to the sizes in some order, at least their least."""
    start = shuffle.randrange(4)
    values = [2 + (start + k) % 4 for k in range(len(model.sizes))]
    shuffle.shuffle(values)
    return {s.name: max(v, s.least) for s, v in zip(model.sizes, values, strict=True)}


def equal_pairs(sizes: Mapping[str, int]) -> list[tuple[str, str]]:
    """The pairs of sizes with one value."""
    return [(a, b) for a, b in combinations(sizes, 2) if sizes[a] == sizes[b]]


def entries(model: Model, sizes: Mapping[str, int]) -> int:
    """Number of entries of all tensors at these sizes."""
    values = {s: Index.of(sizes[s.name]) for s in model.sizes}
    counts = [
        prod(e.substitute(values).value or 0 for e in t.extents) for t in model.tensors.values()
    ]
    return sum(counts)
