"""What a bracket behind a symbol is: a list of indices, or a factor."""

from __future__ import annotations

from dataclasses import replace

from derive.index import Index
from derive.reading.arrays import ArrayValue
from derive.reading.capitals import in_other_case
from derive.reading.fitting import TRANSPOSES
from derive.reading.functions import function_named
from derive.reading.indices import index_of
from derive.reading.letters import holds_tensor
from derive.reading.lexicon import Match, occurrence
from derive.reading.names import label, letter_of, whole
from derive.reading.problems import Foreign, Reading, Undeclared, Unsupported
from derive.reading.scope import Scope
from derive.reading.surface import Call, Collection, Group, Name, Node, Prefixed, walk

BEHIND, FACTOR = "bracket behind a function", "factor"
"""The name under which it is declared what such a bracket is, beside the operators."""

SLOTS = "index slots, not"
"""What is said of a symbol with another number of indices."""


def is_indexed(match: Match, args: tuple[Node, ...], scope: Scope) -> bool:
    """Whether the argument list holds indices; else ``b (1 - C)`` is a product.

    Raises `IllFormed` for a list of indices that is too short or too long.
    """
    if match.extra is None:
        return len(args) > 1 or not holds_tensor(args[0], scope)
    slots = len(match.entry.notation.args)
    transposed = slots == 2 and any(label(p) in TRANSPOSES for p in match.powers)
    factor = len(args) == 1 and (
        transposed
        or holds_tensor(args[0], scope)
        or (not slots and not _mentions_index(args[0], scope))
    )
    if not factor:
        name = whole(match.entry.notation)
        raise Foreign(f"{name} has {slots or 'no'} {SLOTS} {len(args)}", offset=args[0].span.start)
    return False


def as_product(node: Node, scope: Scope) -> tuple[Node, Node] | None:
    """Head and bracket of ``b (1 - C)``; ``None`` for an element or a function of something.

    In ``b (1 - C)^T`` the script belongs to the bracket. Raises what `is_indexed` raises.
    """
    item = occurrence(node)
    if item is None or not item.args:
        return None
    match = scope.lexicon.match(item)
    indexed = match is not None and is_indexed(match, item.args, scope)
    if indexed or (match is None and function_named(item.name, scope) is not None):
        return None
    return without_arguments(node), bracket(item.args)


def bracket_behind(call: Call, scope: Scope) -> tuple[Node, Node] | None:
    r"""``\log p_i`` and the bracket behind it, of ``\log p_i (1 - x_i)``, where that is a factor.

    Raises `Undeclared` in a claim where nothing says whether the bracket belongs to the argument.
    """
    if call.bracket or len(call.args) != 1 or scope.model is None:
        return None
    factors = as_product(call.args[0], scope)
    if factors is None:
        return None
    if BEHIND not in scope.operators:
        readings = (
            Reading("the bracket is a factor of the function", (BEHIND, FACTOR)),
            Reading("the bracket belongs to the argument of the function", (BEHIND, "argument")),
        )
        message = "a bracket behind a function without brackets can mean two things"
        raise Undeclared(message, BEHIND, readings, factors[1].span.start)
    if scope.operators[BEHIND] != FACTOR:
        return None
    return replace(call, args=factors[:1]), factors[1]


def _mentions_index(node: Node, scope: Scope) -> bool:
    r"""Whether letters that run stand in it by themselves, not at a symbol as in ``\delta_i``."""
    scripted = any(isinstance(n, Name) and (n.sub or n.sup) for n in walk(node))
    return not scripted and any(scope.running(letter_of(n) or "") for n in walk(node))


def without_arguments(node: Node) -> Node:
    """The symbol of ``C(i, j)`` or ``\\Delta C(i, j)``."""
    if isinstance(node, Prefixed):
        return replace(node, body=without_arguments(node.body))
    return node.head if isinstance(node, Call) else node


def bracket(args: tuple[Node, ...]) -> Node:
    """An argument list as the bracket that it is."""
    span = args[0].span
    return Group(args[0], span=span) if len(args) == 1 else Collection(args, bracket="(", span=span)


def indices_behind(
    before: Node, factor: Node, value: ArrayValue, scope: Scope
) -> tuple[Index, ...] | None:
    """The indices in ``(I * k)(i, j)``: as many as the array in brackets has dimensions."""
    if not isinstance(before, Group) or not value.axes:
        return None
    if isinstance(factor, Collection) and factor.bracket == "(" and not factor.sub:
        items = factor.items
    elif isinstance(factor, Group) and factor.bracket == "(":
        items = (factor.body,)
    else:
        return None
    if len(items) != value.rank or any(holds_tensor(i, scope) for i in items):
        return None
    return tuple(plain_index(i, scope) for i in items)


def plain_index(node: Node, scope: Scope) -> Index:
    """An index that needs no auxiliary axis. Raises `Unsupported` for a rounded one."""
    place = index_of(node, scope.letters)
    if place.axes:
        raise Unsupported("a rounded index on an expression", offset=node.span.start)
    return place.index


def turned(name: Node, scope: Scope) -> bool:
    r"""Whether a bracket behind ``X^T`` is a factor: X is what the elements ``x_{ij}`` are of."""
    item = occurrence(name) if isinstance(name, Name) else None
    if item is None or not any(label(s) in TRANSPOSES for s in item.name.sup):
        return False
    return in_other_case(item, scope) is not None
