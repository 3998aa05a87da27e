"""Every built-in sheet at sizes, activations and losses that nobody chose.

Strides, widths of windows, paddings and numbers of layers' units are sizes of the sheets, so all
are drawn; a sheet that is added to `derive/models` is tested here without being named.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.alpha import alpha_key
from derive.equations import Equation, Model
from derive.expr import (
    Access,
    Apply,
    Expr,
    Summation,
    add,
    negative,
    number,
    power,
    product,
    rewrite,
)
from derive.index import Axis, Index
from derive.latex import latex, solved_latex
from derive.optimisers import OPTIMISERS, with_update
from derive.pipeline import gradients, load_model
from derive.reading.context import EMPTY
from derive.stand_in import concrete
from tests.derive.emitted import (
    Arrays,
    bounded,
    draw,
    interpreted,
    largest,
    module_of,
    reference,
    whole,
)
from verify.judge import judge_text
from verify.oracles import check_gradients, random_values

EPS = float(np.finfo(np.float64).eps)
SHEETS = sorted(
    p.name.removesuffix(".md")
    for p in files("derive").joinpath("models").iterdir()
    if p.name.endswith(".md") and not p.name.endswith(".context.md")
)
SEEN = 1e-6
"""A gradient that every rule's first step changes a parameter by."""

ACTIVATIONS = ("logistic", "tanh", "softplus", "relu", "leaky_relu", "sin")

loaded = cache(load_model)


def with_activation(model: Model, activation: str) -> Model:
    """Every activation of the sheet, typed or generic, is this one."""
    model = concrete(replace(model, stand_ins=dict.fromkeys(model.stand_ins, activation)))

    def rule(node: Expr) -> Expr:
        if isinstance(node, Apply) and node.function in ACTIVATIONS:
            return Apply(activation, node.arguments)
        return node

    return replace(
        model, equations=tuple(replace(e, rhs=rewrite(e.rhs, rule)) for e in model.equations)
    )


def _all_of(model: Model, name: str, of: Callable[[Access], Expr]) -> Expr:
    """The sum of ``of(element)`` over a tensor."""
    axes = tuple(Axis("e", lo, hi) for lo, hi in model.tensors[name].ranges)
    term = of(Access(name, tuple(map(Index.of, axes))))
    return Summation(axes, term) if axes else term


def _compared(model: Model) -> tuple[str, str] | None:
    """The prediction and the target of a loss that compares two tensors of one shape."""
    reads = model.equations[-1].reads
    shape = {n: tuple(map(str, model.tensors[n].extents)) for n in reads}
    pairs = ((p, t) for p in reads for t in reads if t in model.inputs and p != t)
    return next(((p, t) for p, t in pairs if shape[p] == shape[t]), None)


def with_loss(model: Model, kind: str) -> Model:
    """Another loss of the same prediction and target; models without a loss as they are."""
    if model.loss is None or kind == "its own":
        return model
    last = model.equations[-1]
    if kind == "decayed":
        squares = (_all_of(model, n, lambda a: power(a, 2)) for n in model.parameters)
        return _ending(model, add(last.rhs, *(product(number("1/20"), s) for s in squares)))
    pair = _compared(model)
    if pair is None:
        return model

    def error(a: Access) -> Expr:
        return add(a, negative(Access(pair[1], a.indices)))

    if kind == "squared":
        return _ending(model, _all_of(model, pair[0], lambda a: power(error(a), 2)))
    return _ending(model, _all_of(model, pair[0], lambda a: Apply("softplus", (error(a),))))


def _ending(model: Model, rhs: Expr) -> Model:
    last = model.equations[-1]
    return replace(model, equations=(*model.equations[:-1], Equation(last.tensor, (), rhs)))


