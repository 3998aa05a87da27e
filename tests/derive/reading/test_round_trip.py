r"""What is printed as LaTeX is read again as the same object: whole models, and claims on them."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.adjoint import gradients
from derive.canonical import equal
from derive.equations import Model, Notation, Tensor
from derive.errors import Problem
from derive.evaluate import evaluate, integer_ranges
from derive.expr import Access, Expr, rewrite, substitute
from derive.index import Axis, Index
from derive.latex import equation_latex, tensor_latex
from derive.prove import same_model
from derive.reading.context import reading_scope
from derive.reading.parse import parse
from derive.reading.sentence import sentences
from derive.reading.sheet import model_from_text
from derive.reading.statement import statement
from derive.rules import RULES
from tests.strategies import models

STYLES = ("arguments", "subscripts", "both")
ROUNDED_IN_BRACKET = re.compile(r"\[[^\[\]]*\\lceil")
_FEW = settings.default.max_examples


def spelled(model: Model, style: str) -> Model:
    """The model in an author's notation; the last bias is c, since b² would be a power of b."""

    def name(old: str) -> str:
        return "c" if old == "b" else old

    def rule(node: Expr) -> Expr:
        return Access(name(node.tensor), node.indices) if isinstance(node, Access) else node

    tensors = (replace(t, name=name(n)) for n, t in model.tensors.items())
    return replace(
        model,
        tensors={t.name: replace(t, notation=_notation(t, style)) for t in tensors},
        parameters=tuple(map(name, model.parameters)),
        equations=tuple(replace(e, rhs=rewrite(e.rhs, rule)) for e in model.equations),
    )


def _notation(tensor: Tensor, style: str) -> Notation:
    found = re.fullmatch(r"(yhat|[A-Za-z])(\d*)", tensor.name)
    assert found is not None
    head = r"\hat{y}" if found[1] == "yhat" else found[1]
    slots, label = tuple(range(tensor.rank)), (found[2],) if found[2] else ()
    if style == "arguments":
        return Notation(head, sup=label, args=slots)
    if style == "subscripts":
        return Notation(head, sub=slots, sup=tuple(f"({text})" for text in label))
    return Notation(head, sub=slots[:1], sup=label, args=slots[1:])


def sheet(model: Model) -> str:
    """The sheet that defines the model."""
    types = {
        tensor_latex(t): " ".join(["tensor", *(f"{lo}..{hi}" for lo, hi in t.ranges)])
        for t in model.tensors.values()
        if t.rank
    }
    front = {
        "inputs": [tensor_latex(model.tensors[name]) for name in model.inputs],
        "functions": {r.latex: n for n, r in RULES.items() if n in ("logistic", "softplus")},
        "types": types,
    }
    if model.loss is not None:
        front["loss"] = tensor_latex(model.tensors[model.loss])
    if (batch := model.batch) is not None:
        front["batch"] = {"axis": batch.axis, "over": [*batch.over], "loss": batch.loss}
    displays = (f"$$ {equation_latex(e, model)} $$" for e in model.equations)
    return "\n\n".join([f"---\n{yaml.safe_dump(front)}---", *displays])


@settings(max_examples=max(8, _FEW // 2))
@given(models(), st.sampled_from(STYLES))
def test_a_printed_model_is_read_as_itself(model: Model, style: str) -> None:
    model = spelled(model, style)
    assert same_model(model_from_text(sheet(model), model.name), model), sheet(model)


@settings(max_examples=max(8, _FEW // 2))
@given(models(), st.sampled_from(STYLES))
def test_a_printed_claim_is_read_as_itself(model: Model, style: str) -> None:
    model = replace(spelled(model, style), functions={r"\sigma": "logistic"})
    scope = reading_scope(model)
    claims = [*model.equations, *(d.equation for d in gradients(model).values())]
    for claim in claims:
        latex = equation_latex(claim, model)
        if ROUNDED_IN_BRACKET.search(latex):
            continue  # read with an axis of its own, beside that of the read which it keeps inside
        (sentence,) = sentences(parse(latex))
        read = statement(sentence, scope)
        by_name = {a.name: a for a in claim.axes}
        names = {a: Index.of(by_name[a.name]) for a in read.axes}
        left, right = (substitute(side.body, names) for side in read.sides)
        assert _same(left, claim.lhs, claim.axes, model), latex
        assert _same(right, claim.rhs, claim.axes, model), latex


def _same(one: Expr, other: Expr, axes: tuple[Axis, ...], model: Model) -> bool:
    """Equal normal forms, or all elements equal where a rounded index has none."""
    if equal(one, other, axes):
        return True
    rng = np.random.default_rng(0)
    ranges = integer_ranges(model)
    shapes = {name: tuple(hi - lo + 1 for lo, hi in spans) for name, spans in ranges.items()}
    values = {name: rng.normal(size=shape) for name, shape in shapes.items()}
    first, second = (evaluate(side, axes, values, ranges) for side in (one, other))
    return np.allclose(first, second, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(
    ("bounds", "means"),
    [
        (r"\sum_{j=1}^{i} x_j", r"\sum_{j=1}^{n} [j \le i] x_j"),
        (r"\sum_{j=i}^{n} x_j", r"\sum_{j=1}^{n} [j \ge i] x_j"),
        (r"\sum_{j=1}^{i-1} x_j", r"\sum_{j=1}^{n} [j < i] x_j"),
        (
            r"\sum_{j=\max(1, i-1)}^{\min(n, i+1)} x_j",
            r"\sum_{j=1}^{n} [j \ge i - 1] [j \le i + 1] x_j",
        ),
        (r"\sum_{j=\lceil i/2 \rceil}^{i} x_j", r"\sum_{j=1}^{n} [i \le 2 j] [j \le i] x_j"),
    ],
)
def test_bounds_may_run(bounds: str, means: str) -> None:
    front = "---\nsizes: {n: 5}\ntypes: {x: column n}\n---\n"
    one, two = (
        model_from_text(rf"{front}$$ s_i = {side}, \quad i = 1, \dots, n $$", "sums")
        for side in (bounds, means)
    )
    assert same_model(one, two)


def test_bounds_that_run_beyond_a_tensor_are_ill_formed() -> None:
    text = r"$$ s_i = \sum_{j=1}^{i+1} x_j, \quad i = 1, \dots, 5 $$"
    with pytest.raises(Problem, match="x_6 is read for j = 6"):
        model_from_text(f"---\ntypes: {{x: column 5}}\n---\n{text}", "sums")
