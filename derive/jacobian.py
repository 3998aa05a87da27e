"""Jacobians: the derivative of any tensor by any other that feeds it, through every path.

In the model whose one output is R, the adjoint of T is

    dL/dT[t] = sum_r U[r] J[r, t],        U the upstream gradient of R,

so J follows from the equations of that adjoint with a Kronecker delta for U. As an adjoint refers
to the adjoints of the tensors that read T, a Jacobian refers to theirs:

    J_T[r, t] = sum over equations E that read T, sum over E's indices e, J_E[r, e] dE[e]/dT[t].
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from derive.adjoint import fresh_axes, gradients
from derive.collapse import collapse
from derive.equations import Equation, Model, adjoint_of, slope_name
from derive.expr import Access, Delta, Expr, Summation, product, rewrite, substitute, walk
from derive.index import Axis, Index
from derive.tidy import tidy


def jacobians(model: Model, of: str) -> dict[str, Equation]:
    """``d of / d T`` for every tensor T that feeds ``of``, last first; rows before columns.

    Each reads, beside the model's tensors, those before it, under `slope_name`. Raises
    ``ValueError`` for a tensor that no equation computes.
    """
    if of not in model.by_tensor:
        raise ValueError(f"{of} is computed by no equation of {model.name}")
    rows = fresh_axes(model, of)
    found = {}
    leading = leading_to(model, of)
    recurrent = of not in leading.outputs
    for name, derivation in gradients(leading).items():
        equation = derivation.equation
        fresh = {a: Axis(a.name, a.lo, a.hi) for a in rows}
        columns = _renamed(equation.axes, {a.name for a in rows})
        moved = {a: Index.of(b) for a, b in zip(equation.axes, columns, strict=True)}
        rhs = _with_delta(substitute(equation.rhs, moved), of, tuple(fresh.values()), recurrent)
        found[name] = Equation(slope_name(of, name), (*fresh.values(), *columns), rhs, model=model)
    return found


def leading_to(model: Model, of: str) -> Model:
    """The part of the model that ``of`` is computed by, with ``of`` as its only output."""
    needed: set[str] = set()
    waiting = [of]
    while waiting:
        if (name := waiting.pop()) not in needed:
            needed.add(name)
            waiting += [r for e in model.equations if e.tensor == name for r in e.reads]
    equations = tuple(e for e in model.equations if e.tensor in needed)
    part = replace(model, loss=None, equations=equations, batch=None)
    return part if of in part.outputs else _with_output(part, of)


def _with_output(model: Model, of: str) -> Model:
    """The model with a copy of ``of`` as its output, where ``of`` is read by others: a recurrence.

    The copy's name is no name that a sheet can give.
    """
    tensor = model.tensors[of]
    axes = tuple(
        Axis(a.name, lo, hi)
        for a, (lo, hi) in zip(fresh_axes(model, of), tensor.ranges, strict=True)
    )
    copy = Equation(_copy_name(of), axes, Access(of, tuple(Index.of(a) for a in axes)))
    tensors = {**model.tensors, copy.tensor: replace(tensor, name=copy.tensor)}
    return replace(model, tensors=tensors, equations=(*model.equations, copy))


def _copy_name(of: str) -> str:
    return f"{of} itself"


def _renamed(axes: Iterable[Axis], taken: set[str]) -> tuple[Axis, ...]:
    """Fresh axes, with a prime on every name that a row has already."""
    return tuple(Axis(a.name + "'" * (a.name in taken), a.lo, a.hi) for a in axes)


def _with_delta(expr: Expr, of: str, rows: tuple[Axis, ...], recurrent: bool) -> Expr:
    """The adjoint equation with a delta at ``rows`` upstream and its other adjoints as slopes."""
    here = tuple(Index.of(a) for a in rows)

    def rule(node: Expr) -> Expr:
        if not isinstance(node, Access) or (base := adjoint_of(node.tensor)) is None:
            return node
        if base not in (of, _copy_name(of)) or (base == of and recurrent):
            return Access(slope_name(of, base), (*here, *node.indices))
        return product(*(Delta(i - r) for i, r in zip(node.indices, here, strict=True)))

    scattered = rewrite(expr, rule)
    bound = [a for node in walk(scattered) if isinstance(node, Summation) for a in node.axes]
    return tidy(collapse(scattered, bound)[0])
