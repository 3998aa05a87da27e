"""How a model is trained: the samples that a step sees, and the rule that changes parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction


@dataclass(frozen=True)
class Batch:
    """Which inputs carry the batch axis, and how the loss adds over it: ``"sum"`` or ``"mean"``."""

    axis: str
    over: tuple[str, ...]
    loss: str


@dataclass(frozen=True)
class Update:
    """The update rule of every parameter, a name of `derive.optimisers`, and its numbers."""

    rule: str
    hyper: Mapping[str, Fraction] = field(default_factory=dict)
