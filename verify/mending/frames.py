"""The parts of a formula that have a value, and which of them are symbols."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from derive.reading.functions import function_named
from derive.reading.lexicon import Occurrence, occurrence
from derive.reading.names import is_bare
from derive.reading.scope import Scope
from derive.reading.surface import (
    Big,
    Call,
    Fraction_,
    Name,
    Node,
    Prefixed,
    Relation,
    Scripted,
    Span,
    parts,
)
from verify.mending.edit import Edit


def valued(node: Node, scope: Scope) -> Iterator[Node]:
    """The node and everything in it that has a value; a symbol is not taken apart."""
    if is_symbol(node, scope):
        yield node
        return
    applied = _applied(node, scope)
    if applied or not (isinstance(node, Call | Relation) or _function_alone(node)):
        yield node
    for part in _marked(_inner(node, applied), scope):
        yield from valued(part, scope)


def _marked(items: tuple[Node, ...], scope: Scope) -> Iterator[Node]:
    """The parts of a node, a mark of gradients and what stands behind it as one symbol."""
    marks = scope.lexicon.prefixes | {"d"}
    taken = False
    for one, two in zip_longest(items, items[1:]):
        if taken:
            taken = False
        elif isinstance(one, Name) and isinstance(two, Name) and is_bare(one):
            taken = one.base in marks and scope.lexicon.match(Occurrence(one, one.span)) is None
            whole = Span(one.span.start, two.span.end)
            yield Prefixed(one.base, two, span=whole) if taken else one
        else:
            yield one


def _applied(node: Node, scope: Scope) -> bool:
    """Whether the node is a function of something, not a product such as ``X (b + c)``."""
    head = node.head if isinstance(node, Call) else None
    return isinstance(head, Name) and function_named(head, scope) is not None


def is_symbol(node: Node, scope: Scope) -> bool:
    """Whether the node is one symbol: a tensor, a gradient, a size, or something unknown."""
    if isinstance(node, Fraction_):
        return isinstance(node.top, Prefixed) and node.top.operator in (r"\partial", "d")
    if isinstance(node, Prefixed) and node.operator == r"\nabla":
        return True
    item = occurrence(node)
    match = None if item is None else scope.lexicon.match(item)
    if match is not None:
        return not match.extra
    if isinstance(node, Prefixed):
        return item is not None
    if not isinstance(node, Name) or (node.base == "e" and node.sup):
        return False
    return function_named(node, scope) is None


def _function_alone(node: Node) -> bool:
    return isinstance(node, Name) and not node.sup


def _inner(node: Node, applied: bool) -> tuple[Node, ...]:
    """The parts of a node that have values: no indices, bounds or labels."""
    match node:
        case Call(head, args, _):
            return args if applied else (head, *args)
        case Big(_, _, _, body) | Scripted(body, _, _):
            return (body,)
        case Name(_, _, _, _, powers):
            return powers
    return tuple(parts(node))


def frame_of(edit: Edit, text: str, frames: Sequence[Span]) -> Span | None:
    """The smallest of ``frames`` that the edit leaves whole; they come in this order.

    What is put before something governs all that starts there, what is put behind it and is no
    script, all that ends there.
    """
    start, end = edit.span.start, edit.span.end
    # A bracket behind what is put at the end may become its arguments: f(j) for f (1 - f)(j).
    called = text[end:].lstrip().startswith("(")
    inside = (f for f in frames if f.start <= start and end <= f.end)
    around = [f for f in inside if not (called and f.end == end)]
    if start == end:
        before = [f for f in around if f.start == start]
        behind = [f for f in around if f.end == end and not edit.new.startswith("^")]
        around = before[-1:] or behind[-1:] or around
    return around[0] if around else None
