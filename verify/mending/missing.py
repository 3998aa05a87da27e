r"""What is missing in a formula, or stands for something else, found by numbers.

Every symbol is left out in turn, and every term gets a place for one more factor; what the scope
knows is put there (`verify.mending.stock`), and what makes both sides agree is an edit.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from derive.reading.letters import bound_letters, ranges_of
from derive.reading.names import is_bare
from derive.reading.respell import respelled
from derive.reading.surface import Big, Name, Node, Prefixed, Span, walk
from verify.claim import sentence_of
from verify.mending.arrays import Arrays
from verify.mending.edit import Edit
from verify.mending.effort import Effort
from verify.mending.fillings import Letters
from verify.mending.gaps import Gap
from verify.mending.hole import HOLE
from verify.mending.indices import index_nodes
from verify.mending.screen import Screen, Unsure
from verify.mending.stock import Stock
from verify.mending.terms import (
    Slot,
    array_slots,
    divisor_slot,
    element_slot,
    number_slot,
    terms,
)
from verify.setting import index_text

NUMBERS = ("1", "2", r"\frac{1}{2}")
"""Parts of factors that are made of two."""
POWER = re.compile(r"\^(\d|\{\d+\})$")


def index_letters(node: Node) -> frozenset[str]:
    """The bare letters in index slots."""
    inside = index_nodes(node)
    return frozenset(
        n.base for n in walk(node) if isinstance(n, Name) and is_bare(n) and id(n) in inside
    )


@dataclass(frozen=True)
class Missing:
    """The search in one formula, while the effort allows."""

    screen: Screen
    effort: Effort

    @cached_property
    def sides(self) -> tuple[Node, ...]:
        """The asserted sides, none where a hole has no meaning."""
        sentence = sentence_of(self.screen.text)
        if sentence.kind not in ("equation", "update") or HOLE in self.screen.text:
            return ()
        return tuple(respelled(node, self.screen.scope) for node in sentence.nodes[1:])

    @cached_property
    def stock(self) -> Stock:
        """What could stand anywhere."""
        screen = self.screen
        nodes = (sentence_of(screen.text).nodes[0], *self.sides)
        bench = screen.setting.bench
        return Stock(screen.scope, bench.model, bench.fixed, screen.text, nodes)

    @cached_property
    def known_arrays(self) -> Arrays:
        """The whole arrays of the formula."""
        return Arrays(self.screen, self.stock)

    @cached_property
    def terms(self) -> tuple[Node, ...]:
        """The terms of all sides that may mend something, each once."""
        lost = self.screen.lost
        return tuple(t for t in self.all_terms if not lost.beside(t.span))

    @cached_property
    def all_terms(self) -> tuple[Node, ...]:
        """The terms of all sides, each once."""
        found = {term.span: term for side in self.sides for term in terms(side)}
        return tuple(found.values())

    def marked(self) -> Iterator[Edit]:
        r"""A symbol lost behind the mark of its gradient: ``d W^T`` for ``dY W^T``."""
        for mark in self._marks:
            if not self.effort.left:
                return
            if self.screen.lost.at(mark):
                continue
            slot = Slot(mark)
            own = self.screen.text[mark.start : mark.end]
            listed = (*self._elements(slot), *self.stock.arrays(self.screen.letters))
            for found in self.found(slot, (text for text in listed if own in text)):
                yield slot.edit(found, f"${own}$ should be ${found}$", 4)

    @property
    def _marks(self) -> Iterator[Span]:
        """The places of what marks a gradient and stands by itself, or before another symbol."""
        marks = self.screen.scope.lexicon.prefixes
        for side in sentence_of(self.screen.text).nodes[1:]:
            inside = index_nodes(side)
            for node in walk(side):
                start = node.span.start
                if isinstance(node, Name) and is_bare(node) and id(node) not in inside:
                    yield from (node.span,) if node.base in marks else ()
                elif isinstance(node, Prefixed) and node.operator in marks:
                    yield Span(start, start + len(node.operator))

    def symbols(self, only: Span | None = None) -> Iterator[Edit]:
        """Another symbol, or other indices, in the place of each, or of that at ``only``."""
        text = self.screen.text
        for span in self.screen.symbols if only is None else (only,):
            if not self.effort.left:
                return
            if self.screen.lost.at(span):
                continue
            power = POWER.search(text[span.start : span.end])
            slot = Slot(Span(span.start, span.end - (len(power[0]) if power else 0)))
            own = text[slot.span.start : slot.span.end]
            listed = (*self.stock.in_place_of(own), *self._anything(slot, slot.span))
            for found in self.found(slot, listed):
                if "".join(found.split()) != "".join(own.split()):
                    yield slot.edit(found, f"${own}$ should be ${found}$", 4)

    def factors(self) -> Iterator[Edit]:
        """A factor or a divisor that is missing."""
        for term in self.terms:
            if not self.effort.left:
                return
            slot = element_slot(term, self.screen.text)
            for found in self.found(slot, self._elements(slot)):
                yield self._times(slot, term, found)
            for found in self.found(slot, self._slopes(slot)):
                yield slot.edit(found, f"the slope ${found}$ is missing", 5)
            front = number_slot(term, self.screen.text)
            own = self.screen.text[term.span.start : term.span.end].strip("{}")
            for found in self.found(slot, self.stock.constants()):
                if found != rf"\frac{{1}}{{{own}}}":  # the whole term over itself
                    yield self._times(front, term, found)
        for term in self.terms:
            yield from self._divided(term) if self.effort.left else ()

    def _times(self, slot: Slot, term: Node, factor: str) -> Edit:
        """The term with one more factor, which stands in the place of a bare 1."""
        if self.screen.text[term.span.start : term.span.end] == "1":
            return Edit(term.span, factor, f"$1$ should be ${factor}$", 5)
        return slot.edit(factor, f"the factor ${factor}$ is missing", 5)

    def _divided(self, term: Node) -> Iterator[Edit]:
        below = divisor_slot(term, self.screen.text)
        slot = element_slot(term, self.screen.text)
        listed = (*self._elements(slot), *self._slopes(slot))
        inverse = {rf"\frac{{1}}{{{text}}}": text for text in listed}
        for found in self.found(slot, inverse if below is not None else ()):
            if below is not None:
                if inverse[found] in self.screen.text[term.span.start : term.span.end]:
                    continue  # a factor over itself
                what = f"the division by ${inverse[found]}$ is missing"
                yield below.edit(inverse[found], what, 5)

    def pairs(self) -> Iterator[Edit]:
        """A factor of two parts that is missing, such as ``(y - t)``."""
        for term in self.terms:
            if not self.effort.left:
                return
            slots = [element_slot(term, self.screen.text)]
            whole = [*self._elements(slots[0]), *self._slopes(slots[0])]
            if self.known_arrays.any:
                slots += array_slots(term, self.screen.text)
            inverse = [rf"\frac{{1}}{{{text}}}" for text in whole if r"\partial" not in text]
            for slot in slots:
                arrays = self._arrays(slot, term.span)
                holed = slot.holding(self.screen.text, HOLE)
                for found in self.screen.pairs(
                    holed, ("1", "2", r"\frac{1}{2}", *whole, *inverse, *arrays)
                ):
                    if found.startswith("(") and r"\partial" in found:
                        continue  # an error term is a difference of values
                    yield slot.edit(found, f"the factor ${found}$ is missing", 6)

    def addends(self) -> Iterator[Edit]:
        """A term that is missing at the end of a side."""
        for side in self.sides:
            if self.screen.lost.beside(side.span):
                continue
            for sign in ("+", "-") if self.effort.left else ():
                slot = Slot(Span(side.span.end, side.span.end), f" {sign} ")
                for found in self.found(slot, self._anything(slot, side.span)):
                    yield slot.edit(found, f"the term ${sign} {found}$ is missing", 5)
                holed = slot.holding(self.screen.text, HOLE)
                for found in self.screen.pairs(holed, [*self._elements(slot)]):
                    if not found.startswith("("):  # a difference would be two terms
                        yield slot.edit(found, f"the term ${sign} {found}$ is missing", 6)

    def arrays(self) -> Iterator[Edit]:
        """A factor that is missing in a product of arrays."""
        if not self.known_arrays.any:
            return
        operators = self.screen.scope.operators
        for term in filter(self.known_arrays.has_one, self.terms):
            for slot in array_slots(term, self.screen.text, operators):
                slopes = self.known_arrays.among(self.stock.slopes(), slot, term.span)
                whole = (*self._arrays(slot, term.span), *slopes)
                for found in self.found(slot, whole):
                    yield slot.edit(found, f"the factor ${found}$ is missing", 5)

    def free_in(self, term: Node) -> frozenset[str]:
        """The letters in index slots of a term that nothing binds."""
        return index_letters(term) - self._known_at(term)

    def _known_at(self, term: Node) -> frozenset[str]:
        """Letters of the left side, sizes, and what is bound in the term or around it."""
        around = (
            big
            for side in self.sides
            for big in walk(side)
            if isinstance(big, Big)
            and big.span.start <= term.span.start
            and term.span.end <= big.span.end
        )
        bound = (bound_letters(replace(big, body=big.lower[0])) for big in around if big.lower)
        left = index_letters(sentence_of(self.screen.text).nodes[0])
        sizes = frozenset(self.screen.scope.sizes)
        return frozenset().union(left, sizes, bound_letters(term), *bound)

    def sign(self, letter: str, term: Node) -> str:
        r"""``\sum_{i=1}^{n}`` with the range of the letter's slots, if they agree in one."""
        scope = self.screen.setting.symbolic_scope(self.screen.convention)
        ranges = ranges_of(letter, term, scope)
        if len(ranges) != 1:
            return rf"\sum_{{{letter}}} "
        lo, hi = (index_text(bound) for bound in ranges[0])
        return rf"\sum_{{{letter}={lo}}}^{{{hi}}} "

    # Candidates

    def _gap(self, slot: Slot) -> Gap | None:
        return self.screen.gap(slot.holding(self.screen.text, HOLE))

    def _takes_number(self, slot: Slot) -> bool:
        return self.screen.takes_number(slot.holding(self.screen.text, HOLE))

    def _anything(self, slot: Slot, place: Span) -> Iterator[str]:
        yield from self._elements(slot)
        yield from self._arrays(slot, place)

    def _arrays(self, slot: Slot, place: Span) -> Iterator[str]:
        if self.known_arrays.any:
            yield from self.known_arrays.fitting(slot, place)

    def _elements(self, slot: Slot) -> Iterator[str]:
        gap = self._gap(slot)
        if gap is not None and self._takes_number(slot):
            yield from self.stock.elements(self.screen.letters_at(gap))
            yield from self.stock.sizes()

    def _slopes(self, slot: Slot) -> Iterator[str]:
        gap = self._gap(slot)
        if gap is not None and self._takes_number(slot):
            yield from self.stock.slopes(self.screen.letters_at(gap))

    def found(
        self, slot: Slot, candidates: Iterable[str], letters: Letters | None = None
    ) -> Iterator[str]:
        """The candidates that make the sides agree in numbers; ``letters`` as `Screen.fits`."""
        holed = slot.holding(self.screen.text, HOLE)
        for candidate in dict.fromkeys(candidates):
            if not self.effort.left:
                return
            try:
                if self.screen.fits(holed, candidate, letters):
                    yield candidate
            except Unsure:
                continue
