r"""Differentials, ``dL = \operatorname{tr}(G^T X \, dW)``: true for every change of what they show.

Both sides are linear in the changes, so they are compared for a change of each single element of
each tensor that changes: there dW is 1 at that element and 0 elsewhere, and dY is the derivative of
Y by it. Several tensors change one after the other, told apart by an index of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from derive.equations import Model, adjoint_name, slope_name
from derive.expr import ZERO, Access, Delta, Expr, add, product
from derive.index import Axis, Index
from derive.loops import Loop
from derive.reading.arrays import ArrayValue
from derive.reading.differential import leads
from derive.reading.lexicon import Entry
from derive.reading.names import readable, whole
from derive.reading.problems import Reading, Undeclared, Unsupported
from derive.reading.scope import Scope
from derive.reading.surface import Node
from derive.reading.total_differentials import MARK, differentials

if TYPE_CHECKING:
    from derive.reading.statement import Statement

MOST_CHANGED = 3
HELD = "held"
"""What is declared of d where tensors that a formula does not show are held fixed."""


def along_changes(
    nodes: tuple[Node, ...], scope: Scope, read: Callable[[Scope], Statement]
) -> Statement | None:
    """What a formula of differentials states; ``None`` for any other formula.

    Raises `Undeclared` where it leaves out a parameter that changes the left side, too,
    `Unsupported` for recurrences and for changes of many tensors.
    """
    found = differentials(nodes, scope)
    model = scope.model
    if found is None or model is None:
        return None
    left, right = found
    changed = [t for t in model.tensors if t not in model.by_tensor and _changes(t, right, model)]
    loops = any(isinstance(b, Loop) for b in model.blocks)
    if not 0 < len(changed) <= MOST_CHANGED or loops:
        raise Unsupported("differentials of this kind are not judged", offset=nodes[0].span.start)
    _require_held(left, changed, scope, model, nodes[0])
    names = ", ".join(_shown(t, model) for t in changed)
    scope.note(f"d marks differentials, for every change of {names}")
    return _together([(axes, read(inner)) for axes, inner in _each(changed, scope, model)])


def _changes(leaf: str, shown: set[str], model: Model) -> bool:
    return any(leaf == name or leads(model, leaf, name) for name in shown)


def _shown(tensor: str, model: Model) -> str:
    return readable(whole(model.tensors[tensor].notation))


def _require_held(left: str, changed: list[str], scope: Scope, model: Model, node: Node) -> None:
    """Ask whether parameters that change the left side, and stand nowhere, are held fixed."""
    held = [p for p in model.parameters if p not in changed and leads(model, p, left)]
    if held and scope.operators.get(MARK) != HELD:
        names = " and ".join(_shown(p, model) for p in held)
        verb = "is" if len(held) == 1 else "are"
        reading = Reading(f"{names} {verb} held fixed", (MARK, HELD))
        message = f"nothing says whether {names} {verb} held fixed"
        raise Undeclared(message, MARK, (reading,), node.span.start)


def _each(
    changed: list[str], scope: Scope, model: Model
) -> Iterator[tuple[tuple[Axis, ...], Scope]]:
    """For a change of one element of each tensor: its place, and what d means then."""
    for tensor in changed:
        ranges = model.tensors[tensor].ranges
        place = tuple(Axis("pqrs"[k % 4], lo, hi) for k, (lo, hi) in enumerate(ranges))
        entries = scope.lexicon.entries.values()
        plain = [e for e in entries if e.tensor in model.tensors and not e.prefix]
        marked = [_changed(e, tensor, place, model) for e in plain if e.body is None]
        yield place, scope.declare(*(e for e in marked if e is not None))


def _changed(entry: Entry, by: str, place: tuple[Axis, ...], model: Model) -> Entry | None:
    """The symbol with a d before it."""
    if entry.ranges is None:
        return None
    axes = tuple(Axis("ijkl"[k % 4], lo, hi) for k, (lo, hi) in enumerate(entry.ranges))
    element = entry.element(tuple(map(Index.of, axes)))
    at = tuple(map(Index.of, place))
    body: Expr = ZERO
    if isinstance(element, Access) and entry.tensor == by:
        body = product(*(Delta(i - p) for i, p in zip(element.indices, at, strict=True)))
    elif isinstance(element, Access) and leads(model, by, entry.tensor):
        name = slope_name(entry.tensor, by)
        slope = Access(name, (*element.indices, *at))
        body = Access(adjoint_name(by), at) if entry.tensor == model.loss else slope
    return replace(entry, prefix=MARK, tensor="", offsets=(), axes=axes, body=body)


def _together(each: list[tuple[tuple[Axis, ...], Statement]]) -> Statement:
    """One statement for all changes; with several of them a last index says which it is."""
    (_, first), *more = each
    which = Axis("s", Index.of(1), Index.of(len(each)))
    axes = (*first.axes, *(a for place, _ in each for a in place), *((which,) if more else ()))
    sides = []
    for number, side in enumerate(first.sides):
        bodies = [
            _renamed(statement.sides[number], statement.axes, first.axes) for _, statement in each
        ]
        if more:
            chosen = (
                product(Delta(Index.of(which) - Index.of(k)), body)
                for k, body in enumerate(bodies, start=1)
            )
            sides.append(ArrayValue(axes, add(*chosen), side.row))
        else:
            sides.append(ArrayValue(axes, bodies[0], side.row))
    return replace(first, axes=axes, sides=tuple(sides), target=None, indices=())


def _renamed(side: ArrayValue, own: tuple[Axis, ...], wanted: tuple[Axis, ...]) -> Expr:
    """The side over the axes that the first statement has."""
    return ArrayValue(own, side.body).at(tuple(map(Index.of, wanted)))
