"""Data that a deck gives twice with one number that differs are told together."""

from __future__ import annotations

from derive.reading.sheet import model_from_text
from verify.judge import judge_text
from verify.verdict import Status

MEAN = model_from_text(
    "---\nloss: E\ninputs: [t]\nsizes: {n: 4}\ntypes: {t: column n}\n---\n"
    r"$$ E = \frac{1}{n} \sum_{i=1}^{n} t_i $$",
    "mean",
)
FIRST = r"$$ t = \begin{bmatrix} 0.5 \\ 0.8 \\ 1.5 \\ 2.5 \end{bmatrix} $$"
SECOND = FIRST.replace("0.8", "8.0")
OTHER = r"$$ t = \begin{bmatrix} 1.5 \\ 2.8 \\ 3.5 \\ 4.5 \end{bmatrix} $$"


def test_one_number_that_differs_is_told_with_both_places() -> None:
    judgement = judge_text(f"{FIRST}\n\n{SECOND}\n\n{FIRST}", MEAN)
    assert judgement.claims[1].status is Status.UNDECIDED
    (pair,) = judgement.contradictions
    assert (pair.subject, pair.first.line, pair.second.line) == ("t", 1, 3)
    assert pair.message == "0.8 stands in line 1 (2 places), 8 in line 3"


def test_another_example_contradicts_nothing() -> None:
    assert judge_text(f"{FIRST}\n\n{OTHER}", MEAN).contradictions == ()


def test_the_value_of_a_letter_is_shown_as_nothing_else() -> None:
    deck = "$$ k = 2 $$\n\n$$ k = 1 $$"
    assert [v.read_as for v in judge_text(deck, MEAN).claims] == ["", ""]
