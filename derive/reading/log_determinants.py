r"""``\log \det A`` and ``\log |\Sigma|``: the logarithm of a determinant, one function of a matrix.

Of a negative determinant it is that of its absolute value, which has the same derivative.
"""

from __future__ import annotations

from dataclasses import replace

from derive.reading.lexicon import occurrence
from derive.reading.scope import Scope
from derive.reading.surface import Call, Group, Name, Node, changed, walk

LOGARITHMS = frozenset({r"\log", r"\ln"})
DETERMINANTS = frozenset({r"\det", "det"})
TOGETHER = r"\mathrm{logdet}"
MATRIX = 2


def with_log_determinants(node: Node, scope: Scope) -> Node:
    """``node`` with every logarithm of a determinant as one function."""
    if not any(isinstance(n, Call) and _is_logarithm(n) for n in walk(node)):
        return node
    return _joined(node, scope)


def _joined(node: Node, scope: Scope) -> Node:
    if isinstance(node, Call) and _is_logarithm(node):
        inner = node.args[0]
        while isinstance(inner, Group) and inner.bracket in ("(", "[", "|") and _calls(inner.body):
            inner = inner.body
        if isinstance(inner, Call) and _calls(inner):
            return _together(node, inner.args[0], scope)
        if isinstance(inner, Group) and inner.bracket == "|" and _is_matrix(inner.body, scope):
            return _together(node, inner.body, scope)
    return changed(node, lambda part: _joined(part, scope))


def _is_logarithm(node: Call) -> bool:
    head = node.head
    bare = isinstance(head, Name) and not head.sub and not head.sup
    return bare and isinstance(head, Name) and head.base in LOGARITHMS and len(node.args) == 1


def _calls(node: Node) -> bool:
    return (
        isinstance(node, Call)
        and isinstance(node.head, Name)
        and node.head.base in DETERMINANTS
        and len(node.args) == 1
    )


def _is_matrix(node: Node, scope: Scope) -> bool:
    item = occurrence(node)
    match = None if item is None else scope.lexicon.match(item)
    return match is not None and match.omitted == MATRIX and not match.powers


def _together(node: Call, matrix: Node, scope: Scope) -> Node:
    scope.note("the logarithm of a determinant is that of its absolute value")
    assert isinstance(node.head, Name)
    return replace(node, head=replace(node.head, base=TOGETHER), args=(matrix,), bracket="(")