@st.composite
def sheets(draw: st.DrawFn, most: int = 3) -> Model:
    """A built-in sheet, small, with any activation, loss and update rule."""
    model = loaded(draw(st.sampled_from(SHEETS)))
    model = with_activation(model, draw(st.sampled_from(ACTIVATIONS)))
    model = with_loss(model, draw(st.sampled_from(("its own", "squared", "softplus", "decayed"))))
    model = with_update(model, draw(st.sampled_from(sorted(OPTIMISERS))))
    sizes = {s: draw(st.integers(s.least, max(most, s.least))) for s in model.sizes}
    return replace(model, sizes=sizes)


def derived(model: Model, values: Arrays) -> Arrays:
    """The adjoints of the model's tensors by the derived equations, without those of its stages."""
    return {n: a for n, a in interpreted(model, values)[1].items() if n in model.tensors}


@pytest.mark.long
@given(sheets(), st.integers(1, 3), st.integers(0, 99))
@settings(max_examples=40)
def test_derived_gradients_agree_with_autograd_and_differences(
    model: Model, samples: int, seed: int
) -> None:
    small = whole(model, samples)
    values = random_values(small, np.random.default_rng(seed))
    checks = check_gradients(small, values, derived(small, values))
    assert checks.keys() >= set(small.parameters)
    assert all(c.agrees for c in checks.values()), checks


@given(sheets(), st.integers(1, 3), st.integers(0, 99))
@settings(max_examples=5)
def test_emitted_code_computes_the_same(model: Model, samples: int, seed: int) -> None:
    complete = whole(model, samples)
    params, inputs = draw(complete, seed)
    tensors, exact, allowed = reference(complete, params, inputs, EPS)
    expected = bounded(tensors, exact)
    module = module_of(model)
    gradients = module.loss_and_gradients(params, inputs)[1]
    for name, array in bounded(module.forward(params, inputs), gradients).items():
        assert np.shape(array) == np.shape(expected[name]), name
        assert largest(array - expected[name]) <= allowed[name], name
    stepped, _ = module.update(params, gradients)
    assert {n: np.shape(a) for n, a in stepped.items()} == {n: a.shape for n, a in params.items()}
    moved = {n for n, a in stepped.items() if not np.array_equal(a, params[n])}
    assert moved >= {n for n, g in gradients.items() if np.max(np.abs(g)) > SEEN}


@pytest.mark.parametrize("name", SHEETS)
def test_every_gradient_is_derived_in_steps(name: str) -> None:
    model = loaded(name)
    derivations = gradients(model)
    assert set(model.parameters) <= set(derivations)
    for derivation in derivations.values():
        equation, results = derivation.equation, [latex(s.result, model) for s in derivation.steps]
        assert alpha_key(derivation.steps[-1].result) == alpha_key(equation.rhs)
        assert latex(equation.lhs, model) not in results
        for step, before in zip(derivation.steps[1:], results, strict=False):
            if step.solved is not None:
                letter, _ = solved_latex(step.solved, equation.axes, model).split(" = ")
                assert letter in before


@pytest.mark.parametrize("name", SHEETS)
def test_every_compact_form_is_proved_when_it_is_read_back(name: str) -> None:
    """In the sheet's own notation: a star that it declares for something else is not printed."""
    model = loaded(name)
    forms = [c.latex for d in gradients(model).values() for c in d.compact]
    verdicts = judge_text("\n\n".join(f"$$ {form} $$" for form in forms), model, EMPTY).claims
    assert [(v.latex, v.status) for v in verdicts] == [(form, "proved") for form in forms]


def test_the_witnesses_reject_a_wrong_gradient() -> None:
    small = whole(loaded("zhang").resized(P=2, Q=2, K=2, N_2=1), 2)
    values = random_values(small, np.random.default_rng(0))
    adjoints = derived(small, values)
    adjoints["k2"] = adjoints["k2"][..., ::-1, ::-1]
    checks = check_gradients(small, values, adjoints)
    assert [n for n, c in checks.items() if not c.agrees] == ["k2"]
