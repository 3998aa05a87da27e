r"""Types of one of several, ``types: {x_i: column d}`` where i runs over samples.

The letter has the range that the sheet's sums and quantifiers give it; what is declared is the
shape of what is left. Where they give none, or the very range that is declared, the type is that of
the whole, ``y_i: column n``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from derive.equations import Range
from derive.index import Index
from derive.reading.bounds import read_bounds
from derive.reading.indices import NotAnIndex, index_of
from derive.reading.letters import occurrences, uses
from derive.reading.lexicon import Match
from derive.reading.names import letter_of
from derive.reading.scope import Scope
from derive.reading.sentence import Sentence
from derive.reading.surface import Big, Group, Node, walk


def of_each(
    match: Match, ranges: tuple[Range, ...], sentences: Sequence[Sentence], scope: Scope
) -> tuple[Range, ...]:
    """The ranges of the whole where ``ranges`` are those of one of many; else ``ranges``."""
    letters = [letter_in(s) for s in match.slots]
    if not letters or None in letters or match.powers or match.extra:
        return ranges
    found = [range_of(k, sentences, scope) for k in letters if k is not None]
    own = [pair for pair in found if pair is not None]
    if len(own) < len(letters) or tuple(own) == ranges[: len(own)]:
        return ranges
    return (*own, *ranges)


def is_one_of_many(left: Match, right: Node, scope: Scope) -> bool:
    """Whether all letters on the left count on the right too, as in ``q_i = W x_i``."""
    letters = {letter_in(s) for s in left.slots if s is not None}
    return letters <= {use.letter for use in uses(right, scope)}


def letter_in(slot: Node | None) -> str | None:
    """The letter that an index is, in brackets or not."""
    inner = slot.body if isinstance(slot, Group) else slot
    return letter_of(inner) if inner is not None else None


def range_of(letter: str, sentences: Sequence[Sentence], scope: Scope) -> Range | None:
    """The one range that bounds give a letter, or else the slots of symbols that are known."""
    return _bounded(letter, sentences, scope.sizes) or _in_slots(letter, sentences, scope)


def _in_slots(letter: str, sentences: Sequence[Sentence], scope: Scope) -> Range | None:
    r"""As in ``\sum_{j \ne y_i}``, where y is the number of one of the classes."""
    items = (i for s in sentences for node in s.nodes for i in occurrences(node))
    matches = (m for item in items if (m := scope.lexicon.match(item)) is not None)
    homes = {
        match.home(position)
        for match in matches
        for position, slot in enumerate(match.slots)
        if slot is not None and letter_in(slot) == letter
    }
    found = [home for home in homes if home is not None]
    return found[0] if len(found) == 1 else None


def _bounded(
    letter: str, sentences: Sequence[Sentence], sizes: Mapping[str, Index]
) -> Range | None:
    found: set[Range] = set()
    for sentence in sentences:
        items: list[tuple[Node, Node | None]] = [(q, None) for q in sentence.quantifiers]
        for big in (n for node in sentence.nodes for n in walk(node) if isinstance(n, Big)):
            items += [(item, big.upper) for item in big.lower]
        for bound in (b for item, upper in items for b in read_bounds(item, upper)):
            if bound.letter == letter and bound.low is not None and bound.high is not None:
                try:
                    low, high = (index_of(n, sizes).index for n in (bound.low, bound.high))
                except NotAnIndex:
                    return None
                found.add((low + bound.strict_low, high - bound.strict_high))
    return found.pop() if len(found) == 1 else None
