"""Recurrences as sheets write them: steps, what begins them, letters of time, and what is none."""

from __future__ import annotations

import re

import numpy as np
import pytest

from derive.errors import Problem
from derive.latex import equation_latex
from derive.prove import same_model
from derive.reading.sheet import model_from_text
from derive.run import run
from tests.derive.recurrences import ELMAN, SCALAR, recurrence
from verify.oracles import random_values


def _problem(text: str) -> Problem:
    with pytest.raises(Problem) as caught:
        model_from_text(text, "test")
    return caught.value


def test_the_range_reaches_to_what_begins_it() -> None:
    bounds = recurrence("elman").tensors["s"].ranges
    assert [(str(lo), str(hi)) for lo, hi in bounds] == [("0", "T"), ("1", "n")]


@pytest.mark.parametrize(
    "dress", [r"h^{(\0)}", r"h^{[\0]}", r"h^{\langle \0 \rangle}", r"h(\0)", r"h[\0]", r"h^{<\0>}"]
)
def test_steps_may_be_written_in_every_dress(dress: str) -> None:
    text = re.sub(r"h_\{?(t-1|t|0|T)\b\}?", lambda m: dress.replace(r"\0", m[1]), SCALAR)
    assert same_model(model_from_text(text, "scalar"), recurrence("scalar"))


def test_times_may_be_declared_once_or_quantified_everywhere() -> None:
    declared = SCALAR.replace("sizes: {T: 3}", "sizes: {T: 3}\ntime: {t: '1..T'}")
    declared = declared.replace(r", \quad t = 1, \dots, T", "")
    assert same_model(model_from_text(declared, "scalar"), recurrence("scalar"))


def test_what_begins_is_a_parameter_unless_it_is_an_input() -> None:
    text = ELMAN.replace("inputs: [x, s_0, r]", "inputs: [x, r]")
    assert "s0" in model_from_text(text, "elman").parameters


def test_the_equations_are_shown_as_they_are_written() -> None:
    shown = [equation_latex(e, recurrence("scalar")) for e in recurrence("scalar").equations]
    assert shown[0] == "h_0 = 0"
    assert shown[1].startswith(r"h_t = \tanh(w \cdot h_{t-1} + u \cdot x_t)")


def test_a_circle_is_told_at_its_first_equation() -> None:
    problem = _problem(SCALAR.replace("w h_{t-1}", "w h_t"))
    assert "each is defined by the others" in problem.message
    assert "reads at a smaller index" in problem.expected
    assert problem.line == 7


def test_what_reads_both_before_and_after_is_a_circle() -> None:
    problem = _problem(SCALAR.replace("w h_{t-1}", "w h_{t-1} + h_{t+1}"))
    assert "each is defined by the others" in problem.message


def test_a_place_that_is_defined_twice_is_told() -> None:
    problem = _problem(SCALAR.replace("h_0 = 0", "h_1 = 0"))
    assert "h is defined twice at" in problem.message


def test_a_place_that_is_left_out_is_told() -> None:
    problem = _problem(SCALAR.replace(r"t = 1, \dots, T", r"t = 2, \dots, T"))
    assert "not at all" in problem.message or "is not defined" in problem.message


def test_columns_that_a_recurrence_reads_need_their_type() -> None:
    problem = _problem(ELMAN.replace("'s_t': column n, ", ""))
    assert "the shape of s is not known" in problem.message


def test_a_wrong_bound_of_time_is_told() -> None:
    problem = _problem(ELMAN.replace("time: {t: T}", "time: {t: K}"))
    assert problem.message == "time: 'K' is no bound"
    assert problem.line == 5


def test_one_equation_may_have_cases_for_what_begins() -> None:
    step = r"""h_t = \begin{cases} 0 & \text{if } t = 0 \\
      \tanh(w h_{t-1} + u x_t) & \text{if } t \ge 1 \end{cases}, \quad t = 0, \dots, T"""
    text = SCALAR.replace("$$ h_0 = 0 $$\n", "")
    start = text.index(r"h_t = \tanh")
    text = text[:start] + step + text[text.index(" $$", start) :]
    model = model_from_text(text, "cases").at_sizes()
    values = random_values(model, np.random.default_rng(1))
    plain = recurrence("scalar").at_sizes()
    same = {**values, "x": values["x"][1:]}
    assert model.parameters == ("w", "u")
    assert np.allclose(run(model, values)["h"], run(plain, same)["h"], rtol=1e-15)
