"""What numbers elsewhere explain: slips that go on, data given otherwise, values given later."""

from __future__ import annotations

from derive.reading.sheet import model_from_text
from verify.judge import judge_text
from verify.verdict import Status, Verdict

# Two layers of one line each: h = (5, 1), o = 11, E = 8.
NET = model_from_text(
    r"""---
loss: E
inputs: [x, y]
sizes: {n: 2, m: 2}
types: {x: column n, W: matrix m n, w: column m, y: scalar}
---
$$ h = W x $$
$$ o = w^T h $$
$$ E = \frac12 (o - y)^2 $$
""",
    "net",
)
X = r"$$ x = \begin{bmatrix} 1.5 \\ 0.25 \end{bmatrix} $$"
W = r"$$ W = \begin{bmatrix} 1.2 & 0.4 \\ -0.6 & 2.4 \end{bmatrix} $$"
V = r"$$ w = \begin{bmatrix} 0.8 \\ -1.1 \end{bmatrix} $$"
Y = "$$ y = 0.9 $$"
# h = (1.9, -0.3), o = 1.85, E = 0.45125, ∂E/∂w = 0.95 h, ∂E/∂h = 0.95 w.


def judged(*displays: str) -> tuple[Verdict, ...]:
    return judge_text("\n\n".join(displays), NET).claims


def array(left: str, *numbers: str) -> str:
    rows = r" \\ ".join(numbers)
    return rf"$$ {left} = \begin{{bmatrix}} {rows} \end{{bmatrix}} $$"


def last(*displays: str) -> Verdict:
    return judged(X, W, V, Y, *displays)[-1]


def test_what_follows_from_a_wrong_number_names_its_line() -> None:
    wrong = array("h", "1.9", "0.3")
    verdict = last(wrong, "$$ o = 1.19 $$")
    assert verdict.status is Status.REFUTED
    assert verdict.conditions == ("right if h is as line 9 shows it",)


def test_what_follows_from_several_given_numbers_names_all_their_lines() -> None:
    # With them h = (2.6, 0.2) and o = 2.6 · 0.4 - 0.2 · 2.2.
    old = (
        array("W", "1.6 & 0.8", "0.05 & 0.5"),
        array("w", "0.4", "-2.2"),
    )
    verdict = judged(X, *old, Y, W, V, "$$ o = 0.6 $$")[-1]
    assert verdict.status is Status.REFUTED
    assert verdict.conditions == ("right if w is as line 5 shows it and W is as line 3 shows it",)


def test_what_follows_from_right_numbers_names_none() -> None:
    assert last(array("h", "1.9", "-0.3"), "$$ o = 1.19 $$").conditions == ()


def test_one_given_number_that_differs_is_told() -> None:
    # With y = 0.6 the slope is 1.25.
    gradient = r"\frac{\partial E}{\partial w}"
    verdict = last(array(gradient, "2.375", "-0.375"))
    assert verdict.status is Status.REFUTED
    assert verdict.conditions == ("right if y is 0.6",)


def test_one_of_many_given_numbers_is_told_by_more_digits() -> None:
    sheet = "---\nloss: o\ninputs: [x]\nsizes: {n: 6}\ntypes: {x: column n, w: column n}\n---\n"
    sums = model_from_text(f"{sheet}$$ o = w^T x $$", "sums")
    given = (
        array("x", "1.5", "0.25", "0.8", "1.1", "0.35", "0.6"),
        array("w", "0.7", "0.3", "0.9", "0.4", "0.6", "0.2"),
    )
    deck = "\n\n".join((*given, "$$ o = 2.965 $$", "$$ o = 2.9650 $$"))
    few, more = judge_text(deck, sums).claims[-2:]
    assert (few.status, more.status) == (Status.REFUTED, Status.REFUTED)
    assert (few.conditions, more.conditions) == ((), ("right if x(1) is 2",))


def test_a_digit_that_another_given_number_leaves_wrong_is_told() -> None:
    # With y = 0.6 the slope is 1.25.
    gradient = r"\frac{\partial E}{\partial w}"
    verdict = last(array(gradient, "2.375", "-0.376"))
    assert verdict.conditions == ("right if y is 0.6, but for the last digit in row 2, column 1",)


def test_numbers_of_nothing_are_explained_by_nothing() -> None:
    verdict = last(array(r"\frac{\partial E}{\partial w}", "2.371", "-0.412"))
    assert verdict.conditions == ()


def test_values_given_before_are_remembered() -> None:
    other = r"$$ W = \begin{bmatrix} 7.2 & 3.4 \\ -5.6 & 9.4 \end{bmatrix} $$"
    verdict = last(other, array("h", "1.9", "-0.3"))
    assert verdict.conditions == ("right if W is as line 3 shows it",)


def test_a_value_that_is_given_later_counts() -> None:
    slope = array(r"\frac{\partial E}{\partial h}", "0.760", "-1.045")
    verdict = judged(X, W, Y, slope, V)[3]
    assert verdict.status is Status.CONFIRMED
    assert verdict.message.endswith("with w as line 9 gives it")


def test_a_slip_beside_numbers_that_agree_with_a_later_value_is_refuted() -> None:
    slope = array(r"\frac{\partial E}{\partial h}", "0.760", "1.045")
    verdict = judged(X, W, Y, slope, V)[3]
    assert verdict.status is Status.REFUTED


def test_numbers_that_a_later_value_does_not_give_are_perhaps_of_another_example() -> None:
    slope = array(r"\frac{\partial E}{\partial h}", "0.512", "0.377")
    assert judged(X, W, Y, slope, V)[3].status is Status.UNDECIDED


def test_a_later_value_of_another_example_does_not_count() -> None:
    slope = array(r"\frac{\partial E}{\partial h}", "0.760", "1.045")
    verdict = judged(X, W, Y, slope, "$$ y = 0.3 $$", V)[3]
    assert verdict.status is Status.UNDECIDED
    assert "no value is declared for w" in verdict.message


def test_wrong_cells_are_written_again() -> None:
    verdict = last(array("h", "1.9", "0.3"))
    assert verdict.suggestion is not None
    assert verdict.suggestion.edit == "0.3 should be -0.3"
    assert verdict.counterexample is not None
    assert verdict.counterexample["shown"] == "0.3"


def test_an_array_for_an_undeclared_error_defines_nothing() -> None:
    table = array(r"\delta", "0.512", "0.377")
    found = judged(X, W, V, Y, table, "$$ z = 1 $$", table)
    statuses = {v.status for v in found if v.latex.startswith(r"\delta")}
    assert not statuses & {Status.DEFINITION, Status.CONFIRMED, Status.PROVED}
