r"""Index expressions: affine ones as they are, rounded ones as guarded auxiliary axes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from derive.evaluate import EXACT, evaluate
from derive.expr import Value
from derive.index import Axis, Index, Size, axis
from derive.reading.indices import NotAnIndex, Place, index_of
from derive.reading.parse import parse

N = Size("N")
I_ = axis("i", -5, 9)
U = axis("u", -2, 2)
LETTERS = {"i": Index.of(I_), "u": Index.of(U), "N": Index.of(N), "s": Index.of(3)}


def place(latex: str) -> Place:
    return index_of(parse(latex).items[0], LETTERS)


@pytest.mark.parametrize(
    ("latex", "index"),
    [
        ("2i - u", 2 * Index.of(I_) - U),
        ("i - (-u)", Index.of(I_) + U),
        ("N(i - 1) + u", Index.of(N) * (Index.of(I_) - 1) + U),
        ("N \\cdot N", Index.of(N) * N),
        ("N^2 + 1", Index.of(N) * N + 1),
        ("10^9", Index.of(10**9)),
        ("s i + 4/2", 3 * Index.of(I_) + 2),
        ("\\frac{2 i + 4}{2}", Index.of(I_) + 2),
        ("-i", -Index.of(I_)),
        ("(i)", Index.of(I_)),
    ],
)
def test_affine(latex: str, index: Index) -> None:
    assert place(latex) == Place(index)


@pytest.mark.parametrize(
    ("latex", "meaning"),
    [
        (r"\lceil i/2 \rceil", lambda i, u: -(-i // 2)),
        (r"\lfloor i/2 \rfloor", lambda i, u: i // 2),
        (r"\lceil (i - u)/s \rceil + 1", lambda i, u: -((u - i) // 3) + 1),
        (
            r"\lfloor \frac{i + 1}{4} \rfloor - \lceil u/2 \rceil",
            lambda i, u: (i + 1) // 4 + -u // 2,
        ),
        (r"i \bmod 3", lambda i, u: i % 3),
        (r"i - 2 \lfloor i/2 \rfloor", lambda i, u: i % 2),
    ],
)
def test_rounded_ones_are_pinned_to_one_value(
    latex: str, meaning: Callable[[int, int], int]
) -> None:
    found = place(latex)
    total = evaluate(found.around(Value(found.index)), (I_, U), {}, {}, number=EXACT)
    for k, i in enumerate(range(-5, 10)):
        for n, u in enumerate(range(-2, 3)):
            if "lceil u" in latex:
                assert total[k, n] == (i + 1) // 4 - -(-u // 2)
            else:
                assert total[k, n] == meaning(i, u)


@given(st.integers(1, 6), st.integers(-9, 9), st.integers(0, 12), st.booleans())
def test_every_rounding_has_one_term(n: int, low: int, length: int, up: bool) -> None:
    letter = axis("i", low, low + length)
    marks = ("ceil", "ceil") if up else ("floor", "floor")
    node = parse(rf"\l{marks[0]} i/{n} \r{marks[1]}").items[0]
    found = index_of(node, {"i": Index.of(letter)})
    total = evaluate(found.around(Value(found.index)), (letter,), {}, {}, number=EXACT)
    for k, i in enumerate(range(low, low + length + 1)):
        assert total[k] == (-(-i // n) if up else i // n)


def test_the_auxiliary_axis_takes_the_range_of_the_slot() -> None:
    home = (Index.of(1), Index.of(N))
    letter = Axis("i", Index.of(1), 2 * Index.of(N))
    found = index_of(parse(r"\lceil i/2 \rceil").items[0], {"i": Index.of(letter)}, home)
    assert found.exact
    assert (found.axes[0].lo, found.axes[0].hi) == home


def test_a_hull_is_not_exact() -> None:
    letter = Axis("i", Index.of(1), Index.of(N))
    assert not index_of(parse(r"\lceil i/2 \rceil").items[0], {"i": Index.of(letter)}).exact


@pytest.mark.parametrize(
    ("latex", "message"),
    [
        ("i u", "not affine"),
        ("i/2", "no whole number"),
        ("i/N", "divided by a size"),
        ("N/i", "constant other than 0"),
        ("k + 1", "k is no index here: neither one of the left side nor summed over"),
        ("\\hat i", "is no index"),
        ("0.5", "no whole number"),
        ("\\lceil i/(N - 4) \\rceil", "may be 0 or negative"),
        ("\\sum_k k", "this is no index"),
    ],
)
def test_what_is_no_index(latex: str, message: str) -> None:
    with pytest.raises(NotAnIndex, match=message) as caught:
        place(latex)
    assert caught.value.offset is not None
