r"""The gradient before pooled maxima, where words say that all but the winners get nothing."""

from __future__ import annotations

import pytest

from derive.reading.context import EMPTY
from derive.reading.document import document_from_text
from derive.reading.sheet import model_from_text
from verify.judge import judge_deck
from verify.verdict import Status, Verdict

POOLED = r"""---
inputs: [H]
sizes: {n: 3}
---
$$ U(i, j) = \max_{0 \le u, v \le 1} H(2 i - u, 2 j - v), \quad i, j = 1, \dots, n $$
"""
TWICE = POOLED + r"$$ Q(i, j) = H(i, j)^2, \quad i, j = 1, \dots, 2 n $$" + "\n"
BACK = r"$$\frac{\partial E}{\partial H} = \frac{\partial E}{\partial U}%s$$"
LOSS = r"$$ E = \sum_{i=1}^{n} \sum_{j=1}^{n} U(i, j)^2 $$" + "\n"


def judged(words: str, sheet: str = POOLED + LOSS) -> Verdict:
    sheet = sheet.replace("inputs:", "loss: E\ninputs:")
    deck = document_from_text(BACK % words)
    (found,) = judge_deck(deck, model_from_text(sheet, "pooled"), EMPTY).claims
    return found


@pytest.mark.parametrize(
    "words",
    [
        r" \quad \text{(the rest is zero)}",
        r" \quad (\text{rest-zero})",
        r" \quad \text{com zeros nos demais}",
        r" \quad \text{0 elsewhere}",
    ],
)
def test_words_say_that_only_the_winners_get_something(words: str) -> None:
    found = judged(words)
    assert found.status is Status.PROVED
    assert any("the rest is 0" in said for said in found.assumptions)


@pytest.mark.parametrize(
    "words",
    [
        "",
        r" \quad \text{(upsampled)}",
        r" \quad \text{(the rest is not zero)}",
        r" \quad \text{0.5}",
    ],
)
def test_without_such_words_it_is_open(words: str) -> None:
    assert judged(words).status is not Status.PROVED


def test_what_is_read_twice_gets_more_than_the_winners_share() -> None:
    more = LOSS.replace("U(i, j)^2", "U(i, j)^2 + \\sum_{i=1}^{n} \\sum_{j=1}^{n} Q(i, j)")
    found = judged(r" \quad \text{(rest zero)}", TWICE + more)
    assert found.status is not Status.PROVED
