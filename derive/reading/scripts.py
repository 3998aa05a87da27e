"""Scripts that belong to no name: elements below, transposition and powers above."""

from __future__ import annotations

from derive.index import Index
from derive.reading.arrays import ArrayValue, ShapeMismatch, transpose
from derive.reading.calls import plain_index
from derive.reading.conditions import Read
from derive.reading.decimals import decimal_exponent
from derive.reading.extremes import positive_part
from derive.reading.fitting import TRANSPOSES, is_whole
from derive.reading.inverses import inverse
from derive.reading.names import label, letter_of, spread
from derive.reading.norms import NORMS, norm
from derive.reading.powers import ABOVE, COUNTS, is_transpose, is_transposed_inverse, raised
from derive.reading.scope import Scope
from derive.reading.surface import Group, Node, Scripted


def modified(
    value: ArrayValue, scripts: tuple[Node, ...], scope: Scope, at: int, read: Read
) -> ArrayValue:
    """``value`` with superscripts that are no labels: transposition, inverse, power."""
    for script in decimal_exponent(scripts):
        if (sliced := _of_example(value, script, scope)) is not None:
            value = sliced
        elif is_transpose(script, scope) or (value.axes and _turns(script, scope)):
            value = transpose(value, at)
        elif value.rank == 2 and is_transposed_inverse(script):
            value = transpose(inverse(value, at), at)
        else:
            value = raised(value, read(script, scope), scope, at)
    return value


def _turns(script: Node, scope: Scope) -> bool:
    """Whether it transposes an array, also where the letter is a size of the sheet."""
    return label(script) in TRANSPOSES and scope.operators.get(ABOVE) != COUNTS


def _of_example(value: ArrayValue, script: Node, scope: Scope) -> ArrayValue | None:
    r"""``Z^{(i)}``: column (or row) i of Z, the one that runs as far as i; ``None`` for others."""
    if not isinstance(script, Group) or script.bracket != "(" or value.rank not in (1, 2):
        return None
    letter = letter_of(script.body)
    index = scope.letters.get(letter) if letter is not None else None
    if index is None or len(index.axes) != 1:
        return None
    (axis,) = index.axes
    along = [k for k, a in enumerate(value.axes) if (a.lo, a.hi) == (axis.lo, axis.hi)]
    if len(along) != 1 or index != Index.of(axis):
        return None
    rest = tuple(a for k, a in enumerate(value.axes) if k != along[0])
    at = tuple(index if k == along[0] else Index.of(a) for k, a in enumerate(value.axes))
    if value.rank == 2:
        scope.note(f"({letter}) above counts the {('rows', 'columns')[along[0]]}")
    return ArrayValue(rest, value.at(at), row=value.rank == 2 and along[0] == 0)


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
