r"""Counterexamples are small, simple, precise, and one line of Python computes them again."""

from __future__ import annotations

import json
from ast import literal_eval
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.equations import Model
from derive.pipeline import gradients
from derive.reading.context import EMPTY, Context, load_context
from derive.reading.sheet import load_model, model_from_text
from derive.rules import RULES
from tests.verify.sheets import MARKS, RELAY, marks, relay
from verify.attempt import Attempt
from verify.bench import Bench
from verify.clock import Clock
from verify.compare import Outcome
from verify.counterexample import both_sides, with_smallest
from verify.draws import drawn
from verify.pins import free_sizes, named_elements
from verify.precise import FIFTY
from verify.readings import judge_readings
from verify.setting import Convention, Setting
from verify.shrink import Values, shrunk
from verify.values_shown import arrays_of, count, shown_values
from verify.verdict import Status

PRODUCT = r"""---
loss: L
inputs: [x]
sizes: {M: 5, N: 6, K: 4}
---
$$ y_{mk} = \sum_{n=1}^{N} A_{mn} x_{nk}, \quad m = 1, \dots, M, \quad k = 1, \dots, K $$
$$ L = \frac12 \sum_{m=1}^{M} \sum_{k=1}^{K} y_{mk}^2 $$
"""
SQUARE = r"""---
loss: L
inputs: [x]
sizes: {M: 5, K: 4}
---
$$ y_{mk} = \sum_{n=1}^{M} A_{mn} x_{nk}, \quad m = 1, \dots, M, \quad k = 1, \dots, K $$
$$ L = \frac12 \sum_{m=1}^{M} \sum_{k=1}^{K} y_{mk}^2 $$
"""
RECTIFIER = r"""---
inputs: [x]
sizes: {N: 3}
functions: {r: relu}
---
$$ y_n = r(x_n), \quad n = 1, \dots, N $$
"""


def judged(text: str, model: Model, context: Context) -> Outcome:
    """What is said before a repair is sought."""
    setting = Setting(Bench(model, gradients(model)), context)
    found = judge_readings(text, setting, Clock(20.0))
    assert found.outcome.status is Status.REFUTED
    return with_smallest(found.outcome, found.best, text, found.setting, Clock(20.0))


def refuted(text: str, sheet: str = PRODUCT, context: Context = EMPTY) -> Outcome:
    model = relay() if sheet is RELAY else model_from_text(sheet, "sheet")
    return judged(text, model, context)


def counterexample(text: str, sheet: str = PRODUCT, context: Context = EMPTY) -> dict[str, Any]:
    found = refuted(text, sheet, context).counterexample
    assert found is not None
    return found


def test_sizes_are_the_smallest_at_which_the_slip_shows() -> None:
    extra = counterexample(r"\frac{\partial L}{\partial A_{mn}} = 3 \sum_{k=1}^{K} y_{mk} x_{nk}")
    assert extra["sizes"] == {"M": 1, "N": 1, "K": 1}
    dropped = counterexample(r"\frac{\partial L}{\partial A_{mn}} = y_{m1} x_{n1}")
    assert dropped["sizes"] == {"M": 1, "N": 1, "K": 2}
    transposed = counterexample(
        r"\frac{\partial L}{\partial A_{mn}} = \sum_{k=1}^{K} y_{nk} x_{mk}", SQUARE
    )
    assert transposed["sizes"] == {"M": 2, "K": 1}


def test_a_sum_whose_wrong_term_is_named_is_made_small_too() -> None:
    wrong = r"y_{11} = A_{11} x_{11} + A_{12} x_{21} + A_{13} x_{32} + \dots + A_{16} x_{61}"
    found = refuted(wrong)
    assert found.message.startswith("term 3 should be")
    assert found.counterexample is not None
    assert found.counterexample["sizes"] == {"M": 1, "N": 6, "K": 2}
    assert found.counterexample["values"]


