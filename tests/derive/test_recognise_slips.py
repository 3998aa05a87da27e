"""Operators are not found where an index form differs from them by one slip."""

from __future__ import annotations

from derive.equations import Equation, Model, Notation
from derive.expr import Delta, Expr, Guard, Value, number, power, product, summation
from derive.index import Axis, Index, axis
from derive.recognise import compact_forms
from tests.models import at, named, tensor


def operators(rhs: Expr, free: tuple[Axis, ...], **bounds: list[tuple[int, int]]) -> set[str]:
    """The first operator of every form of ``T(free) = rhs``; ``bounds`` are of the tensors read."""
    bounds["T"] = [(a.lo.value or 0, a.hi.value or 0) for a in free]
    tensors = named(
        *(tensor(n, Notation(n, args=tuple(range(len(b)))), *b) for n, b in bounds.items())
    )
    equation = Equation("T", free, rhs)
    read = tuple(n for n in bounds if n != "T")
    model = Model("one", tensors, (equation,), read, ())
    return {form.operators[0] for form in compact_forms(model, equation)}


def within(index: Index, lo: int, hi: int) -> tuple[Guard, Guard]:
    """``[lo <= index <= hi]``."""
    return Guard(index - lo), Guard(hi - index)


R, C = axis("i", 1, 6), axis("j", 1, 4)
U, V = axis("u", -1, 1), axis("v", -1, 1)
OUT = axis("o", 0, 7)
AHEAD = OUT + Index.of(U)


def full(index: Index = AHEAD, at_ends: tuple[int, int] = (1, 6), offsets: Axis = U) -> set[str]:
    """``T(o) = sum_u [1 <= o+u <= 6] D(o+u) k(u)``, perhaps with a slip."""
    read = product(*within(index, *at_ends), at("D", index), at("k", offsets))
    return operators(summation((offsets,), read), (OUT,), D=[(1, 6)], k=[(-1, 1)])


def test_a_full_convolution_needs_its_own_guards_and_all_of_the_kernel() -> None:
    assert full() == {"full convolution"}
    assert full(AHEAD + 1) == set()
    for slip in ((2, 6), (0, 6), (1, 5), (1, 7)):
        assert full(at_ends=slip) == set()
    short = axis("u", -1, 0)
    assert full(OUT + Index.of(short), offsets=short) == set()
    one_sided = product(Guard(AHEAD - 1), at("D", AHEAD), at("k", U))
    assert operators(summation((U,), one_sided), (OUT,), D=[(1, 6)], k=[(-1, 1)]) == set()


def valid(
    first: Index, second: Index, image: int = 7, over: tuple[Axis, ...] = (R, C), *factors: Expr
) -> set[str]:
    """``T(u, v) = sum_{r, c} D(r, c) X(first, second)``."""
    read = product(*factors, at("D", *over), at("X", first, second))
    bounds = {"D": [(1, 6), (1, 4)], "X": [(0, image), (0, 5)]}
    return operators(summation(over, read), (U, V), **bounds)


def test_a_valid_convolution_reads_both_arrays_from_end_to_end() -> None:
    r, c = Index.of(R), Index.of(C)
    assert valid(r - U, c - V) == {"valid convolution"}
    assert valid(r + U, c + V) == {"valid convolution"}
    assert valid(r - U, c + V) == set()
    assert valid(r - U, c - U) == set()
    assert valid(r - V, c - U) == set()
    assert valid(r - U, c - V, image=8) == set()
    assert valid(r - U, c - V, 7, (R, C), Guard(r - 2)) == set()
    assert valid(r - U, c - V, 7, (R, C), Delta(r - c)) == set()
    short = axis("r", 1, 5)
    assert valid(short - Index.of(U), c - V, 7, (short, C)) == set()


