r"""Derivatives with one of their two signs lost: ``\frac{\partial E}{T_2}``.

A differential over a tensor is nothing but a derivative whose second sign was forgotten, or lost
when the slide was read; it is read so, and the verdict says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from derive.reading.lexicon import occurrence
from derive.reading.run_together import taken_apart_at_points
from derive.reading.scope import Scope
from derive.reading.surface import Fraction_, Node, Prefixed, walk

SIGN = r"\partial"


def with_both_signs(node: Node, scope: Scope) -> Node:
    r"""``\frac{\partial a}{x}`` as ``\frac{\partial a}{\partial x}`` where x is a known symbol."""
    if not isinstance(node, Fraction_):
        return node
    node = _pointed(node, scope)
    if _is_differential(node.top) and _is_symbol(node.bottom, scope):
        scope.note(r"a derivative without the second ∂ is read as one")
        return replace(node, bottom=Prefixed(SIGN, node.bottom, span=node.bottom.span))
    if _is_differential(node.bottom) and _is_symbol(node.top, scope):
        scope.note(r"a derivative without the first ∂ is read as one")
        return replace(node, top=Prefixed(SIGN, node.top, span=node.top.span))
    return node


def restored_signs(nodes: Iterable[Node], scope: Scope) -> tuple[str, ...]:
    """What is said of the signs that some derivatives in these formulas lost."""
    fresh = replace(scope, assumptions=[])
    for node in (n for top in nodes for n in walk(top)):
        with_both_signs(node, fresh)
    return tuple(fresh.assumptions)


def _pointed(node: Fraction_, scope: Scope) -> Fraction_:
    """What the derivative is taken by, ``C(1.2)`` read as C(1, 2): no product can stand there."""
    bottom = node.bottom
    if isinstance(bottom, Prefixed) and _is_differential(bottom):
        apart = taken_apart_at_points(bottom.body, scope)
        whole: Node = bottom if apart is bottom.body else replace(bottom, body=apart)
    elif _is_differential(node.top):
        whole = taken_apart_at_points(bottom, scope)
    else:
        return node
    if whole is bottom:
        return node
    scope.note("indices with a point between them are read as two indices")
    return replace(node, bottom=whole)


def _is_differential(node: Node) -> bool:
    return isinstance(node, Prefixed) and node.operator == SIGN and not node.sub and not node.sup


def _is_symbol(node: Node, scope: Scope) -> bool:
    """Whether ``node`` is a known symbol without anything beside it."""
    item = occurrence(node)
    match = scope.lexicon.match(item) if item is not None and not item.prefix else None
    return match is not None and not match.powers and match.extra is None
