r"""Formulas that say nothing of the model as they stand: layers, own functions, items of a list."""

from __future__ import annotations

from derive.reading.context import load_context
from derive.reading.sheet import load_model
from verify.judge import judge_text
from verify.verdict import Status, Verdict

THREE = load_model("mlp.layers")
CHAIN = load_model("mlp")


def judged(text: str, model: object = THREE) -> tuple[Verdict, ...]:
    context = load_context("mlp")
    kept = [m for m in context.meanings if m[0].startswith(("\\delta^", "a'")) or m[1] == "X"]
    if model is CHAIN:
        kept = [m for m in kept if "(3)" not in m[0] and m[1] != "X"]
    from dataclasses import replace

    context = replace(context, meanings=tuple(kept))
    return judge_text(text, model, context).claims  # type: ignore[arg-type]


def one(formula: str, model: object = THREE) -> Verdict:
    (verdict,) = judged(f"$$ {formula} $$", model)
    return verdict


def test_a_formula_for_a_layer_holds_where_it_holds_for_every_layer() -> None:
    verdict = one(r"\delta^{(l)} = (\delta^{(l+1)} \theta^{(l+1)}) \odot a'^{(l)}")
    assert verdict.status is Status.PROVED
    assert [p.status for p in verdict.parts] == [Status.PROVED, Status.PROVED]
    assert "l stands for the layers 1, 2 of the sheet" in verdict.assumptions


def test_a_capital_letter_is_the_last_layer() -> None:
    right = r"\delta^{(L)} = \frac{\partial J}{\partial a^{(L)}} \odot"
    right += r" \frac{\partial a^{(L)}}{\partial z^{(L)}}"
    assert one(right).status is Status.PROVED
    wrong = one(r"\delta^{(L)} = \frac{\partial J}{\partial a^{(L)}}")
    assert wrong.status is Status.REFUTED
    assert wrong.message.startswith("L = 3: ")


def test_a_layer_for_which_the_formula_is_wrong_is_named() -> None:
    wrong = r"\frac{\partial J}{\partial \theta^{(i)}} = \delta^{(i)^T} X"
    verdict = one(wrong)
    assert verdict.status is Status.ILL_FORMED
    assert verdict.message.startswith("i = 2: ")
    assert one(r"\frac{\partial J}{\partial \theta^{(i)}} = \delta^{(i)^T} a^{(i-1)}").parts


def test_a_wrong_order_of_factors_shows_at_unequal_widths() -> None:
    verdict = one(r"\delta^{(l)} = (\theta^{(l+1)} \delta^{(l+1)}) \odot a'^{(l)}")
    assert verdict.status in (Status.REFUTED, Status.ILL_FORMED)


def test_the_diagonal_of_a_derivative_is_taken_for_pointwise_functions_only() -> None:
    wrong = r"\frac{\partial J}{\partial z^{(1)}} = \frac{\partial J}{\partial z^{(2)}} \odot"
    wrong += r" \frac{\partial z^{(2)}}{\partial z^{(1)}}"
    assert one(wrong).status in (Status.REFUTED, Status.ILL_FORMED)


def test_a_function_of_the_decks_own_is_a_definition() -> None:
    verdict = one(r"\varphi(u) = 2 u + 1", CHAIN)
    assert (verdict.status, verdict.message) == (
        Status.DEFINITION,
        "introduces a function; nothing to check",
    )
    assert one(r"\varphi(u) = 2 q + 1", CHAIN).status is Status.ILL_FORMED


def test_what_relates_inputs_only_is_a_condition() -> None:
    verdict = one("y = X_1", CHAIN)
    assert verdict.status is Status.UNDECIDED
    assert verdict.conditions == ("right if the data are like that",)


SLOPE = r"\frac{\partial z^{(2)}}{\partial a^{(1)}} = \theta^{(2)}"


def test_a_dash_among_dashes_may_be_a_bullet() -> None:
    (verdict,) = judged(f"- first\n\n$- {SLOPE}$\n\n- third\n", CHAIN)
    assert verdict.status is Status.PROVED
    assert verdict.assumptions[0] == "the dash in front is a bullet of the list"


def test_a_minus_stays_a_minus() -> None:
    for text in (
        f"text\n\n$- {SLOPE}$\n\ntext\n",
        f"- first\n\n$-{SLOPE}$\n",
        f"- first\n\nand $- {SLOPE}$\n",
        f"- first\n\n$- {SLOPE.replace('theta', 'theta^{(1)} + 2')}$\n",
    ):
        assert all(v.status is not Status.PROVED for v in judged(text, CHAIN))


def test_wrong_digits_of_the_last_layer_are_corrected_in_the_formula_as_typed() -> None:
    given = (r"X_1 = 2", "y = 1", r"\theta^{(1)} = 0", r"\theta^{(2)} = 0.4")
    displays = "\n\n".join(f"$$ {g} $$" for g in given)
    told = judged(displays + "\n\n" + r"$$ a^{(L)} - 1 = -0.54 $$", CHAIN)[-1].suggestion
    assert told is not None
    assert told.latex == r"a^{(L)} - 1 = -0.45"
