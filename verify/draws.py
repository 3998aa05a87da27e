"""Values for a model's runs: the first as they come, others so that rare branches are met.

Hypothesis is a tool of the tests and no part of the program; what a run needs of it, values beyond
the ordinary Gaussian, is done here by six manners in turn, every run the same in every session:
as they come; all positive, which no chain of rectifiers cuts; every tensor of one sign, so that
sums of products have one sign too, and rectifiers cut them whole; all negative; every tensor on a
scale of its own, so that thresholds lie among what they part; moved by one. From `FAR` on values
are so large or small that any threshold is passed which can be.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from derive.arithmetic import Array
from derive.equations import Model, adjoint_of
from verify.half_lines import on_half_line
from verify.oracles import random_values

Values = dict[str, Array]
Manner = Callable[[Array, np.random.Generator], Array]

FAR = 24
"""The number of the first run far away."""
_REACHES = (4, 8, 16, 24, 32, 40)
FARTHEST = FAR + 3 * len(_REACHES)
"""There are runs far away before this number."""


def drawn(model: Model, seed: int, number: int = 0) -> Values:
    """Values of what ``model`` (at its sizes) reads only, and of its upstream gradients.

    The run of this ``number`` has the manner of its turn. Signs of what must be positive are kept.
    """
    rng = np.random.default_rng(seed + number)
    values = random_values(model, rng)
    manner = _MANNERS[number % len(_MANNERS)] if number < FAR else _far(number - FAR)
    moved = {n: a if adjoint_of(n) else manner(a, rng) for n, a in values.items()}
    positive = frozenset().union(*(on_half_line(e.rhs) for e in model.equations))
    return {n: np.abs(a) if n in positive else a for n, a in moved.items()}


def _far(number: int) -> Manner:
    """Signs in turn; at first all far up, then every tensor as it is, or far up or down."""
    sign = _MANNERS[(0, 1, 3)[number % 3]]
    reach, at_first = _REACHES[number // 3 % len(_REACHES)], number < 6
    return lambda array, rng: (
        sign(array, rng) * 2.0 ** (reach * (1 if at_first else rng.integers(-1, 2)))
    )


def _scaled(array: Array, rng: np.random.Generator) -> Array:
    return array * 2.0 ** rng.uniform(-2, 1)


def _moved(array: Array, _rng: np.random.Generator) -> Array:
    return array + 1.0


_MANNERS: tuple[Manner, ...] = (
    lambda array, _: array,
    lambda array, _: np.abs(array),
    lambda array, rng: np.abs(array) * rng.choice([-1.0, 1.0]),
    lambda array, _: -np.abs(array),
    _scaled,
    _moved,
)


def finite(values: Mapping[str, Array]) -> bool:
    """Whether nothing in ``values`` is infinite or not a number."""
    return all(bool(np.isfinite(a).all()) for a in values.values())
