r"""Ranges of letters on the left that an equation leaves out, by the rest of its page.

In ``\hat y_i = w x_i`` beside ``L = \sum_{i=1}^{N} (\hat y_i - y_i)^2`` the letter fills a place
that runs over 1..N elsewhere. Where all such places agree, that is its range; else there is none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from derive.reading.bounds import read_bounds
from derive.reading.build_model import Written
from derive.reading.letters import occurrences
from derive.reading.lexicon import Occurrence, occurrence
from derive.reading.names import letter_of, spread
from derive.reading.parse import parse
from derive.reading.sentence import Sentence
from derive.reading.surface import Big, Group, Node, walk

Place = tuple[str, int]


def with_ranges(
    page: Sequence[Written], text: str, said: Mapping[str, set[tuple[str, str]]]
) -> list[tuple[Written, tuple[str, ...]]]:
    """The equations with the ranges that the page implies, and which letters got one.

    ``text`` is the document's; ``said`` are the ranges that it states of letters by themselves.
    """
    known = _places(page, text)
    while _spread(page, known):
        pass
    found = []
    for written in page:
        told = []
        bound = {letter for letter, *_ in _bounds(written.sentence)}
        implied = []
        for letter in dict.fromkeys(letters_of_left(written.sentence)):
            ranges = {r for place in _filled(written.sentence, letter) for r in known[place]}
            if not ranges and len(said.get(letter, ())) == 1:
                ranges = said[letter]
            if letter not in bound and len(ranges) == 1:
                ((low, high),) = ranges
                implied.append(parse(rf"{letter} = {low}, \dots, {high}").items[0])
                where = "the page says" if ranges is said.get(letter) else "in its places elsewhere"
                told.append(f"{letter} runs over {low}..{high}, as {where}")
        found.append((quantified(written, tuple(implied)) if implied else written, tuple(told)))
    return found


def _spread(page: Sequence[Written], known: dict[Place, set[tuple[str, str]]]) -> bool:
    r"""Take the one range of a letter to all places it fills, from ``\hat y_i`` to a in ``f(a_i)``.

    True where a place was new.
    """
    size = sum(map(len, known.values()))
    for written in page:
        for letter in dict.fromkeys(letters_of_left(written.sentence)):
            places = [*_filled(written.sentence, letter)]
            ranges = {r for place in places for r in known.get(place, ())}
            if len(ranges) == 1:
                for place in places:
                    known[place] |= ranges
    return sum(map(len, known.values())) > size


def quantified(written: Written, more: tuple[Node, ...]) -> Written:
    """The equation with these quantifiers too."""
    sentence = written.sentence
    return replace(written, sentence=replace(sentence, quantifiers=(*sentence.quantifiers, *more)))


def _places(equations: Iterable[Written], text: str) -> dict[Place, set[tuple[str, str]]]:
    """The ranges, as typed, that fill the index places of every symbol."""
    found: dict[Place, set[tuple[str, str]]] = defaultdict(set)
    for written in equations:
        for letter, *ends in typed(written, text):
            for place in _filled(written.sentence, letter):
                found[place].add((ends[0], ends[1]))
    return found


def _typed(text: str, written: Written, node: Node) -> str:
    return text[written.start + node.span.start : written.start + node.span.end].strip()


def typed(written: Written, text: str) -> Iterator[tuple[str, str, str]]:
    """The letters of an equation that have a range, with its ends as typed."""
    for letter, low, high in _bounds(written.sentence):
        yield letter, _typed(text, written, low), _typed(text, written, high)


def _bounds(sentence: Sentence) -> Iterator[tuple[str, Node, Node]]:
    items = [(quantifier, None) for quantifier in sentence.quantifiers]
    bigs = (n for node in sentence.nodes for n in walk(node) if isinstance(n, Big))
    for item, upper in (*items, *((item, big.upper) for big in bigs for item in big.lower)):
        for bound in read_bounds(item, upper):
            if bound.low is not None and bound.high is not None:
                yield bound.letter, bound.low, bound.high


def letters_of_left(sentence: Sentence) -> Iterator[str]:
    """The letters that stand alone in index places of the left side."""
    item = occurrence(sentence.nodes[0])
    for _, node in slots(item) if item is not None else ():
        if (letter := letter_of(node)) is not None and letter.isalpha():
            yield letter


def _filled(sentence: Sentence, letter: str) -> Iterator[Place]:
    """The index places that a letter fills alone."""
    for node in sentence.nodes:
        for item in occurrences(node):
            for position, slot in slots(item):
                if letter_of(slot) == letter:
                    yield item.head, position


def slots(item: Occurrence) -> Iterator[tuple[int, Node]]:
    r"""The index places of a symbol by number, those below, in brackets above, and behind it.

    ``x^{(i)}_j`` has j at 0 and i at -1.
    """
    yield from enumerate((*spread(item.name.sub), *(item.args or ())))
    for position, script in enumerate(spread(item.name.sup), start=1):
        if isinstance(script, Group):
            yield -position, script.body
