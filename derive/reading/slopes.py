r"""``\hat f(i, j)`` and ``\dot f(i, j)``: slopes with the place of an element for an argument.

Where the model has ``C_q(i, j) = f(x_q(i, j))`` a ``\dot f(a, b)`` beside the derivative
``\frac{\partial J}{\partial C_q(1, 3)}`` is spelled out as ``f'(x_q(a, b))``. The map is that of
the nearest activation to the left in the same product, else the only one in the formula's side.
The mark is declared, ``slopes: {'\dot{f}': f}``, or open.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from derive.equations import Model
from derive.expr import Access, Apply
from derive.index import Index
from derive.reading.letters import occurrences
from derive.reading.lexicon import Entry, occurrence
from derive.reading.names import head, readable
from derive.reading.parse import parse
from derive.reading.problems import Reading, Undeclared
from derive.reading.scope import Scope
from derive.reading.surface import Binary, Call, Juxtaposition, Name, Node, changed

DECLARED = "slope "
"""Prefix, in the operators of a scope, of the marks that are declared."""
PRODUCTS = frozenset({r"\cdot", r"\times", "*", r"\odot", r"\circ"})


@dataclass(frozen=True)
class _Activation:
    """``T(lead, …) = f(argument(lead, …))``: the leading index nodes, and what f is applied to."""

    function: str
    argument: Entry
    lead: tuple[Node, ...]
    rank: int


def with_slopes(node: Node, scope: Scope) -> Node:
    """``node`` with every slope spelled out; itself where it has none.

    Raises `Undeclared` for a mark that nothing declares and that could be a slope.
    """
    marked = [n for n in node.whole if isinstance(n, Call) and _marks(n, scope) is not None]
    if not marked:
        return node
    found = list(_activations(node, scope))
    only = found[0] if len(set(found)) == 1 else None
    for call in marked:
        _require_declared(call, scope, bool(found))
    return _spelled(node, scope, only)


def _marks(call: Call, scope: Scope) -> str | None:
    """The function of which the head could be the slope: it is declared, or accented."""
    name = call.head
    if not isinstance(name, Name) or name.sub or name.sup:
        return None
    if (declared := scope.operators.get(DECLARED + head(name))) is not None:
        return declared
    if not name.accents:
        return None
    plain = head(replace(name, accents=()))
    known = plain in scope.functions and head(name) not in scope.functions
    return plain if known and not _is_symbol(call, scope) else None


def _is_symbol(call: Call, scope: Scope) -> bool:
    item = occurrence(call)
    return item is not None and scope.lexicon.match(item) is not None


def _require_declared(call: Call, scope: Scope, possible: bool) -> None:
    assert isinstance(call.head, Name)
    mark, function = head(call.head), _marks(call, scope)
    if DECLARED + mark in scope.operators or not possible or function is None:
        return
    text = f"{readable(mark)} means {readable(function)}′ at the element beside it"
    raise Undeclared(
        f"what {readable(mark)} means is not declared",
        mark,
        (Reading(text, (DECLARED + mark, function)),),
        call.span.start,
    )


# Activations


def _activations(node: Node, scope: Scope) -> Iterator[_Activation]:
    """The elements of activations that the formula speaks of, from left to right."""
    for item in occurrences(node):
        match = scope.lexicon.match(item)
        if match is None or scope.model is None or None in match.slots:
            continue
        tensor = _tensor(match.entry)
        found = _argument(tensor, scope.model, scope) if tensor else None
        if found is not None:
            function, argument = found
            slots = tuple(s for s in match.slots if s is not None)
            count = len(match.entry.notation.args)
            lead = slots[: len(slots) - count] if count else ()
            yield _Activation(function, argument, lead, len(slots))


def _tensor(entry: Entry) -> str:
    """The tensor that the symbol, or what it is declared to mean, is an element of."""
    if entry.body is None:
        return entry.tensor
    body, axes = entry.body, tuple(map(Index.of, entry.axes))
    return body.tensor if isinstance(body, Access) and body.indices == axes else ""


def _argument(tensor: str, model: Model, scope: Scope) -> tuple[str, Entry] | None:
    """``f`` and the entry of z where the model has ``T[axes] = f(z[axes])``."""
    equation = model.by_tensor.get(tensor)
    rhs = equation.rhs if equation is not None else None
    if equation is None or not isinstance(rhs, Apply) or len(rhs.arguments) != 1:
        return None
    (inner,) = rhs.arguments
    if not isinstance(inner, Access) or inner.indices != tuple(map(Index.of, equation.axes)):
        return None
    entries = scope.lexicon.entries.values()
    found = [e for e in entries if e.tensor == inner.tensor and e.body is None and not e.prefix]
    return (rhs.function, found[0]) if found else None


# Spelling out


def _spelled(node: Node, scope: Scope, only: _Activation | None) -> Node:
    if isinstance(node, Call) and (function := _marks(node, scope)) is not None:
        return node if only is None else _slope(node, function, only, scope)
    if isinstance(node, Juxtaposition):
        return replace(node, factors=tuple(_in_product(node.factors, scope, only)))
    if isinstance(node, Binary) and node.operator in PRODUCTS:
        left, right = _in_product((node.left, node.right), scope, only)
        return replace(node, left=left, right=right)
    return changed(node, lambda part: _spelled(part, scope, only))


def _in_product(
    factors: tuple[Node, ...], scope: Scope, only: _Activation | None
) -> Iterator[Node]:
    """Factors in order; what stands to the left decides what a slope belongs to."""
    nearest = only
    for factor in factors:
        yield _spelled(factor, scope, nearest)
        for found in _activations(factor, scope):
            nearest = found


def _slope(call: Call, function: str, of: _Activation, scope: Scope) -> Node:
    """``f'(z(lead, arguments))`` where the number of indices and the function fit."""
    if len(of.lead) + len(call.args) != of.rank or scope.functions.get(function) != of.function:
        return call
    name = parse(function).items[0]
    assert isinstance(name, Name)
    derivative = replace(name, primes=name.primes + 1, span=call.head.span)
    return Call(derivative, (_element(call, of),), span=call.span)


def _element(call: Call, of: _Activation) -> Node:
    """The argument of the activation, written as the model writes it."""
    notation = of.argument.notation
    slots = (*of.lead, *call.args)

    def items(scripts: tuple[int | str, ...]) -> tuple[Node, ...]:
        return tuple(slots[s] if isinstance(s, int) else parse(s).items[0] for s in scripts)

    bare = parse(notation.head).items[0]
    assert isinstance(bare, Name)
    name = replace(bare, sub=items(notation.sub), sup=items(notation.sup), span=call.span)
    if not notation.args:
        return name
    return Call(name, tuple(slots[k] for k in notation.args), span=call.span)
