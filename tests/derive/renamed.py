"""The same model under other names: tensors, heads, indices and functions."""

from __future__ import annotations

from dataclasses import replace

from derive.equations import Equation, Model, Shift
from derive.expr import Access, Expr, Summation, rewrite, substitute
from derive.index import Axis, Index


def renamed(model: Model) -> Model:
    """Every tensor gets another name and head, every index another letter, F is called G."""
    names = {old: f"T{k}" for k, old in enumerate(model.tensors)}
    heads = {
        old: rf"\tilde{{{letter}}}"
        for old, letter in zip(model.tensors, "ABCDEGHJKMNOPQRSTUVWXYZabcde", strict=False)
    }
    tensors = {
        names[n]: replace(t, name=names[n], notation=replace(t.notation, head=heads[n]))
        for n, t in model.tensors.items()
    }
    return replace(
        model,
        tensors=tensors,
        equations=tuple(_equation(e, names) for e in model.equations),
        inputs=tuple(names[n] for n in model.inputs),
        parameters=tuple(names[n] for n in model.parameters),
        loss=None if model.loss is None else names[model.loss],
        functions={"G" if head == "F" else head: kind for head, kind in model.functions.items()},
        batch=model.batch and replace(model.batch, over=tuple(names[n] for n in model.batch.over)),
        shifts=tuple(_shift(s, names) for s in model.shifts),
    )


def _equation(equation: Equation, names: dict[str, str]) -> Equation:
    axes = tuple(a.like(_letter(a)) for a in equation.axes)
    mapping = {old: Index.of(new) for old, new in zip(equation.axes, axes, strict=True)}

    def rule(node: Expr) -> Expr:
        if isinstance(node, Access):
            return Access(names[node.tensor], node.indices)
        if isinstance(node, Summation):
            fresh = {a: a.like(_letter(a)) for a in node.axes}
            body = substitute(node.body, {a: Index.of(b) for a, b in fresh.items()})
            return Summation(tuple(fresh.values()), body)
        return node

    rhs = rewrite(substitute(equation.rhs, mapping), rule)
    return Equation(names[equation.tensor], axes, rhs)


def _letter(axis: Axis) -> str:
    return {"p": "c", "q": "d", "i": "x", "j": "y", "u": "g", "v": "h", "m": "t"}[axis.name]


def _shift(shift: Shift, names: dict[str, str]) -> Shift:
    return replace(shift, tensor=names[shift.tensor], equation=names[shift.equation])
