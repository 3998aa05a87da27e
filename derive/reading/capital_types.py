r"""Types of matrices of which the equations read the parts alone: X where ``x_{ij}`` stands.

``X: matrix N D`` then says what ``x_{nd}``, ``x_n`` or ``x^{(i)}`` are: elements, or, where what is
declared counts as far as the letter runs, the rows or the columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from derive.equations import Range
from derive.reading.letters import occurrences
from derive.reading.lexicon import Entry, Lexicon, Match
from derive.reading.names import unstyled
from derive.reading.one_of_many import letter_in, range_of
from derive.reading.scope import Scope
from derive.reading.sentence import Sentence

Ranges = tuple[Range, ...]


def part_of(
    latex: str, ranges: Ranges, scope: Scope, sentences: Sequence[Sentence]
) -> tuple[Entry, Ranges] | None:
    """The symbol in small letters whose type that of the capital is, and its ranges."""
    letter = unstyled(latex)
    if len(letter) != 1 or not letter.isupper() or len(ranges) != 2:
        return None
    for match in _matches(letter.lower(), scope.lexicon, sentences):
        shown = [letter_in(s) for s in match.slots]
        runs = [None if k is None else range_of(k, sentences, scope) for k in shown]
        found = _elements(runs, ranges) if len(runs) == 2 else _one_of_many(runs, ranges)
        if found is not None:
            return match.entry, found
    return None


def _matches(head: str, lexicon: Lexicon, sentences: Iterable[Sentence]) -> list[Match]:
    nodes = (node for s in sentences for node in s.nodes)
    items = (i for node in nodes for i in occurrences(node) if unstyled(i.head) == head)
    found = (lexicon.match(item) for item in items)
    return [m for m in found if m is not None and m.slots and not m.omitted]


def _elements(runs: Sequence[Range | None], ranges: Ranges) -> Ranges | None:
    """The ranges in the order of the symbol's indices."""
    for order in (ranges, ranges[::-1]):
        if all(r in (None, own) for r, own in zip(runs, order, strict=True)):
            return order
    return None


def _one_of_many(runs: Sequence[Range | None], ranges: Ranges) -> Ranges | None:
    """How many there are, and the rest of the matrix; rows where nothing says how far they run."""
    if len(runs) != 1 or runs[0] not in (None, *ranges):
        return None
    if runs[0] is None:
        return ranges
    return ranges if runs[0] == ranges[0] else ranges[::-1]
