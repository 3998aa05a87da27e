"""Proof by expansion: equal normal forms, definitions of intermediate tensors put in one at a time.

While the normal forms of two sides differ, a tensor is replaced by its equation in both: of those
that only one side reads, the one that depends on most others. Adjoints of early layers depend on
those of later ones, these on the forward tensors, so one order serves all.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from derive.canonical import equal
from derive.equations import Equation, Model, adjoint_name
from derive.errors import LimitExceeded
from derive.expr import (
    Access,
    Expr,
    accesses,
    refresh,
    rewrite,
    substitute,
    walk,
)
from derive.index import Axis, Index, surely_nonnegative
from derive.loops import reached
from derive.steps import Derivation
from derive.terms import Terms

_MOST_BLIND = 4
"""Rounds allowed while both sides read the same tensors: most such sides simply differ."""
_MOST_ENDLESS = 4
"""Steps of recurrences that are put in: they never end."""
MOST_NODES = 600
"""Expressions larger than this are not expanded further."""


def definitions(model: Model, derivations: Mapping[str, Derivation]) -> dict[str, Equation]:
    """Every tensor's equation and every adjoint's, least dependent first."""
    forward = {e.tensor: e for e in model.equations if e.place is None}
    return {**forward, **{adjoint_name(n): d.equation for n, d in derivations.items()}}


def proves_equal(
    left: Expr,
    right: Expr,
    free: Iterable[Axis],
    known: Mapping[str, Equation],
    most: int = MOST_NODES,
) -> bool:
    """True only if ``left = right`` for all values, away from kinks and poles.

    ``known`` lists equations least dependent first, as `definitions` does. False means "not found"
    and nothing else: the sides may differ, or a limit was reached, such as ``most`` nodes.
    """
    free = tuple(free)
    place = {name: k for k, name in enumerate(known)}
    circular = circles(known)
    blind = endless = 0
    kept: set[_Read] = set()  # what stays as it is, as it may be what begins a recurrence
    try:
        sides = [Terms(free).plus(left), Terms(free).plus(right)]
        while True:
            sides[0].cancel(sides[1])
            exprs = [side.exprs for side in sides]
            if not any(exprs):
                return True
            read = [
                {_read(a, free, circular) for e in es for a in accesses(e) if a.tensor in place}
                for es in exprs
            ]
            apart = read[0] ^ read[1]
            blind += not apart
            others = {r for r in read[0] | read[1] if r.tensor not in circular}
            choice = (apart or others) - kept
            size = sum(1 for es in exprs for e in es for _ in walk(e))
            if not choice or blind > _MOST_BLIND or endless > _MOST_ENDLESS or size > most:
                return False
            latest = max(choice, key=lambda r: place[r.tensor])
            endless += latest.tensor in circular
            equation = known[latest.tensor]
            same = partial(_is, read=latest, free=free, circular=circular, equation=equation)
            rule = partial(unfold, equation=equation, where=same)
            sides = [side.replaced(rule) for side in sides]
            if [side.exprs for side in sides] == exprs:
                kept.add(latest)
    except LimitExceeded:
        return False


@dataclass(frozen=True)
class _Read:
    """What is read: a tensor, and of a recurrence also where, as far as free axes say."""

    tensor: str
    at: tuple[Index | None, ...] = ()


def _read(access: Access, free: tuple[Axis, ...], circular: Container[str]) -> _Read:
    if access.tensor not in circular:
        return _Read(access.tensor)
    at = (i if i.axes <= set(free) else None for i in access.indices)
    return _Read(access.tensor, tuple(at))


def _is(
    access: Access,
    read: _Read,
    free: tuple[Axis, ...],
    circular: Container[str],
    equation: Equation,
) -> bool:
    """Whether this is the read meant, and for a recurrence one of which its step says something."""
    if access.tensor != read.tensor or _read(access, free, circular) != read:
        return False
    return access.tensor not in circular or _covers(equation, access)


def circles(known: Mapping[str, Equation]) -> frozenset[str]:
    """The tensors that are computed from themselves, at other places: those of recurrences."""
    place = {n: k for k, n in enumerate(known)}
    needs = {n: {r for r in e.reads if r in known} for n, e in known.items()}
    if all(place[r] < place[n] for n, reads in needs.items() for r in reads):
        return frozenset()
    return frozenset(n for n in needs if n in reached(n, needs))


def unfold(
    expr: Expr, equation: Equation, where: Callable[[Access], bool] = lambda _: True
) -> Expr:
    """Every read of the equation's tensor replaced by its right side, ``where`` that is asked."""

    def rule(node: Expr) -> Expr:
        if not isinstance(node, Access) or node.tensor != equation.tensor:
            return node
        if where(node):
            return refresh(
                substitute(equation.rhs, dict(zip(equation.axes, node.indices, strict=True)))
            )
        return node

    return rewrite(expr, rule)


def _covers(equation: Equation, read: Access) -> bool:
    """Whether the equation says what is read, wherever the axes of the read are."""
    return all(
        surely_nonnegative(index - axis.lo) and surely_nonnegative(axis.hi - index)
        for axis, index in zip(equation.axes, read.indices, strict=True)
    )


def same_model(one: Model, other: Model) -> bool:
    """True where both have the same tensors, ranges, roles and loss, and equal equations.

    Notation, names of axes, order of terms and where an equation was read do not matter.
    """
    roles = [
        (set(m.inputs), set(m.parameters), m.loss, m.batch, dict(m.sizes), m.update)
        for m in (one, other)
    ]
    ranges = [{n: t.ranges for n, t in m.tensors.items()} for m in (one, other)]
    if roles[0] != roles[1] or ranges[0] != ranges[1] or len(one.equations) != len(other.equations):
        return False
    theirs = {(e.tensor, _fixed(e)): e for e in other.equations}
    pairs = [(e, theirs.get((e.tensor, _fixed(e)))) for e in one.equations]
    return all(twin is not None and _same_equation(e, twin) for e, twin in pairs)


def _fixed(equation: Equation) -> tuple[Index | None, ...]:
    """The places on the left side that do not run: 0 in what begins a recurrence."""
    return tuple(None if i.axes else i for i in equation.lhs.indices)


def _same_equation(one: Equation, other: Equation) -> bool:
    renamed = {b: Index.of(a) for a, b in zip(one.axes, other.axes, strict=True)}
    return equal(one.rhs, substitute(other.rhs, renamed), one.axes)
