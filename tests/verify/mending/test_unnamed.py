r"""Sides that are written anew name what their author names; at numbers brackets are decided."""

from __future__ import annotations

from functools import cache

import pytest

from derive.pipeline import gradients
from derive.reading.context import Context
from derive.reading.sheet import model_from_text
from verify.bench import Bench
from verify.clock import Clock
from verify.judge import judge_text
from verify.mending.repair import repair_by_chain_rule
from verify.readings import judge_readings
from verify.setting import Setting
from verify.verdict import Status

FILTER = r"""---
loss: E
inputs: [x, t]
sizes: {n: 4, m: 3, c: 2}
functions: {g: generic}
---
$$ a_k(i) = \sum_{u=1}^{m} x(i + u - 1)\, w_k(u) + b_k,
   \quad k = 1, \dots, c, \quad i = 1, \dots, n $$
$$ y_k(i) = g(a_k(i)) $$
$$ E = \frac{1}{2} \sum_{k=1}^{c} \sum_{i=1}^{n} (y_k(i) - t_k(i))^2 $$
"""


@cache
def setting() -> Setting:
    model = model_from_text(FILTER, "filter")
    return Setting(Bench(model, gradients(model)), Context("nothing"))


def anew(text: str) -> str:
    """The side that is put in, and is right."""
    best = judge_readings(text, setting(), Clock(20.0)).best
    found = repair_by_chain_rule(text, setting(), best, Clock(20.0)).suggestion
    assert found is not None
    assert found.anew
    (verdict,) = judge_text(found.latex, setting().bench.model).claims
    assert verdict.status is Status.PROVED
    return found.latex.partition("= ")[2]


def test_what_the_author_leaves_out_is_put_in() -> None:
    filtered = r"g\left(\sum_{u=1}^{m} x(i+u-1) w_k(u) + b_k\right)"
    assert anew(r"y_k(i) = g(\sum_u x(i - u) w_k(u))") == filtered


def test_what_the_author_names_stays() -> None:
    assert anew(r"y_k(i) = 2 a_k(i) + \sum_u w_k(u)") == "g(a_k(i))"


def test_of_what_is_derived_only_gradients_are_put_in() -> None:
    slope = r"\frac{\partial E}{\partial y_k(i)} g'(a_k(i))"
    found = anew(r"\frac{\partial E}{\partial w_k(u)} = \sum_i \frac{\partial E}{\partial y_k(i)}")
    assert found == rf"\sum_{{i=1}}^{{n}} {slope} x(i+u-1)"


@pytest.mark.parametrize(
    ("place", "terms"), [(1, ("1, 1",)), (2, ("2, 1", "1, 2")), (6, ("4, 3",))]
)
def test_at_a_number_brackets_are_decided(place: int, terms: tuple[str, ...]) -> None:
    other = r"\sum_k \frac{\partial E}{\partial a_k(1)}"
    found = anew(rf"\frac{{\partial E}}{{\partial x({place})}} = {other}")
    for term in terms:
        i, u = term.split(", ")
        assert rf"\frac{{\partial E}}{{\partial a_k({i})}} w_k({u})" in found
    assert found.count("w_k") == len(terms)


def test_of_a_chain_all_sides_may_be_written_anew() -> None:
    chain = r"\frac{\partial E}{\partial b_k} = \sum_i t_k(i) = \sum_i x(i) b_k"
    assert anew(chain) == r"\sum_{i=1}^{n} \frac{\partial E}{\partial a_k(i)}"
