r"""``P(y = k \mid x)``, the probability of class k, as ``P_k``; where y has an index that, too.

Elsewhere a bracket with a bar and no equality is a name (``p(y_i \mid x_i)``).
"""

from __future__ import annotations

from dataclasses import replace

from derive.reading.names import letter_of, spread
from derive.reading.surface import Call, Group, Name, Node, Numeral, Relation, changed, walk

HEADS = frozenset({"P", "p", r"\Pr", r"\mathbb{P}", r"\hat{P}"})
GIVEN = r"\mid"


def with_class_probabilities(node: Node) -> Node:
    """``node`` with every such probability as an element of an array."""
    if not any(isinstance(n, Call) and _class_of(n) is not None for n in walk(node)):
        return node
    return _spelled(node)


def _spelled(node: Node) -> Node:
    label = _class_of(node) if isinstance(node, Call) else None
    if label is not None and isinstance(node, Call) and isinstance(node.head, Name):
        return replace(node.head, sub=(*node.head.sub, *label), span=node.span)
    return changed(node, _spelled)


def _class_of(call: Call) -> tuple[Node, ...] | None:
    r"""The k of ``y = k \mid x``, before it the index of ``y_n``; ``None`` for other brackets."""
    if not isinstance(call.head, Name) or call.head.base not in HEADS or len(call.args) != 1:
        return None
    inside = call.args[0]
    if isinstance(inside, Group):
        inside = inside.body
    if not isinstance(inside, Relation) or inside.operators not in (("=",), ("=", GIVEN)):
        return None
    variable, label = inside.sides[:2]
    if not isinstance(variable, Name) or variable.sup:
        return None
    if letter_of(label) is None and not isinstance(label, Numeral):
        return None
    return (*spread(variable.sub), label)
