"""Tables under a label: values that the deck gives, claims cell by cell, parts and borders."""

from __future__ import annotations

from tests.verify.valued_models import CHAIN, FILTER, FILTERED, context, judged
from verify.verdict import Status, Verdict

CONFIRMED, REFUTED = Status.CONFIRMED, Status.REFUTED
UNDECIDED, DEFINITION = Status.UNDECIDED, Status.DEFINITION


def last(numbers: str, front: str = "") -> Verdict:
    """The verdict on what follows the values of the filter."""
    under = {"under": context(front)} if front else {}
    return judged(FILTERED + numbers, FILTER, **under)[-1]


def test_tables_of_inputs_and_parameters_give_their_values() -> None:
    assert {v.status for v in judged(FILTERED, FILTER)} == {DEFINITION}


def test_a_table_of_a_computed_array_is_a_claim_cell_by_cell() -> None:
    right = last("$Z$\n\n0\t7\t2\n-2\t-1\t2\n3\t-2\t3\n")
    assert right.status is CONFIRMED
    assert len(right.parts) == 9
    wrong = last("$Z$\n\n0\t7\t2\n-2\t-1\t5\n3\t-2\t3\n")
    assert wrong.status is REFUTED
    assert wrong.message.startswith("row 2, column 3 shows 5: the value is 2")
    assert [p.status for p in wrong.parts].count(REFUTED) == 1


def test_arrays_in_formulas_are_tables_too() -> None:
    assert (
        last(r"$$ Y = \begin{bmatrix} 0 & 7 & 2 \\ 0 & 0 & 2 \\ 3 & 0 & 3 \end{bmatrix} $$").status
        is CONFIRMED
    )
    assert last(r"$$ Y = [[0, 7, 2], [0, 0, 2], [3, 0, 4]] $$").status is REFUTED


def test_a_size_behind_the_label_leaves_it_the_label() -> None:
    right, size = judged(FILTERED + "$Z$ (size $3 \\times 3$)\n\n0\t7\t2\n-2\t-1\t2\n3\t-2\t3\n",
                         FILTER)[-2:]  # fmt: skip
    assert right.status is CONFIRMED
    assert size.status is Status.PROVED


def test_a_part_of_a_table_is_judged_by_what_it_shows() -> None:
    assert last("$Z$\n\n0\t7\t\n").status is CONFIRMED
    assert last("$Z$\n\n0\t7\t2\n-2\t\t\n").status is CONFIRMED
    assert last("$Z$\n\n0\t8\t\n").status is REFUTED


def test_a_table_of_another_shape_is_not_the_arrays() -> None:
    assert last("$Z$\n\n0\t7\n-2\t-1\n").status is Status.ILL_FORMED
    assert last("$K$\n\n1\t-1\t4\n0\t2\t4\n").status is Status.ILL_FORMED


def test_a_border_of_zeros_is_padding() -> None:
    found = last(
        "$Y$\n\n0\t0\t0\t0\t0\n0\t0\t7\t2\t0\n0\t0\t0\t2\t0\n0\t3\t0\t3\t0\n0\t0\t0\t0\t0\n"
    )
    assert found.status is CONFIRMED
    assert (
        last(
            "$Y$\n\n0\t0\t0\t0\t0\n0\t0\t7\t2\t0\n0\t0\t0\t2\t0\n0\t3\t0\t9\t0\n0\t0\t0\t0\t0\n"
        ).status
        is REFUTED
    )


def test_a_star_is_what_the_numbers_tell_or_what_is_declared() -> None:
    numbers = "$X * K$\n\n1\t8\t3\n-1\t0\t3\n4\t-1\t4\n"
    found = last(numbers)
    assert found.status is UNDECIDED
    assert any("correlation" in c for c in found.conditions)
    assert last(numbers, "operators: {'*': correlation}").status is CONFIRMED
    declared = last(numbers, "operators: {'*': convolution}")
    assert declared.status is REFUTED
    assert declared.conditions == ("right if * means correlation",)


def test_columns_under_symbols_give_a_value_for_each_sample() -> None:
    sheet = (
        "---\ninputs: [x]\nsizes: {n: 3}\nvalues: {m: 2}\n---\n"
        r"$$ y_i = m x_i, \quad i = 1, \dots, n $$"
    )
    deck = "| $x$ | $y$ |\n|---|---|\n| 0.5 | 1 |\n| 1 | 2 |\n| 2 | {} |\n\n$m = 2$"
    assert [v.status for v in judged(deck.format(4), sheet)] == [DEFINITION, CONFIRMED, CONFIRMED]
    assert [v.status for v in judged(deck.format(5), sheet)] == [DEFINITION, REFUTED, CONFIRMED]
    other = "| $x$ | $y$ |\n|---|---|\n| 0.5 | 1 |\n\n$m = 2$"
    assert [v.status for v in judged(other, sheet)] == [UNDECIDED, UNDECIDED, CONFIRMED]


