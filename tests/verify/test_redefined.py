r"""A deck that gives a symbol several values one after the other."""

from __future__ import annotations

from derive.reading.sheet import model_from_text
from verify.judge import judge_text
from verify.verdict import Status, Verdict

MODEL = model_from_text("---\ninputs: [x]\ntypes: {x: scalar}\n---\n$$ q = x^2 $$\n", "square")


def judged(*formulas: str) -> tuple[Verdict, ...]:
    return judge_text("\n\n".join(f"$$ {f} $$" for f in formulas), MODEL).claims


def test_a_value_that_is_given_again_holds_again() -> None:
    formulas = ("x = 2", "q = 4", "x = 3", "q = 9", "x = 2", "q = 4", "x + q = 6")
    verdicts = {v.latex.strip(): v for v in judged(*formulas)}
    assert {v.status for v in verdicts.values()} <= {Status.DEFINITION, Status.CONFIRMED}
    assert len(verdicts["q = 4"].places) == 2


def test_one_formula_under_two_values_has_two_verdicts() -> None:
    first, second = (v for v in judged("x = 2", "q = 4", "x = 3", "q = 4") if "q" in v.latex)
    assert (first.status, second.status) == (Status.CONFIRMED, Status.REFUTED)


def test_formulas_without_numbers_stay_one_claim() -> None:
    verdicts = judged("x = 2", "q = x^2", "x = 3", "q = x^2")
    assert [len(v.places) for v in verdicts if "q" in v.latex] == [2]


def test_a_part_of_a_table_is_no_other_value() -> None:
    model = model_from_text(
        "---\ninputs: [x]\nsizes: {n: 3}\n---\n$$ q = \\sum_{i=1}^{n} x_i $$\n", "sum"
    )
    text = "$$ x = [1, 2, 5] $$\n\n$$ q = 8 $$\n\n$$ x = [1, 2] $$\n\n$$ q = 8 $$\n"
    verdicts = judge_text(text, model).claims
    assert [len(v.places) for v in verdicts if v.latex.strip() == "q = 8"] == [2]
