"""Scripts that belong to no name: elements below, transposition and powers above."""

from __future__ import annotations

from derive.index import Index
from derive.reading.arrays import ArrayValue, ShapeMismatch, transpose
from derive.reading.calls import plain_index
from derive.reading.conditions import Read
from derive.reading.decimals import decimal_exponent
from derive.reading.extremes import positive_part
from derive.reading.fitting import TRANSPOSES, is_whole
from derive.reading.names import label, spread
from derive.reading.norms import NORMS, norm
from derive.reading.powers import is_transpose, raised
from derive.reading.scope import Scope
from derive.reading.surface import Group, Node, Scripted


def modified(
    value: ArrayValue, scripts: tuple[Node, ...], scope: Scope, at: int, read: Read
) -> ArrayValue:
    """``value`` with superscripts that are no labels: transposition, inverse, power."""
    for script in decimal_exponent(scripts):
        if is_transpose(script, scope) or (value.axes and label(script) in TRANSPOSES):
            value = transpose(value, at)
        else:
            value = raised(value, read(script, scope), scope, at)
    return value


def element(
    value: ArrayValue,
    sub: tuple[Node, ...],
    sup: tuple[Node, ...],
    scope: Scope,
    at: int,
    read: Read,
) -> ArrayValue:
    """The element at the indices below, modified by what stands above.

    Raises `ShapeMismatch` unless there is an index for every dimension.
    """
    if sub:
        items = sub if len(sub) == value.rank else spread(sub)
        if len(items) != value.rank:
            raise ShapeMismatch(f"{len(items)} indices on {value.shape}", offset=at)
        value = _at(value, items, scope)
    return modified(value, sup, scope, at, read)


def _at(value: ArrayValue, items: tuple[Node, ...], scope: Scope) -> ArrayValue:
    """The element, or the row ``(A B)_{n,:}`` or column that a mark for all of a range leaves."""
    kept = tuple(a for a, s in zip(value.axes, items, strict=True) if is_whole(s))
    indices = tuple(
        Index.of(a) if is_whole(s) else plain_index(s, scope)
        for a, s in zip(value.axes, items, strict=True)
    )
    row = len(kept) == 1 and value.rank == 2 and kept[0] is value.axes[1]
    return ArrayValue(kept, value.at(indices), row)


def bracketed(node: Scripted, scope: Scope, read: Read) -> ArrayValue | None:
    r"""``\|x\|_2^2`` and ``(x)_+``; ``None`` for other scripts."""
    at = node.span.start
    if isinstance(node.body, Group) and node.body.bracket in NORMS:
        value, left = norm(node.body.body, node.sub, node.sup, scope, read)
        return modified(value, left, scope, at, read)
    if [label(s) for s in node.sub] == ["+"]:
        return modified(positive_part(read(node.body, scope)), node.sup, scope, at, read)
    return None
