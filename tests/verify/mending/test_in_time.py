r"""Repair in recurrences: what stands at another time, and what is read beyond the last."""

from __future__ import annotations

import pytest

from tests.corpus.judging import verdict


def test_an_array_of_the_time_before_is_put_back() -> None:
    claim = r"\frac{\partial L}{\partial f_t} = \frac{\partial L}{\partial c_t}"
    suggestion = verdict("recurrence_lstm", claim).suggestion
    assert suggestion is not None
    assert "".join(suggestion.latex.split()) == "".join((claim + r" \odot c_{t-1}").split())


@pytest.mark.long
def test_a_sign_before_the_next_time_is_mended() -> None:
    claim = (
        r"\delta_i(t) = (1 - h_i(t)^2) "
        r"\left( h_i(t) - d_i(t) - \sum_{j=1}^{n} W_{ji} \delta_j(t+1) \right)"
    )
    suggestion = verdict("recurrence_elements", claim).suggestion
    assert suggestion is not None
    assert suggestion.latex == claim.replace(r"- \sum", r"+ \sum")
