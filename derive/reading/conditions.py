r"""Conditions as numbers, 1 where they hold: ``i = j``, ``k \ne i``, ``x > 0``, ``0 < x \le 1``.

Between indices they are brackets of the core (`Delta`, `Guard`), between values masks made of
``step``, which is 0 at 0:

    [a > b] = step(a - b)     [a >= b] = 1 - step(b - a)     [a = b] = 1 - step(a - b) - step(b - a)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import reduce
from itertools import pairwise

from derive.errors import IllFormed
from derive.expr import (
    ONE,
    ZERO,
    Access,
    Apply,
    Delta,
    Expr,
    Guard,
    Winner,
    add,
    negative,
    product,
)
from derive.reading.arrays import ArrayValue, elementwise, scalar
from derive.reading.bounds import sum_axes
from derive.reading.calls import plain_index
from derive.reading.indices import Place, index_of, is_index
from derive.reading.problems import Unsupported
from derive.reading.scope import Scope
from derive.reading.surface import Big, Binary, Collection, Group, Node, Relation, Words

Read = Callable[[Node, Scope], ArrayValue]
"""`derive.reading.elaborate.elaborate`."""

EQUAL = frozenset({"=", "==", r"\equiv"})
UNEQUAL = frozenset({r"\ne", r"\neq", "!="})
LESS = frozenset({"<", r"\lt"})
AT_MOST = frozenset({r"\le", r"\leq", r"\leqslant", "<="})
MORE = frozenset({">", r"\gt"})
AT_LEAST = frozenset({r"\ge", r"\geq", r"\geqslant", ">="})
COMPARISONS = EQUAL | UNEQUAL | LESS | AT_MOST | MORE | AT_LEAST
ARGMAX = r"\arg\max"
_AND = frozenset({r"\land", r"\wedge"})


def is_condition(node: Node) -> bool:
    """True for comparisons, in brackets or not, and several of them."""
    match node:
        case Relation(operators=operators):
            return set(operators) <= COMPARISONS
        case Group(body, "(" | "[" | "{" | ""):
            return is_condition(body)
        case Collection(items=items) if not node.sub:
            return all(is_condition(i) or isinstance(i, Words) for i in items)
        case Binary(operator, left, right) if operator in _AND:
            return is_condition(left) and is_condition(right)
    return False


def condition(node: Node, scope: Scope, read: Read) -> ArrayValue:
    """1 where the condition holds, else 0, element by element where it compares arrays.

    Raises `IllFormed` for what is no comparison.
    """
    match node:
        case Relation():
            links = zip(node.operators, pairwise(node.sides), strict=True)
            return _all(_compared(a, op, b, scope, read) for op, (a, b) in links)
        case Group(body):
            return condition(body, scope, read)
        case Collection(items=items) if any(not isinstance(i, Words) for i in items):
            return _all(condition(i, scope, read) for i in items if not isinstance(i, Words))
        case Binary(_, left, right):
            return _all(condition(n, scope, read) for n in (left, right))
    raise IllFormed("this is no condition", offset=node.span.start, expected="i = j or x > 0")


def _all(values: Iterable[ArrayValue]) -> ArrayValue:
    return reduce(lambda a, b: elementwise(a, b, product, "conditions"), values)


def _compared(left: Node, operator: str, right: Node, scope: Scope, read: Read) -> ArrayValue:
    if operator not in COMPARISONS:
        raise Unsupported(f"{operator} is not read as a condition", offset=left.span.start)
    for place, best in ((left, right), (right, left)):
        if isinstance(best, Big) and best.operator == ARGMAX and operator in EQUAL:
            return _won(place, best, scope, read)
    if is_index(left, scope.letters) and is_index(right, scope.letters):
        places = index_of(left, scope.letters), index_of(right, scope.letters)
        return scalar(_of_indices(places, operator))
    both = read(left, scope), read(right, scope)
    if (chosen := _of_label(both, scope)) is not None:
        return chosen
    return elementwise(*both, _between(operator), "comparison", left.span.start)


def _of_label(both: tuple[ArrayValue, ArrayValue], scope: Scope) -> ArrayValue | None:
    """``y_k = 1`` and ``y_k = 0`` of a class label: y_k, and what is left of 1."""
    element, value = both
    if not isinstance(element.body, Access) or element.body.tensor not in scope.labels:
        return None
    if value.axes or value.body not in (ONE, ZERO):
        return None
    return element if value.body == ONE else element.map(lambda y: add(ONE, negative(y)))


def _won(place: Node, best: Big, scope: Scope, read: Read) -> ArrayValue:
    r"""``i = \arg\max_k a_k``: the winner of the maximum at i.

    Raises `IllFormed` unless there is one index for each that the maximum runs over.
    """
    axes, brackets, inner = sum_axes(best.lower, best.upper, best.body, scope)
    items = place.items if isinstance(place, Collection) else (place,)
    if brackets or len(items) != len(axes):
        raise IllFormed(
            f"{len(items)} indices for a maximum over {len(axes)}", offset=best.span.start
        )
    at = tuple(plain_index(i, scope) for i in items)
    return read(best.body, inner).map(lambda x: Winner(tuple(axes), at, x, scope.ties))


def _of_indices(places: tuple[Place, Place], operator: str) -> Expr:
    left, right = (p.index for p in places)
    if operator in UNEQUAL:
        return add(ONE, negative(_of_indices(places, "=")))
    bracket: Expr
    if operator in EQUAL:
        bracket = Delta(left - right)
    elif operator in LESS | AT_MOST:
        bracket = Guard(right - left - int(operator in LESS))
    else:
        bracket = Guard(left - right - int(operator in MORE))
    for place in places:
        bracket = place.around(bracket)
    return bracket


def _between(operator: str) -> Callable[[Expr, Expr], Expr]:
    def above(a: Expr, b: Expr) -> Expr:
        return Apply("step", (add(a, negative(b)),))

    if operator in MORE:
        return above
    if operator in LESS:
        return lambda a, b: above(b, a)
    if operator in AT_LEAST:
        return lambda a, b: add(ONE, negative(above(b, a)))
    if operator in AT_MOST:
        return lambda a, b: add(ONE, negative(above(a, b)))
    if operator in UNEQUAL:
        return lambda a, b: add(above(a, b), above(b, a))
    return lambda a, b: add(ONE, negative(above(a, b)), negative(above(b, a)))
