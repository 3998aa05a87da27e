"""The dense chains and the worked convolution, with any activation, loss, sizes and batch."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.equations import Model
from derive.pipeline import load_model
from derive.reading.catalogue import shipped
from derive.reading.sheet import model_from_text
from tests.derive.backward import backward
from tests.derive.emitted import bounded, draw, largest, module_of, reference, whole
from verify.oracles import check_gradients, random_values

EPS = float(np.finfo(np.float64).eps)
ACTIVATIONS = ("logistic", "tanh", "softplus", "relu", "leaky_relu", "sin")
LOSSES = {
    "mlp": (r"\frac{1}{2} (y - a^{(2)})^2", r"(a^{(2)} - y)^4", r"\log(1 + e^{-y a^{(2)}})"),
    "mlp.batch": (
        r"\frac{1}{2} \| y - a^{(2)} \|^2",
        r"\frac{1}{N n_2} \| y - a^{(2)} \|^2",
        r"\| y - a^{(2)} \|^2 + \frac{1}{3} \| \theta^{(1)} \|^2",
    ),
    "mlp.layers": (r"\frac{1}{2 N} \| y - a^{(3)} \|^2", r"\| a^{(3)} - y \|^2"),
}


@cache
def dense(name: str, activation: str, loss: int) -> Model:
    """A sheet with another activation and another loss."""
    text = shipped(f"{name}.md")
    assert text is not None
    usual = LOSSES[name][0]
    assert usual in text
    text = text.replace("logistic", activation).replace("generic", activation)
    lines = [line for line in text.splitlines() if not line.startswith(("variants", "emitted"))]
    return model_from_text("\n".join(lines).replace(usual, LOSSES[name][loss]), name)


@cache
def convolution(activation: str) -> Model:
    text = shipped("worked-conv.md")
    assert text is not None
    lines = [line for line in text.splitlines() if not line.startswith("variants")]
    body = "\n".join(lines).replace(r"\operatorname{ReLU}", r"\sigma")
    return model_from_text(
        body.replace("outside:", f"functions: {{'\\sigma': {activation}}}\noutside:"), "conv"
    )


@st.composite
def systems(draw: st.DrawFn, most: int = 3) -> Model:
    activation = draw(st.sampled_from(ACTIVATIONS))
    name = draw(st.sampled_from([*LOSSES, "worked-conv", "worked-conv.parts"]))
    if name == "worked-conv.parts":
        model = load_model(name)
    elif name == "worked-conv":
        model = convolution(activation)
    else:
        model = dense(name, activation, draw(st.integers(0, len(LOSSES[name]) - 1)))
    sizes = {s: draw(st.integers(s.least, max(most, s.least))) for s in model.sizes}
    return replace(model, sizes=sizes)


@pytest.mark.long
@given(systems(), st.integers(0, 99))
@settings(max_examples=8)
def test_derived_gradients_agree_with_autograd_and_differences(model: Model, seed: int) -> None:
    small = whole(model, 1)
    values = random_values(small, np.random.default_rng(seed))
    checks = check_gradients(small, values, backward(small, values))
    assert all(c.agrees for c in checks.values()), checks


@given(systems(), st.integers(0, 99))
@settings(max_examples=4)
def test_emitted_code_computes_the_same(model: Model, seed: int) -> None:
    complete = whole(model, 1)
    params, inputs = draw(complete, seed)
    tensors, exact, allowed = reference(complete, params, inputs, EPS)
    expected = bounded(tensors, exact)
    module = module_of(model)
    _, grads = module.loss_and_gradients(params, inputs)
    found = bounded(module.forward(params, inputs), grads)
    for name, array in found.items():
        assert largest(array - expected[name]) <= allowed[name], name


def test_the_rotated_kernel_appears_by_itself() -> None:
    r"""dL/dx of a true convolution is the correlation with the kernels, as in every textbook."""
    small = whole(convolution("tanh").resized(n=4, K=2, c=2), 1)
    values = random_values(small, np.random.default_rng(1))
    found = backward(small, values)
    kernels, padded = values["w"], np.pad(found["v"], ((1, 1), (1, 1), (0, 0)))
    expected = sum(
        padded[1 + p : 5 + p, 1 + q : 5 + q, k, None] * kernels[k, 1 + p, 1 + q]
        for k in range(2)
        for p in (-1, 0, 1)
        for q in (-1, 0, 1)
    )
    np.testing.assert_allclose(found["x"], expected, atol=1e-12)
