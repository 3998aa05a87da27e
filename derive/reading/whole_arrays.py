"""One array, whole in one equation and by its elements in another: ``z = W x`` and ``z_k``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from derive.equations import Notation, Range, Tensor
from derive.expr import accesses
from derive.index import Index
from derive.reading.arrays import ArrayValue
from derive.reading.lexicon import occurrence
from derive.reading.names import head
from derive.reading.sentence import Sentence
from derive.reading.surface import Name, Node, walk


def without_whole(
    notations: Sequence[Notation], sentences: Sequence[Sentence], ranks: Mapping[str, int]
) -> list[Notation]:
    r"""The notations without those that another one has with indices: whole, it needs no own.

    A symbol without scripts is that array where its type says so (``ranks``, by head), or where it
    is defined and its elements are only read, and not by its definition: ``E = \sum_n E_n`` has a
    number and a vector.
    """
    indexed = {n.head: _rank(n) for n in notations if _indices_only(n)}
    return [
        n
        for n in notations
        if n.sub or n.sup or n.args or n.head not in indexed
        or not (ranks.get(n.head, 0) == indexed[n.head] or _defined_whole(n.head, sentences))
    ]  # fmt: skip


def ranges_from_one(value: ArrayValue, tensors: Mapping[str, Tensor]) -> tuple[Range, ...]:
    """Ranges of ``value`` from 1 on, where all that it reads begins at 1; else none.

    A convolution begins elsewhere by its arithmetic. Whoever counts arrays from 1 and writes the
    result whole counts it from 1, too.
    """
    read = {a.tensor for a in accesses(value.body)}
    known = [tensors[name].ranges for name in read if name in tensors]
    one = Index.of(1)
    if len(known) < len(read) or any(lo != one for ranges in known for lo, _ in ranges):
        return ()
    return tuple((one, extent) for extent in value.extents)


def _indices_only(notation: Notation) -> bool:
    scripts = (*notation.sub, *notation.sup)
    return bool(scripts) and not notation.args and all(isinstance(s, int) for s in scripts)


def _rank(notation: Notation) -> int:
    return len(notation.sub) + len(notation.sup)


def _defined_whole(symbol: str, sentences: Sequence[Sentence]) -> bool:
    """Whether ``symbol`` is the left side of an equation, and its elements are only read."""
    definitions = [s for s in sentences if symbol in _heads(s.nodes[0])]
    if not definitions or any(_elements(symbol, s.nodes[0]) for s in definitions):
        return False
    return not any(_elements(symbol, node) for s in definitions for node in s.nodes[1:])


def _heads(node: Node) -> Iterator[str]:
    item = occurrence(node)
    if item is not None:
        yield item.head


def _elements(symbol: str, node: Node) -> bool:
    """Whether ``node`` has the symbol with scripts or arguments."""
    item = occurrence(node)
    if item is not None and item.head == symbol and item.args:
        return True
    names = (n for n in walk(node) if isinstance(n, Name))
    return any(head(n) == symbol and bool(n.sub or n.sup) for n in names)
