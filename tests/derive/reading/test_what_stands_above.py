r"""What stands above or before a symbol of a sheet: a power is one, a function no factor."""

from __future__ import annotations

import numpy as np
import pytest

from derive.equations import Model
from derive.errors import Problem
from derive.reading.sheet import model_from_text
from derive.run import run

X = np.array([0.3, 0.7, 1.1, 1.6])
NUMBER = 1.7
COUNT = np.arange(1, 5)


def sheet(right: str, types: str = "x: column n") -> Model:
    equation = rf"$$ y_i = {right}, \quad i = 1, \dots, n $$"
    front = f"---\ninputs: [x]\nsizes: {{n: 4}}\ntypes: {{{types}}}\n---\n"
    return model_from_text(f"{front}{equation}\n", "sheet").at_sizes()


def values(model: Model) -> np.ndarray:
    given = {n: X if n == "x" else np.array(NUMBER) for n in (*model.inputs, *model.parameters)}
    return np.asarray(run(model, given)["y"])


@pytest.mark.parametrize(
    ("right", "expected"),
    [
        (r"x_i^\gamma + \gamma", X**NUMBER + NUMBER),
        (r"x_i^{\gamma} (1 + x_i)^\gamma", (X * (1 + X)) ** NUMBER),
        (r"x_i^{\gamma - 1}", X ** (NUMBER - 1)),
        (r"x_i^{n}", X**4),
        (r"x_i^{2 n}", X**8),
        (r"x_i^{1/2}", X**0.5),
        (r"x_i^{-3/2}", X**-1.5),
        (r"e^{-x_i} (1 - x_i)", np.exp(-X) * (1 - X)),
    ],
)
def test_a_power_is_no_name(right: str, expected: np.ndarray) -> None:
    np.testing.assert_allclose(values(sheet(right)), expected, rtol=1e-14)


def test_an_index_above_a_scalar_is_an_exponent() -> None:
    model = sheet(r"a^i x_i", "x: column n, a: scalar")
    np.testing.assert_allclose(values(model), NUMBER**COUNT * X, rtol=1e-14)


def test_a_power_of_what_the_sheet_defines() -> None:
    text = r"""---
inputs: [x]
sizes: {n: 4}
types: {x: column n, '\gamma': scalar}
---
$$ p_i = \tanh(x_i), \quad i = 1, \dots, n $$
$$ y_i = p_i^\gamma (1 - p_i)^\gamma, \quad i = 1, \dots, n $$
"""
    model = model_from_text(text, "sheet").at_sizes()
    p = np.tanh(X)
    np.testing.assert_allclose(values(model), (p * (1 - p)) ** NUMBER, rtol=1e-14)


def test_a_label_stays_one() -> None:
    model = sheet(r"x_i + W^h_i", "x: column n, 'W^h': column n")
    assert "Wh" in model.tensors


def test_an_index_that_the_type_does_not_have_is_refused() -> None:
    with pytest.raises(Problem, match="x has 2 indices, its type 1") as found:
        sheet(r"x_i^{i}")
    assert found.value.line == 4


@pytest.mark.parametrize(
    ("name", "function"),
    [
        (r"\sinh", np.sinh),
        (r"\cosh", np.cosh),
        (r"\operatorname{sech}", lambda x: 1 / np.cosh(x)),
        (r"\coth", lambda x: 1 / np.tanh(x)),
        (r"\operatorname{csch}", lambda x: 1 / np.sinh(x)),
        (r"\tan", np.tan),
        (r"\cot", lambda x: 1 / np.tan(x)),
        (r"\sec", lambda x: 1 / np.cos(x)),
        (r"\csc", lambda x: 1 / np.sin(x)),
    ],
)
def test_functions_that_are_written_through_others(name: str, function: np.ufunc) -> None:
    np.testing.assert_allclose(values(sheet(rf"{name}(x_i)")), function(X), rtol=1e-13)


@pytest.mark.parametrize("name", [r"\arctan", r"\operatorname{erf}", "f", "q", r"\Phi", "g^{[1]}"])
def test_a_function_that_nothing_declares_is_no_factor(name: str) -> None:
    with pytest.raises(Problem, match="nothing declares the function") as found:
        sheet(rf"x_i {name}(x_i)")
    assert (found.value.line, found.value.column) == (6, 14)


@pytest.mark.parametrize("name", ["q", r"\eta", "b"])
def test_a_factor_before_a_bracket_is_one(name: str) -> None:
    np.testing.assert_allclose(values(sheet(f"{name} (1 - x_i)")), NUMBER * (1 - X), rtol=1e-14)


def test_the_number_pi_is_not_the_array_of_that_letter() -> None:
    text = r"""---
sizes: {K: 3}
---
$$ \pi_k = \tanh(a_k), \quad k = 1, \dots, K $$
$$ E = \sum_{k=1}^{K} \frac{\pi_k}{\sqrt{2 \pi}} $$
"""
    tensors = model_from_text(text, "mixture").tensors
    assert (tensors["E"].rank, tensors["pi"].rank, tensors["pi_2"].rank) == (0, 1, 0)
