r"""Learning notations from a sheet: which script items are indices and which belong to the name.

In ``C_p^1(i,j) = …, p = 1, \dots, P`` the subscript p is an index, since it is quantified, and 1 a
label. A letter is an index where a quantifier or a sum binds it or where an argument list holds it;
an item is an index where it contains such a letter, or where the same symbol elsewhere has an index
in that place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import replace
from itertools import permutations
from typing import TypeGuard

from derive.equations import Notation
from derive.reading.eulers import is_eulers, own_errors
from derive.reading.fitting import TRANSPOSES
from derive.reading.lexicon import Occurrence, occurrence
from derive.reading.names import label, letter_of, size_key, spread
from derive.reading.names_apart import names_apart, symbol_of
from derive.reading.raised_symbols import Raised, Symbol
from derive.reading.seen import Seen, labels_of, notation_of, same_elsewhere
from derive.reading.sentence import Sentence
from derive.reading.sentence_letters import bound_in, script_letters
from derive.reading.surface import (
    Group,
    Juxtaposition,
    Name,
    Node,
    Numeral,
    Scripted,
    Unary,
    parts,
    walk,
)
from derive.reading.whole_at_times import is_element

RUNNING = frozenset("ijklmnpqrstuv")
"""Letters that run where they stand in scripts on both sides, or beside an index."""


class Learner:
    """Collects the occurrences of tensors in the sentences of a sheet and decides their slots."""

    def __init__(
        self,
        functions: Iterable[str],
        sizes: Iterable[str],
        declared: Iterable[str] = (),
        times: Iterable[str] = (),
        labels: Iterable[tuple[str, str]] = (),
        ranks: Mapping[Symbol, int] | None = None,
    ) -> None:
        self.labels = frozenset(labels)
        self.ranks = ranks or {}
        self.running = RUNNING
        self.times = frozenset(times)
        self.functions = frozenset(functions)
        self.sizes = frozenset(sizes)
        self.declared = frozenset(declared)
        self.letters: list[set[str]] = []
        self.seen: list[Seen] = []
        self.apart: frozenset[Symbol] = frozenset()

    def notations(self, sentences: list[Sentence]) -> list[Notation]:
        """The notation of every tensor, in order of first occurrence."""
        self.declared |= own_errors(sentences)
        bound = set().union(*map(bound_in, sentences))
        self.running = RUNNING - ({k for h, k in self.labels if not h} - bound - self.times)
        for number, sentence in enumerate(sentences):
            self.letters.append(bound_in(sentence) | self.times)
            self._argument_letters(sentence.nodes[0], number)
            self._shared_letters(sentence, number)
        for number, sentence in enumerate(sentences):
            for node in sentence.nodes:
                for item in self._tensors(node, number):
                    self.seen.append(self._look(item, number))
        self._drop_powers({head for s in sentences if (head := _defined(s)) is not None})
        self.apart = names_apart(sentences, self.ranks, bound | self.times | RUNNING)
        self._fix_places()
        while self._propagate():
            pass
        return self._distinct()

    def _argument_letters(self, node: Node, number: int) -> None:
        item = occurrence(node)
        for argument in (item.args if item is not None else None) or ():
            if (letter := letter_of(argument)) is not None:
                self.letters[number].add(letter)

    def _shared_letters(self, sentence: Sentence, number: int) -> None:
        """i in ``y_i = x_i``: a script on both sides, and a letter that people count with."""
        left, *right = (set(script_letters(n)) for n in sentence.nodes)
        self.letters[number] |= left & set().union(*right) & self.running

    def _tensors(self, node: Node, number: int) -> Iterator[Occurrence]:
        """Occurrences that are no letters, sizes or functions, outside index lists."""
        item = occurrence(node)
        if item is None:
            kept = node
            if _scripted(node):  # what stands below a bracket is an index or the name of a norm
                kept = replace(node, sub=(), sup=_without_modifiers(node.sup))
            for part in parts(kept):
                yield from self._tensors(part, number)
            return
        if item.name.base == "1":  # a vector of ones, whatever its font
            return
        arguments = item.args or ()
        exponential = item.name.base == r"\exp" or is_eulers(item, self.declared)
        if exponential or self._is_letter(item, number) or item.head in self.functions:
            inner = (*item.name.sup, *arguments) if exponential else arguments
            for part in inner:
                yield from self._tensors(part, number)
            return
        if item.args is not None and not all(self._is_index(a, number) for a in arguments):
            yield Occurrence(item.name, item.span, item.prefix)
            for part in arguments:
                yield from self._tensors(part, number)
            return
        yield item

    def _is_letter(self, item: Occurrence, number: int) -> bool:
        bare = item.args is None and letter_of(item.name) in self.letters[number]
        return bare or size_key(item.name) in self.sizes

    def _is_index(self, node: Node, number: int) -> bool:
        """Whether ``node`` is made of letters, sizes and numerals only."""
        names = [n for n in walk(node) if isinstance(n, Name)]
        known = self.letters[number]
        return all(letter_of(n) in known or size_key(n) in self.sizes for n in names)

    def _look(self, item: Occurrence, number: int) -> Seen:
        sub = self._items(item.name.sub, number)
        sup = self._items(item.name.sup, number)
        seen = Seen(item, number, sub, _without_modifiers(sup), len(item.args or ()))
        for k, node in enumerate(seen.scripts):
            seen.is_index[k] = self._mentions_letter(node, number)
        beside = any(seen.is_index.values())
        for k, node in enumerate(seen.scripts):
            running = letter_of(node) in self.running - self.sizes
            if beside and running and not self._is_label(item, node):
                seen.is_index[k] = True
        return seen

    def _is_label(self, item: Occurrence, node: Node) -> bool:
        """Whether a declaration shows this label above the symbol: ``types: {f^p: …}``."""
        return (item.head, label(node)) in self.labels and node in item.name.sup

    def _items(self, items: tuple[Node, ...], number: int) -> tuple[Node, ...]:
        """Script items; ``ij`` is two where both are letters, ``[2](i)`` always."""
        result: list[Node] = []
        for item in items:
            if _in_brackets(item):
                result += spread((item,))
                continue
            joined = isinstance(item, Juxtaposition) and all(
                self._mentions_letter(f, number) or len(label(f) or "") == 1 for f in item.factors
            )
            if isinstance(item, Juxtaposition) and joined and self._mentions_letter(item, number):
                result.extend(item.factors)
            else:
                result.append(item)
        return tuple(result)

    def _mentions_letter(self, node: Node, number: int) -> bool:
        return any(letter_of(n) in self.letters[number] for n in walk(node))

    def _is_time(self, node: Node) -> bool:
        return any(letter_of(n) in self.times for n in walk(node))

    def _only_squares(self, defined: Set[str]) -> bool:
        numbered = [(s, n.text) for s in self.seen for n in s.sup if isinstance(n, Numeral)]
        return {text for _, text in numbered} == {"2"} and not any(
            s.item.head in defined for s, _ in numbered
        )

    def _drop_powers(self, defined: Set[str]) -> None:
        """What stands above a symbol and is a power of it is no part of its name."""
        alone = {s.item.head for s in self.seen if not (s.scripts or s.arity)}
        arrays = {name for (name, _), rank in self.ranks.items() if rank}
        scalars = {name for (name, _), rank in self.ranks.items() if not rank}
        raised = Raised(
            {(s.item.head, len(s.sub)) for s in self.seen if not s.sup},
            self.declared,
            (alone - defined - arrays) | scalars,
            self.sizes,
            self.ranks,
            alone,
            self._only_squares(defined),
        )
        for seen in tuple(self.seen):
            if self._is_raised(seen, raised):
                (power,) = seen.sup
                seen.sup = ()
                seen.is_index.pop(len(seen.sub), None)
                inside = self._tensors(power, seen.sentence)
                self.seen.extend(self._look(item, seen.sentence) for item in inside)

    def _is_raised(self, seen: Seen, raised: Raised) -> bool:
        if len(seen.sup) != 1 or self._is_label(seen.item, seen.sup[0]):
            return False
        below, (above,) = seen.sub, seen.sup
        if seen.is_index[len(below)]:
            return raised.is_scalar(seen.item.head, below)
        indices = sum(seen.is_index[k] for k in range(len(below)))
        return raised.is_power(seen.item.head, below, above, indices)

    def _fix_places(self) -> None:
        """The numeral in ``A_{1i}`` is an index where A is an array, and no ``A_1`` is a symbol.

        Where A has one index elsewhere, ``2i`` is that one.
        """
        alone = {(s.item.head, labels_of(s.sup), labels_of(s.sub)) for s in self.seen}
        for seen in self.seen:
            numerals = [k for k, n in enumerate(seen.sub) if isinstance(n, Numeral)]
            named = tuple(label(seen.sub[k]) for k in numerals)
            place = seen.item.head, labels_of(seen.sup)
            array = (*place, ()) in alone or (seen.item.head in self.declared and not seen.sup)
            beside = any(seen.is_index.values()) and len(numerals) < len(seen.sub)
            short = any(
                (s.item.head, labels_of(s.sup)) == place and 0 < len(s.sub) < len(seen.sub)
                for s in self.seen
            )
            if beside and array and not short and (*place, named) not in alone:
                seen.is_index |= dict.fromkeys(numerals, True)

    def _propagate(self) -> bool:
        """Make items indices that are indices in the same symbol elsewhere; true if one was new."""
        groups: dict[tuple[str, int, int], list[Seen]] = {}
        for seen in self.seen:
            groups.setdefault(seen.key, []).append(seen)
        changed = False
        for group in groups.values():
            for first, other in permutations(group, 2):
                changed |= self._learn_from(first, other)
        return changed

    def _learn_from(self, first: Seen, other: Seen) -> bool:
        new = [k for k, known in first.is_index.items() if known and not other.is_index[k]]
        if not new or symbol_of(other.item) in self.apart or not same_elsewhere(first, other):
            return False
        for k in new:
            other.is_index[k] = True
            self._adopt(other, k)
        return True

    def _adopt(self, seen: Seen, position: int) -> None:
        """A bare letter in an index place is an index letter of its whole sentence."""
        node = seen.scripts[position]
        letter = letter_of(node)
        if letter is None or letter in self.sizes:
            return
        self.letters[seen.sentence].add(letter)
        for other in self.seen:
            if other.sentence == seen.sentence:
                for k, item in enumerate(other.scripts):
                    if self._mentions_letter(item, seen.sentence):
                        other.is_index[k] = True

    def _distinct(self) -> list[Notation]:
        found: dict[tuple[object, ...], tuple[Seen, int]] = {}
        for seen in self.seen:
            if is_element(seen, self.seen, self._is_time):
                continue
            labels = tuple(
                None if seen.is_index[k] else label(n) for k, n in enumerate(seen.scripts)
            )
            key = (*seen.key, labels)
            first, arity = found.get(key, (seen, 0))
            found[key] = (first, max(arity, seen.arity))
        return [notation_of(seen, arity) for seen, arity in found.values()]


def _defined(sentence: Sentence) -> str | None:
    item = occurrence(sentence.nodes[0])
    return None if item is None else item.head


def _without_modifiers(items: tuple[Node, ...]) -> tuple[Node, ...]:
    """Superscripts without a trailing transposition or inverse."""
    if items and (label(items[-1]) in TRANSPOSES or _is_negative(items[-1])):
        return items[:-1]
    return items


def _in_brackets(item: Node) -> bool:
    """Whether an item is several in brackets."""
    return isinstance(item, Juxtaposition) and all(isinstance(f, Group) for f in item.factors)


def _scripted(node: Node) -> TypeGuard[Scripted]:
    return isinstance(node, Scripted)


def _is_negative(node: Node) -> bool:
    return isinstance(node, Unary) and isinstance(node.body, Numeral)
