r"""Second derivatives as written: what stands above, and the two that it is taken by.

``\frac{\partial^2 E}{\partial w_j \partial w_k}``, ``\frac{\partial^2 E}{\partial a_j^2}``,
``\frac{\partial^2 f}{\partial x \partial x^T}``, ``\nabla_w^2 E``. A matrix of them has rows for
the first.
"""

from __future__ import annotations

from dataclasses import replace

from derive.reading.fitting import TRANSPOSES
from derive.reading.letters import DIFFERENTIALS
from derive.reading.names import label
from derive.reading.problems import Unsupported
from derive.reading.surface import (
    Binary,
    Fraction_,
    Group,
    Juxtaposition,
    Name,
    Node,
    Numeral,
    Prefixed,
    Scripted,
)

Parts = tuple[Node, Node, Node]


def second_parts(node: Node) -> Parts | None:
    """What is differentiated, by what first, and by what then; ``None`` for anything else.

    Raises `Unsupported` for derivatives of a higher order.
    """
    if isinstance(node, Prefixed) and node.operator == r"\nabla" and len(node.sub) == 1:
        if node.sup and label(node.sup[0]) not in TRANSPOSES:
            _require_two(node.sup[0], node)
            return node.body, node.sub[0], node.sub[0]
        inner = node.body
        if isinstance(inner, Prefixed) and inner.operator == r"\nabla" and len(inner.sub) == 1:
            if inner.sup and label(inner.sup[0]) not in TRANSPOSES:
                raise Unsupported("this third derivative is not read", offset=node.span.start)
            return inner.body, inner.sub[0], node.sub[0]
        return None
    if isinstance(node, Fraction_):
        top, bottom = node.top, node.bottom
    elif isinstance(node, Binary) and node.operator == "/":
        top, bottom = node.left, node.right
    else:
        return None
    if not _differential(top) or not isinstance(top, Prefixed) or not top.sup:
        return None
    _require_two(top.sup[0], node)
    below = _both(bottom)
    if below is None:
        raise Unsupported("this second derivative is not read", offset=bottom.span.start)
    return (top.body, *below)


def _differential(node: Node) -> bool:
    return isinstance(node, Prefixed) and node.operator in DIFFERENTIALS


def _require_two(order: Node, node: Node) -> None:
    if not isinstance(order, Numeral) or order.value != 2:
        raise Unsupported("derivatives of this order are not judged", offset=node.span.start)


def _both(bottom: Node) -> tuple[Node, Node] | None:
    r"""``x`` and ``y`` of ``\partial x \partial y``; x twice of ``\partial x^2``."""
    if isinstance(bottom, Juxtaposition) and len(bottom.factors) == 2:
        first, second = bottom.factors
        if isinstance(first, Prefixed) and isinstance(second, Prefixed):
            both = _differential(first) and _differential(second)
            return (first.body, second.body) if both else None
    if not isinstance(bottom, Prefixed) or not _differential(bottom):
        return None
    once = _without_square(bottom.body)
    return None if once is None else (once, once)


def _without_square(node: Node) -> Node | None:
    """``x`` of ``x^2``, also behind a label: ``w^{(1) 2}``."""
    if isinstance(node, Scripted) and isinstance(node.body, Group) and len(node.sup) == 1:
        return node.body.body if _is_two(node.sup[0]) else None
    if not isinstance(node, Name) or not node.sup:
        return None
    *labels, last = node.sup
    if isinstance(last, Juxtaposition) and _is_two(last.factors[-1]):
        return replace(node, sup=(*labels, *last.factors[:-1]))
    return replace(node, sup=tuple(labels)) if _is_two(last) else None


def _is_two(node: Node) -> bool:
    return isinstance(node, Numeral) and node.value == 2
