r"""Derivatives as written: of the loss (an adjoint), of a tensor or of any expression (a Jacobian).

``\frac{\partial L}{\partial W(i, j)}``, ``\partial p_k / \partial o_m``, ``\nabla_W L``, ``dL/dx``,
``\frac{\partial z}{\partial x}`` of whole vectors. All are total derivatives: through every path
from what stands below to what stands above.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from derive.equations import Model, Notation, adjoint_name, adjoint_of
from derive.errors import IllFormed
from derive.expr import (
    Access,
    Apply,
    Delta,
    Expr,
    Guard,
    Product,
    Summation,
    accesses,
    number,
    product,
    rewrite,
    walk,
)
from derive.index import Index
from derive.loops import Loop
from derive.reading.arrays import ArrayValue, transpose
from derive.reading.capitals import in_other_case
from derive.reading.differential import differential, leads, ways
from derive.reading.last_of_family import last_of_family
from derive.reading.layouts import laid_out
from derive.reading.left_out_labels import unlabelled
from derive.reading.letters import DIFFERENTIALS
from derive.reading.lexicon import Entry, occurrence
from derive.reading.names import is_bare, readable
from derive.reading.one_step import through_one_step
from derive.reading.powers import is_transpose
from derive.reading.printing import to_latex
from derive.reading.problems import Foreign, Reading, Undeclared, Unsupported
from derive.reading.references import fill, resolve
from derive.reading.scope import Scope, tensor_entry
from derive.reading.second_derivatives import second_parts
from derive.reading.surface import (
    Binary,
    Call,
    Fraction_,
    Group,
    Juxtaposition,
    Name,
    Node,
    Numeral,
    Prefixed,
)
from derive.reading.surface import walk as surface_walk
from derive.reading.undeclared import unknown

Read = Callable[[Node, Scope], ArrayValue]
"""`derive.reading.elaborate.elaborate`."""


def derivative_of(node: Node, scope: Scope, read: Read) -> ArrayValue | None:
    """The derivative that ``node`` denotes explicitly, or ``None`` where it is none.

    Raises `Undeclared` where the layout of a matrix of derivatives is open, or where what stands
    above is no known symbol but may be the loss.
    """
    if (second := second_parts(node)) is not None:
        return _second(*second, scope, read)
    pair = quotient_parts(node) or _nabla_parts(node)
    if pair is None:
        return None
    above, below = (_unwrapped(n) for n in pair)
    by, turned = _by(below, scope)
    if (square := _square(by.body)) is not None:
        return _by_root(above, by, square, below.span.start, scope, read)
    value = (
        _adjoint(by)
        if _is_loss(above, scope)
        else (_slope(read(above, scope), by, scope, below.span.start))
    )
    if isinstance(node, Prefixed) and value.axes == by.axes:
        return value  # a gradient has the shape of what it is taken by
    value = laid_out(value, value.rank - by.rank, by.rank, scope, node.span.start)
    return transpose(value, below.span.start) if turned else value


def _square(body: Expr) -> Access | None:
    r"""The variance of which ``body`` is the root: ``\sigma`` beside ``\sigma^2``."""
    root = isinstance(body, Apply) and body.function == "sqrt"
    inner = body.arguments[0] if isinstance(body, Apply) and root else None
    return inner if isinstance(inner, Access) else None


def _by_root(
    above: Node, by: ArrayValue, square: Access, at: int, scope: Scope, read: Read
) -> ArrayValue:
    r"""``\frac{dL}{d\sigma} = 2 \sigma \frac{dL}{d\sigma^2}``, of one σ at a time."""
    if by.axes:
        raise Unsupported("a derivative by an array of roots", offset=at)
    inner = replace(by, body=square)
    loss = _is_loss(above, scope)
    value = _adjoint(inner) if loss else _slope(read(above, scope), inner, scope, at)
    return value.map(lambda x: product(number(2), by.body, x))


def _second(above: Node, first: Node, then: Node, scope: Scope, read: Read) -> ArrayValue:
    """The derivative by ``then`` of that by ``first``; rows for the first, columns for the other.

    Raises `Unsupported` where the one is computed from the other: which is held, nobody says.
    """
    above, first, then = (_unwrapped(n) for n in (above, first, then))
    by, _ = _by(first, scope)
    other, _ = _by(then, scope)
    names = [a.tensor for value in (by, other) for a in accesses(value.body)]
    model = scope.model
    two = model is not None and names[0] != names[1]
    if two and model and (leads(model, *names) or leads(model, *names[::-1])):
        text = f"{names[0]} and {names[1]} depend on each other"
        raise Unsupported(f"a second derivative where {text}", offset=then.span.start)
    loss = _is_loss(above, scope)
    value = _adjoint(by) if loss else _slope(read(above, scope), by, scope, first.span.start)
    return _slope(replace(value, row=False), other, scope, then.span.start)


def _adjoint(by: ArrayValue) -> ArrayValue:
    """The adjoint where ``by`` stands, brackets of a rounded index included."""

    def rule(node: Expr) -> Expr:
        if isinstance(node, Access):
            return Access(adjoint_name(node.tensor), node.indices)
        return node

    return ArrayValue(by.axes, rewrite(by.body, rule), by.row)


def _slope(value: ArrayValue, by: ArrayValue, scope: Scope, at_offset: int) -> ArrayValue:
    by = _renamed(by, {a.name for a in value.axes})
    at = by.body
    if not isinstance(at, Access):
        raise Unsupported("a derivative by an element at a rounded index", offset=at_offset)
    for access in accesses(value.body) if scope.model is not None else ():
        if scope.model is not None and ways(scope.model, at.tensor, access.tensor) > 1:
            scope.note(f"∂{access.tensor}/∂{at.tensor} goes through every path (total derivative)")
    body = _differential(value, at, scope, at_offset)
    row = by.row if not value.axes else value.row
    return ArrayValue((*value.axes, *by.axes), body, row and value.rank + by.rank == 1)


def _differential(value: ArrayValue, by: Access, scope: Scope, at: int) -> Expr:
    try:
        if scope.model is not None and _by_one_step(value.body, by, scope, scope.model):
            return through_one_step(value.body, by, scope.model)
        return differential(value.body, by, scope.model)
    except IllFormed as error:
        error.offset = at if error.offset is None else error.offset
        raise


def _by_one_step(above: Expr, by: Access, scope: Scope, model: Model) -> bool:
    """Whether all that stands before a step is held: always, or of states by parameters."""
    if scope.one_step != "immediate":
        return scope.one_step == "partial"
    states = {n for b in model.blocks if isinstance(b, Loop) for n in b.tensors}
    return by.tensor not in states and any(a.tensor in states for a in accesses(above))


def _renamed(by: ArrayValue, taken: set[str]) -> ArrayValue:
    """``by`` with other letters for its dimensions than those that are taken."""
    free = [c for c in "ijklmnopqr" if c not in taken]
    axes = tuple(a.like(free[k]) if a.name in taken else a for k, a in enumerate(by.axes))
    return ArrayValue(axes, by.at(tuple(Index.of(a) for a in axes)), by.row)


def _by(below: Node, scope: Scope) -> tuple[ArrayValue, bool]:
    """What the derivative is taken by, and whether it is written transposed."""
    item = occurrence(below)
    if item is None:
        raise IllFormed("a gradient is taken with respect to one symbol", offset=below.span.start)
    match = last_of_family(item, scope) or resolve(item, scope)
    turned = len(match.powers) == 1 and is_transpose(match.powers[0], scope)
    value = fill(match, scope)
    if match.powers and not turned and not match.entry.rank and match.extra is None:
        raise Unsupported("a derivative by a power of a number", offset=below.span.start)
    if (match.powers and not turned) or match.extra is not None:
        if (asked := in_other_case(item, scope)) is not None:
            raise asked
        raise Foreign("a gradient is taken with respect to one symbol", offset=below.span.start)
    if not _is_element(value.body) and _square(value.body) is None:
        name = readable(match.entry.notation.head)
        raise IllFormed(f"{name} is an expression, not a tensor", offset=below.span.start)
    if any(adjoint_of(a.tensor) is not None for a in accesses(value.body)):
        name = readable(match.entry.notation.head)
        raise IllFormed(f"{name} is a gradient itself", offset=below.span.start)
    return value, turned


def _is_element(body: Expr) -> bool:
    """One read, perhaps at a rounded index or a remainder: brackets that leave one place."""
    nodes = list(walk(body))
    known = all(isinstance(n, Access | Delta | Guard | Product | Summation) for n in nodes)
    return known and sum(isinstance(n, Access) for n in nodes) == 1


def quotient_parts(node: Node) -> tuple[Node, Node] | None:
    r"""``a`` and ``x`` of ``\frac{\partial a}{\partial x}`` or ``da/dx``, if ``node`` is one."""
    if isinstance(node, Fraction_):
        top, bottom = node.top, node.bottom
    elif isinstance(node, Binary) and node.operator == "/":
        top, bottom = node.left, node.right
    else:
        return None
    above, below = differential_body(top), differential_body(bottom)
    return (above, below) if above is not None and below is not None else None


def _nabla_parts(node: Node) -> tuple[Node, Node] | None:
    r"""``\nabla_W L`` and ``\partial_x y``."""
    if isinstance(node, Prefixed) and node.operator in DIFFERENTIALS and len(node.sub) == 1:
        return node.body, node.sub[0]
    return None


def takes_derivatives(node: Node) -> bool:
    """Whether something in ``node`` could be an explicit derivative."""
    return any(differential_body(n) is not None or _nabla_parts(n) for n in surface_walk(node))


def differential_body(node: Node) -> Node | None:
    """``x`` of ``\\partial x`` or ``d x``."""
    if isinstance(node, Prefixed) and node.operator in DIFFERENTIALS and not node.sup:
        return node.body
    if isinstance(node, Juxtaposition) and len(node.factors) == 2:
        first, rest = node.factors
        if isinstance(first, Name) and is_bare(first) and first.base == "d":
            return rest
    return None


def _unwrapped(node: Node) -> Node:
    return node.body if isinstance(node, Group) and node.bracket in "([{" else node


def _is_loss(above: Node, scope: Scope) -> bool:
    """Whether this is the loss, or, where the model has none, whatever its gradient is taken of.

    Raises `Undeclared` for an unknown symbol where the model has a loss.
    """
    item = occurrence(above)
    match = scope.lexicon.match(item) if item is not None else None
    if item is None:
        return False
    if match is not None:
        own = match.entry.tensor == scope.loss is not None and not _is_factor(match.extra)
        if own and match.powers:
            raise IllFormed("the loss has a script that means nothing", offset=above.span.start)
        return own
    if item.head in scope.functions or item.prefix or (item.args and scope.loss is not None):
        return False
    if (asked := in_other_case(item, scope)) is not None:
        raise asked
    if scope.loss is None:
        if item.head in {e.notation.head for e in scope.lexicon.entries.values() if not e.prefix}:
            raise unlabelled(item, scope) or unknown(item, scope)  # O beside O_{11}: all of them
        if _is_factor(item.args) or any(isinstance(n, Numeral) for n in item.name.sup):
            raise IllFormed(
                f"the model has no {readable(item.head)}: nothing is known of what is made of it",
                offset=above.span.start,
                expected="the gradient of the quantity itself",
            )
        scope.note(f"{readable(item.head)} is the quantity whose gradient is taken")
        return True
    raise _maybe_loss(above, scope)


def _is_factor(behind: tuple[Node, ...] | None) -> bool:
    """``(1 - L)`` behind L is a factor; ``(W, b)`` only says what L depends on."""
    return len(behind or ()) == 1 and not isinstance((behind or ())[0], Name | Call)


def _maybe_loss(above: Node, scope: Scope) -> Undeclared:
    item = occurrence(above)
    assert item is not None
    assert scope.model is not None
    assert scope.loss is not None
    loss = tensor_entry(scope.model.tensors[scope.loss])
    text = readable(to_latex(item.name))
    readings: tuple[Reading, ...] = ()
    if is_bare(item.name):
        alias = Entry(Notation(item.head), 0, scope.loss, ranges=())
        readings = (Reading(f"{text} means the loss {readable(loss.notation.head)}", alias),)
    return Undeclared(
        f"{text} is not defined: no known symbol, and the loss is {readable(loss.notation.head)}",
        item.head,
        readings,
        above.span.start,
    )
