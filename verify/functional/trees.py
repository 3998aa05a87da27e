"""Arguments as trees: tuples, lists and dictionaries with arrays, numbers or anything as leaves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


class Misfit(Exception):
    """A tree does not have the shape of another; the message says where."""


def leaves(tree: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Every leaf with its path, written as Python would reach it: ``w['hidden'][0]``."""
    if isinstance(tree, dict):
        for key, part in tree.items():
            yield from leaves(part, f"{path}[{key!r}]")
    elif isinstance(tree, list | tuple):
        for number, part in enumerate(tree):
            yield from leaves(part, f"{path}[{number}]")
    else:
        yield path, tree


def rebuilt(tree: Any, values: Iterator[Any]) -> Any:
    """The same tree with the leaves that ``values`` gives, in the order of `leaves`."""
    if isinstance(tree, dict):
        return {key: rebuilt(part, values) for key, part in tree.items()}
    if isinstance(tree, tuple) and hasattr(tree, "_fields"):
        return type(tree)(*(rebuilt(part, values) for part in tree))
    if isinstance(tree, list | tuple):
        parts = [rebuilt(part, values) for part in tree]
        return parts if isinstance(tree, list) else tuple(parts)
    return next(values)


def matched(tree: Any, like: Any, path: str) -> Iterator[tuple[str, Any]]:
    """The leaves of ``tree`` where ``like`` has leaves; ``None`` may stand for a whole branch.

    Raises `Misfit` where a branch has other keys or another length.
    """
    if isinstance(like, dict):
        if tree is not None and (not isinstance(tree, dict) or tree.keys() != like.keys()):
            raise Misfit(f"{path} has the keys {_keys(tree)} instead of {_keys(like)}")
        for key, part in like.items():
            yield from matched(None if tree is None else tree[key], part, f"{path}[{key!r}]")
    elif isinstance(like, list | tuple):
        if tree is not None and (not isinstance(tree, list | tuple) or len(tree) != len(like)):
            raise Misfit(f"{path} is {_kind(tree)} instead of {_kind(like)}")
        for number, part in enumerate(like):
            inner = None if tree is None else tree[number]
            yield from matched(inner, part, f"{path}[{number}]")
    elif isinstance(tree, dict | list | tuple):
        raise Misfit(f"{path} is {_kind(tree)} instead of one array")
    else:
        yield path, tree


def _keys(tree: Any) -> str:
    return ", ".join(map(repr, tree)) if isinstance(tree, dict) else f"of {_kind(tree)}"


def _kind(tree: Any) -> str:
    name = type(tree).__name__
    return f"a {name} of {len(tree)}" if isinstance(tree, dict | list | tuple) else f"a {name}"
