r"""``D_j S_i`` for ``\frac{\partial S_i}{\partial a_j}``, where S is computed from a alone.

Spivak, Calculus on Manifolds, chapter 2; Bendersky's notes on the softmax function.
"""

from __future__ import annotations

from dataclasses import replace

from derive.reading.lexicon import Match, occurrence
from derive.reading.names import readable
from derive.reading.scope import Scope
from derive.reading.surface import (
    Fraction_,
    Juxtaposition,
    Name,
    Node,
    Prefixed,
    Span,
    changed,
    walk,
)

MARK = "D"


def with_jacobian_marks(node: Node, scope: Scope) -> Node:
    """``node`` with every such mark as a derivative, where the sheet has no D of its own."""
    if scope.model is None or not any(isinstance(n, Name) and n.base == MARK for n in walk(node)):
        return node
    return _spelled(node, scope)


def _spelled(node: Node, scope: Scope) -> Node:
    node = changed(node, lambda part: _spelled(part, scope), frozenset({"sub", "sup"}))
    if not isinstance(node, Juxtaposition):
        return node
    found: list[Node] = []
    for factor in node.factors:
        mark = found[-1] if found else None
        derivative = _derivative(mark, factor, scope) if isinstance(mark, Name) else None
        if derivative is None:
            found.append(factor)
        else:
            found[-1] = derivative
    return found[0] if len(found) == 1 else replace(node, factors=tuple(found))


def _derivative(mark: Name, behind: Node, scope: Scope) -> Node | None:
    if mark.base != MARK or mark.accents or mark.primes or mark.sup or len(mark.sub) != 1:
        return None
    item, own = occurrence(behind), occurrence(mark)
    if item is None or own is None or scope.lexicon.match(own) is not None:
        return None
    match = scope.lexicon.match(item)
    argument = _argument(match, scope) if match is not None else None
    if argument is None:
        return None
    by = replace(argument, sub=mark.sub, span=mark.span)
    scope.note(f"{MARK} before a symbol is the derivative by {readable(argument.base)}")
    span = Span(mark.span.start, behind.span.end)
    top = Prefixed(r"\partial", behind, span=span)
    return Fraction_(top, Prefixed(r"\partial", by, span=mark.span), span=span)


def _argument(match: Match, scope: Scope) -> Name | None:
    """The vector that a computed tensor is computed from alone, with an index below."""
    model = scope.model
    if model is None or match.powers or match.entry.body is not None:
        return None
    equation = model.by_tensor.get(match.entry.tensor)
    reads = equation.reads if equation is not None else ()
    only = model.tensors[next(iter(reads))] if len(set(reads)) == 1 else None
    if only is None or only.rank != 1:
        return None
    notation = only.notation
    labelled = any(isinstance(s, str) for s in (*notation.sub, *notation.sup))
    return None if labelled or notation.args else Name(notation.head)
