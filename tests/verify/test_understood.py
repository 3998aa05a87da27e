"""What was understood, or why it was not, is not worked out twice."""

from __future__ import annotations

from unittest.mock import patch

import pytest

from derive.equations import Notation
from derive.errors import IllFormed
from derive.reading.context import EMPTY
from derive.reading.lexicon import Entry
from derive.reading.problems import Reading
from tests.verify.sheets import bench
from verify import understood as module
from verify.setting import Convention, Setting
from verify.understood import read_afresh, understood


def test_why_a_formula_means_nothing_is_told_again_without_another_reading() -> None:
    setting = Setting(bench(), EMPTY)
    with patch.object(module, "read_afresh", side_effect=read_afresh) as reading:
        told = []
        for _ in range(3):
            with pytest.raises(IllFormed) as caught:
                understood(r"\nonsense_{i} = 1 + \nonsense_{j}^{k}", setting, Convention())
            told.append(str(caught.value))
    assert reading.call_count == 1
    assert len(set(told)) == 1


def test_a_declaration_may_give_what_failed_a_meaning() -> None:
    setting = Setting(bench(), EMPTY)
    text = r"\nonsense + 1 = 3"
    with pytest.raises(IllFormed):
        understood(text, setting, Convention())
    number = Reading("", Entry(Notation(r"\nonsense"), 0, "n", ranges=()))
    assert understood(text, setting, Convention(declared=(number,))).statement.sides
