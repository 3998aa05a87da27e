"""Rung 1: an access outside its tensor is found, and the witness is a value at which it happens."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from derive.equations import Notation
from derive.expr import Delta, Guard, product, summation
from derive.index import Index, Size, axis
from derive.reading.sheet import model_from_text
from tests.models import at, named, tensor
from verify.judge import judge_text
from verify.ranges import strays, surely_safe, zero_outside
from verify.verdict import Status

LINE = named(tensor("S", Notation("S"), (1, 12), (1, 12)), tensor("x", Notation("x"), (0, 7)))


def test_a_read_before_the_start_names_where_it_happens() -> None:
    i, j, u = axis("i", 1, 8), axis("j", 1, 8), axis("u", -2, 2)
    (stray,) = strays(summation((u,), at("S", Index.of(i) - u, j)), LINE)
    assert stray.position == 0
    assert stray.below
    assert (stray.at[i], stray.at[u], stray.value, stray.bound) == (1, 1, 0, 1)


def test_a_read_past_the_end_names_the_end() -> None:
    i = axis("i", 1, 12)
    (stray,) = strays(at("S", 1, Index.of(i) + 1), LINE)
    assert (stray.position, stray.value, stray.bound, stray.below) == (1, 13, 12, False)


def test_both_ends_in_range_is_silent() -> None:
    i, u = axis("i", 3, 10), axis("u", -2, 2)
    assert strays(summation((u,), at("S", Index.of(i) + u, Index.of(i) - u)), LINE) == []


def test_an_empty_sum_reads_nothing() -> None:
    for last in (0, -3):
        u = axis("u", 1, last)
        assert strays(summation((u,), at("S", Index.of(u) + 20, 1)), LINE) == []


def test_brackets_before_the_read_excuse_it() -> None:
    i, u = axis("i", 1, 8), axis("u", -2, 2)
    place = Index.of(i) - u
    read = at("S", place, 1)
    assert strays(summation((u,), product(Guard(place - 1), read)), LINE) == []
    assert strays(summation((u,), product(Guard(place), read)), LINE) != []


def test_a_delta_restricts_like_a_pair_of_brackets() -> None:
    m, i = axis("m", 0, 23), axis("i", 0, 40)
    read = at("x", i)
    assert strays(product(Delta(m - 3 * Index.of(i)), read), LINE) == []
    assert strays(product(Delta(m - 2 * Index.of(i)), read), LINE) != []


def test_zero_outside_guards_only_windows_that_may_leave() -> None:
    i, u = axis("i", 0, 7), axis("u", 0, 2)
    place = Index.of(i) + u
    read = at("x", place)
    assert strays(read, LINE)
    assert zero_outside(read, LINE, ["x"]) == product(Guard(7 - place), read)
    assert strays(zero_outside(read, LINE, ["x"]), LINE) == []
    assert zero_outside(read, LINE, ["S"]) == read


def test_a_running_index_alone_is_not_excused() -> None:
    i = axis("i", 0, 9)
    assert zero_outside(at("x", i), LINE, ["x"]) == at("x", i)
    shifted = at("x", Index.of(i) + 2)
    assert zero_outside(shifted, LINE, ["x"], {"x": (Index.of(2),)}) == shifted
    assert zero_outside(shifted, LINE, ["x"]) != shifted


def test_symbolic_ranges_are_safe_for_all_sizes_only_if_they_follow() -> None:
    n = Size("n")
    line = named(tensor("x", Notation("x"), (1, n)))
    i = axis("i", 1, n)
    assert surely_safe(at("x", i), line)
    assert not surely_safe(at("x", Index.of(i) + 1), line)


@given(
    st.integers(1, 3), st.integers(-3, 3), st.integers(-4, 4), st.integers(1, 5), st.integers(-1, 2)
)
def test_the_witness_is_the_truth(s: int, d: int, c: int, extent: int, k: int) -> None:
    """Enumeration of every index value says the same."""
    i, u = axis("i", 1, extent), axis("u", -1, k)
    place = s * Index.of(i) + d * Index.of(u) + c
    truth = {s * a + d * b + c for a in range(1, extent + 1) for b in range(-1, k + 1)}
    found = strays(summation((u,), at("x", place)), LINE)
    assert bool(found) == any(not 0 <= t <= 7 for t in truth)
    for stray in found:
        assert place.evaluate(lambda a, w=stray.at: w.get(a, 0)) == stray.value
        assert not 0 <= stray.value <= 7


def test_a_symbolic_range_cannot_be_enumerated() -> None:
    i = axis("i", 1, Size("n"))
    with pytest.raises(ValueError, match="sizes"):
        strays(at("x", i), LINE)


@pytest.mark.parametrize("last", ["0", "-N", "N (1 - N)"])
def test_a_formula_for_no_index_at_all_states_nothing(last: str) -> None:
    sheet = "---\nsizes: {N: 3}\n---\n$$ p_i = x_i^2, \\quad i = 1, \\dots, N $$\n"
    model = model_from_text(sheet, "squares")
    wrong = rf"\frac{{\partial p_i}}{{\partial x_i}} = p_i, \quad i = 1, \dots, {last}"
    (verdict,) = judge_text(wrong, model).claims
    assert verdict.status is Status.UNDECIDED
    assert verdict.message.startswith("nothing is stated: i runs from 1 to")
