"""Which whole arrays could stand in a formula: those whose lengths occur beside them.

In sums, products and elementwise products of arrays every length of a factor is that of another
factor or of the left side. Where the formula is wrong though all its shapes fit, what is put there
keeps them so: it has the shape of what it replaces, is added to or multiplied with element by
element, and is square in a matrix product. A convolution has lengths of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from derive.index import Index
from derive.reading.surface import Node, Span
from verify.claim import sentence_of
from verify.mending.fillings import Filling
from verify.mending.screen import Screen
from verify.mending.stock import Stock
from verify.mending.terms import HADAMARD, WINDOWS, Slot

Lengths = tuple[Index, ...]


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

    @property
    def any(self) -> bool:
        """Whether some side is made of whole arrays."""
        return bool(self.there) or (self.left is not None and bool(self.left.value.axes))

    def has_one(self, term: Node) -> bool:
        """Whether a factor of the term can be an array: it has one, or the left side is one."""
        inside = any(term.span.start <= s.start and s.end <= term.span.end for s in self.there)
        return inside or self.left is None or bool(self.left.value.axes)

    def fitting(self, slot: Slot, place: Span) -> Iterator[str]:
        """The arrays that could stand in the slot at ``place``: a symbol's, a term's, a side's."""
        texts = tuple(dict.fromkeys(self.stock.arrays(self.screen.letters)))
        return self.among(texts, slot, place)

    def among(self, texts: Iterable[str], slot: Slot, place: Span) -> Iterator[str]:
        """Those of ``texts`` that could stand in the slot at ``place``, by their lengths."""
        may_fit = self._test(slot, place)
        for text in texts:
            found = self.screen.filling(text, self.screen.letters)
            if found is not None and may_fit(_lengths(found)):
                yield text

    def _test(self, slot: Slot, place: Span) -> Callable[[Lengths], bool]:
        joint, known, here = slot.before + slot.after, self._known, self._read(place)
        if not self.screen.has_shape or here is None:
            free = self._is_window(slot.holding(self.screen.text, ""))
            return lambda lengths: free or {*lengths} <= known
        own = _lengths(here)
        if not own:  # a number, which only what makes it the array on the left can multiply
            wanted = () if self.left is None else _lengths(self.left)
            return lambda lengths: lengths == wanted
        if self._is_window(joint):
            return lambda lengths: len(lengths) == len(own)
        if not joint or any(sign in joint for sign in (*HADAMARD, "+", "-")):
            return lambda lengths: lengths == own
        return lambda lengths: len(lengths) == 2 and len({*lengths}) == 1 and {*lengths} <= known

    def _is_window(self, text: str) -> bool:
        operators = self.screen.scope.operators.items()
        return any(o in text for o, meaning in operators if meaning.endswith(WINDOWS))

    @cached_property
    def _known(self) -> set[Index]:
        found = (*self.there.values(), self.left)
        return {length for f in found if f is not None for length in _lengths(f)}

    def _read(self, span: Span) -> Filling | None:
        typed = self.screen.text[span.start : span.end]
        return self.screen.filling(typed, self.screen.letters)


def _lengths(filling: Filling) -> Lengths:
    return tuple(axis.extent for axis in filling.value.axes)
