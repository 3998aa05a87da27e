r"""Comparisons turned round, powers that were lost, symbols in each other's place."""

from __future__ import annotations

import pytest

from derive.reading.parse import parse
from verify.mending.edits import edits


@pytest.mark.parametrize(
    ("wrong", "right", "words"),
    [
        ("g = [x_i < 0] y_i", "g = [x_i > 0] y_i", "the comparison $x_i < 0$ is turned round"),
        (
            r"g = \mathbb{1}\{m \ge d\} y_i", r"g = \mathbb{1}\{m \le d\} y_i",
            r"the comparison $m \ge d$ is turned round",
        ),
        (r"g = 1 - \tanh(x)", r"g = 1 - \tanh^2(x)", r"the square of $\tanh(x)$ is missing"),
        (r"g = 1 - \tanh x", r"g = 1 - \tanh^2 x", r"the square of $\tanh x$ is missing"),
        (
            r"g = a (1 - p) + p^\gamma", r"g = a (1 - p)^\gamma + p^\gamma",
            r"the exponent $\gamma$ of $a (1 - p)$ is missing",
        ),
        (
            r"g = V^T (a \odot b) + W^T c", r"g = W^T (a \odot b) + V^T c",
            "$V$ and $W$ are exchanged",
        ),
        ("g = a x^2", "g = a x", "the exponent $2$ is too many"),
        (r"g = \frac{v}{\|v\|^{2}}", r"g = \frac{v}{\|v\|}", "the exponent $2$ is too many"),
        (r"g = 2 \mu_j", r"g = \mu_j", "the factor $2$ is too many"),
    ],
)  # fmt: skip
def test_an_edit_undoes_the_slip(wrong: str, right: str, words: str) -> None:
    made = {e.apply(wrong): e.what for e in edits(wrong, parse(wrong))}
    assert made[right] == words


def test_indices_are_not_compared_and_letters_not_raised() -> None:
    made = [e.what for e in edits("g = x_{i (j)} y", parse("g = x_{i (j)} y"))]
    assert not any("exponent" in what for what in made)
