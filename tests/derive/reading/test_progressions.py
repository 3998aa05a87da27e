"""Lists of index tuples that go on where dots stand."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from derive.reading.progressions import continued

small = st.integers(-3, 9)


@given(st.lists(small, min_size=1, max_size=3), st.data())
def test_equal_steps_go_on(start: list[int], data: st.DataObject) -> None:
    step = tuple(data.draw(st.integers(-2, 2)) for _ in start)
    assume(any(step))
    count = data.draw(st.integers(4, 12))
    whole = [tuple(a + k * d for a, d in zip(start, step, strict=True)) for k in range(count)]
    found = continued([*whole[:2], None, whole[-1]])
    assert found is not None
    assert list(found.items) == whole
    assert found.places == (0, 1, None, count - 1)
    assert found.step == step


@given(st.integers(2, 4), st.integers(2, 5))
def test_repetitions_go_on(repeat: int, count: int) -> None:
    whole = [(k,) for k in range(1, count + 1) for _ in range(repeat)]
    found = continued([*whole[: repeat + 1], None, whole[-1]])
    assert found is not None
    assert list(found.items) == whole
    by_length = continued([*whole[:repeat], None, whole[-1]], len(whole))
    assert by_length is not None
    assert list(by_length.items) == whole


@given(st.integers(2, 3), st.integers(2, 3), st.integers(2, 4))
def test_counting_goes_on(maps: int, rows: int, columns: int) -> None:
    whole = [
        (m, r, c)
        for m in range(1, maps + 1)
        for r in range(1, rows + 1)
        for c in range(1, columns + 1)
    ]
    shown = rows * columns + 1
    found = continued([*whole[:shown], None, whole[-1]])
    assert found is not None
    assert list(found.items) == whole


@pytest.mark.parametrize(
    "shown",
    [
        [(1, 1), (1, 3), None, (1, 6)],  # steps of two never reach it
        [(1,), (1,), None, (4,)],  # how often each repeats is not shown
        [(1, 1), None, (3, 4)],  # neither is which place moves first
        [(1,), (2,), None],  # no end
    ],
)
def test_what_does_not_follow_is_not_made_up(shown: list[tuple[int, ...] | None]) -> None:
    assert continued(shown) is None


def test_a_length_ends_a_list_that_shows_no_end() -> None:
    found = continued([(1,), (2,), None], 5)
    assert found is not None
    assert found.items == ((1,), (2,), (3,), (4,), (5,))
