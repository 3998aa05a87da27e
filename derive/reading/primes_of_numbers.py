r"""``f'(x)`` and ``f''`` of a number f that is computed from one number x: ``\frac{df}{dx}``.

Of several numbers x is the one that its equation shows, ``f(x) = a x^2``. Only where the sheet has
no ``f'`` of its own.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from derive.equations import Model, Notation
from derive.errors import Problem
from derive.reading.lexicon import Occurrence, occurrence
from derive.reading.names import head, is_bare
from derive.reading.parse import parse
from derive.reading.scope import Scope
from derive.reading.surface import (
    Call,
    Fraction_,
    Name,
    Node,
    Numeral,
    Prefixed,
    Relation,
    changed,
    walk,
)

MOST_PRIMES = 2


def with_primes_of_numbers(node: Node, scope: Scope) -> Node:
    """``node`` with every such derivative spelled out."""
    if scope.model is None or not any(isinstance(n, Name) and n.primes for n in walk(node)):
        return node
    return _spelled(node, scope)


def argument_of(name: Name, scope: Scope) -> Name | None:
    """The x of ``f`` or ``f'``; ``None`` where f is no number that is computed from x alone."""
    model = scope.model
    match = scope.lexicon.match(Occurrence(replace(name, primes=0), name.span))
    if model is None or match is None or match.entry.body is not None or match.powers:
        return None
    known = model.tensors.get(match.entry.tensor)
    if known is None or known.rank or match.entry.tensor not in model.by_tensor:
        return None
    only = _shown(match.entry.tensor, model) or _only(match.entry.tensor, model)
    return None if only is None else Name(model.tensors[only].notation.head, span=name.span)


def _shown(tensor: str, model: Model) -> str | None:
    """The number in the bracket of the left side, ``f(x) = a x^2``."""
    source = model.by_tensor[tensor].source
    try:
        items = parse(source.latex).items if source is not None else ()
    except Problem:
        return None
    left = items[0].sides[0] if items and isinstance(items[0], Relation) else None
    if not isinstance(left, Call) or len(left.args) != 1 or not isinstance(left.args[0], Name):
        return None
    named = [n for n, t in model.tensors.items()
             if not t.rank and t.notation == Notation(left.args[0].base)]  # fmt: skip
    return named[0] if len(named) == 1 and is_bare(left.args[0]) else None


def _only(tensor: str, model: Model) -> str | None:
    """The one number that a tensor is computed from, all else left out."""
    found: set[str] = set()
    waiting = [tensor]
    seen = {tensor}
    while waiting:
        for read in model.by_tensor[waiting.pop()].reads:
            if read not in model.by_tensor:
                found.add(read)
            elif read not in seen:
                seen.add(read)
                waiting.append(read)
    only = next(iter(found)) if len(found) == 1 else None
    return only if only is not None and not model.tensors[only].rank else None


def _spelled(node: Node, scope: Scope) -> Node:
    called = isinstance(node, Call) and node.bracket == "(" and len(node.args) == 1
    name = node.head if isinstance(node, Call) and called else node
    if isinstance(name, Name) and 1 <= name.primes <= MOST_PRIMES and not _is_known(name, scope):
        by = argument_of(name, scope)
        at = node.args[0] if isinstance(node, Call) else by
        if by is not None and at == by:
            return _derivative(node, name, by)
    return changed(node, lambda part: _spelled(part, scope))


def _is_known(name: Name, scope: Scope) -> bool:
    item = occurrence(name)
    known = item is not None and scope.lexicon.match(item) is not None
    return known or head(replace(name, primes=0)) in scope.functions


def _derivative(node: Node, name: Name, by: Name) -> Node:
    r"""``\frac{d^2 f}{d x^2}``."""
    order = (Numeral(str(name.primes), Fraction(name.primes)),) if name.primes > 1 else ()
    plain = replace(name, primes=0)
    top = Prefixed("d", plain, sup=order, span=node.span)
    bottom = Prefixed("d", replace(by, sup=order), span=node.span)
    return Fraction_(top, bottom, span=node.span)
