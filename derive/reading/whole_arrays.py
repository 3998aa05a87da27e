"""One array, whole in one equation and by its elements in another: ``z = W x`` and ``z_k``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from derive.equations import Notation, Range, Tensor
from derive.expr import accesses
from derive.index import Index
from derive.reading.arrays import ArrayValue
from derive.reading.lexicon import occurrence
from derive.reading.names import is_bare, label, letter_of, spread, squeezed, unstyled, written
from derive.reading.sentence import Sentence
from derive.reading.surface import Call, Juxtaposition, Name, Node, Numeral, parts, walk


def without_whole(
    notations: Sequence[Notation], sentences: Sequence[Sentence], ranks: Mapping[str, int]
) -> list[Notation]:
    r"""The notations without those that another one has with indices: whole, it needs no own.

    A symbol without indices is that array where its type says so (``ranks``, by LaTeX), where it
    is defined and its elements are only read, and not by its definition, or the other way round:
    ``E = \sum_n E_n`` has a number and a vector. The elements of a bold letter may be in italics.
    """
    wholes = [n for n in notations if not _slots(n)]
    indexed = [n for n in notations if _slots(n) and not n.args]
    types = {squeezed(latex): rank for latex, rank in ranks.items()}

    def elements(n: Notation) -> Notation | None:
        """The notation of the elements of ``n``, in the same font or, where none is, in another."""
        alike = [e for e in indexed if _bare(e) == _bare(n)]
        if alike:
            return alike[0]
        others = [m for m in (*wholes, *indexed) if _unstyled(m) == _unstyled(n) and m != n]
        return others[0] if len(others) == 1 and others[0] in indexed else None

    def is_array(n: Notation) -> bool:
        if (cells := elements(n)) is None:
            return False
        both = (_bare(n), _bare(cells))
        known = [types[k] for b in both if (k := squeezed(written(b))) in types]
        if known:
            return known[0] == _slots(cells)
        if _is_number(n, sentences):
            return False
        return _defined_whole(both, sentences) or _defined_by_elements(both, sentences)

    return [n for n in notations if _slots(n) or n.args or not is_array(n)]


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


def _is_number(symbol: Notation, sentences: Sequence[Sentence]) -> bool:
    r"""Whether it is the π of ``\sqrt{2 \pi}``, beside the ``\pi_k`` of a mixture."""
    nodes = (n for s in sentences for node in s.nodes for n in walk(node))
    groups = (n.factors if isinstance(n, Juxtaposition) else parts(n) for n in nodes)
    return symbol == Notation(r"\pi") and any(
        any(isinstance(n, Numeral) for n in group)
        and any(is_bare(n) and letter_of(n) == "pi" for n in group)
        for group in groups
    )


def _slots(notation: Notation) -> int:
    return sum(isinstance(s, int) for s in (*notation.sub, *notation.sup))


def _bare(notation: Notation) -> Notation:
    """The notation with its labels only."""
    sub, sup = (
        tuple(s for s in items if isinstance(s, str)) for items in (notation.sub, notation.sup)
    )
    return Notation(notation.head, sub, sup)


def _unstyled(notation: Notation) -> Notation:
    return replace(_bare(notation), head=unstyled(notation.head))


def _defined_whole(symbols: Sequence[Notation], sentences: Sequence[Sentence]) -> bool:
    """Whether a symbol is the left side of an equation, and its elements are only read."""
    lefts = [_scripts_beyond(symbols, s.nodes[0]) for s in sentences]
    if 0 not in lefts or any(lefts):
        return False
    definitions = [s for s, n in zip(sentences, lefts, strict=True) if n == 0]
    return not any(_has_elements(symbols, n) for s in definitions for n in s.nodes[1:])


def _defined_by_elements(symbols: Sequence[Notation], sentences: Sequence[Sentence]) -> bool:
    """Whether all left sides that a symbol has are its elements: ``P_{ij} = …``, then P V."""
    lefts = [_scripts_beyond(symbols, s.nodes[0]) for s in sentences]
    return any(lefts) and 0 not in lefts


def _has_elements(symbols: Sequence[Notation], node: Node) -> bool:
    return any(_scripts_beyond(symbols, n) for n in walk(node) if isinstance(n, Name | Call))


def _scripts_beyond(symbols: Sequence[Notation], node: Node) -> int | None:
    """How many indices stand on one of the symbols; ``None`` where ``node`` is none of them."""
    item = occurrence(node)
    if item is None:
        return None
    for symbol in symbols:
        below, above = spread(item.name.sub), spread(item.name.sup)
        texts = [squeezed(label(n) or "?") for n in (*below, *above)]
        own = [squeezed(str(s)) for s in (*symbol.sub, *symbol.sup)]
        if item.head == symbol.head and all(o in texts for o in own):
            return len(texts) - len(own) + len(item.args or ())
    return None
