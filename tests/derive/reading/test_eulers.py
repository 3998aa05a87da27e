r"""Experts are counted by e as well: ``e^{H_{be}}`` is an exponential all the same."""

from __future__ import annotations

from tests.verify.claims import judged, not_refuted, not_right, sheet

EXPERTS = r"""---
sizes: {B: 2, E: 3, d: 2}
---
$$ G_{be} = \frac{e^{H_{be}}}{\sum_{k=1}^{E} e^{H_{bk}}}, \quad b = 1, \dots, B,\ e = 1, \dots, E $$
$$ Y_{bi} = \sum_{e=1}^{E} G_{be} F_{bei}, \quad b = 1, \dots, B,\ i = 1, \dots, d $$
"""
SLOPE = r"\frac{\partial L}{\partial H_{be}} = \sum_{i} \frac{\partial L}{\partial Y_{bi}} G_{be}"


def test_what_a_tensor_stands_above_is_no_index() -> None:
    right = [rf"{SLOPE} (F_{{bei}} - Y_{{bi}})", r"\ln \frac{G_{be}}{G_{b1}} = H_{be} - H_{b1}"]
    assert not_right(judged(sheet(EXPERTS), right)) == []
    assert not_refuted(judged(sheet(EXPERTS), [rf"{SLOPE} F_{{bei}}"])) == []
