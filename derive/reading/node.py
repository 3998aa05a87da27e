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

    @cached_property
    def whole(self) -> tuple[Node, ...]:
        """Every node, this one first; passes look here whether there is anything to do."""
        found: list[Node] = []
        pending: list[Node] = [self]
        while pending:
            node = pending.pop()
            found.append(node)
            if below := node.below:
                pending.extend(below[::-1])
        return tuple(found)

    @cached_property
    def form(self) -> tuple[Any, ...]:
        """Equal for nodes that are alike, the gaps between their parts included, anywhere."""
        start = self.span.start
        here = self.__dict__
        return (type(self), *[_form(here[n], start) for n in self.names() if n != "span"])

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


def _form(value: object, start: int) -> object:
    if isinstance(value, Node):
        return value.span.start - start, value.span.end - start, value.form
    return tuple([_form(v, start) for v in value]) if type(value) is tuple else value


def parts(node: Node) -> tuple[Node, ...]:
    """Direct sub-nodes in order."""
    return node.below


def changed(node: N, change: Callable[[Node], Node], but: frozenset[str] = frozenset()) -> N:
    """``node`` with its direct parts changed, those in the fields ``but`` left; itself if none."""
    if not node.below:
        return node
    here = node.__dict__
    changes: dict[str, Any] | None = None
    for name in node.holders():
        old = here[name]
        if not old or name in but:
            continue  # nothing there
        new = _changed(old, change) if type(old) is tuple else change(old)
        if new is not old:
            changes = changes or {}
            changes[name] = new
    return node if changes is None else _having(node, changes)


def _having(node: N, changes: dict[str, Any]) -> N:
    """`dataclasses.replace` for fields that are known to be some: passes do little else."""
    old, new = node.__dict__, object.__new__(type(node))
    new.__dict__.update({name: old[name] for name in node.names()}, **changes)
    return new


def _changed(values: tuple[Any, ...], change: Callable[[Node], Node]) -> tuple[Any, ...]:
    """Several nodes, or rows of them; where there is none in a place, none."""
    new = [
        _changed(v, change) if type(v) is tuple else None if v is None else change(v)
        for v in values
    ]
    return values if all(map(is_, new, values)) else tuple(new)


def walk(node: Node) -> Iterator[Node]:
    """Every node, root first."""
    return iter(node.whole)


def _nodes(value: object) -> Iterator[Node]:
    if isinstance(value, Node):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _nodes(item)
