"""A term of a sum in the author's own symbols: a shown term with the right numbers in it.

How the numbers of the shown terms follow the running indices is learnt from the terms that are
right; what is written so counts only if it has the wanted term's print.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from fractions import Fraction
from itertools import islice, product
from typing import Any

from derive.errors import Problem
from derive.latex import latex, symbol
from derive.reading.letters import occurrences
from derive.reading.numbered import bare
from derive.reading.sentence import Sentence
from derive.reading.statement import statement
from derive.reading.surface import Group, Node, Numeral, Span, Unary, walk
from derive.residues import Pole
from verify.expansion.displays import Display
from verify.expansion.flat import as_large
from verify.expansion.order import Term
from verify.expansion.prints import Print, prints

MOST_TRIED = 120
NEAR = 3
"""So far a number is changed where nothing is known of how it runs."""


@dataclass(frozen=True)
class Words:
    """The terms of one display as text; ``text`` is the formula's."""

    display: Display
    text: str

    def shown(self, number: int) -> str:
        """A shown term as typed."""
        item = self.display.items[number]
        assert item is not None
        return self.text[item.span.start : item.span.end]

    def spelled(self, term: Term, like: int) -> str | None:
        """The term written like the shown one of this number; ``None`` where that fails."""
        item = self.display.items[like]
        assert item is not None
        numbers = _numbers(item.node, item.span)
        guesses = self._guesses(term, like, [n for _, n in numbers])
        for values in islice(guesses, MOST_TRIED):
            at = {span: v for (span, _), v in zip(numbers, values, strict=True)}
            if self._print(_renumbered(item.node, at)) == self.display.whole.prints[term]:
                return rewritten(self.text, item.span, at)
        return None

    def plain(self, term: Term) -> str:
        """The term in the model's own notation."""
        model = self.display.flat.scope.model
        assert model is not None
        names = {a: symbol(a.name) for a in self.display.flat.read.axes}
        return latex(self.display.whole.body(term), model, names)

    def sign_is_wrong(self, number: int) -> bool:
        """Whether the shown term is one of the sum but for its sign."""
        item = self.display.items[number]
        assert item is not None
        found = self._print(Unary("-", Group(item.node), span=item.span))
        return found is not None and self.display.whole.has(found)

    def repeats(self, number: int) -> bool:
        """Whether the shown term is one of the sum that was shown before."""
        item = self.display.items[number]
        found = self._print(item.node) if item is not None else None
        return found is not None and self.display.whole.has(found)

    def differs_in_scripts(self, number: int, other: int) -> bool:
        """Whether two shown terms are alike but for what stands in scripts and brackets."""
        first, second = self.display.items[number], self.display.items[other]
        assert first is not None
        assert second is not None
        return bare(first.node) == bare(second.node)

    def like_others(self, number: int) -> bool:
        """Whether a term of the sum is shown that differs from this one in its numbers only."""
        mine = self._skeleton(number)
        return any(self._skeleton(k) == mine for k in self._right())

    def _print(self, node: Node) -> Print | None:
        flat = self.display.flat
        sides = (flat.nodes[0], as_large(node, flat.beside[self.display.number]))
        alone = Sentence("equation", sides, ("=",), flat.read.quantifiers, node.span)
        try:
            read = statement(alone, flat.scope)
            return prints(self.display.trial, read.sides[1].body, read.axes)
        except (Problem, Pole):
            return None

    def _right(self) -> Iterator[int]:
        entries = enumerate(self.display.entries)
        return (k for k, e in entries if isinstance(e, tuple))

    def _skeleton(self, number: int) -> Node:
        item = self.display.items[number]
        assert item is not None
        return _renumbered(item.node, {span: 0 for span, _ in _numbers(item.node, item.span)})

    def _guesses(self, term: Term, like: int, shown: list[int]) -> Iterator[tuple[int, ...]]:
        """Numbers for the term, the surest first."""
        mine = self._skeleton(like)
        known = []
        for k in self._right():
            entry, item = self.display.entries[k], self.display.items[k]
            assert isinstance(entry, tuple)
            assert item is not None
            if entry[0] == term[0] and self._skeleton(k) == mine:
                known.append((entry[1], [n for _, n in _numbers(item.node, item.span)]))
        options = [
            _run([(at, numbers[slot]) for at, numbers in known], term[1])
            for slot in range(len(shown))
        ]
        if len(known) > 1:
            yield from product(*options)
        for slot, number in enumerate(shown):
            for step in (k for n in range(1, NEAR + 1) for k in (n, -n)):
                yield (*shown[:slot], number + step, *shown[slot + 1 :])
        if len(known) == 1:
            yield from product(*options)


def _run(known: list[tuple[tuple[int, ...], int]], at: tuple[int, ...]) -> list[int]:
    """What a number is at ``at``, by every simple law that it follows at the known places."""
    found = []
    if len({value for _, value in known}) == 1:
        found.append(known[0][1])
    for place, here in enumerate(at):
        for slope in (1, -1, 2, -2):
            rests = {value - slope * where[place] for where, value in known}
            if len(rests) == 1:
                found.append(slope * here + rests.pop())
    return list(dict.fromkeys(found))


def _numbers(node: Node, within: Span) -> list[tuple[Span, int]]:
    """Whole numbers in scripts and arguments of a term, with their places, in order.

    A number that multiplies is none of them: ``2 x_1`` may stand for two equal terms.
    """
    found = {
        n.span: int(n.value)
        for item in occurrences(node)
        for part in (*item.name.sub, *item.name.sup, *(item.args or ()))
        for n in walk(part)
        if isinstance(n, Numeral)
        and n.value.denominator == 1
        and within.start <= n.span.start < n.span.end <= within.end
    }
    return sorted(found.items(), key=lambda pair: pair[0].start)


def _renumbered(node: Node, at: Mapping[Span, int]) -> Node:
    """``node`` with these numbers in these places."""
    if isinstance(node, Numeral):
        new = at.get(node.span)
        return node if new is None else replace(node, text=str(new), value=Fraction(new))
    changes: dict[str, Any] = {}
    for item in fields(node):
        old = getattr(node, item.name)
        new_value = _inside(old, at)
        if new_value is not old:
            changes[item.name] = new_value
    return replace(node, **changes) if changes else node


def _inside(value: object, at: Mapping[Span, int]) -> object:
    if isinstance(value, Node):
        return _renumbered(value, at)
    if isinstance(value, tuple):
        new = tuple(_inside(v, at) for v in value)
        return new if any(a is not b for a, b in zip(new, value, strict=True)) else value
    return value


def rewritten(text: str, within: Span, at: Mapping[Span, int]) -> str:
    """The text of a place with other numbers; those that touch get a comma where they must."""
    result, end = "", within.start
    long = any(abs(n) > 9 or n < 0 for n in at.values())
    for span, number in sorted(at.items(), key=lambda pair: pair[0].start):
        between = text[end : span.start]
        touching = not between and end > within.start
        result += between + ("," if touching and long else "") + str(number)
        end = span.end
    return result + text[end : within.end]
