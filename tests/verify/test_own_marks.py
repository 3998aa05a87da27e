r"""A page's d in front of a symbol marks its gradient, capitals below symbols are their names."""

from __future__ import annotations

from tests.verify.test_own import judged
from verify.verdict import Status

HEAD = r"""
$X \in \mathbb{R}^{T \times d}$, $W_Q, W_K \in \mathbb{R}^{d \times m}$.
$$ Q = X W_Q, \quad K = X W_K, \quad S = Q K^\top $$
"""


def statuses(text: str) -> list[Status]:
    """Of what stands behind the head's formulas."""
    return [v.status for v in judged(HEAD + text).claims[5:]]


def test_a_page_says_what_its_d_marks_though_d_is_a_size_too() -> None:
    said = r"Given $dS = \partial L / \partial S$: "
    assert statuses(said + r"$$ dQ = dS K $$ $$ dK = dS Q $$ $$ dW_K = X^\top dK $$") == [
        Status.DEFINITION, Status.PROVED, Status.REFUTED, Status.PROVED,
    ]  # fmt: skip


def test_where_nothing_is_said_a_size_before_a_symbol_stays_open() -> None:
    assert statuses(r"$$ dQ = dS K $$") == [Status.UNDECIDED]


def test_what_is_computed_from_marked_gradients_is_no_equation_of_the_network() -> None:
    page = r"Given $dS = \partial L / \partial S$: $$ r_i = \sum_j dS_{ij} S_{ij} $$"
    slope = r"$$ \sum_j \frac{\partial L}{\partial S_{ij}} S_{ij} = r_i $$"
    assert statuses(page + slope) == [Status.DEFINITION, Status.DEFINITION, Status.PROVED]
    wrong = slope.replace("= r_i", "= 2 r_i")
    assert statuses(page + wrong)[-1] is Status.REFUTED
