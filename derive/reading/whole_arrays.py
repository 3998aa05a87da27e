"""One array, whole in one equation and by its elements in another: ``z = W x`` and ``z_k``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence, Set

from derive.equations import Notation, Range, Tensor
from derive.expr import accesses
from derive.index import Index
from derive.reading.arrays import ArrayValue
from derive.reading.lexicon import occurrence
from derive.reading.names import head, unstyled
from derive.reading.sentence import Sentence
from derive.reading.surface import Name, Node, walk


def without_whole(
    notations: Sequence[Notation], sentences: Sequence[Sentence], ranks: Mapping[str, int]
) -> list[Notation]:
    r"""The notations without those that another one has with indices: whole, it needs no own.

    A symbol without scripts is that array where its type says so (``ranks``, by head), where it
    is defined and its elements are only read, and not by its definition, or the other way round:
    ``E = \sum_n E_n`` has a number and a vector. The elements of a bold letter may be in italics.
    """
    own = {n.head for n in notations if not _has_slots(n)}
    indexed = {n.head: n for n in notations if _indices_only(n)}
    styles = Counter(unstyled(n.head) for n in notations)

    def elements(n: Notation) -> Notation | None:
        """The notation of the elements of ``n``, in the same font or, where none is, in another."""
        if n.head in indexed or styles[unstyled(n.head)] != 2:
            return indexed.get(n.head)
        return next((e for e in indexed.values() if unstyled(e.head) == unstyled(n.head)), None)

    def is_array(n: Notation) -> bool:
        if (cells := elements(n)) is None or (cells.head != n.head and cells.head in own):
            return False
        both = {n.head, cells.head}
        known = [ranks[h] for h in both if h in ranks]
        if known:
            return known[0] == _rank(cells)
        return _defined_whole(both, sentences) or _defined_by_elements(both, sentences)

    return [n for n in notations if _has_slots(n) or not is_array(n)]


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


def _has_slots(notation: Notation) -> bool:
    return bool(notation.sub or notation.sup or notation.args)


def _indices_only(notation: Notation) -> bool:
    scripts = (*notation.sub, *notation.sup)
    return bool(scripts) and not notation.args and all(isinstance(s, int) for s in scripts)


def _rank(notation: Notation) -> int:
    return len(notation.sub) + len(notation.sup)


def _defined_whole(symbols: Set[str], sentences: Sequence[Sentence]) -> bool:
    """Whether a symbol is the left side of an equation, and its elements are only read."""
    definitions = [s for s in sentences if symbols & _heads(s.nodes[0])]
    if not definitions or any(_elements(symbols, s.nodes[0]) for s in definitions):
        return False
    return not any(_elements(symbols, node) for s in definitions for node in s.nodes[1:])


def _defined_by_elements(symbols: Set[str], sentences: Sequence[Sentence]) -> bool:
    """Whether all left sides that a symbol has are its elements: ``P_{ij} = …``, then P V."""
    definitions = [s for s in sentences if symbols & _heads(s.nodes[0])]
    return bool(definitions) and all(_elements(symbols, s.nodes[0]) for s in definitions)


def _heads(node: Node) -> Set[str]:
    item = occurrence(node)
    return {item.head} if item is not None else set()


def _elements(symbols: Set[str], node: Node) -> bool:
    """Whether ``node`` has a symbol with scripts or arguments."""
    item = occurrence(node)
    if item is not None and item.head in symbols and item.args:
        return True
    names = (n for n in walk(node) if isinstance(n, Name))
    return any(head(n) in symbols and bool(n.sub or n.sup) for n in names)