def test_elements_that_are_named_by_numbers_exist_at_some_sizes_only() -> None:
    model = model_from_text(PRODUCT, "sheet")
    setting = Setting(Bench(model, gradients(model)), EMPTY)
    text = r"y_{m1} = \sum_{n=1}^{N} A_{mn} x_{n4}"
    named = named_elements(text, judge_readings(text, setting, Clock(20.0)).best, setting)
    assert all(e.exists({"M": 1, "N": 1, "K": 4}) for e in named)
    assert not all(e.exists({"M": 5, "N": 6, "K": 3}) for e in named)


def test_values_are_simple_and_mostly_zero_and_both_sides_exact() -> None:
    found = counterexample(r"\frac{\partial L}{\partial A_{mn}} = y_{m1} x_{n1}")
    model = model_from_text(PRODUCT, "sheet").resized(**found["sizes"]).at_sizes()
    values = [n for a in arrays_of(found["values"], model).values() for n in a.flat]
    assert set(values) <= {Fraction(n) for n in ("0", "1", "-1", "2")}
    assert sum(map(bool, values)) <= 3
    assert found["numbers"] == "exact rationals"
    assert Fraction(found["exact_left"]) != Fraction(found["exact_right"])
    assert json.loads(json.dumps(found, allow_nan=False)) == found


def test_fifty_digits_where_a_function_has_no_exact_value() -> None:
    found = counterexample(r"\bar{c}_r = \sum_{i,j} \bar{A}_r(i,j)", RELAY, marks())
    assert found["numbers"] == "50 digits"
    for side in ("left", "right"):
        assert float(found[f"exact_{side}"]) == pytest.approx(found[side], rel=1e-12)


def test_the_message_tells_the_small_values() -> None:
    found = refuted(r"\frac{\partial L}{\partial A_{mn}} = y_{m1} x_{n1}")
    assert found.counterexample is not None
    left, right = (found.counterexample[f"exact_{side}"] for side in ("left", "right"))
    assert found.message == (
        f"the sides differ: {left} against {right} at m = 1, n = 1 (with M = 1, N = 1, K = 2)"
    )


@pytest.mark.long
@pytest.mark.parametrize(
    "text",
    [
        r"\bar{s}(i) = o(i) - t(i)",
        r"M \leftarrow M + \eta \bar{M}",
        r"\Delta B = \bar{o}",
        r"\bar{g}_r = X * \bar{A}_{r,\phi}",
        r"\bar{s} = \bar{o} \odot o \odot (1 - o) = (o - t) \odot o",
        r"\sum_{i=1}^{4} o(i) = \sum_{i=1}^{4} t(i)",
        r"\frac{\partial o(i)}{\partial s(i)} = o(i)",
    ],
)
def test_one_line_computes_both_sides_again(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet, context = tmp_path / "relay.md", tmp_path / "marks.md"
    sheet.write_text(RELAY)
    context.write_text(MARKS)
    found = judged(text, load_model(sheet), load_context(context)).counterexample
    assert found is not None
    exec(found["python"], {})
    links = literal_eval(capsys.readouterr().out)["links"]
    sides = ("index", "left", "right", "exact_left", "exact_right")
    assert {k: found[k] for k in sides} in [{k: link[k] for k in sides} for link in links]


def test_the_line_of_a_sample_that_is_too_large_to_show_draws_it_again(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("verify.counterexample.MOST_VALUES", 0)
    text = r"\Delta b(i) = \Delta \hat{y}(i) \cdot \hat{y}(i)"
    found = judged(text, load_model("zhang"), load_context("zhang")).counterexample
    assert found is not None
    assert "values" not in found
    exec(found["python"], {})
    (link,) = literal_eval(capsys.readouterr().out)["links"]
    assert (link["left"], link["right"]) == (found["left"], found["right"])


def test_sizes_that_a_formula_names_by_their_numbers_stay() -> None:
    found = counterexample(r"\sum_{i=1}^{4} o(i) = \sum_{i=1}^{4} t(i)", RELAY, marks())
    assert found["sizes"]["D"] == 4
    assert found["sizes"]["R"] == 1


@pytest.mark.parametrize(
    ("text", "free"),
    [
        (r"y_{mk} = x_{mk}", {"M", "N", "K"}),
        (r"y_{mk} = x_{mk}^5", {"M", "N", "K"}),
        (r"\sum_{m=1}^{5} y_{mk} = 0 \cdot L", {"N", "K"}),
        (r"\frac{1}{4} y_{mk} = x_{mk}", {"M", "N"}),
    ],
)
def test_exponents_name_no_sizes(text: str, free: set[str]) -> None:
    model = model_from_text(PRODUCT, "sheet")
    blank = Attempt(Convention(), Outcome(Status.REFUTED, ""))
    assert set().union(*free_sizes(text, blank, model)) == free


def test_a_kink_is_no_counterexample() -> None:
    found = counterexample(r"\frac{\partial L}{\partial x_n} = 0 \cdot x_n", RECTIFIER)
    assert Fraction(found["values"]["x"]) > 0
    assert found["sizes"] == {"N": 1}


def test_restricted_inputs_stay_restricted() -> None:
    sheet = PRODUCT.replace("inputs: [x]", "inputs: [x, t]\ndeclare: {sum-to-one: [t]}").replace(
        "y_{mk}^2", "(y_{mk} - t_{mk})^2"
    )
    found = counterexample(r"\sum_{k=1}^{K} t_{mk}^2 = \sum_{k=1}^{K} t_{mk}", sheet)
    model = model_from_text(sheet, "sheet").resized(**found["sizes"]).at_sizes()
    assert all(sum(row) == 1 for row in arrays_of(found["values"], model)["t"])


def test_shrinking_keeps_what_is_asked_for() -> None:
    start = {"a": np.array([Fraction(n) for n in (7, -3, 5, 9)], dtype=object)}
    small = shrunk(start, lambda v: v["a"][2] != 0, 50)
    assert list(small["a"]) == [0, 0, 1, 0]
    assert list(shrunk(start, lambda v: False, 50)["a"]) == [7, -3, 5, 9]
    assert list(shrunk(start, lambda v: True, 0)["a"]) == [7, -3, 5, 9]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.fractions(-9, 9, max_denominator=4), min_size=4, max_size=4), st.integers(0, 3))
