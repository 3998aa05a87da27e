"""Operators are found in index forms, whatever the names and sizes, and only where right."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from derive.adjoint import gradients
from derive.equations import Equation, Model, Notation
from derive.evaluate import run
from derive.expr import Delta, Expr, Guard, Value, number, power, product, summation
from derive.index import Axis, Index, Size, axis
from derive.reading.context import EMPTY
from derive.reading.sheet import load_model
from derive.recognise import compact_forms
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


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
def test_the_operators_of_the_slides_appear(model: Model) -> None:
    slide_names = model.tensors if "S2" in model.tensors else ZHANG.tensors
    names = dict(zip(model.tensors, slide_names, strict=True))
    found = {names[n]: d.compact for n, d in gradients(model).items()}
    assert {n: found[n][0].operators for n in OPERATORS} == OPERATORS


@pytest.mark.parametrize("name", ["all sizes", "other names and sizes"])
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


def operators(rhs: Expr, free: tuple[Axis, ...], **bounds: list[tuple[int, int]]) -> set[str]:
    """The first operator of every form of ``T(free) = rhs``; ``bounds`` are of the tensors read."""
    bounds["T"] = [(a.lo.value or 0, a.hi.value or 0) for a in free]
    tensors = named(
        *(tensor(n, Notation(n, args=tuple(range(len(b)))), *b) for n, b in bounds.items())
    )
    equation = Equation("T", free, rhs)
    read = tuple(n for n in bounds if n != "T")
    model = Model("one", tensors, (equation,), read, ())
    return {form.operators[0] for form in compact_forms(model, equation)}


def within(index: Index, lo: int, hi: int) -> tuple[Guard, Guard]:
    """``[lo <= index <= hi]``."""
    return Guard(index - lo), Guard(hi - index)


R, C = axis("i", 1, 6), axis("j", 1, 4)
U, V = axis("u", -1, 1), axis("v", -1, 1)
OUT = axis("o", 0, 7)
AHEAD = OUT + Index.of(U)


def full(index: Index = AHEAD, at_ends: tuple[int, int] = (1, 6), offsets: Axis = U) -> set[str]:
    """``T(o) = sum_u [1 <= o+u <= 6] D(o+u) k(u)``, perhaps with a slip."""
    read = product(*within(index, *at_ends), at("D", index), at("k", offsets))
    return operators(summation((offsets,), read), (OUT,), D=[(1, 6)], k=[(-1, 1)])


def test_a_full_convolution_needs_its_own_guards_and_all_of_the_kernel() -> None:
    assert full() == {"full convolution"}
    assert full(AHEAD + 1) == set()
    for slip in ((2, 6), (0, 6), (1, 5), (1, 7)):
        assert full(at_ends=slip) == set()
    short = axis("u", -1, 0)
    assert full(OUT + Index.of(short), offsets=short) == set()
    one_sided = product(Guard(AHEAD - 1), at("D", AHEAD), at("k", U))
    assert operators(summation((U,), one_sided), (OUT,), D=[(1, 6)], k=[(-1, 1)]) == set()


def valid(
    first: Index, second: Index, image: int = 7, over: tuple[Axis, ...] = (R, C), *factors: Expr
) -> set[str]:
    """``T(u, v) = sum_{r, c} D(r, c) X(first, second)``."""
    read = product(*factors, at("D", *over), at("X", first, second))
    bounds = {"D": [(1, 6), (1, 4)], "X": [(0, image), (0, 5)]}
    return operators(summation(over, read), (U, V), **bounds)


def test_a_valid_convolution_reads_both_arrays_from_end_to_end() -> None:
    r, c = Index.of(R), Index.of(C)
    assert valid(r - U, c - V) == {"valid convolution"}
    assert valid(r + U, c + V) == {"valid convolution"}
    assert valid(r - U, c + V) == set()
    assert valid(r - U, c - U) == set()
    assert valid(r - V, c - U) == set()
    assert valid(r - U, c - V, image=8) == set()
    assert valid(r - U, c - V, 7, (R, C), Guard(r - 2)) == set()
    assert valid(r - U, c - V, 7, (R, C), Delta(r - c)) == set()
    short = axis("r", 1, 5)
    assert valid(short - Index.of(U), c - V, 7, (short, C)) == set()


def matrix(*factors: Expr, rows: int = 6, length: int = 4, over: Axis = C) -> set[str]:
    """``T(r) = sum_c … W(r, c) f(c)``."""
    rhs = summation((over,), product(*factors, at("W", R, over), at("f", over)))
    return operators(rhs, (R,), W=[(1, rows), (1, 4)], f=[(1, length)])


def test_a_matrix_product_sums_over_all_that_both_have() -> None:
    assert matrix() == matrix(number("1/2")) == {"matmul"}
    assert matrix(length=5) == set()
    assert matrix(rows=7) == set()
    assert matrix(over=axis("c", 1, 3)) == set()
    assert matrix(Guard(Index.of(C) - 2)) == set()
    assert matrix(Delta(2 * Index.of(R) - C)) == set()
    assert matrix(Value(Index.of(C))) == set()


def test_an_outer_product_has_an_axis_from_each() -> None:
    sides = {"a": [(1, 6)], "b": [(1, 4)]}
    assert operators(product(at("a", R), at("b", C)), (R, C), **sides) == {"outer"}
    assert operators(product(at("a", R), at("b", 5 - Index.of(C))), (R, C), **sides) == set()
    longer = {"a": [(1, 7)], "b": [(1, 4)]}
    assert operators(product(at("a", R), at("b", C)), (R, C), **longer) == set()
    diagonal = {"a": [(1, 6)], "b": [(1, 6)]}
    assert operators(product(at("a", R), at("b", R)), (R, C), **diagonal) == set()


A = axis("a", 1, 3)


def pooled_back(low: int, high: int, last: int = 6) -> set[str]:
    """``T(i) = sum_a [i+low <= 2a <= i+high] S(a)``, i = 1..last."""
    i = axis("i", 1, last)
    held = Guard(2 * Index.of(A) - i - low), Guard(Index.of(i) + high - 2 * Index.of(A))
    return operators(summation((A,), product(*held, at("S", A))), (i,), S=[(1, 3)])


def test_upsampling_needs_one_element_for_every_place() -> None:
    assert pooled_back(0, 1) == {"upsample"}
    assert pooled_back(0, 0) == set()
    assert pooled_back(0, 2) == set()
    assert pooled_back(1, 2) == set()
    assert pooled_back(-1, 0) == set()
    assert pooled_back(0, 1, last=7) == set()
    assert pooled_back(0, 1, last=5) == {"upsample"}
    open_end = product(Guard(2 * Index.of(A) - R), at("S", A))
    assert operators(summation((A,), open_end), (R,), S=[(1, 3)]) == set()


def test_only_an_enumeration_of_the_whole_vector_is_a_reshape() -> None:
    def folded(place: Index, *bounds: tuple[int, int]) -> set[str]:
        return operators(at("v", place), (R, C), v=list(bounds))

    columns, rows = R + 6 * (Index.of(C) - 1), C + 4 * (Index.of(R) - 1)
    assert folded(columns, (1, 24)) == folded(rows, (1, 24)) == {"reshape"}
    assert folded(columns + 1, (2, 25)) == {"reshape"}
    assert folded(columns, (1, 25)) == set()
    assert folded(columns + 1, (1, 25)) == set()
    assert folded(R + Index.of(C), (2, 10)) == set()
    assert folded(R + 5 * (Index.of(C) - 1), (1, 21)) == set()
    assert folded(R + 7 * (Index.of(C) - 1), (1, 27)) == set()


def test_elementwise_means_the_same_element_of_arrays_of_one_shape() -> None:
    def times(*factors: Expr, length: int = 6) -> set[str]:
        bounds = {"a": [(1, length)], "b": [(1, 6)]}
        return operators(product(at("a", R), *factors), (R,), **bounds)

    assert times(at("b", R)) == {"hadamard"}
    assert times() == {"identity"}
    assert times(at("b", 7 - Index.of(R))) == set()
    assert times(at("b", R), length=7) == set()
    assert times(Value(Index.of(R))) == set()
    assert times(Guard(Index.of(R) - 2)) == set()
    assert times(power(at("b", 1), 2)) == set()


def shown(*forms: Compact) -> list[str]:
    return [form.latex for form in forms]


def test_a_row_stands_left_of_its_matrix() -> None:
    tensors = {
        **named(tensor("W", Notation("W", args=(0, 1)), (1, 6), (1, 4))),
        "x": replace(tensor("x", Notation("x", args=(0,)), (1, 6)), row=True),
        "y": replace(tensor("y", Notation("y", args=(0,)), (1, 4)), row=True),
    }
    forward = Equation("y", (C,), summation((R,), product(at("x", R), at("W", R, C))))
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
