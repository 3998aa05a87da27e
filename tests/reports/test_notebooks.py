"""What a notebook shows of equations, derivations and verdicts."""

from __future__ import annotations

import copy
import pickle

import pytest

from derive import Model, gradients, load_model
from derive.equations import Equation
from derive.expr import number
from reports.formula.layout import boxes
from verify.verdict import Judgement, Place, Status, Suggestion, Verdict


@pytest.fixture(scope="module")
def zhang() -> Model:
    return load_model("zhang")


def test_every_equation_of_a_model_shows_itself(zhang: Model) -> None:
    for equation in zhang.equations:
        shown = equation._repr_latex_()
        assert shown is not None
        assert boxes(shown.removeprefix(r"$\displaystyle ").removesuffix("$")) is not None


def test_every_derivation_shows_its_steps(zhang: Model) -> None:
    for derivation in gradients(zhang).values():
        shown = derivation._repr_latex_()
        assert shown is not None
        assert shown.count("&=") == len(derivation.steps)
        for compact in derivation.compact:
            assert compact.latex in compact._repr_latex_()


def test_an_equation_without_a_model_has_no_notation() -> None:
    assert Equation("x", (), number(1))._repr_latex_() is None


def test_an_equation_knows_the_model_it_belongs_to_and_survives_copying(zhang: Model) -> None:
    small = zhang.resized(P=2)
    for model in (small, copy.deepcopy(small), pickle.loads(pickle.dumps(small))):
        assert all(equation.model is model for equation in model.equations)


def test_verdicts_show_text_that_acts_as_text() -> None:
    verdict = Verdict(
        "c1",
        (Place(3, 5, 3, 9),),
        "a < b",
        Status.REFUTED,
        "<script>alert(1)</script>",
        suggestion=Suggestion("b > a", "swap"),
    )
    page = Judgement("<deck>.md", None, None, (verdict,))._repr_html_()
    assert "<script" not in page
    assert "<deck>" not in page
    assert "1 refuted" in page
    assert "(line 3, column 5): $a &lt; b$" in page
    assert verdict._repr_latex_() == r"$\displaystyle a < b$"
