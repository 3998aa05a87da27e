r"""Running averages of a method as one name each: ``E[g^2]_t``."""

from __future__ import annotations

from derive.reading.surface import Call, Name, Node, Prefixed, Scripted, changed, walk


def with_averages(node: Node) -> Node:
    r"""``node`` with every ``E[g^2]_t`` as a name, whose accents say of what it is the average."""
    inner = node.body if isinstance(node, Scripted) else node
    if isinstance(inner, Call) and inner.bracket == "[" and isinstance(inner.head, Name):
        what = inner.args[0]
        if inner.head.base == "E" and len(inner.args) == 1 and isinstance(what, Name | Prefixed):
            sub, sup = (node.sub, node.sup) if isinstance(node, Scripted) else ((), ())
            kind = (type(what).__name__, *(n.base for n in walk(what) if isinstance(n, Name)))
            return Name("E", kind, sub=sub, sup=sup, span=node.span)
    return changed(node, with_averages)
