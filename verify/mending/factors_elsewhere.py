r"""Whether a factor made of sizes is right at other sizes too: ``\frac{1}{N}`` for 1/3, no 1/s.

At the model's own sizes many sizes have the value that a factor needs; that of a mean moves with
the length of a batch, the half of a square with nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from derive.errors import LimitExceeded, Problem
from derive.reading.surface import Numeral, walk
from verify.attempt import Attempt
from verify.claim import sentence_of
from verify.mending.screen import Screen
from verify.mending.stock import Stock
from verify.scale import ratio
from verify.setting import Convention, Setting
from verify.smallest import read_again

LEAST_NAMED = 3
"""Smaller numbers are exponents and halves, and name no size."""


@dataclass(frozen=True)
class Elsewhere:
    """A proportional formula where every size is longer that no number of it names."""

    screen: Screen
    best: Attempt

    def agrees(self, shown: Fraction, two: Fraction, above: str, below: str) -> bool:
        """Whether ``two * above / below`` is what the factor ``shown`` has to be there.

        True where the formula cannot be read at other sizes.
        """
        if self._missing is None:
            return True
        values = {"": 1, **self._values}
        if above not in values or below not in values:
            return True
        return shown * self._missing == two * values[above] / values[below]

    @cached_property
    def _setting(self) -> Setting | None:
        """The setting at the other sizes."""
        setting, sentence = self.screen.setting, sentence_of(self.screen.text)
        numerals = (n for side in sentence.nodes for n in walk(side) if isinstance(n, Numeral))
        named = {n.value for n in numerals if n.value >= LEAST_NAMED}
        own = {s.name: n for s, n in setting.bench.model.sizes.items()}
        sizes: dict[str, int] = {}
        for name, value in own.items():  # equal ones become unequal
            before = sum(own[other] == value for other in sizes)
            sizes[name] = value if value in named else value + 1 + before
        try:
            return setting.at(setting.bench.at(sizes))
        except (Problem, ValueError):
            return None  # these sizes do not fit this model

    @cached_property
    def _missing(self) -> Fraction | None:
        """The factor by which the sides differ there."""
        if self._setting is None:
            return None
        try:
            links = read_again(self.screen.text, self.best.convention, self._setting)
            return ratio(links[-1], self._setting.bench.sample) if links else None
        except LimitExceeded:
            return Fraction(0)  # too large to look at: no size is taken for a number
        except (Problem, ValueError):
            return None

    @cached_property
    def _values(self) -> dict[str, int]:
        assert self._setting is not None
        bench, nodes = self._setting.bench, sentence_of(self.screen.text).nodes
        scope = self._setting.scope(Convention())
        return dict(Stock(scope, bench.model, bench.fixed, self.screen.text, nodes).size_values())
