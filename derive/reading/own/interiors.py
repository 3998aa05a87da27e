r"""Ranges of a convolution that nobody states: where all that it reads of a known shape exists.

With $X \in \mathbb{R}^4$ the i of ``Y_i = \sum_{m=1}^2 X_{i+m-1} K_m`` runs from 1 to 3: the valid
part.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from derive.errors import Problem
from derive.index import Axis, Index, Size
from derive.reading.build_model import Written
from derive.reading.indices import index_of
from derive.reading.letters import occurrences
from derive.reading.lexicon import Occurrence, occurrence
from derive.reading.names import head, is_bare, letter_of
from derive.reading.own.ranges import slots, typed
from derive.reading.parse import parse
from derive.reading.surface import Name, Node, walk

Range = tuple[str, str]


def interior(
    written: Written, text: str, letter: str, spaces: Mapping[str, tuple[str, ...]]
) -> Range | None:
    """The ends of ``letter``, as typed; ``None`` where no read of a known shape moves with it.

    ``text`` is the document's; ``spaces`` are the lengths of symbols, by LaTeX.
    """
    lengths = {item.head: said for latex, said in spaces.items() if (item := _symbol(latex))}
    inner = {k: (low, high) for k, low, high in typed(written, text) if k != letter}
    found: set[tuple[Index, Index]] = set()
    try:
        ends = {k: (_index(low), _index(high)) for k, (low, high) in inner.items()}
        for node, length in _moving(written, letter, lengths):
            reach = _reach(node, letter, ends)
            if reach is not None:
                low, high = reach
                found.add((Index.of(1) - low, _index(length) - high))
    except Problem:
        return None
    if len(found) != 1:
        return None
    ((first, last),) = found
    return str(first), str(last)


def _symbol(latex: str) -> Occurrence | None:
    (node,) = parse(latex).items
    return occurrence(node)


def _moving(
    written: Written, letter: str, lengths: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[Node, str]]:
    """The index expressions that hold the letter and more, with the length of their place."""
    for item in (i for side in written.sentence.nodes[1:] for i in occurrences(side)):
        said = lengths.get(item.head, ())
        for place, node in slots(item):
            holds = any(letter_of(n) == letter for n in walk(node))
            if holds and letter_of(node) is None and 0 <= place < len(said):
                yield node, said[place]


def _reach(
    node: Node, letter: str, ends: Mapping[str, tuple[Index, Index]]
) -> tuple[Index, Index] | None:
    """The least and the greatest of what is added to the letter; ``None`` for strides."""
    axes = {k: Axis(k, *bounds) for k, bounds in ends.items()}
    own = Axis(letter, Index.of(0), Index.of(0))
    index = _of(node, {**axes, letter: own})
    if index.coefficient(own).value != 1:
        return None
    low = high = index - own
    for name, axis in axes.items():
        times = index.coefficient(axis).value
        if times is None:
            return None
        below, above = ends[name] if times >= 0 else ends[name][::-1]
        low, high = low + (below - axis) * times, high + (above - axis) * times
    return low, high


def _index(text: str) -> Index:
    (node,) = parse(text).items
    return _of(node, {})


def _of(node: Node, axes: Mapping[str, Axis]) -> Index:
    names = {head(n) for n in walk(node) if isinstance(n, Name) and is_bare(n)}
    letters = {name: Index.of(axes.get(name) or Size(name)) for name in names}
    return index_of(node, letters).index
