r"""Functions without what they are applied to: ``\frac{d\sigma}{du} = \sigma (1 - \sigma)``.

``f = g`` says ``f(\xi) = g(\xi)``. What stands below is the argument wherever none is written; of
``\sigma' = \sigma (1 - \sigma)`` it is any number. ``\sigma (1 - \sigma)`` is a product there: no
function is applied to a function.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from derive.expr import Access, Apply, walk
from derive.reading.array_functions import is_of_arrays
from derive.reading.derivatives import quotient_parts
from derive.reading.functions import VECTORISE, function_named
from derive.reading.lexicon import occurrence
from derive.reading.names import is_bare, letter_of
from derive.reading.scope import Scope
from derive.reading.surface import Call, Fraction_, Group, Juxtaposition, Name, Node, changed
from derive.reading.surface import walk as surface_walk

ANY = Name(r"\xi")
"""The argument where the author names none."""


def with_arguments(nodes: tuple[Node, ...], scope: Scope) -> tuple[Node, ...]:
    """The sides with every such function applied; themselves where there is none to apply."""
    if len(nodes) > 1 and all(isinstance(n, Name) and _is_function(n, scope) for n in nodes):
        return tuple(_applied(n, ANY, scope) for n in nodes)
    argument = next(_differentiated_by(nodes, scope), None)
    left = nodes[0]
    if argument is None and isinstance(left, Name) and left.primes and _is_function(left, scope):
        argument = next(_arguments(nodes, scope), ANY)
    if argument is None:
        return nodes
    return tuple(_applied(n, argument, scope) for n in nodes)


def _differentiated_by(nodes: tuple[Node, ...], scope: Scope) -> Iterator[Name]:
    r"""u of ``\frac{d\sigma}{du}``: unknown, or what the model applies σ to."""
    for node in (n for side in nodes for n in surface_walk(side)):
        above, below = quotient_parts(node) or (node, node)
        if not isinstance(above, Name) or not isinstance(below, Name) or above is below:
            continue
        if not _is_function(above, scope) or not is_bare(below):
            continue
        item = occurrence(below)
        match = scope.lexicon.match(item) if item is not None else None
        if letter_of(below) in scope.letters:
            continue
        if match is None or match.entry.tensor in _applied_to(above, scope):
            yield below


def _applied_to(name: Name, scope: Scope) -> frozenset[str]:
    """The tensors that the model applies the function to."""
    found = function_named(name, scope)
    equations = scope.model.equations if scope.model is not None else ()
    calls = (n for e in equations for n in walk(e.rhs) if isinstance(n, Apply))
    inside = (a for c in calls if found is not None and c.function == found[0] for a in c.arguments)
    return frozenset(a.tensor for a in inside if isinstance(a, Access))


def _arguments(nodes: tuple[Node, ...], scope: Scope) -> Iterator[Name]:
    """What functions are applied to elsewhere in the formula."""
    for node in (n for side in nodes for n in surface_walk(side)):
        if isinstance(node, Call) and isinstance(node.head, Name) and len(node.args) == 1:
            argument = node.args[0]
            if isinstance(argument, Name) and is_bare(argument) and _is_function(node.head, scope):
                yield argument


def _is_function(name: Name, scope: Scope) -> bool:
    """Whether the name is an elementwise function's and no symbol's."""
    found = function_named(replace(name, sup=()), scope)
    item = occurrence(name)
    known = item is not None and scope.lexicon.match(item) is not None
    return (
        found is not None
        and not (name.sub or known or found[0] in VECTORISE or is_of_arrays(found[0]))
    )  # fmt: skip


def _applied(node: Node, argument: Name, scope: Scope) -> Node:
    def inside(part: Node) -> Node:
        return _applied(part, argument, scope)

    match node:
        case Name() if _is_function(node, scope):
            return Call(node, (argument,), span=node.span)
        case Call(head=Name() as head, args=args) if _is_function(head, scope):
            if not any(_stands_alone(a, scope) for a in args) or len(args) != 1:
                return replace(node, args=tuple(map(inside, args)))
            bracket = Group(inside(args[0]), "(", span=args[0].span)
            return Juxtaposition((inside(head), bracket), span=node.span)
        case Call(args=args):
            return replace(node, args=tuple(map(inside, args)))
        case Fraction_() if quotient_parts(node) is not None:
            return replace(node, top=inside(node.top))
    return changed(node, inside)


def _stands_alone(node: Node, scope: Scope) -> bool:
    """Whether a function without an argument stands in it."""
    heads = {id(n.head) for n in surface_walk(node) if isinstance(n, Call)}
    names = (n for n in surface_walk(node) if isinstance(n, Name) and id(n) not in heads)
    return any(_is_function(n, scope) for n in names)