def test_one_whole_number_under_a_formula_may_number_a_page() -> None:
    sheet = "---\ninputs: [x]\nvalues: {x: 3}\n---\n$$ y = x^2 $$"
    assert judged("$y$\n\n9\n", sheet)[-1].status is CONFIRMED
    assert judged("$y$\n\n12\n", sheet)[-1].status is UNDECIDED


def test_a_second_value_is_another_example_or_a_slip() -> None:
    again = last("$X$\n\n1\t2\t0\t1\n0\t1\t3\t2\n2\t0\t1\t1\n1\t1\t0\t5\n")
    assert again.status is UNDECIDED
    assert again.conditions == ("right if another example is meant",)
    other = last("$K$\n\n2\t3\n4\t5\n")
    assert other.status is DEFINITION
    assert "another value than before" in other.message


def test_numbers_of_what_the_model_does_not_have_define_nothing() -> None:
    assert last("$Q$\n\n1\t2\n3\t4\n").status is DEFINITION


def test_an_array_that_names_itself_in_its_head_is_a_table() -> None:
    found = last(
        r"$$ = \begin{array}{ccc} & Z \\ 0 & 7 & 2 \\ -2 & -1 & 2 \\ 3 & -2 & 3 \end{array} $$"
    )
    assert found.status is CONFIRMED
    assert len(found.parts) == 9
    assert last(r"$$ \begin{array}{c} Q = 1 \\ 3 \end{array} $$").status is not CONFIRMED


def test_what_a_program_printed_is_right_to_single_precision() -> None:
    deck = "$h$ and $o$\n\no: {} loss: 0.10258052498102188\n"
    assert [v.status for v in judged(deck.format("0.5470529198646545"))] == [CONFIRMED] * 2
    assert judged(deck.format("0.5471529198646545"))[0].status is UNDECIDED
    # by hand nobody writes so many digits of a value in single precision
    assert judged("$o = 0.5470529198646545$")[0].status is REFUTED


def test_damaged_labels_are_mended_and_said_so() -> None:
    sheet = "---\ninputs: [x]\nvalues: {x: 3}\n---\n" + r"$$ \theta = x^2 $$"
    found = judged("$heta$\n\n9.0\n", sheet)[-1]
    assert found.status is CONFIRMED
    assert r"heta is read as \theta" in found.assumptions


def test_a_parameter_given_again_may_be_a_step_away() -> None:
    sheet = CHAIN.replace(", v_1: -0.5, v_2: 0.5", "")
    deck = "$v_1 = -0.5$, $v_2 = 0.5$, $v_2 = {}$"
    step = judged(deck.format("0.5042373"), sheet)[-1]
    (condition,) = step.conditions
    assert condition == "right if v_2 stands for its value after a step with learning rate 0.1"
    none = judged(deck.format("0.4958"), sheet)[-1]
    assert none.status is UNDECIDED
    assert "no learning rate makes" in none.message
    after = judged(deck.format("0.4958") + ", $q = 0.1872$", sheet)[-1]  # 0.4958 · 0.37754
    assert after.status is CONFIRMED
    back = judged(deck.format("0.4958") + ", $v_2 = 0.50$", sheet)[-1]
    assert back.status is DEFINITION
    assert judged(deck.format("2"), sheet)[-1].status is DEFINITION


SHARES = r"""---
loss: E
inputs: [t, q]
types: {t: column 3, q: column 3}
values: {t: [0, 1, 0], q: [0.05, 0.8, 0.15]}
---
$$ E = - \sum_{i=1}^{3} t_i \log q_i $$
"""


def test_a_number_that_stands_for_nothing_is_told_where_it_is_multiplied_by_zero() -> None:
    right = r"$$ E = -(0 \log 0.05 + 1 \log 0.8 + 0 \log 0.15) $$"
    (verdict,) = judged(right, SHARES)
    assert verdict.message == "the numbers put in are the model's values"
    (verdict,) = judged(right.replace("0.05", "0.5"), SHARES)
    assert verdict.status is CONFIRMED
    assert "but for 0.5, which is none of them and is multiplied by 0" in verdict.message
    (verdict,) = judged(right.replace("0.8", "0.9"), SHARES)
    assert verdict.status is REFUTED


def test_what_a_number_stands_for_is_named_as_the_author_does_and_by_the_left_side() -> None:
    under = context(r"code: {net.v.grad: '\partial E / \partial v_2'}")
    text = r"v_2 - 0.1 \frac{\partial E}{\partial v_2} = 0.5 - 0.1(-0.042374)"
    (verdict,) = judged(text, CHAIN, under)
    assert verdict.message.startswith("0.042374 stands for ∂E/∂v_2 = ")
