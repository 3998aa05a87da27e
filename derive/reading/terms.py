"""The terms of a sum as it is written."""

from __future__ import annotations

from collections.abc import Iterator

from derive.reading.surface import Binary, Node, Unary


def terms_of(node: Node) -> Iterator[Node]:
    """What is added and taken away, from left to right, without the signs."""
    if isinstance(node, Binary) and node.operator in ("+", "-"):
        yield from terms_of(node.left)
        yield from terms_of(node.right)
    elif isinstance(node, Unary):
        yield from terms_of(node.body)
    else:
        yield node
