r"""Signs that a displayed sum lacks: read as +, and said."""

from __future__ import annotations

import pytest

from verify.left_out_signs import BEHIND_DOTS, LINE, left_out_signs


@pytest.mark.parametrize(
    ("formula", "notes"),
    [
        (r"s = a_1 b_1 + \dots \\ & a_3 b_3 \\ & a_4 b_4", (LINE,)),
        (r"s = a_1 b_1 + \dots a_4 b_4", (BEHIND_DOTS,)),
        (r"s = a_1 b_1 + \dots \\ & + a_3 b_3 + a_4 b_4", ()),
        (r"s = (a_1) + {a_2} + \dots + a_4", ()),
        (r"s = a_1 - a_2 − \dots − a_4", ()),
        (r"s = a_1 a_2 \dots a_4", ()),
    ],
)
def test_a_line_and_what_follows_dots_are_added_without_a_sign(
    formula: str, notes: tuple[str, ...]
) -> None:
    assert left_out_signs(formula) == notes
