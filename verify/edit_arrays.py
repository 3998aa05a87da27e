"""Which whole arrays could stand in a formula: those whose lengths occur beside them.

In sums, products and elementwise products of arrays every length of a factor is that of another
factor or of the left side. A convolution has lengths of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from derive.reading.surface import Node, Span
from verify.claim import sentence_of
from verify.edit_fillings import Filling
from verify.edit_screen import Screen
from verify.edit_stock import Stock
from verify.edit_terms import WINDOWS, Slot


@dataclass(frozen=True)
class Arrays:
    """The whole arrays of one formula, and those that could be among them."""

    screen: Screen
    stock: Stock

    @cached_property
    def there(self) -> dict[Span, Filling]:
        """The symbols of the asserted sides that stand for whole arrays."""
        found = {span: self._read(span) for span in self.screen.symbols}
        return {s: f for s, f in found.items() if f is not None and f.value.axes}

    @cached_property
    def left(self) -> Filling | None:
        """The left side."""
        return self._read(sentence_of(self.screen.text).nodes[0].span)

    def has_one(self, term: Node) -> bool:
        """Whether a factor of the term can be an array: it has one, or the left side is one."""
        inside = any(term.span.start <= s.start and s.end <= term.span.end for s in self.there)
        return inside or self.left is None or bool(self.left.value.axes)

    def beside(self, slot: Slot) -> tuple[str, ...]:
        """The arrays that could stand in the slot, by their lengths."""
        operators = self.screen.scope.operators.items()
        windows = [o for o, meaning in operators if meaning.endswith(WINDOWS)]
        text = slot.holding(self.screen.text, "")
        return self._all if any(o in text for o in windows) else self._kin

    @cached_property
    def _all(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.stock.arrays(self.screen.letters)))

    @cached_property
    def _kin(self) -> tuple[str, ...]:
        known = {n for f in (*self.there.values(), self.left) if f is not None for n in _lengths(f)}
        found = ((t, self.screen.filling(t, self.screen.letters)) for t in self._all)
        return tuple(t for t, f in found if f is not None and _lengths(f) <= known)

    def _read(self, span: Span) -> Filling | None:
        typed = self.screen.text[span.start : span.end]
        return self.screen.filling(typed, self.screen.letters)


def _lengths(filling: Filling) -> set[object]:
    return {axis.extent for axis in filling.value.axes}
