"""Adjoints: for every tensor, the chain rule at fresh indices, then the deltas collapsed.

    dL/dT[t] = sum over equations E that read T, sum over E's left indices e,
               dL/dE[e] * d rhs_E / dT[t]

The adjoint of the loss is 1; without a loss the outputs carry a generic upstream adjoint, left as
it is. An adjoint refers to the adjoints of the tensors that read it, so a model's gradients are
equations like its forward pass, in reverse order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from derive.alpha import alpha_key
from derive.collapse import collapse, has_delta
from derive.element import element_derivative
from derive.equations import Equation, Model, adjoint_name, adjoint_of, slope_name
from derive.expr import (
    ONE,
    ZERO,
    Access,
    Add,
    Expr,
    Guard,
    Product,
    Summation,
    accesses,
    add,
    product,
    refresh,
    rewrite,
    substitute,
    summation,
)
from derive.index import Axis, Index, surely_nonnegative
from derive.outputs import through_output, through_product
from derive.put_in import put_in
from derive.recognise import compact_forms
from derive.steps import Derivation, Step
from derive.tidy import tidy


def gradients(model: Model) -> dict[str, Derivation]:
    """The derivation of the adjoint of every tensor that an output depends on.

    Tensors come in the order in which a backward pass computes them; outputs (whose adjoint is 1 or
    given) are not listed.
    """
    names = [e.tensor for e in reversed(model.equations)] + [*model.parameters, *model.inputs]
    reached = _reached(model)
    result: dict[str, Derivation] = {}
    for name in dict.fromkeys(names):
        readers = [e for e in model.readers(name) if e.tensor in reached]
        if readers:
            found = derive_adjoint(model, name, readers)
            found = _at_the_beginning(found, result, model)
            together = put_in(model, found.equation, result)
            result[name] = replace(found, compact=(*found.compact, *filter(None, [together])))
    return result


def _at_the_beginning(
    found: Derivation, known: Mapping[str, Derivation], model: Model
) -> Derivation:
    """The adjoint of what begins a recurrence: that of the recurrence at this place, put in."""
    rhs = found.equation.rhs
    if not isinstance(rhs, Access) or all(i.axes for i in rhs.indices):
        return found
    behind = known.get(adjoint_of(rhs.tensor) or "")
    if behind is None:
        return found
    there = dict(zip(behind.equation.axes, rhs.indices, strict=True))
    here = tidy(_decided(refresh(substitute(behind.equation.rhs, there))))
    equation = replace(found.equation, rhs=here)
    step = Step("the recurrence at its first place", here, "brackets there hold or do not")
    # What begins a recurrence is written like its first place: the steps up to here say nothing.
    return replace(found, equation=equation, steps=(step,), compact=compact_forms(model, equation))


def _decided(expr: Expr) -> Expr:
    """The expression without brackets that always hold, and without terms where one never does."""

    def rule(node: Expr) -> Expr:
        if isinstance(node, Guard) and surely_nonnegative(node.index):
            return ONE
        if isinstance(node, Guard) and surely_nonnegative(-node.index - 1):
            return ZERO
        if isinstance(node, Product):
            return product(*node.factors)
        if isinstance(node, Summation):
            return ZERO if node.body == ZERO else node
        return add(*node.terms) if isinstance(node, Add) else node

    return rewrite(expr, rule)


def _reached(model: Model) -> set[str]:
    """The tensors that the outputs are computed from, and the outputs."""
    found: set[str] = set()
    waiting = list(model.outputs)
    while waiting:
        if (name := waiting.pop()) not in found:
            found.add(name)
            waiting += [r for e in model.equations if e.tensor == name for r in e.reads]
    return found


def derive_adjoint(model: Model, name: str, readers: list[Equation]) -> Derivation:
    """The adjoint of tensor ``name`` from the equations that read it, with every step recorded."""
    at = fresh_axes(model, name)
    chain: list[Expr] = []
    scattered: list[Expr] = []
    outputs: list[Axis] = []
    for equation in readers:
        slope = element_derivative(equation, name, at)
        slope = through_output(slope, equation)
        upstream = ONE if equation.tensor == model.loss else adjoint(equation.lhs)
        scattered.append(summation(equation.axes, product(upstream, slope)))
        # A slope of the loss, not yet worked out, would be printed like what is sought.
        formal = upstream is not ONE
        chain.append(_derivative_term(equation, upstream, name, at) if formal else scattered[-1])
        outputs.extend(equation.axes)
    scatter = tidy(add(*scattered))
    result, moves = collapse(scatter, outputs)
    result = tidy(result)
    written = result
    for equation in readers:
        written = tidy(through_product(written, equation))
    if alpha_key(written) != alpha_key(result):
        moves = (*moves, Step("written through the output", written, "its own right side returns"))
    note = "each access leaves a Kronecker delta" if has_delta(scatter) else ""
    steps = (
        *_chain_rule(chain, scattered),
        Step("element derivative at fresh indices", scatter, note),
        *(replace(s, result=tidy(s.result)) for s in moves),
    )
    equation = Equation(adjoint_name(name), at, written, model=model)
    return Derivation(name, equation, scatter, steps, compact_forms(model, equation))


def _chain_rule(formal: list[Expr], worked_out: list[Expr]) -> tuple[Step, ...]:
    """The chain rule before its slopes are worked out; nothing where only the loss reads it."""
    if formal == worked_out:
        return ()
    return (Step("chain rule", add(*formal), "one term for every equation that reads it"),)


def adjoint(access: Access) -> Access:
    """The adjoint of one element."""
    return Access(adjoint_name(access.tensor), access.indices)


def _derivative_term(equation: Equation, upstream: Expr, name: str, at: tuple[Axis, ...]) -> Expr:
    """``sum of dL/dE * dE/dT`` with the last factor still formal."""
    formal = Access(
        slope_name(equation.tensor, name), (*equation.lhs.indices, *(Index.of(a) for a in at))
    )
    return summation(equation.axes, product(upstream, formal))


def fresh_axes(model: Model, name: str) -> tuple[Axis, ...]:
    """Fresh axes over the tensor's ranges, named as the author names that tensor's indices."""
    tensor = model.tensors[name]
    if name in model.by_tensor:
        names = [a.name for a in model.by_tensor[name].axes]
    else:
        names = _names_from_use(model, name)
    return tuple(Axis(n, lo, hi) for n, (lo, hi) in zip(names, tensor.ranges, strict=True))


def _names_from_use(model: Model, name: str) -> list[str]:
    """Names for the axes of a tensor that is only read: the first axis in each index of its use."""
    use = next(a for e in model.readers(name) for a in accesses(e.rhs) if a.tensor == name)
    letters = (c for c in "ijklmnabcdefghopqrstuvwxyz")
    names: list[str] = []
    for index in use.indices:
        own = [s.name for monomial, _ in index.terms for s in monomial if isinstance(s, Axis)]
        fitting = [n for n in own if n not in names]
        names.append(fitting[0] if fitting else next(c for c in letters if c not in names))
    return names
