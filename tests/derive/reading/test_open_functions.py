r"""How far a function without brackets reaches."""

from __future__ import annotations

import pytest

from derive.reading.parse import parse
from derive.reading.surface import Call, Node, walk


def arguments(latex: str) -> list[str]:
    """The argument of every function that has no brackets, as typed."""
    calls = [n for n in _nodes(latex) if isinstance(n, Call) and not n.bracket]
    return [latex[c.args[0].span.start : c.args[0].span.end] for c in calls]


def _nodes(latex: str) -> list[Node]:
    return [n for item in parse(latex).items for n in walk(item)]


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        (r"a \cos m\theta - c \sin m\theta", [r"m\theta", r"m\theta"]),
        (r"\sin \omega t + \phi", [r"\omega t"]),
        (r"\sin 2 x \cos 3 y", ["2 x", "3 y"]),
        (r"\sin \theta \cos \phi", [r"\theta", r"\phi"]),
        (r"\frac{1}{2} \log 2\pi\sigma^2 + x", [r"2\pi\sigma^2"]),
        (r"y_i \log p_i q_i", ["p_i"]),
        (r"\log x \odot y", ["x"]),
        (r"\tanh x \, y", ["x"]),
    ],
)
def test_an_argument_without_brackets(latex: str, expected: list[str]) -> None:
    assert arguments(latex) == expected
