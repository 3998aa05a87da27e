"""Operators are found in index forms, whatever the names and sizes, and only where right."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from derive.adjoint import gradients
from derive.equations import Equation, Model, Notation
from derive.expr import power, product, summation
from derive.index import Index, Size, axis
from derive.reading.context import EMPTY
from derive.reading.sheet import load_model
from derive.recognise import compact_forms
from derive.run import run
from derive.steps import Compact
from tests.derive.backward import backward
from tests.derive.renamed import renamed
from tests.models import at, named, tensor, zhang_like
from verify.judge import judge_text
from verify.oracles import random_values

ZHANG = load_model("zhang")
OTHER_SIZES = ZHANG.resized(P=2, Q=3, K=4, s=3, a_1=1, c_1=0, a_2=0, c_2=2, N_2=2)
MODELS = {
    "all sizes": ZHANG,
    "its sizes": ZHANG.at_sizes(),
    "other sizes": OTHER_SIZES.at_sizes(),
    "other names": renamed(ZHANG),
    "other names and sizes": renamed(OTHER_SIZES).at_sizes(),
    "another model of the kind": zhang_like(),
}

OPERATORS = {
    "z": ("hadamard",),
    "f": ("matmul", "transpose"),
    "S2": ("reshape",),
    "C2": ("upsample", "ceil"),
    "z2": ("hadamard",),
    "S1": ("full convolution", "rot180"),
    "C1": ("upsample", "ceil"),
    "z1": ("hadamard",),
    "k1": ("valid convolution", "rot180"),
    "k2": ("valid convolution", "rot180"),
    "W": ("outer",),
    "b": ("identity",),
    "I": ("full convolution", "rot180"),
}
"""What the adjoint of each tensor of Zhang's network is, as he himself writes it."""


@pytest.mark.long
@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
def test_the_operators_of_the_slides_appear(model: Model) -> None:
    slide_names = model.tensors if "S2" in model.tensors else ZHANG.tensors
    names = dict(zip(model.tensors, slide_names, strict=True))
    found = {names[n]: d.compact for n, d in gradients(model).items()}
    assert {n: found[n][0].operators for n in OPERATORS} == OPERATORS


@pytest.mark.parametrize(
    "name",
    [
        "all sizes",
        pytest.param("its sizes", marks=pytest.mark.long),
        pytest.param("other names and sizes", marks=pytest.mark.long),
    ],
)
def test_every_compact_form_is_proved_when_it_is_read_back(name: str) -> None:
    """The judge reads what we print as it would read an author, and finds it right."""
    model = MODELS[name]
    forms = [c.latex for d in gradients(model).values() for c in d.compact]
    deck = "\n\n".join(f"$$ {latex} $$" for latex in forms)
    verdicts = judge_text(deck, model, EMPTY).claims
    assert [(v.latex, v.status) for v in verdicts] == [(latex, "proved") for latex in forms]


Array = Any


def convolved(a: Array, b: Array) -> Array:
    """Full convolution by its definition: every product goes where its indices add up to."""
    out = np.zeros(tuple(np.add(a.shape, b.shape) - 1))
    for place, weight in np.ndenumerate(b):
        window = tuple(slice(p, p + n) for p, n in zip(place, a.shape, strict=True))
        out[window] += weight * a
    return out


def inside(a: Array, b: Array) -> Array:
    """Valid convolution: the part of the full one where b lies within a."""
    margin = tuple(slice(n - 1, m) for n, m in zip(b.shape, a.shape, strict=True))
    return convolved(a, b)[margin]


def rot180(a: Array) -> Array:
    return a[::-1, ::-1]


def test_the_forms_give_the_numbers_of_the_index_forms() -> None:
    model = OTHER_SIZES.at_sizes()
    values = random_values(model, np.random.default_rng(7))
    forward, d = run(model, values), backward(model, values)
    spread = np.ones((3, 3)) / 9
    expected = {
        "W": np.outer(d["z"], forward["f"]),
        "f": forward["W"].T @ d["z"],
        "b": d["z"],
        "S2": d["f"].reshape(d["S2"].shape).swapaxes(1, 2),
        "C2": [np.kron(s, spread) for s in d["S2"]],
        "C1": [np.kron(s, spread) for s in d["S1"]],
        "k1": [inside(rot180(forward["I"]), z) for z in d["z1"]],
        "k2": [[inside(rot180(s), z) for z in d["z2"]] for s in forward["S1"]],
        "S1": [
            sum(convolved(z, rot180(k)) for z, k in zip(d["z2"], kernels, strict=True))
            for kernels in forward["k2"]
        ],
        "I": sum(convolved(z, rot180(k)) for z, k in zip(d["z1"], forward["k1"], strict=True)),
    }
    for name, value in expected.items():
        # Sums of fewer than 2**10 terms, whose cancellation the largest element bounds.
        tolerance = 2**10 * np.finfo(float).eps * np.max(np.abs(value))
        np.testing.assert_allclose(d[name], value, rtol=0, atol=tolerance, err_msg=name)


def shown(*forms: Compact) -> list[str]:
    return [form.latex for form in forms]


def test_a_row_stands_left_of_its_matrix() -> None:
    tensors = {
        **named(tensor("W", Notation("W", args=(0, 1)), (1, 6), (1, 4))),
        "x": replace(tensor("x", Notation("x", args=(0,)), (1, 6)), row=True),
        "y": replace(tensor("y", Notation("y", args=(0,)), (1, 4)), row=True),
    }
    i, j = axis("i", 1, 6), axis("j", 1, 4)
    forward = Equation("y", (j,), summation((i,), product(at("x", i), at("W", i, j))))
    model = Model("row", tensors, (forward,), ("x",), ("W",))
    assert shown(*compact_forms(model, forward)) == ["y = x W"]
    found = {n: shown(*d.compact) for n, d in gradients(model).items()}
    loss, y = r"\frac{\partial \mathcal{L}}", r"{\partial y}"
    assert found["x"] == [rf"{loss}{{\partial x}} = {loss}{y} W^T"]
    assert found["W"] == [rf"{loss}{{\partial W}} = x^T {loss}{y}"]


def test_maps_that_share_a_letter_stay_apart() -> None:
    """Both layers call their maps p: the sum over those of the second must not look free."""
    p, n = Size("P"), 5
    maps, inner, i, u = axis("p", 1, p), axis("p", 1, p), axis("i", 1, n), axis("u", -1, 1)
    kernel = Notation("k", sub=(0, 1), args=(2,))
    tensors = named(
        tensor("S", Notation("S", sub=(0,), args=(1,)), (1, p), (0, n + 1)),
        tensor("k", kernel, (1, p), (1, p), (-1, 1)),
        tensor("C", Notation("C", sub=(0,), args=(1,)), (1, p), (1, n)),
        tensor("x", Notation("x", sub=(0,), args=(1,)), (1, p), (0, n + 1)),
    )
    read = product(at("S", inner, i - Index.of(u)), at("k", inner, maps, u))
    q, j = axis("p", 1, p), axis("j", 0, n + 1)
    equations = (
        Equation("S", (q, j), power(at("x", q, j), 2)),
        Equation("C", (maps, i), summation((inner, u), read)),
    )
    model = Model("shared", tensors, equations, ("x",), ("k",), sizes={p: 2})
    (form,) = gradients(model)["S"].compact
    assert form.latex.endswith(
        r"= \sum_{p'} \frac{\partial \mathcal{L}}{\partial C_{p'}} * "
        r"\operatorname{rot180}\left(k_{p,p'}\right)"
    )
