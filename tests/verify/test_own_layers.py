r"""Pages that state their layers once, ``z^l = w^l a^{l-1} + b^l``, as the books do."""

from __future__ import annotations

import re

import pytest

from tests.verify.test_own import judged
from verify.verdict import Status

PAGE = r"""
$$ z^l = w^l a^{l-1} + b^l, \quad a^l = \tanh(z^l) $$ $$ C = \frac12 \| a^L - y \|^2 $$
"""
SAID = r"$$ \delta^l = \frac{\partial C}{\partial z^l} $$"


def statuses(page: str, *claims: str) -> list[Status]:
    found = judged(page + "".join(f"\n\n$$ {c} $$" for c in claims)).claims
    return [v.status for v in found[len(found) - len(claims) :]]


def in_brackets(text: str) -> str:
    """The same with the layers in square brackets."""
    return re.sub(r"\^(?:\{([lL](?:[-+]1)?)\}|([lL]))", r"^{[\1\2]}", text)


@pytest.mark.parametrize("dress", [str, pytest.param(in_brackets, marks=pytest.mark.long)])
def test_right_is_proved_and_wrong_is_not(dress: type[str]) -> None:
    right = (
        r"\delta^{L} = (a^{L} - y) \odot (1 - a^{L} \odot a^{L})",
        r"\delta^{l} = ((w^{l+1})^T \delta^{l+1}) \odot (1 - a^{l} \odot a^{l})",
        r"\frac{\partial C}{\partial w^{l}_{jk}} = a^{l-1}_k \delta^{l}_j",
    )
    wrong = (
        r"\delta^{l} = ((w^{l})^T \delta^{l+1}) \odot (1 - a^{l} \odot a^{l})",
        r"\frac{\partial C}{\partial w^{l}_{jk}} = a^{l}_k \delta^{l}_j",
    )
    page = dress(PAGE + SAID)
    assert statuses(page, *map(dress, right)) == [Status.PROVED] * 3
    assert set(statuses(page, *map(dress, wrong))) <= {Status.REFUTED, Status.ILL_FORMED}


def test_an_error_that_nothing_declares_is_open() -> None:
    recursion = r"\delta^l = ((w^{l+1})^T \delta^{l+1}) \odot (1 - a^l \odot a^l)"
    assert statuses(PAGE, r"\frac{\partial C}{\partial b^l} = \delta^l", recursion) == [
        Status.UNDECIDED, Status.UNDECIDED,
    ]  # fmt: skip


def test_what_was_taken_for_granted_is_said() -> None:
    assumed = judged(PAGE + SAID + r"$$ \frac{\partial C}{\partial b^l} = \delta^l $$").assumed
    assert any("3 layers" in line for line in assumed)
    assert any(line.startswith("w^{l} is a matrix") for line in assumed)


CHAIN = r"""
$C_0(\dots) = (a^{(L)} - y)^2$, $z^{(L)} = w^{(L)} a^{(L-1)} + b^{(L)}$, $a^{(L)} = \sigma(z^{(L)})$
"""


def test_the_last_neuron_of_a_chain() -> None:
    right = r"\frac{\partial C_0}{\partial a^{(L-1)}} = 2 (a^{(L)} - y) \sigma'(z^{(L)}) w^{(L)}"
    wrong = r"\frac{\partial C_0}{\partial b^{(L)}} = 2 (a^{(L)} - y) \sigma'(z^{(L)}) w^{(L)}"
    assert statuses(CHAIN, right, wrong) == [Status.PROVED, Status.REFUTED]
    assert "w^{(L)} is a number" in judged(f"{CHAIN}\n\n$$ {right} $$").assumed


def test_what_stands_in_the_way_is_told_of_a_layer() -> None:
    page = PAGE + SAID
    (row,) = judged(
        page + r"$$ \frac{\partial C}{\partial w^l_{jk}} = \delta_j^l"
        r" \frac{\partial}{\partial w^l_{jk}} (w_j^l \cdot a^{l-1} + b_j^l) $$"
    ).claims[-1:]
    assert row.status is Status.UNDECIDED
    assert "nothing declares what w_j^2 means" in row.message
    (loose,) = judged(
        page + r"$$ \delta_j^l = \frac{\partial C}{\partial a_k^l} \tanh'(z_j^l) $$"
    ).claims[-1:]
    assert loose.status is Status.ILL_FORMED
    assert "k is no index here" in loose.message
