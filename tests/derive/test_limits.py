"""A window is printed as a point or as limits, and the print says what the guards say."""

from __future__ import annotations

import re
from fractions import Fraction
from math import ceil, floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from derive.expr import Expr, Guard, Summation, product
from derive.index import Index, axis
from derive.latex import latex
from derive.reading.parse import parse
from tests.models import at, correlation_relu


def windowed(stride: int, low: int, high: int, hi: int = 3, n: int = 8) -> Expr:
    """``sum_a [low <= i - stride*a <= high] z[a]`` with i = 0..n, a = 0..hi."""
    i, a = axis("i", 0, n), axis("a", 0, hi)
    inner = Index.of(i) - stride * Index.of(a)
    return Summation((a,), product(Guard(inner - low), Guard(high - inner), at("z", a)))


WINDOWS = {
    "the window as wide as the stride is one point": (
        windowed(2, 0, 1, n=7),
        r"z_{\lfloor i/2 \rfloor}",
    ),
    "a point that leaves the range says so": (
        windowed(3, 0, 2, n=12),
        r"[\lfloor i/3 \rfloor \le 3] \, z_{\lfloor i/3 \rfloor}",
    ),
    "and on both sides": (
        windowed(2, -4, -3, n=7),
        r"[\lceil (i+3)/2 \rceil \le 3] \, z_{\lceil (i+3)/2 \rceil}",
    ),
    "overlapping windows are limits": (
        windowed(2, 0, 2, hi=4, n=8),
        r"\sum_{a=\max(0, \lceil (i-2)/2 \rceil)}^{\lfloor i/2 \rfloor} z_a",
    ),
    "gapped windows too": (
        windowed(3, 0, 1, n=10),
        r"\sum_{a=\lceil (i-1)/3 \rceil}^{\lfloor i/3 \rfloor} z_a",
    ),
}


@pytest.mark.parametrize("what", WINDOWS)
def test_windows_become_points_or_limits(what: str) -> None:
    expr, printed = WINDOWS[what]
    assert latex(expr, correlation_relu()) == printed
    parse(printed)


@given(
    st.integers(2, 4), st.integers(-3, 3), st.integers(0, 4), st.integers(0, 4), st.integers(0, 9)
)
def test_what_is_printed_of_a_window_is_what_the_guards_say(
    stride: int, low: int, width: int, hi: int, n: int
) -> None:
    printed = latex(windowed(stride, low, low + width, hi, n), correlation_relu())
    for i in range(n + 1):
        wanted = [a for a in range(hi + 1) if low <= i - stride * a <= low + width]
        assert said(printed, i) == wanted, printed


ROUNDED = re.compile(r"\\l(ceil|floor) \(?i([+-]\d+)?\)?/(\d) \\r(?:ceil|floor)|(-?\d+)")


def values(text: str, i: int) -> list[int]:
    """The integers and the rounded quotients of ``i`` that stand in ``text``, in order."""
    out = []
    for kind, shift, stride, plain in ROUNDED.findall(text):
        top = i + int(shift or 0)
        quotient = Fraction(top, int(stride or 1))
        out.append(int(plain) if plain else ceil(quotient) if kind == "ceil" else floor(quotient))
    return out


def said(printed: str, i: int) -> list[int]:
    """The values of ``a`` that the text lets through."""
    if match := re.fullmatch(r"\\sum_\{a=(.*)\}\^\{(.*)\} z_a", printed):
        return list(range(max(values(match[1], i)), min(values(match[2], i)) + 1))
    *conditions, read = printed.split(r" \, ")
    fits = all(values(c, i) == sorted(values(c, i)) for c in conditions)
    return values(read, i) if fits else []
