r"""Arrays whose length follows from where they stand: ``\mathbf{1}`` and ``I``.

Their axes have an open length until they meet an array that has one: ``\mathbf{1}^T A`` has as many
ones as A has rows, ``a - \mathbf{1}`` as many as a has elements, ``A - I`` the shape of A.
"""

from __future__ import annotations

from dataclasses import replace

from derive.errors import IllFormed
from derive.expr import ONE, ZERO, Delta, Summation, substitute, walk
from derive.index import Axis, Index, Size
from derive.reading.arrays import ArrayValue, scalar
from derive.reading.fitting import TRANSPOSES
from derive.reading.indices import index_of, is_index
from derive.reading.lexicon import occurrence
from derive.reading.names import head, label, unstyled
from derive.reading.scope import Scope
from derive.reading.surface import Name, Node

OPEN = Size("open length")
"""The length of an axis that nothing has settled yet."""
ANY = Index.of(OPEN)


def is_open(axis: Axis) -> bool:
    """True for an axis whose length is not settled."""
    return OPEN in axis.hi.sizes


def _axis(name: str, length: Index) -> Axis:
    return Axis(name, Index.of(1), length)


def ones(length: Index = ANY) -> ArrayValue:
    """A column of ones."""
    return ArrayValue((_axis("i", length),), ONE)


def identity(length: Index = ANY) -> ArrayValue:
    """The identity matrix."""
    i, j = _axis("i", length), _axis("j", length)
    return ArrayValue((i, j), Delta(Index.of(i) - j))


def named(node: Node, scope: Scope) -> tuple[ArrayValue, tuple[Node, ...]] | None:
    r"""What ``\mathbf{1}``, ``\mathbf{1}_N``, ``\vec{0}`` or ``I`` is, and what is left above it.

    ``None`` for a symbol that is declared, and for others.
    """
    if not isinstance(node, Name) or node.primes or len(node.sub) > 1:
        return None
    if node.base == "0" and node.accents and not node.sub:
        return scalar(ZERO), tuple(s for s in node.sup if label(s) not in TRANSPOSES)
    kind = _kind(replace(node, sub=(), sup=()))
    item = occurrence(replace(node, sup=()))
    if kind is None or item is None or scope.lexicon.match(item) is not None:
        return None
    if not node.sub:
        return (ones() if kind == "1" else identity()), node.sup
    below = node.sub[0]
    if label(below) is None or not is_index(below, scope.letters):
        return None
    length = index_of(below, scope.letters).index
    if length.axes:
        return None
    return (ones(length) if kind == "1" else identity(length)), node.sup


def _kind(name: Name) -> str | None:
    """``1`` or ``I`` in bold or blackboard letters; I also plain."""
    text = unstyled(head(name).replace(r"\mathbb", r"\mathbf").replace(r"\mathds", r"\mathbf"))
    if text == "1" and name.accents:
        return "1"
    return "I" if text in {"I", r"\mathrm{I}"} else None


def is_ones(value: ArrayValue) -> bool:
    """True for ones of open length: beside any array they are the number 1."""
    return value.body == ONE and bool(value.axes) and all(map(is_open, value.axes))


def settled(value: ArrayValue, like: tuple[Axis, ...]) -> ArrayValue:
    """``value`` with every open axis as long as the axis of ``like`` in its place."""
    if len(like) != value.rank or not any(map(is_open, value.axes)):
        return value
    axes = tuple(
        b.like(a.name) if is_open(a) and not is_open(b) else a
        for a, b in zip(value.axes, like, strict=True)
    )
    moved = {
        old: Index.of(new) - new.lo + old.lo
        for old, new in zip(value.axes, axes, strict=True)
        if old is not new
    }
    return ArrayValue(axes, substitute(value.body, moved), value.row)


def require_settled(value: ArrayValue, at: int) -> None:
    """Raise `IllFormed` where the length of a vector of ones or of I is still open."""
    inside = (a for n in walk(value.body) if isinstance(n, Summation) for a in n.axes)
    if any(map(is_open, (*value.axes, *inside))):
        raise IllFormed(
            "the length of a vector of ones, or of I, does not follow from what stands beside it",
            offset=at,
            expected=r"its length below, as in \mathbf{1}_N",
        )
