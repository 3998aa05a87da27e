"""What is declared of the values of inputs and parameters: numbers, or what they satisfy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

RESTRICTIONS = ("one-hot", "sum-to-one", "binary", "symmetric")
"""One entry 1 and the others 0; positive entries that add up to 1; every entry 0 or 1; a matrix
that is its own transpose."""

Numbers = Fraction | tuple[Any, ...]
"""A number or nested rows of them."""


@dataclass(frozen=True)
class Given:
    """``values`` by symbol; ``declared`` are pairs of a restriction and ``y`` or ``y_k over k``.

    ``labels`` are the symbols of class labels, which are one-hot.
    """

    values: Mapping[str, Numbers] = field(default_factory=dict)
    declared: tuple[tuple[str, str], ...] = ()
    labels: tuple[str, ...] = ()


NOTHING = Given()
