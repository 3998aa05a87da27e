r"""Ranges that a page leaves to its reader: ``a_j = \sum_k w_{jk} x_k`` with no word of how many.

Letters that fill one place of a symbol run equally far, wherever they stand. Where one of them has
a range, all have it; where none has, they run from 1 to a size that is made up, ``n_j``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from derive.reading.bounds import read_bounds
from derive.reading.build_model import Written
from derive.reading.learn import RUNNING
from derive.reading.letters import occurrences
from derive.reading.lexicon import Occurrence, occurrence
from derive.reading.names import label, letter_of, spread
from derive.reading.own.functions import is_catalogued
from derive.reading.own.interiors import interior
from derive.reading.own.ranges import letters_of_left, quantified, slots, typed
from derive.reading.own.statements import Page
from derive.reading.parse import parse
from derive.reading.recurrences import TIME
from derive.reading.surface import Big, Group, Node, Numeral, walk

_SIZE = re.compile(r"(?<![\\\w])[A-Za-z]\w*(?!\w|_?\{)")
Key = tuple[object, ...]
Range = tuple[str, str]


def declared_lengths(declared: Mapping[str, Any]) -> tuple[str, ...]:
    """The sizes that front matter names: T of ``time: {t: T}``, m and n of ``W: matrix m n``."""
    times, types = (v if isinstance(v := declared.get(k), dict) else {} for k in (TIME, "types"))
    ends = [str(value) for value in times.values()]
    ends += [" ".join(str(value).partition("(")[0].split()[1:]) for value in types.values()]
    return tuple(dict.fromkeys(name for text in ends for name in _SIZE.findall(text)))


def with_free_ranges(
    ranged: Sequence[tuple[Written, tuple[str, ...]]], page: Page, text: str, known: Collection[str]
) -> tuple[list[tuple[Written, tuple[str, ...]]], tuple[str, ...]]:
    """The equations with ranges for all their letters and what is said of them; made up sizes.

    ``text`` is the document's, ``known`` the letters and the heads of symbols whose ranges are
    declared.
    """
    classes = Classes(page.equations, text)
    made: dict[Key, str] = {}
    found = []
    for number, (written, lines) in enumerate(ranged):
        more: list[Node] = []
        told = [*lines]
        for letter in dict.fromkeys(_open(written, known)):
            one = classes.of((number, letter))
            ranges = classes.ranges(one)
            if len(ranges) > 1 or classes.heads(one) & {*known} or classes.tells(one):
                continue
            size = made.get(one) or f"n_{letter}"
            within = None if ranges else interior(written, text, letter, page.spaces)
            if not ranges and within is None:
                made[one] = size
            low, high = within or next(iter(ranges), ("1", size))
            more.append(parse(rf"{letter} = {low}, \dots, {high}").items[0])
            where = "in its places elsewhere" if ranges else "nothing says how far"
            where = "all that is read exists there" if within else where
            told.append(f"{letter} runs over {low}..{high}, as {where}")
        found.append((quantified(written, tuple(more)) if more else written, tuple(told)))
    return found, tuple(dict.fromkeys(made.values()))


def _open(written: Written, known: Collection[str]) -> Iterator[str]:
    """The letters on the left, and of sums, that nothing gives a range."""
    if is_catalogued(written):
        return
    sentence = written.sentence
    bound = {b.letter for q in sentence.quantifiers for b in read_bounds(q, None)}
    for letter in letters_of_left(sentence):
        if letter not in bound and letter not in known and letter in RUNNING:
            yield letter
    for big in (n for node in sentence.nodes[1:] for n in walk(node) if isinstance(n, Big)):
        for bare in (b for item in big.lower for b in read_bounds(item, big.upper)):
            if bare.low is None and bare.high is None and bare.letter not in {*bound, *known}:
                yield bare.letter


class Classes:
    """Letters, by sentence, and places of symbols, those together that run equally far."""

    def __init__(self, page: Sequence[Written], text: str) -> None:
        self.above: dict[Key, Key] = {}
        self.known: dict[Key, set[Range]] = {}
        self.shown: dict[Key, set[object]] = {
            (item.head, *_labels(item)): {position for position, _ in slots(item)}
            for w in page
            if (item := occurrence(w.sentence.nodes[0])) is not None
        }
        for number, written in enumerate(page):
            for node in written.sentence.nodes:
                for item in occurrences(node):
                    for position, slot in slots(item):
                        if (letter := letter_of(slot)) is not None:
                            self._join((number, letter), (item.head, *_labels(item), position))
        for number, written in enumerate(page):
            for letter, low, high in typed(written, text):
                self.known.setdefault(self.of((number, letter)), set()).add((low, high))

    def of(self, key: Key) -> Key:
        """The class of a letter or a place."""
        while (above := self.above.get(key, key)) != key:
            key = above
        return key

    def _join(self, one: Key, other: Key) -> None:
        first, second = self.of(one), self.of(other)
        self.above.setdefault(second, second)
        self.above[first] = second

    def ranges(self, one: Key) -> set[Range]:
        """The ranges, as typed, of a class."""
        return self.known.get(one, set())

    def heads(self, one: Key) -> set[str]:
        """The symbols in a class."""
        return {str(k[0]) for k in self.above if isinstance(k[0], str) and self.of(k) == one}

    def tells(self, one: Key) -> bool:
        """Whether a symbol in a class is defined without that index: its value tells the range."""
        members = (k for k in self.above if isinstance(k[0], str) and self.of(k) == one)
        return any(k[-1] not in self.shown.get(k[:-1], {k[-1]}) for k in members)


def _labels(item: Occurrence) -> Iterator[str]:
    """What tells ``w^{[1]}`` from ``w^{[2]}``; a 2 may be a square."""
    for script in spread(item.name.sup):
        runs = isinstance(script, Group) and letter_of(script.body) is not None
        squared = isinstance(script, Numeral) and script.text == "2"
        if not runs and not squared:
            yield label(script) or str(script)
