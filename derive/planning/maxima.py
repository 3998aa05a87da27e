"""Array expressions about maxima: the greatest element, and where it is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from derive.index import Index
from derive.planning.arrays import Reduction, Shape, Unary, size


@dataclass(frozen=True)
class Greatest(Reduction):
    """The maximum over some dimensions; NaN wins."""


@dataclass(frozen=True)
class Winners(Unary):
    """The mask of the maximum over the last ``axes`` dimensions; ``tie`` is one of `expr.TIES`."""

    axes: int
    tie: str

    @cached_property
    def shape(self) -> Shape:
        return self.source.shape

    @property
    def flops(self) -> Index:
        return size(self.source.shape)
