"""Arrays on literal indices: alignment, matrix products, convolution, rotation, vectorisation."""

from __future__ import annotations

from fractions import Fraction
from itertools import product as grid

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from derive.evaluate import EXACT, evaluate
from derive.expr import Access, Expr, add, product
from derive.index import Index, axis
from derive.reading.arrays import (
    ArrayValue,
    ShapeMismatch,
    aligned,
    elementwise,
    fits_matmul,
    matmul,
    transpose,
)
from derive.reading.convolution import convolve, correlate, rot180, unvectorise, vectorise
from derive.reading.lexicon import Lexicon
from derive.reading.scope import Scope

Span = tuple[int, int]
Values = dict[tuple[int, ...], int]


def scope() -> Scope:
    return Scope(Lexicon())


def array(name: str, *spans: Span, row: bool = False) -> ArrayValue:
    axes = tuple(axis(f"{name}{k}", lo, hi) for k, (lo, hi) in enumerate(spans))
    return ArrayValue(axes, Access(name, tuple(Index.of(a) for a in axes)), row)


def random(name: str, *spans: Span) -> tuple[np.ndarray, Values]:
    """An integer array and its entries by literal index."""
    places = list(grid(*(range(lo, hi + 1) for lo, hi in spans)))
    rng = np.random.default_rng(len(places) + ord(name))
    numbers = {
        place: int(n) for place, n in zip(places, rng.integers(-9, 9, len(places)), strict=True)
    }
    shape = tuple(hi - lo + 1 for lo, hi in spans)
    return np.array(list(numbers.values())).reshape(shape), numbers


def values(out: ArrayValue, **given_: tuple[Span, ...]) -> Values:
    """The entries of ``out`` by literal index, exactly, for the random arrays of these ranges."""
    env = {n: EXACT.asarray(random(n, *spans)[0]) for n, spans in given_.items()}
    found = evaluate(out.body, out.axes, env, given_, number=EXACT)
    starts = [a.lo.value or 0 for a in out.axes]
    return {
        tuple(k + lo for k, lo in zip(place, starts, strict=True)): int(Fraction(value))
        for place, value in np.ndenumerate(found)
    }


def small(low: int = -3) -> st.SearchStrategy[Span]:
    return st.tuples(st.integers(low, 3), st.integers(0, 4)).map(lambda t: (t[0], t[0] + t[1]))


@given(small(), small())
def test_full_convolution_is_its_definition(a: Span, b: Span) -> None:
    out = convolve(array("A", a), array("B", b), None, scope(), mode="full")
    A, B = random("A", a)[1], random("B", b)[1]
    assert (out.axes[0].lo.value, out.axes[0].hi.value) == (a[0] + b[0], a[1] + b[1])
    assert values(out, A=(a,), B=(b,)) == {
        (x,): sum(A.get((x - u,), 0) * B[u,] for u in range(b[0], b[1] + 1))
        for x in range(a[0] + b[0], a[1] + b[1] + 1)
    }


@given(small(), small())
def test_valid_convolution_keeps_to_where_all_is_read(a: Span, b: Span) -> None:
    out = convolve(array("A", a), array("B", b), None, scope(), mode="valid")
    A, B = random("A", a)[1], random("B", b)[1]
    large, small_ = (A, B) if a[1] - a[0] >= b[1] - b[0] else (B, A)
    inside = [x for x in range(-20, 21) if all((x - u,) in large for (u,) in small_)]
    assert values(out, A=(a,), B=(b,)) == {
        (x,): sum(A[x - u,] * B[u,] for u in range(b[0], b[1] + 1) if (x - u,) in A) for x in inside
    }


@given(small(), small())
def test_correlation_is_its_definition(a: Span, b: Span) -> None:
    out = correlate(array("A", a), array("B", b), None, scope(), mode="full")
    A, B = random("A", a)[1], random("B", b)[1]
    found = values(out, A=(a,), B=(b,))
    assert found == {
        (x,): sum(A.get((x + u,), 0) * B[u,] for u in range(b[0], b[1] + 1)) for (x,) in found
    }
    assert sum(found.values()) == sum(A.values()) * sum(B.values())


def test_two_dimensions_and_the_mode_that_fits() -> None:
    image, kernel = array("A", (-1, 26), (-1, 26)), array("B", (-2, 2), (-2, 2))
    for mode, (lo, hi) in {"valid": (1, 24), "full": (-3, 28)}.items():
        here = scope()
        length = Index.of(hi - lo + 1)
        out = convolve(image, kernel, (length, length), here)
        assert [(a.lo.value, a.hi.value) for a in out.axes] == [(lo, hi)] * 2
        assert here.assumptions == [f"the convolution of 28×28 and 5×5 is the {mode} one"]


def test_no_mode_fits() -> None:
    with pytest.raises(ShapeMismatch, match="valid 8×8, full 16×16"):
        convolve(
            array("A", (1, 12), (1, 12)), array("B", (0, 4), (0, 4)), (Index.of(7),) * 2, scope()
        )


@given(small())
def test_rot180_negates_indices(a: Span) -> None:
    turned = rot180(array("A", a))
    assert values(turned, A=(a,)) == {(-x,): v for (x,), v in random("A", a)[1].items()}
    assert values(rot180(turned), A=(a,)) == random("A", a)[1]


