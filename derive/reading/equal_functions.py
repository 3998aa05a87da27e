r"""``f = \text{ReLU}``: an equation between functions, for any argument."""

from __future__ import annotations

from derive.reading.array_functions import is_of_arrays
from derive.reading.functions import VECTORISE, function_named
from derive.reading.scope import Scope
from derive.reading.surface import Call, Name, Node


def with_arguments(nodes: tuple[Node, ...], scope: Scope) -> tuple[Node, ...]:
    r"""``f = g`` for two functions says ``f(\xi) = g(\xi)``; other sides stay as they are."""
    names = [n for n in nodes if isinstance(n, Name) and not (n.sub or n.sup)]
    found = [f for n in names if (f := function_named(n, scope)) is not None]
    elementwise = not any(f in VECTORISE or is_of_arrays(f) for f, _ in found)
    if len(found) < len(nodes) or len(nodes) < 2 or not elementwise:
        return nodes
    return tuple(Call(n, (Name(r"\xi", span=n.span),), span=n.span) for n in nodes)
