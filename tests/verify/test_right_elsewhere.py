r"""A wrong formula that stands right elsewhere in the deck is told by that one."""

from __future__ import annotations

from derive.reading.document import document_from_text
from derive.reading.sheet import model_from_text
from verify import judge_deck
from verify.verdict import Verdict

CELL = model_from_text(
    r"""---
loss: E
inputs: [p, q]
functions: {g: tanh}
---
$$ r = v p $$
$$ h = g(r) $$
$$ s = w h $$
$$ E = \frac{1}{2} (s - q)^2 $$
""",
    "cell",
)
SLOPE = r"\frac{\partial h}{\partial r} = 1 - h^2"


def judged(*lines: str) -> tuple[Verdict, ...]:
    text = "\n\n".join(f"$$ {line} $$" for line in lines)
    return judge_deck(document_from_text(text), CELL).claims


def test_the_same_right_side_under_another_derivative_is_the_formula_that_was_meant() -> None:
    wrong = judged(SLOPE, r"\frac{\partial s}{\partial r} = 1 - h^2")[1].suggestion
    assert wrong is not None
    assert wrong.latex == SLOPE
    assert wrong.edit == "line 1 has it right"


def test_a_derivative_by_itself_is_no_nearer_than_the_formula_of_the_deck() -> None:
    # ∂s/∂r = s (1 - h²) / h would be right as well, since s = w h.
    slope = r"\frac{\partial h}{\partial r} = h (1 - h^2) / h"
    wrong = judged(slope, r"\frac{\partial s}{\partial r} = h (1 - h^2) / h")[1].suggestion
    assert wrong is not None
    assert wrong.latex == slope


def test_the_same_left_side_elsewhere_is_suggested_where_no_edit_is_nearer() -> None:
    chain = r"\frac{dE}{dv} = \frac{dE}{ds} \frac{ds}{dh} \frac{dh}{dr} \frac{dr}{dv}"
    dropped = r"\frac{dE}{dv} = \frac{dE}{ds} \frac{ds}{dh} \frac{dr}{dr} \frac{dr}{dv}"
    wrong = judged(dropped, chain)[0].suggestion
    assert wrong is not None
    assert wrong.latex == chain


def test_a_nearer_edit_stays() -> None:
    one, other = r"\frac{dE}{dw} = (s - q) h", r"\frac{dE}{dw} = (s - q) r"
    rearranged = r"\frac{dE}{dw} = h s - h q"
    wrong = judged(rearranged, other)[1].suggestion
    assert wrong is not None
    assert wrong.latex.replace(" ", "") == one.replace(" ", "")


def test_numbers_are_no_formula_of_another() -> None:
    told = judged("v = 0.5", "p = 1", "r = 0.5", "r = 0.6")[3].suggestion
    assert told is not None
    assert told.edit == "0.6 should be 0.5"


def test_the_right_formula_for_the_same_left_side_comes_before_one_that_ends_alike() -> None:
    one, other = r"\frac{dE}{dw} = (s - q) h", r"\frac{dE}{dv} = (s - q) w (1 - h^2) p"
    copied = r"\frac{dE}{dv} = (s - q) h"
    wrong = judged(one, other, copied)[2].suggestion
    assert wrong is not None
    assert wrong.latex == other