def test_what_is_shrunk_still_holds_and_is_no_less_simple(
    numbers: list[Fraction], place: int
) -> None:
    start = {"a": np.array(numbers, dtype=object), "b": np.array(numbers[0], dtype=object)}

    def holds(values: Values) -> bool:
        return bool(values["a"][place] >= numbers[place])

    small = shrunk(start, holds, 100)
    assert holds(small)
    assert sum(map(bool, small["a"])) <= sum(map(bool, numbers)) + 1


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_arrays_are_shown_so_that_they_can_be_read_back(data: st.DataObject) -> None:
    model = relay(n=2, D=data.draw(st.integers(1, 4)), R=2).at_sizes()
    numbers = st.sampled_from([Fraction(0)] * 6 + [Fraction(1, 2), Fraction(-3)])
    values = {
        n: np.array(
            data.draw(st.lists(numbers, min_size=a.size, max_size=a.size)), dtype=object
        ).reshape(a.shape)
        for n, a in drawn(model, 1).items()
    }
    shown = shown_values(values, model)
    back = arrays_of(json.loads(json.dumps(shown)), model)
    assert all((back[n] == a).all() for n, a in values.items())
    assert sum(map(count, shown.values())) <= sum(a.size for a in values.values())


def test_every_function_of_the_catalogue_has_fifty_digits() -> None:
    for name, entry in RULES.items():
        numbers = [FIFTY.asarray(["0.7", "2.5"][:1])] * entry.arity
        precise = FIFTY.apply(name, tuple(numbers), None)
        double = entry.numeric(np, *(np.asarray([0.7]) for _ in range(entry.arity)))
        assert float(precise[0]) == pytest.approx(float(double[0]), rel=1e-14)


def test_both_sides_at_given_values(tmp_path: Path) -> None:
    sheet = tmp_path / "square.md"
    sheet.write_text("---\nloss: L\n---\n$$ L = \\frac12 b b $$\n")
    sides = both_sides(r"\frac{\partial L}{\partial b} = b^2", sheet, values={"b": "1/3"})
    assert sides["links"][0]["exact_left"] == "1/3"
    assert sides["links"][0]["exact_right"] == "1/9"
