r"""Norms, inner products, displayed sets: what bars, angle brackets and braces make of values."""

from __future__ import annotations

from derive.errors import IllFormed
from derive.expr import Apply, power
from derive.reading.arrays import ArrayValue
from derive.reading.bounds import sum_axes
from derive.reading.conditions import Read
from derive.reading.inverses import determinant
from derive.reading.names import label
from derive.reading.problems import ByShape, Undeclared, Unsupported
from derive.reading.products import dot, total
from derive.reading.scope import Scope
from derive.reading.surface import Collection, Node

BAR = "|"
LENGTH, DETERMINANT = "norm", "determinant"
"""What ``operators: {'|': norm}`` says of bars around a vector, and of a matrix."""
MATRIX = 2
NORMS = frozenset({r"\|", "||"})


def squares(body: Node, scope: Scope, read: Read) -> ArrayValue:
    """The sum of the squares of all elements."""
    return total(read(body, scope).map(lambda x: power(x, 2)))


def norm(
    body: Node, sub: tuple[Node, ...], sup: tuple[Node, ...], scope: Scope, read: Read
) -> tuple[ArrayValue, tuple[Node, ...]]:
    """The norm of ``body``, and the superscripts that are left.

    Euclidean (Frobenius) without a script, with 2 or F, its square the plain sum of squares; with 1
    the sum of absolute values. Raises `Unsupported` for another.
    """
    kind = [label(s) for s in sub]
    if kind == ["1"]:
        return total(read(body, scope).map(lambda x: Apply("abs", (x,)))), sup
    if kind not in ([], ["2"], ["F"]):
        raise Unsupported("this norm is not judged yet", offset=body.span.start)
    whole = squares(body, scope, read)
    if [label(s) for s in sup] == ["2"]:
        return whole, ()
    return whole.map(lambda x: Apply("sqrt", (x,))), sup


def inner_product(node: Collection, scope: Scope, read: Read) -> ArrayValue:
    r"""``\langle x, y \rangle``."""
    if len(node.items) != 2:
        raise IllFormed("an inner product has two sides", offset=node.span.start)
    left, right = (read(item, scope) for item in node.items)
    return dot(left, right, node.span.start)


def collected(node: Collection, scope: Scope, read: Read) -> ArrayValue:
    r"""``\{S_q^2\}_{q=1,\dots,12}``: the maps side by side, the set's index first."""
    if node.bracket == "<":
        return inner_product(node, scope, read)
    if len(node.items) != 1:
        raise Unsupported("a list of several values", offset=node.span.start)
    item = node.items[0]
    if not node.sub:
        return read(item, scope)
    axes, brackets, inner = sum_axes(node.sub, None, item, scope)
    if brackets:
        raise Unsupported("a condition on a displayed set", offset=node.span.start)
    value = read(item, inner)
    return ArrayValue((*axes, *value.axes), value.body)


def _is_length(body: Node, scope: Scope) -> bool:
    """Whether bars around a vector are its length. Raises `Undeclared` where nothing says."""
    if BAR not in scope.operators:
        readings = (
            ByShape("the bars are the length of a vector", (BAR, LENGTH)),
            ByShape("the bars are of each element", (BAR, "elementwise")),
        )
        raise Undeclared("bars around a vector may mean two things", BAR, readings, body.span.start)
    return scope.operators[BAR] == LENGTH


def bars(body: Node, bracket: str, scope: Scope, read: Read) -> ArrayValue | None:
    r"""``|x|`` and ``\|x\|``; ``None`` for other brackets."""
    if bracket == "|":
        value = read(body, scope)
        if value.rank == MATRIX and scope.operators.get(BAR) == DETERMINANT:
            return determinant(value)
        if value.rank == 1 and scope.model is not None and _is_length(body, scope):
            return norm(body, (), (), scope, read)[0]
        return value.map(lambda x: Apply("abs", (x,)))
    if bracket in NORMS:
        return norm(body, (), (), scope, read)[0]
    return None
