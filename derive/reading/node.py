"""The base of the surface tree: places in the text, nodes, and how passes go through a tree."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields
from functools import cache, cached_property
from operator import is_
from typing import Any, TypeVar

N = TypeVar("N", bound="Node")


@dataclass(frozen=True, init=False)
class Span:
    """Half-open range of code points ``[start, end)`` in the text that was parsed."""

    start: int
    end: int

    def __init__(self, start: int, end: int) -> None:
        here = self.__dict__
        here["start"] = start
        here["end"] = end


NOWHERE = Span(0, 0)


@dataclass(frozen=True)
class Node:
    """Base of all surface nodes. ``span`` takes no part in equality."""

    span: Span = field(default=NOWHERE, compare=False, kw_only=True)

    @cached_property
    def below(self) -> tuple[Node, ...]:
        """Direct sub-nodes in order; passes ask for them again and again."""
        return tuple([n for name in self.holders() for n in _nodes(getattr(self, name))])

    @classmethod
    @cache
    def holders(cls) -> tuple[str, ...]:
        """The fields that may hold nodes, by their annotations."""
        return tuple(f.name for f in fields(cls) if "Node" in str(f.type))

    @classmethod
    @cache
    def names(cls) -> tuple[str, ...]:
        """All fields."""
        return tuple(f.name for f in fields(cls))


def parts(node: Node) -> tuple[Node, ...]:
    """Direct sub-nodes in order."""
    return node.below


def changed(node: N, change: Callable[[Node], Node], but: frozenset[str] = frozenset()) -> N:
    """``node`` with its direct parts changed, those in the fields ``but`` left; itself if none."""
    if not node.below:
        return node
    changes: dict[str, Any] = {}
    for name in node.holders():
        if name not in but:
            old = getattr(node, name)
            new = change(old) if isinstance(old, Node) else _changed(old, change)
            if new is not old:
                changes[name] = new
    return _having(node, changes) if changes else node


def _having(node: N, changes: dict[str, Any]) -> N:
    """`dataclasses.replace` for fields that are known to be some: passes do little else."""
    old, new = node.__dict__, object.__new__(type(node))
    new.__dict__.update({name: old[name] for name in node.names()}, **changes)
    return new


def _changed(value: object, change: Callable[[Node], Node]) -> object:
    """What is no node itself: several of them, or none."""
    if not isinstance(value, tuple) or not value:
        return value
    new = tuple([change(v) if isinstance(v, Node) else _changed(v, change) for v in value])
    return value if all(map(is_, new, value)) else new


def walk(node: Node) -> Iterator[Node]:
    """Every node, root first."""
    pending = [node]
    while pending:
        node = pending.pop()
        yield node
        pending.extend(reversed(node.below))


def _nodes(value: object) -> Iterator[Node]:
    if isinstance(value, Node):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _nodes(item)
