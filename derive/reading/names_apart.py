r"""Names that look like elements: ``w_0`` beside ``w_i``, i = 1, …, and ``u_o`` beside ``u_k``.

The zero is an index where something reads that far down (``w_{i-1}``, a range from 0); a letter is
one where anything binds it, or where people count with it.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence

from derive.reading.bounds import read_bounds
from derive.reading.letters import occurrences
from derive.reading.lexicon import Occurrence
from derive.reading.names import label, letter_of, spread
from derive.reading.raised_symbols import Symbol
from derive.reading.sentence import Sentence
from derive.reading.surface import Big, Node, Numeral, walk


def names_apart(
    sentences: Sequence[Sentence], typed: Iterable[Symbol], letters: Container[str]
) -> frozenset[Symbol]:
    """Symbols whose one lower label is no index, though the symbol has one there elsewhere.

    ``typed`` are symbols with a type of their own, ``letters`` all that run in the sentences.
    """
    own = {s for s in typed if len(s[1]) == 1 and _is_word(s[1][0]) and s[1][0] not in letters}
    zeros, read = set(), dict[str, list[bool]]()
    for sentence in sentences:
        above_zero = set(_from_above_zero(sentence))
        for item in (o for node in sentence.nodes for o in occurrences(node)):
            if len(items := spread(item.name.sub)) != 1 or item.args is not None:
                continue
            if _is_zero(items[0]):
                zeros.add(item.head)
            else:
                read.setdefault(item.head, []).append(_is_above(items[0], above_zero))
    return frozenset(own | {(head, ("0",)) for head in zeros if all(read.get(head, (False,)))})


def symbol_of(item: Occurrence) -> Symbol:
    """The head of an occurrence and the labels below it."""
    return item.head, tuple(label(n) for n in spread(item.name.sub))


def _is_word(text: str | None) -> bool:
    return text is not None and not text.isdigit()


def _is_zero(node: Node) -> bool:
    return isinstance(node, Numeral) and node.value == 0


def _is_above(node: Node, above_zero: Container[str]) -> bool:
    if isinstance(node, Numeral):
        return node.value > 0
    return letter_of(node) in above_zero


def _from_above_zero(sentence: Sentence) -> Iterator[str]:
    """Letters that the sums and ranges of the sentence let run, none of them from 0 or below."""
    bounds = [b for q in sentence.quantifiers for b in read_bounds(q, None)]
    for big in (n for node in sentence.nodes for n in walk(node) if isinstance(n, Big)):
        bounds += [b for item in big.lower for b in read_bounds(item, big.upper)]
    above: dict[str, bool] = {}
    for b in bounds:
        positive = b.low is None or (isinstance(b.low, Numeral) and b.low.value > 0)
        above[b.letter] = positive and above.get(b.letter, True)
    yield from (letter for letter, positive in above.items() if positive)
