r"""Layers listed with the size that each gives follow from each other."""

from __future__ import annotations

import pytest

from derive.reading.document import document_from_text
from tests.verify.valued_models import model
from verify.judge import judge_deck
from verify.verdict import Status, Verdict

CONFIRMED, UNDECIDED, REFUTED = Status.CONFIRMED, Status.UNDECIDED, Status.REFUTED


def outputs(*lines: str) -> list[Verdict]:
    deck = document_from_text("$v_1 = -0.5$\n\n" + "\n".join(f"- {line}" for line in lines) + "\n")
    return [v for v in judge_deck(deck, model()).claims if "output" in v.latex]


@pytest.mark.parametrize(
    ("before", "line", "status"),
    [
        (20, "5x5 conv, 8 (output size: 20)", CONFIRMED),
        (20, "5x5 conv, 8 (output size: 16)", CONFIRMED),
        (20, "5x5 conv, 8 (output size: 18)", REFUTED),
        (20, "5x5 conv, 8, /2 (output size: 10)", CONFIRMED),
        (20, "5x5 conv, 8, stride 3, output: 6", CONFIRMED),
        (20, "5x5 conv, 8 (output size: 10)", UNDECIDED),
        (20, "pool, /2 (output size: 10)", CONFIRMED),
        (20, "max pool 4×4 (output size: 5)", CONFIRMED),
        (20, "max pool 4×4 (output size: 4)", REFUTED),
        (21, "pool, /2 (output size: 11)", CONFIRMED),
        (20, "pool, /2 (output size: 1)", UNDECIDED),
        (20, "pool, /2 (output size: 14)", REFUTED),
    ],
)
def test_a_layer_gives_what_its_window_and_step_leave(
    before: int, line: str, status: Status
) -> None:
    (found,) = outputs(f"Input: image (size: {before})", line)
    assert found.status is status, found.message


def test_where_other_lines_say_steps_none_is_one() -> None:
    first, second = outputs(
        "Input (size: 20)", "3x3 conv, 4 (output size: 10)", "pool, /2 (output size: 5)"
    )
    assert (first.status, second.status) == (REFUTED, CONFIRMED)
    assert first.message.endswith("with a step of 2 it gives 10")


def test_layers_without_a_size_before_them_are_no_claims() -> None:
    assert outputs("3x3 conv, 4 (output size: 10)") == []
    assert outputs("Input (size: 20)", "fully connected, 4 (output size: 10)") == []