def test_vectorise_by_columns_and_rows() -> None:
    spans = ((1, 2), (1, 3), (0, 1))
    S = random("S", *spans)[1]
    by_columns = values(vectorise(array("S", *spans), True), S=spans)
    by_rows = values(vectorise(array("S", *spans), False), S=spans)
    for (q, i, j), value in S.items():
        assert by_columns[6 * (q - 1) + 3 * j + i,] == value
        assert by_rows[6 * (q - 1) + 2 * (i - 1) + j + 1,] == value


@given(st.booleans(), st.tuples(st.integers(1, 3), st.integers(1, 3), st.integers(1, 3)))
def test_unvectorise_is_the_inverse(columns: bool, lengths: tuple[int, int, int]) -> None:
    spans = tuple((1, n) for n in lengths)
    S = array("S", *spans)
    back = unvectorise(vectorise(S, columns), S.extents, columns)
    assert values(back, S=spans) == random("S", *spans)[1]


def test_unvectorise_needs_as_many_elements() -> None:
    with pytest.raises(ShapeMismatch, match="a column of 7 cannot be reshaped to 2×3"):
        unvectorise(array("f", (1, 7)), (Index.of(2), Index.of(3)), True)


def _plus(x: Expr, y: Expr) -> Expr:
    return add(x, y)


def test_elementwise_aligns_origins() -> None:
    out = elementwise(array("A", (1, 3)), array("B", (-1, 1)), _plus, "sum")
    A, B = random("A", (1, 3))[1], random("B", (-1, 1))[1]
    assert values(out, A=((1, 3),), B=((-1, 1),)) == {(x,): A[x,] + B[x - 2,] for x in range(1, 4)}


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (array("A", (1, 3)), array("B", (1, 4))),
        (array("A", (1, 3)), array("B", (1, 3), row=True)),
        (array("A", (1, 3)), array("B", (1, 3), (1, 1))),
    ],
)
def test_elementwise_needs_equal_shapes(left: ArrayValue, right: ArrayValue) -> None:
    with pytest.raises(ShapeMismatch, match="does not fit"):
        elementwise(left, right, _plus, "sum")


M, N = (1, 2), (0, 2)


@pytest.mark.parametrize(
    ("left", "right", "shape"),
    [
        (array("A", M, N), array("B", N), "a column of 2"),
        (array("A", M, N), array("B", N, (1, 4)), "2×4"),
        (array("A", M), array("B", N, row=True), "2×3"),
        (array("A", N, row=True), array("B", N), "a number"),
        (array("A", M, row=True), array("B", M, N), "a row of 3"),
        (array("A", M, (1, 1)), array("B", N, row=True), "2×3"),
    ],
)
def test_matmul_shapes(left: ArrayValue, right: ArrayValue, shape: str) -> None:
    assert fits_matmul(left, right)
    assert matmul(left, right).shape == shape


def test_matmul_is_the_matrix_product() -> None:
    out = matmul(array("A", (1, 2), (0, 2)), array("B", (5, 7), (1, 4)))
    given_ = {"A": ((1, 2), (0, 2)), "B": ((5, 7), (1, 4))}
    A, B = random("A", *given_["A"])[1], random("B", *given_["B"])[1]
    assert values(out, **given_) == {
        (i, j): sum(A[i, k] * B[k + 5, j] for k in range(3))
        for i in range(1, 3)
        for j in range(1, 5)
    }


def test_a_square_times_itself_keeps_its_axes_apart() -> None:
    A = array("A", (1, 2), (1, 2))
    numbers = random("A", (1, 2), (1, 2))[1]
    assert values(matmul(A, A), A=((1, 2), (1, 2))) == {
        (i, j): sum(numbers[i, k] * numbers[k, j] for k in (1, 2)) for i in (1, 2) for j in (1, 2)
    }
    gram = values(matmul(A, transpose(A)), A=((1, 2), (1, 2)))
    assert gram[1, 2] == sum(numbers[1, k] * numbers[2, k] for k in (1, 2))
    x = array("A", (1, 2))
    numbers = random("A", (1, 2))[1]
    assert values(matmul(x, transpose(x)), A=((1, 2),)) == {
        (i, j): numbers[i,] * numbers[j,] for i in (1, 2) for j in (1, 2)
    }


@pytest.mark.parametrize(
    ("left", "right", "advice"),
    [
        (array("A", M, N), array("B", M), "the transpose of the first factor would fit"),
        (array("A", M, N), array("B", (1, 4), N), "the transpose of the second factor would fit"),
        (array("A", M, row=True), array("B", N), "with both factors transposed"),
    ],
)
def test_matmul_says_which_transpose_fits(left: ArrayValue, right: ArrayValue, advice: str) -> None:
    with pytest.raises(ShapeMismatch) as caught:
        matmul(left, right)
    assert left.shape in str(caught.value)
    assert right.shape in str(caught.value)
    assert advice in str(caught.value)


def test_transpose_has_no_meaning_for_a_number() -> None:
    with pytest.raises(ShapeMismatch, match="a number has no transpose"):
        transpose(ArrayValue((), product()))


def test_aligned_suggests_the_transpose() -> None:
    A, B = array("A", M, N), array("B", N, M)
    with pytest.raises(ShapeMismatch, match="the transpose would fit"):
        aligned(A, B.axes, "the two sides")