def matrix(*factors: Expr, rows: int = 6, length: int = 4, over: Axis = C) -> set[str]:
    """``T(r) = sum_c … W(r, c) f(c)``."""
    rhs = summation((over,), product(*factors, at("W", R, over), at("f", over)))
    return operators(rhs, (R,), W=[(1, rows), (1, 4)], f=[(1, length)])


def test_a_matrix_product_sums_over_all_that_both_have() -> None:
    assert matrix() == matrix(number("1/2")) == {"matmul"}
    assert matrix(length=5) == set()
    assert matrix(rows=7) == set()
    assert matrix(over=axis("c", 1, 3)) == set()
    assert matrix(Guard(Index.of(C) - 2)) == set()
    assert matrix(Delta(2 * Index.of(R) - C)) == set()
    assert matrix(Value(Index.of(C))) == set()


def test_an_outer_product_has_an_axis_from_each() -> None:
    sides = {"a": [(1, 6)], "b": [(1, 4)]}
    assert operators(product(at("a", R), at("b", C)), (R, C), **sides) == {"outer"}
    assert operators(product(at("a", R), at("b", 5 - Index.of(C))), (R, C), **sides) == set()
    longer = {"a": [(1, 7)], "b": [(1, 4)]}
    assert operators(product(at("a", R), at("b", C)), (R, C), **longer) == set()
    diagonal = {"a": [(1, 6)], "b": [(1, 6)]}
    assert operators(product(at("a", R), at("b", R)), (R, C), **diagonal) == set()


A = axis("a", 1, 3)


def pooled_back(low: int, high: int, last: int = 6) -> set[str]:
    """``T(i) = sum_a [i+low <= 2a <= i+high] S(a)``, i = 1..last."""
    i = axis("i", 1, last)
    held = Guard(2 * Index.of(A) - i - low), Guard(Index.of(i) + high - 2 * Index.of(A))
    return operators(summation((A,), product(*held, at("S", A))), (i,), S=[(1, 3)])


def test_upsampling_needs_one_element_for_every_place() -> None:
    assert pooled_back(0, 1) == {"upsample"}
    assert pooled_back(0, 0) == set()
    assert pooled_back(0, 2) == set()
    assert pooled_back(1, 2) == set()
    assert pooled_back(-1, 0) == set()
    assert pooled_back(0, 1, last=7) == set()
    assert pooled_back(0, 1, last=5) == {"upsample"}
    open_end = product(Guard(2 * Index.of(A) - R), at("S", A))
    assert operators(summation((A,), open_end), (R,), S=[(1, 3)]) == set()


def test_only_an_enumeration_of_the_whole_vector_is_a_reshape() -> None:
    def folded(place: Index, *bounds: tuple[int, int]) -> set[str]:
        return operators(at("v", place), (R, C), v=list(bounds))

    columns, rows = R + 6 * (Index.of(C) - 1), C + 4 * (Index.of(R) - 1)
    assert folded(columns, (1, 24)) == folded(rows, (1, 24)) == {"reshape"}
    assert folded(columns + 1, (2, 25)) == {"reshape"}
    assert folded(columns, (1, 25)) == set()
    assert folded(columns + 1, (1, 25)) == set()
    assert folded(R + Index.of(C), (2, 10)) == set()
    assert folded(R + 5 * (Index.of(C) - 1), (1, 21)) == set()
    assert folded(R + 7 * (Index.of(C) - 1), (1, 27)) == set()


def test_elementwise_means_the_same_element_of_arrays_of_one_shape() -> None:
    def times(*factors: Expr, length: int = 6) -> set[str]:
        bounds = {"a": [(1, length)], "b": [(1, 6)]}
        return operators(product(at("a", R), *factors), (R,), **bounds)

    assert times(at("b", R)) == {"hadamard"}
    assert times() == {"identity"}
    assert times(at("b", 7 - Index.of(R))) == set()
    assert times(at("b", R), length=7) == set()
    assert times(Value(Index.of(R))) == set()
    assert times(Guard(Index.of(R) - 2)) == set()
    assert times(power(at("b", 1), 2)) == set()
