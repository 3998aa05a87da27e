"""Conventions about values: what targets satisfy, the loss's factor, kernels stored rotated."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from derive.equations import adjoint_of
from derive.expr import (
    Access,
    Apply,
    Expr,
    Summation,
    accesses,
    add,
    negative,
    number,
    power,
    rewrite,
    walk,
)
from derive.index import Axis
from verify.restrictions import Restriction, Values, possible
from verify.scale import loss_scales, scaled
from verify.setting import Convention, Setting, authors_text, index_names
from verify.variants.variant import Case, Standing, Variant


def targets(case: Case) -> Iterator[Variant]:
    """Values of inputs that are compared with outputs; none where given ones are what is shown."""
    if case.tried.in_numbers is not None and case.tried.in_numbers.wrong_in_digits:
        return
    known = {r.tensor for r in case.setting.restrictions}
    for restriction in (r for r in possible(case.setting.bench.model) if r.tensor not in known):
        strong, *weak = (_restricted(r, case) for r in (restriction, *restriction.weaker))
        yield replace(strong, weaker=tuple(weak))


def _restricted(restriction: Restriction, case: Case) -> Variant:
    words = restriction_text(restriction, case.setting, case.tried.convention)
    return Variant(
        words, Standing.OPEN, bench=lambda bench: bench.restricted(*bench.restrictions, restriction)
    )


def restriction_text(restriction: Restriction, setting: Setting, convention: Convention) -> str:
    """``Σ_k t_nk = 1``, ``t is one-hot``, ``every t is 0 or 1``."""
    scope, model = setting.scope(convention), setting.bench.model
    name = restriction.tensor
    if restriction.values is Values.SYMMETRIC:
        return f"{authors_text(scope, name)} is symmetric"
    if restriction.values is Values.NUMBER:
        return f"{authors_text(scope, name)} = {restriction.number}"
    letters = index_names(model, name)
    element = authors_text(scope, name, letters)
    if restriction.values is Values.BINARY:
        return f"{element} is 0 or 1"
    letter = letters[restriction.axis]
    if restriction.values is Values.SUM_TO_ONE:
        return f"Σ_{letter} {element} = 1"
    over = f" over {letter}" if model.tensors[name].rank > 1 else ""
    return f"{element} is one-hot{over}"


def losses(case: Case) -> Iterator[Variant]:
    """The loss by another constant factor: every adjoint is multiplied by it."""
    bench = case.setting.bench
    loss = bench.model.loss
    read = case.tried.statement
    if loss is None or read is None or len(case.tried.identities) != 1:
        return
    link = case.tried.identities[0]
    if read.kind == "update":  # the step alone is proportional to the loss
        before = negative(read.sides[0].body)
        link = replace(link, left=add(link.left, before), right=add(link.right, before))
    for words, factor in loss_scales(link, bench, authors_text(case.scope, loss)):
        yield Variant(words, Standing.SETTLED, sides=factor)


def log_losses(case: Case) -> Iterator[Variant]:
    r"""The loss with the decimal logarithm, where it is written with a ``\log`` of unsaid base."""
    model = case.setting.bench.model
    equation = model.by_tensor.get(model.loss or "")
    if equation is None or equation.source is None or r"\log" not in equation.source.latex:
        return
    read = _tensors(case)
    based = model.loss in read and _BASE.search(case.text) is not None
    if r"\log_" in equation.source.latex or not (based or any(map(adjoint_of, read))):
        return
    declared = r"\log" in {**model.functions, **case.setting.context.functions}
    words = f"log in {authors_text(case.scope, equation.tensor)} is the decimal logarithm"
    factor = power(Apply("log", (number(10),)), -1)
    sides = partial(scaled, factor=factor, loss=model.loss)
    yield Variant(words, Standing.SETTLED if declared else Standing.OPEN, sides=sides)


_BASE = re.compile(r"\\log_|\\lg(?![A-Za-z])")
"""A logarithm that says its base."""


def _tensors(case: Case) -> set[str]:
    """All that the formula reads."""
    sides = [s for i in case.tried.identities for s in (i.left, i.right)]
    return {a.tensor for side in sides for a in accesses(side)}


def kernels(case: Case) -> Iterator[Variant]:
    """A kernel stored rotated by 180 degrees: its window's indices run backwards."""
    model = case.setting.bench.fixed
    for name in model.parameters:
        axes = _window(name, case)
        if name not in case.read or not axes:
            continue
        text = f"{authors_text(case.scope, name)} is stored rotated by 180 degrees"
        yield Variant(text, Standing.SETTLED, sides=_rotation(name, axes, case))


def _window(tensor: str, case: Case) -> frozenset[int]:
    """The positions of a parameter that slide over another tensor: summed, as ``i + u`` is."""
    found: set[int] = set()
    for equation in case.setting.bench.fixed.readers(tensor):
        for node in walk(equation.rhs):
            if isinstance(node, Summation):
                sliding = _sliding(node, tensor, frozenset(equation.axes))
                own = [a for a in accesses(node.body) if a.tensor == tensor]
                found |= {k for a in own for k, i in enumerate(a.indices) if i.axes & sliding}
    return frozenset(found)


def _sliding(node: Summation, tensor: str, left: frozenset[Axis]) -> frozenset[Axis]:
    others = [a for a in accesses(node.body) if a.tensor != tensor]
    indices = [i for a in others for i in a.indices if i.axes & left and i.axes - left]
    return frozenset(a for i in indices for a in i.axes) & frozenset(node.axes)


def _rotation(tensor: str, axes: frozenset[int], case: Case) -> Callable[[Expr], Expr]:
    ranges = case.setting.bench.fixed.tensors[tensor].ranges

    def rule(node: Expr) -> Expr:
        if not isinstance(node, Access) or (adjoint_of(node.tensor) or node.tensor) != tensor:
            return node
        pairs = enumerate(zip(node.indices, ranges, strict=True))
        turned = (lo + hi - i if k in axes else i for k, (i, (lo, hi)) in pairs)
        return Access(node.tensor, tuple(turned))

    return lambda expr: rewrite(expr, rule)
