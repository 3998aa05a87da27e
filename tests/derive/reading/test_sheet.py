r"""Sheets: documents become models; what is wrong in them is said with its line."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from derive.equations import Model
from derive.errors import Problem
from derive.index import Index, Size
from derive.learning import Batch, Update
from derive.reading.catalogue import model_names
from derive.reading.sheet import load_model, model_from_text
from derive.run import run
from verify.oracles import random_values


def sheet(front: str, *displays: str) -> Model:
    body = "\n\n".join(f"$$ {d} $$" for d in displays)
    return model_from_text(f"---\n{front}\n---\n\nSome prose with $x$ in it.\n\n{body}\n", "test")


def numbers(model: Model) -> dict[str, np.ndarray]:
    fixed = model.at_sizes()
    return run(fixed, random_values(fixed, np.random.default_rng(3)))


def spans(model: Model, name: str) -> list[tuple[int | None, int | None]]:
    return [(lo.value, hi.value) for lo, hi in model.at_sizes().tensors[name].ranges]


# Zhang's network


def test_zhang() -> None:
    model = load_model("zhang")
    model.check()
    assert "zhang" in model_names()
    assert [e.tensor for e in model.equations] == [
        "z1", "C1", "S1", "z2", "C2", "S2", "f", "z", "yhat", "L",
    ]  # fmt: skip
    assert model.inputs == ("I", "y")
    assert model.parameters == ("k1", "b1", "k2", "b2", "W", "b")
    assert model.loss == "L"
    assert model.batch == Batch("n", ("I", "y"), "sum")
    assert model.update == Update("sgd", {"eta": Fraction(1, 2)})
    assert spans(model, "I") == [(-1, 26), (-1, 26)]
    assert spans(model, "k2") == [(1, 6), (1, 12), (-2, 2), (-2, 2)]
    assert spans(model, "W") == [(1, 10), (1, 192)]


def test_zhang_counts_the_pooled_maps_from_another_origin() -> None:
    (shift,) = load_model("zhang").at_sizes().shifts
    assert (shift.tensor, shift.equation) == ("S1", "z2")
    assert [o.value for o in shift.offsets] == [0, 2, 2]
    assert [(lo.value, hi.value) for lo, hi in shift.read] == [(1, 6), (-1, 10), (-1, 10)]


@pytest.mark.parametrize(
    "sizes",
    [
        {},
        {"P": 1, "Q": 1, "K": 1, "N_2": 1},
        {"a_1": 0, "c_1": 3, "a_2": 1, "c_2": 0, "N_2": 2, "P": 2, "Q": 3},
        {"s": 3, "N_2": 2, "P": 2, "Q": 2},
    ],
)
def test_zhang_runs_at_any_sizes(sizes: dict[str, int]) -> None:
    model = load_model("zhang").resized(**sizes)
    assert numbers(model)["L"].shape == ()


# Notations


def dense(values: dict[str, np.ndarray]) -> np.ndarray:
    return values["W"] @ values["x"] + values["b"]


DENSE: dict[str, tuple[str, str]] = {
    "arguments": (
        "sizes: {m: 3, n: 4}",
        r"z(i) = \sum_{j=1}^{n} W(i,j) x(j) + b(i), i = 1,\dots,m",
    ),
    "subscripts": ("sizes: {m: 3, n: 4}", r"z_i = \sum_{j=1}^{n} W_{ij} x_j + b_i, i = 1,\dots,m"),
    "commas": ("sizes: {m: 3, n: 4}", r"z_i = \sum_{j=1}^{n} W_{i,j} x_j + b_i, i = 1,\dots,m"),
    "brackets": (
        "sizes: {m: 3, n: 4}",
        r"z[i] = \sum_{j=0}^{n-1} W[i,j] x[j] + b[i], i = 1,\dots,m",
    ),
    "quantified": (
        "sizes: {m: 3, n: 4}",
        r"z_i = \sum_j W_{ij} x_j + b_i, \quad i = 1,\dots,m,\ j = 1,\dots,n",
    ),
    "matrix": (
        "sizes: {m: 3, n: 4}\ntypes: {W: matrix m n, x: column n, b: column m}",
        r"\mathbf{z} = W x + b",
    ),
    "times": (
        "sizes: {m: 3, n: 4}\noperators: {'\\times': matmul}\n"
        "types: {W: matrix m n, x: column n, b: column m}",
        r"z = W \times x + b",
    ),
}


@pytest.mark.parametrize("notation", DENSE)
def test_one_layer_in_many_notations(notation: str) -> None:
    front, display = DENSE[notation]
    model = sheet(f"{front}\ninputs: [x]", display)
    values = numbers(model)
    np.testing.assert_allclose(values["z"], dense(values))
    assert set(model.parameters) == {"W", "b"}


def test_rows() -> None:
    model = sheet(
        "sizes: {m: 3, n: 4}\ninputs: [x]\ntypes: {w: matrix n m, x: row n, b: row m}",
        r"t = x \cdot w + b",
    )
    values = numbers(model)
    np.testing.assert_allclose(values["t"], values["x"] @ values["w"] + values["b"])
    assert model.tensors["t"].row


def test_layers_by_their_labels() -> None:
    model = sheet(
        "sizes: {n_0: 4, n_1: 3}\nfunctions: {g: generic}\ninputs: ['a^{(0)}']",
        r"z^{(1)}_j = \sum_{k=1}^{n_0} w^{(1)}_{jk} a^{(0)}_k + b^{(1)}_j, \quad j = 1, \dots, n_1",
        r"a^{(1)}_j = g(z^{(1)}_j)",
    )
    assert list(model.tensors) == ["z1", "w1", "a0", "b1", "a1"]
    assert model.inputs == ("a0",)
    assert model.functions == {"g": "g"}


def test_equations_may_stand_in_any_order() -> None:
    model = sheet("sizes: {n: 3}", r"y_i = h_i^2", r"h_i = 2 x_i, \quad i = 1, \dots, n")
    assert [e.tensor for e in model.equations] == ["h", "y"]
    values = numbers(model)
    np.testing.assert_allclose(values["y"], 4 * values["x"] ** 2)


def test_a_numeral_above_is_a_label_unless_the_symbol_stands_without_it() -> None:
    model = sheet("sizes: {n: 3}", r"y_i = x_i^2 + x_i, \quad i = 1, \dots, n")
    assert list(model.tensors) == ["y", "x"]
    model = sheet("sizes: {n: 3}", r"y_i = x_i^1 + x_i^2, \quad i = 1, \dots, n")
    assert list(model.tensors) == ["y", "x1", "x2"]


def test_strided_correlation_from_zero() -> None:
    model = sheet(
        "sizes: {N: 3, K: 2, s: 3}\ninputs: [X]",
        r"Z[i] = \sum_{u=0}^{K-1} X[s i + u] F[u] + c, \quad i = 0, \dots, N - 1",
    )
    assert spans(model, "X") == [(0, 7)]
    values = numbers(model)
    for i in range(3):
        window = values["X"][3 * i : 3 * i + 2]
        np.testing.assert_allclose(values["Z"][i], window @ values["F"] + values["c"])


def test_padding_is_declared() -> None:
    display = r"y_i = \sum_{u=-1}^{1} x_{i+u} g_u, \quad i = 1, \dots, n"
    front = "sizes: {n: 5}\ntypes: {x: column n}\ninputs: [x]"
    values = numbers(sheet(front + "\noutside: {x: zero}", display))
    np.testing.assert_allclose(values["y"], np.convolve(values["x"], values["g"][::-1], "same"))
    with pytest.raises(Problem, match="x_0 is read for i = 1, u = -1, but x starts at 1"):
        sheet(front, display)


@pytest.mark.parametrize(("extra", "mode"), [("", "valid"), (", C: matrix M M", "full")])
def test_stars(extra: str, mode: str) -> None:
    model = sheet(
        "sizes: {n: 5, r: 2, M: n + r - 1}\noperators: {'*': convolution}\ninputs: [I]\n"
        f"types: {{I: matrix n n, k: matrix r r{extra}}}",
        r"C = I * k",
    )
    values = numbers(model)
    full = np.zeros((6, 6))
    for i, j in np.ndindex(5, 5):
        full[i : i + 2, j : j + 2] += values["I"][i, j] * values["k"]
    np.testing.assert_allclose(values["C"], full if mode == "full" else full[1:5, 1:5])


def test_named_sizes() -> None:
    model = sheet(
        "sizes: {N: 4, a: {value: 0, least: 0}, M: '2 N + a', R: 'M^2'}",
        "y_i = x_i, i = a, \\dots, R",
    )
    assert model.sizes == {Size("N"): 4, Size("a", 0): 0}
    assert model.named["M"] == 2 * Index.of(Size("N")) + Size("a", 0)
    assert spans(model, "y") == [(0, 64)]


def test_names_are_harmless() -> None:
    model = sheet(
        "inputs: ['x']",
        r"\lambda(i) = \beta(i) x(i) + e^{-x(i)} + \mathrm{class}, \quad i = 1, 2, \dots, 3",
    )
    assert list(model.tensors) == ["lambda_", "beta", "x", "class_"]


# What is wrong

SIMPLE = r"y_i = w_i x_i, \quad i = 1, \dots, n"


@pytest.mark.parametrize(
    ("front", "message", "line"),
    [
        ("sizes: {n: 3}\nlos: y", "los: no such declaration; expected one of title, loss", 3),
        ("sizes: {n: 3}\nloss: [y]", "is no text", 3),
        ("sizes: {n: 3}\nloss: y", "no number that an equation computes", 3),
        ("sizes: {n: 3}\nloss: q", "q occurs in no equation; expected one of y, w, x", 3),
        ("sizes: {n: 3}\ninputs: [y]", "computed by an equation", 3),
        ("sizes: {n: 3}\ninputs: {x: 3}", "is no list of names", 3),
        ("sizes: {n: 3}\ninputs: [no]", r"quote names that YAML reads as something else", 3),
        ("sizes: {n: three}", "n: 'three' is no size", 2),
        ("sizes: {n: 0}", "n = 0 is below its least value 1", 2),
        ("sizes: {n: 1.5}", "1.5 is no size", 2),
        ("sizes: {n: true}", "True is no size", 2),
        ("sizes: {n: 'm', m: 'n'}", "n, m are defined by each other", 2),
        ("sizes: {n: 'm / 2', m: 3}", "a polynomial in the sizes", 2),
        ("sizes: {n: 3}\nfunctions: {f: sigmoidal}", "'sigmoidal' is not known", 3),
        ("sizes: {n: 3}\noperators: {'*': magic}", "'magic' is not known", 3),
        ("sizes: {n: 3}\ntypes: {x: cube n}", "'cube n' is no type", 3),
        ("sizes: {n: 3}\ntypes: {x: matrix n}", "a matrix has 2 length", 3),
        ("sizes: {n: 3}\ntypes: {q: column n}", "q occurs in no equation", 3),
        ("sizes: {n: 3}\nscalars: [q]", "q occurs in no equation", 3),
        ("sizes: {n: 3}\nscalars: [y]", "y has 1 indices, its type 0", 1),
        ("sizes: {n: 0.001}", "other numbers stand under values", 2),
        ("sizes: {n: 3}\nbatch: {axis: k, over: [x]}", "is not understood", 3),
        ("sizes: {n: 3}\nbatch: {axis: k, over: [y], loss: sum}", "computed by an equation", 3),
        ("sizes: {n: 3}\nupdate: {rule: magic}", "'magic' is not known", 3),
        ("sizes: {n: 3}\nupdate: {rule: sgd, eta: fast}", "'fast' is not understood", 3),
        ("sizes: {n: 3}\noutside: one", "'one' is not known", 3),
    ],
)
def test_wrong_front_matter(front: str, message: str, line: int) -> None:
    with pytest.raises(Problem, match=message) as caught:
        sheet(front, SIMPLE)
    assert (caught.value.line, caught.value.path) == (line, "test.md")


@pytest.mark.parametrize(
    ("displays", "message", "line"),
    [
        ((), "the sheet has no equations", 1),
        ((r"y_i = x_i",), "the range of i is not given", 7),
        ((SIMPLE, SIMPLE), "y is defined twice, first on line 7", 9),
        ((r"y_i = z_i, i = 1, \dots, n", r"z_i = y_i"), "each is defined by the others", 7),
        ((r"y_i = x_i +, i = 1, \dots, n",), "sheet|test", 7),
        ((r"y_i = x_{i,j}, i = 1, \dots, n",), "j is no index here", 7),
        (
            (SIMPLE, r"q_i = y_{i - 1} + y_{i + 1}, \quad i = 1, \dots, n"),
            r"y_0 is read for i = 1",
            9,
        ),
        ((r"2 y_i = x_i, i = 1, \dots, n",), "this defines no tensor", 7),
        ((r"y_i = x_i = w_i, i = 1, \dots, n",), "this defines no tensor", 7),
        ((r"y \leftarrow y - 1",), "this defines no tensor", 7),
        ((r"y_i = W(i, 1) + W(i), i = 1, \dots, n",), "has 2 index slots, not 1", 7),
        ((r"y_i = \sum_{i=1}^{n} x_i, i = 1, \dots, n",), "the index i is used twice", 7),
        ((r"y_i = x_{\lceil i/2 \rceil}, i = 1, \dots, n",), "at a rounded index", 7),
        ((r"y_{i+1} = x_i, i = 1, \dots, n",), "an index of a defined tensor is a letter", 7),
    ],
)
def test_wrong_equations(displays: tuple[str, ...], message: str, line: int) -> None:
    with pytest.raises(Problem, match=message) as caught:
        sheet("sizes: {n: 3}", *displays)
    assert (caught.value.line, caught.value.path) == (line, "test.md")


def test_a_sum_to_a_thousand_million_is_a_model() -> None:
    model = sheet("sizes: {n: 1000000000}", r"y = \sum_{i=1}^{n} x_i")
    assert spans(model, "x") == [(1, 10**9)]


def test_missing_sheets(tmp_path: Path) -> None:
    with pytest.raises(Problem, match=r"there is no model 'nosuch'; expected one of .*zhang"):
        load_model("nosuch")
    with pytest.raises(Problem, match="there is no such file"):
        load_model(tmp_path / "nosuch.md")


def test_a_sheet_on_disk(tmp_path: Path) -> None:
    path = tmp_path / "mine.md"
    path.write_text("---\nsizes: {n: 3}\n---\n$$ y_i = x_i, \\quad i = 1, \\dots, n $$\n")
    model = load_model(path)
    assert (model.name, model.equations[0].source) == ("mine", model.equations[0].source)
    source = model.equations[0].source
    assert source is not None
    assert (source.latex, source.line, source.column) == ("y_i = x_i", 4, 4)


def test_a_declared_formula_that_cannot_be_parsed_has_its_place() -> None:
    text = "---\nloss: L\nsizes: {n: 3, m: 'n + }'}\n---\n$$ L = \\sum_{i=1}^n x_i $$\n"
    with pytest.raises(Problem) as caught:
        model_from_text(text, "bad", "bad.md")
    assert str(caught.value).startswith("bad.md:3:1: sizes: m: 'n + }' cannot be read")


def test_e_with_an_index_is_a_tensor_of_errors() -> None:
    sheet = "---\nloss: L\ninputs: [x]\n---\n" + (
        r"$$ e_i = x_i - w_i, \quad i = 1, \dots, 4 $$ $$ L = \sum_{i=1}^{4} e_i^2 $$"
    )
    assert model_from_text(sheet, "errors").tensors.keys() == {"e", "x", "w", "L"}


def test_labels_may_be_named_like_tensors() -> None:
    sheet = "---\ninputs: [x]\nsizes: {N: 3}\n---\n" + (
        r"$$ \bar{f}_j = w_j^f x_j + c_j^o, \quad j = 1, \dots, N $$ $$ f_j = \tanh(\bar{f}_j) $$"
        r"$$ \bar{o}_j = w_j^o x_j + f_j, \quad j = 1, \dots, N $$ $$ o_j = \tanh(\bar{o}_j) $$"
    )
    model = model_from_text(sheet, "gates")
    assert [e.tensor for e in model.equations] == ["fbar", "f", "obar", "o"]


def test_a_label_is_nearer_than_an_index() -> None:
    types = "{W: matrix N N, W_z: matrix N N, x: column N}"
    sheet = f"---\ninputs: [x]\nsizes: {{N: 3}}\ntypes: {types}\n---\n" + (
        r"$$ a_z = W_z x $$ $$ a = W x + a_z $$"
    )
    model = model_from_text(sheet, "gates")
    assert [e.reads for e in model.equations] == [("Wz", "x"), ("W", "x", "az")]


def test_a_scalar_is_a_given_number_whose_square_is_no_name() -> None:
    model = sheet("sizes: {n: 3}\nscalars: [T]", r"y_i = T^2 x_i, \quad i = 1, \dots, n")
    assert model.inputs == ("T",)
    assert model.tensors["T"].rank == 0
