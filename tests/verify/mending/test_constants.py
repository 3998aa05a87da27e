r"""A wrong number in front, where the right one is made of sizes: ``\frac{1}{N}`` for ``1/3``."""

from __future__ import annotations

import pytest

from derive.reading.document import document_from_text
from tests.verify.claims import sheet
from verify.judge import judge_deck

LINE = sheet(r"""---
loss: L
sizes: {N: 4}
inputs: [x, 'y']
---
$$ L = \frac{1}{2N} \sum_{i=1}^N (m x_i + c - y_i)^2 $$
""")
REST = r"\sum_{i=1}^N (m x_i + c - y_i)"


@pytest.mark.parametrize("shown", [r"(1/3)", r"\frac13", r"\frac{2}{3}"])
def test_the_symbol_comes_before_its_value(shown):
    deck = document_from_text(rf"$$ \frac{{\partial L}}{{\partial c}} = {shown} {REST} $$")
    (found,) = judge_deck(deck, LINE).claims
    assert found.suggestion is not None
    assert found.suggestion.latex.endswith(rf"= \frac{{1}}{{N}} {REST}")
