r"""What stands above a symbol of a sheet: a label or an index of its name, or a power of it.

``W^{2}`` may be the second of several; ``p_i^\gamma`` is a power of the ``p_i`` that stands beside
it, where γ is a number of the sheet, and what nobody could use as a label, ``x_i^{\gamma - 1}``,
``x_i^{1/2}``, is one everywhere.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass

from derive.reading.names import head, is_bare, label, size_key
from derive.reading.surface import Group, Juxtaposition, Name, Node, Numeral

Symbol = tuple[str, tuple[str | None, ...]]
"""A head and the labels below it."""
VARIANCES = frozenset({r"\sigma", r"\hat{\sigma}", r"\tau", "s"})
"""Heads of which a whole with a 2 above may be a name: a variance, whose root has no symbol."""


@dataclass(frozen=True)
class Raised:
    """What decides: ``plain`` symbols stand, or are declared, with nothing above.

    They are heads with the number of their lower items; ``whole`` ones stand with nothing at all,
    as in ``O = A V``, so that ``O_{ij}^2`` is a square. ``numbers`` are heads that stand alone
    somewhere, ``ranks`` the indices of symbols by their declared types; ``squares`` says that 2 is
    the only number above anything, and above nothing that is defined: no layers are numbered.
    """

    plain: Container[tuple[str, int]]
    declared: Container[str]
    numbers: Container[str]
    sizes: Container[str]
    ranks: Mapping[Symbol, int]
    whole: Container[str] = ()
    squares: bool = False

    def is_power(self, name: str, below: tuple[Node, ...], above: Node, indices: int) -> bool:
        """Whether ``above`` is a power of the symbol, of whose lower items so many are indices."""
        if isinstance(above, Group) and above.bracket in ("(", "["):
            return False
        known = name in self.declared or (name, len(below)) in self.plain
        if isinstance(above, Numeral):
            elements = indices == len(below) > 0
            square = self.squares and name not in VARIANCES
            return known or square or (elements and (self.squares or name in self.whole))
        if label(above) is None:
            return True
        number = all(self._is_number(n) for n in _factors(above))
        return number and (known or self._has_all_indices(name, below, indices))

    def is_scalar(self, name: str, below: tuple[Node, ...]) -> bool:
        """Whether a type says that the symbol has no index: one above is a power."""
        return self.ranks.get((name, _labels(below))) == 0

    def _has_all_indices(self, name: str, below: tuple[Node, ...], indices: int) -> bool:
        return indices > 0 and self.ranks.get((name, ())) == indices == len(below)

    def _is_number(self, node: Node) -> bool:
        if not isinstance(node, Name):
            return isinstance(node, Numeral)
        return is_bare(node) and (head(node) in self.numbers or size_key(node) in self.sizes)


def _factors(node: Node) -> tuple[Node, ...]:
    return node.factors if isinstance(node, Juxtaposition) else (node,)


def _labels(items: tuple[Node, ...]) -> tuple[str | None, ...]:
    return tuple(label(n) for n in items)
