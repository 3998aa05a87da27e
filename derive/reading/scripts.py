"""Scripts that belong to no name: elements below, transposition and powers above."""

from __future__ import annotations

from derive.reading.arrays import ArrayValue, ShapeMismatch, scalar, transpose
from derive.reading.calls import plain_index
from derive.reading.conditions import Read
from derive.reading.extremes import positive_part
from derive.reading.fitting import TRANSPOSES
from derive.reading.names import label, spread
from derive.reading.norms import NORMS, norm
from derive.reading.powers import is_transpose, raised
from derive.reading.scope import Scope
from derive.reading.surface import Group, Node, Scripted


def modified(
    value: ArrayValue, scripts: tuple[Node, ...], scope: Scope, at: int, read: Read
) -> ArrayValue:
    """``value`` with superscripts that are no labels: transposition, inverse, power."""
    for script in scripts:
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
        value = scalar(value.at(tuple(plain_index(s, scope) for s in items)))
    return modified(value, sup, scope, at, read)


def bracketed(node: Scripted, scope: Scope, read: Read) -> ArrayValue | None:
    r"""``\|x\|_2^2`` and ``(x)_+``; ``None`` for other scripts."""
    at = node.span.start
    if isinstance(node.body, Group) and node.body.bracket in NORMS:
        value, left = norm(node.body.body, node.sub, node.sup, scope, read)
        return modified(value, left, scope, at, read)
    if [label(s) for s in node.sub] == ["+"]:
        return modified(positive_part(read(node.body, scope)), node.sup, scope, at, read)
    return None
