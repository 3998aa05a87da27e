"""A declared prefix that is a letter, ``dW``: parsed as two factors, read as one symbol.

The grammar cannot know which letters a context declares as marks of gradients; here the tree is put
right for a scope that does. The letter must stand directly before its symbol, outside scripts and
bounds: ``W_{dm}`` has two indices.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from derive.reading.lexicon import occurrence
from derive.reading.names import is_bare
from derive.reading.scope import Scope
from derive.reading.surface import Binary, Juxtaposition, Name, Node, Prefixed, Span

_PLACES = frozenset({"span", "sub", "sup", "lower", "upper"})


def with_marks(node: Node, scope: Scope) -> Node:
    """The tree with every declared letter before a symbol as its prefix."""
    letters = {e.prefix for e in scope.lexicon.entries.values() if e.prefix.isalpha()}
    return _marked(node, frozenset(letters)) if letters else node


def _marked(value: Any, letters: frozenset[str]) -> Any:
    if isinstance(value, tuple):
        return tuple(_marked(v, letters) for v in value)
    if not isinstance(value, Node):
        return value
    changed = {
        f.name: new
        for f in fields(value)
        if f.name not in _PLACES
        and (new := _marked(old := getattr(value, f.name), letters)) is not old
    }
    node = replace(value, **changed) if changed else value
    return _joined(node, letters) if isinstance(node, Juxtaposition) else node


def _joined(node: Juxtaposition, letters: frozenset[str]) -> Node:
    factors: list[Node] = []
    for factor in node.factors:
        mark = factors[-1] if factors else None
        if isinstance(mark, Name) and is_bare(mark) and mark.base in letters:
            found = _prefixed(mark, factor)
            if found is not None:
                factors[-1] = found
                continue
        factors.append(factor)
    return factors[0] if len(factors) == 1 else replace(node, factors=tuple(factors))


def _prefixed(mark: Name, node: Node) -> Node | None:
    """``d`` before ``Y`` or ``Y / n`` that follows at once; ``None`` before anything else."""
    span = Span(mark.span.start, node.span.end)
    if isinstance(node, Binary) and node.operator == "/":
        left = _prefixed(mark, node.left)
        return None if left is None else replace(node, left=left, span=span)
    item = occurrence(node)
    if item is None or item.prefix or node.span.start != mark.span.end:
        return None
    return Prefixed(mark.base, node, span=span)
