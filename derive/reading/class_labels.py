r"""Class labels, ``y: 'index C'``: whole numbers that choose one of several, ``-\log p_y``.

In the core a label is the one-hot vector of its number, so that all that is said of it is said in
sums: ``p_{y_i}`` is ``\sum_k y_{ik} p_k``, ``1\{y_i = k\}`` is ``y_{ik}``, ``\sum_{j \ne y_i} a_j``
is ``\sum_j (1 - y_{ij}) a_j`` and ``e_y`` the vector itself.
"""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import fields, replace
from fractions import Fraction
from typing import Any

from derive.expr import Access, Apply, Expr, Product, Summation, product
from derive.reading.conditions import EQUAL, UNEQUAL
from derive.reading.names import spread
from derive.reading.surface import (
    Big,
    Binary,
    Call,
    Fraction_,
    Group,
    Juxtaposition,
    Name,
    Node,
    Numeral,
    Prefixed,
    Relation,
    walk,
)

CHOSEN = "κ"
"""The letter that runs over the classes."""
UNITS = ("e", "1")
_SCRIPTS = frozenset({"sub", "sup"})


def with_labels_chosen(node: Node, labels: Container[str]) -> Node:
    """``node`` with everything that a label chooses as a sum over the classes."""
    return _Reader(labels).read(node)


class _Reader:
    """Goes from the whole to its parts, as a derivative by what is chosen is chosen as a whole."""

    def __init__(self, labels: Container[str]) -> None:
        self.labels = labels
        self.depth = 0

    def read(self, node: Node) -> Node:
        if not any(isinstance(n, Name) and n.base in self.labels for n in walk(node)):
            return node
        match node:
            case Relation(sides=(left, right), operators=(operator,)):
                compared = self._compared(left, operator, right)
                return compared or self._parts(node)
            case Big():
                return self._sum(node)
            case Name(base=base, sub=(Name() as label,)) if base in UNITS and self._is(label):
                return label if not label.sub else self._element(label, Name(":"))
        below = self._chosen(node)
        if below is None:
            return self._parts(node)
        letter = Name(CHOSEN, primes=self.depth)
        self.depth += 1
        unit = self.read(_replaced(node, below, letter))
        self.depth -= 1
        body = Juxtaposition((self._element(below, letter), unit), span=node.span)
        return Big(r"\sum", (letter,), None, body, span=node.span)

    def _is(self, node: Node) -> bool:
        return isinstance(node, Name) and node.base in self.labels and not node.accents

    def _element(self, label: Name, at: Node) -> Name:
        """``y_{ik}`` of ``y_i`` at k."""
        return replace(label, sub=(*spread(label.sub), at))

    def _compared(self, left: Node, operator: str, right: Node) -> Relation | None:
        """``y_i = k`` as ``y_{ik} = 1``."""
        if operator not in EQUAL | UNEQUAL:
            return None
        for label, other in ((left, right), (right, left)):
            if isinstance(label, Name) and self._is(label) and not self._is(other):
                value = Fraction(operator in EQUAL)
                element = replace(self._element(label, other), span=left.span)
                sides = (element, Numeral(str(value), value, span=right.span))
                return Relation(sides, ("=",), span=left.span)
        return None

    def _sum(self, node: Big) -> Node:
        r"""``\sum_{j \ne y_i}`` over all j, what stands behind it times ``1 - y_{ij}``."""
        lower: list[Node] = []
        masks: list[Node] = []
        for item in node.lower:
            if (excluded := self._excluded(item)) is None:
                lower.append(item)
                continue
            running, label = excluded
            kept = Binary("-", Numeral("1", Fraction(1)), self._element(label, running))
            masks.append(Group(kept, span=node.body.span))
            lower.append(running)
        body = self.read(node.body)
        if masks:
            body = Juxtaposition((*masks, Group(body, span=body.span)), span=body.span)
        return replace(node, lower=tuple(lower), body=body)

    def _excluded(self, item: Node) -> tuple[Node, Name] | None:
        r"""``j`` and ``y_i`` of ``j \ne y_i``."""
        match item:
            case Relation(sides=(running, Name() as label), operators=(operator,)):
                return (running, label) if operator in UNEQUAL and self._is(label) else None
        return None

    def _chosen(self, node: Node) -> Name | None:
        """The label in an index place of what ``node`` reads, or takes a derivative by."""
        if isinstance(node, Fraction_) and isinstance(node.bottom, Prefixed):
            return self._slot(node.bottom.body)
        if isinstance(node, Prefixed):
            return next(filter(None, map(self._slot, node.sub)), None) or self._slot(node.body)
        return self._slot(node)

    def _slot(self, node: Node) -> Name | None:
        if isinstance(node, Call):
            within = (n for a in node.args if self._is(a) for n in (a,))
            return next((n for n in within if isinstance(n, Name)), None) or self._slot(node.head)
        if not isinstance(node, Name) or self._is(node):
            return None
        found = (n for item in (*node.sub, *node.sup) for n in walk(item))
        return next((n for n in found if isinstance(n, Name) and self._is(n)), None)

    def _parts(self, node: Node) -> Node:
        changes: dict[str, Any] = {}
        for item in fields(node):
            old = getattr(node, item.name)
            if item.name not in _SCRIPTS and (new := _mapped(old, self.read)) is not old:
                changes[item.name] = new
        return replace(node, **changes) if changes else node


def _replaced(node: Node, old: Node, new: Node) -> Node:
    """``node`` with that very part replaced."""
    if node is old:
        return new
    changes: dict[str, Any] = {}
    for item in fields(node):
        before = getattr(node, item.name)
        after = _mapped(before, lambda n: _replaced(n, old, new))
        if after is not before:
            changes[item.name] = after
    return replace(node, **changes) if changes else node


def _mapped(value: object, rule: Callable[[Node], Node]) -> object:
    if isinstance(value, Node):
        return rule(value)
    if isinstance(value, tuple):
        new = tuple(_mapped(v, rule) for v in value)
        return new if any(a is not b for a, b in zip(new, value, strict=True)) else value
    return value


def through_choice(expr: Expr, labels: Container[str]) -> Expr:
    """``f(\\sum_k y_k a_k)`` as ``\\sum_k y_k f(a_k)``: only one of the terms is there."""
    if not isinstance(expr, Apply) or len(expr.arguments) != 1:
        return expr
    chosen = _choice(expr.arguments[0], labels)
    if chosen is None:
        return expr
    axes, label, rest = chosen
    return Summation(axes, product(label, Apply(expr.function, (rest,))))


def _choice(expr: Expr, labels: Container[str]) -> tuple[Any, Expr, Expr] | None:
    """Axes, label and what it chooses from, of a sum over classes and what stands before it."""
    factors = expr.factors if isinstance(expr, Product) else (expr,)
    sums = [f for f in factors if isinstance(f, Summation) and len(f.axes) == 1]
    for total in sums:
        inner = total.body.factors if isinstance(total.body, Product) else (total.body,)
        own = [f for f in inner if isinstance(f, Access) and f.tensor in labels]
        if len(own) == 1 and set(own[0].indices[-1].axes) == set(total.axes):
            rest = (f for f in (*factors, *inner) if f is not total and f is not own[0])
            return total.axes, own[0], product(*rest)
    return None
