r"""Indicators, Kronecker deltas and values by cases.

``\mathbb{1}[i = j]``, ``\mathbf{1}_{x > 0}``, ``1\{y > 0\}``, ``[i = j]``, ``\delta_{ij}``; a
declared symbol of that name comes first.
"""

from __future__ import annotations

from dataclasses import replace

from derive.errors import IllFormed
from derive.expr import ONE, ZERO, Apply, Delta, Expr, add, negative, product
from derive.reading.arrays import ArrayValue, elementwise, scalar
from derive.reading.capitals import part_of_meant
from derive.reading.conditions import Read, condition, is_condition
from derive.reading.indices import index_of, is_index
from derive.reading.lexicon import occurrence
from derive.reading.names import head, readable, spread, unstyled
from derive.reading.scope import Scope
from derive.reading.surface import (
    Call,
    Cases,
    Collection,
    Group,
    Name,
    Node,
    Numeral,
    Scripted,
)

_ONES = frozenset({"1", "I", r"\chi", r"\mathrm{I}", r"\mathrm{1}"})
IDENTITY = "I"
KRONECKER = r"\delta"


def indicated(node: Node, scope: Scope) -> Node | None:
    """The condition that ``node`` is the indicator of, ``None`` where it is none."""
    match node:
        case Group(body, "[") if is_condition(body):
            return body
        case Name(sub=(inner,), sup=()) if _is_one(node, scope) and is_condition(inner):
            return inner
        case Scripted(Numeral(text="1"), (inner,), ()) if is_condition(inner):
            return inner
        case Call(Name() as name, (inner,)) if _is_one(name, scope) and is_condition(inner):
            return inner
        case Collection(bracket="[", items=items) if not node.sub and is_condition(node):
            return replace(node, items=items)
    return None


def joined(factors: tuple[Node, ...], scope: Scope) -> tuple[Node, ...]:
    r"""Factors side by side with ``1 \{y = k\}`` put together as one indicator."""
    result: list[Node] = []
    for factor in factors:
        before = result[-1] if result else None
        braced = isinstance(factor, Group | Collection) and is_condition(factor)
        one = (isinstance(before, Numeral) and before.text == "1") or (
            isinstance(before, Name) and _is_one(before, scope)
        )
        if before is not None and braced and one:
            result[-1] = Group(factor, "[", span=before.span)
        else:
            result.append(factor)
    return tuple(result)


def _is_one(name: Name, scope: Scope) -> bool:
    plain = replace(name, sub=())
    item = occurrence(plain)
    known = item is not None and scope.lexicon.match(item) is not None
    return not known and not name.primes and unstyled_one(head(plain))


def unstyled_one(text: str) -> bool:
    r"""True for 1, I and χ in any font: ``\mathbb{1}``."""
    return text in _ONES or unstyled(text.replace(r"\mathbb", r"\mathbf")) in _ONES


def kronecker(node: Node, scope: Scope) -> Expr | None:
    r"""``\delta_{ij}`` or ``\delta(i, j)`` where δ is no declared symbol, ``None`` elsewhere."""
    if isinstance(node, Call) and isinstance(node.head, Name):
        name, items = node.head, node.args
    elif isinstance(node, Name):
        name, items = node, node.sub if len(node.sub) == 2 else spread(node.sub)
    else:
        return None
    plain = name.base in (KRONECKER, IDENTITY) and not (name.sup or name.primes or name.accents)
    if not plain or len(items) != 2:
        return None
    item = occurrence(node)
    if item is None or scope.lexicon.match(item) is not None:
        return None
    if not all(is_index(i, scope.letters) for i in items) or part_of_meant(item, scope):
        return None
    scope.note(f"{readable(name.base)} with two indices is the Kronecker delta")
    first, second = (index_of(i, scope.letters) for i in items)
    return first.around(second.around(Delta(first.index - second.index)))


def by_cases(node: Cases, scope: Scope, read: Read) -> ArrayValue:
    r"""The sum of the branches, each times its condition; ``otherwise`` is what remains.

    Raises `IllFormed` for an otherwise before the last branch.
    """
    total: ArrayValue | None = None
    rest: ArrayValue = scalar(ONE)
    masks: list[ArrayValue] = []
    for place, (value, when) in enumerate(node.branches):
        if when is None and place + 1 < len(node.branches):
            raise IllFormed("otherwise stands before another case", offset=value.span.start)
        mask = rest if when is None else condition(when, scope, read)
        masks.append(mask)
        branch = _times(mask, read(value, scope), value)
        total = branch if total is None else _plus(total, branch, value)
        rest = _times(rest, mask.map(lambda m: add(ONE, negative(m))), value)
    assert total is not None
    return _rectified(node, masks, scope, read) or total


def _times(mask: ArrayValue, value: ArrayValue, node: Node) -> ArrayValue:
    return elementwise(mask, value, product, "a case", node.span.start)


def _plus(one: ArrayValue, other: ArrayValue, node: Node) -> ArrayValue:
    return elementwise(one, other, add, "cases", node.span.start)


def _rectified(node: Cases, masks: list[ArrayValue], scope: Scope, read: Read) -> ArrayValue | None:
    """``x`` where x > 0, else 0, is ReLU."""
    if len(node.branches) != 2:
        return None
    first, second = (read(value, scope) for value, _ in node.branches)
    at = first.body
    positive = (Apply("step", (at,)), add(ONE, negative(Apply("step", (negative(at),)))))
    if second.body == ZERO and masks[0].body in positive and masks[0].axes == first.axes:
        return first.map(lambda x: Apply("relu", (x,)))
    return None
