"""Forks: signs of switches and places of winners, and which of them were taken."""

from __future__ import annotations

import numpy as np

from derive.evaluate import evaluate
from derive.expr import Apply, Guard, product
from derive.index import Index, axis
from derive.maximum import maximum
from tests.models import at
from verify.branches import DEAD, Fork, Seen, forks


def taken(fork: Fork, x: list[float]) -> tuple[list[int], list[bool]]:
    env, ranges = {"x": np.array(x)}, {"x": ((1, len(x)),)}
    branch, kink = fork.taken(lambda expr, axes: evaluate(expr, axes, env, ranges))
    return np.ravel(branch).tolist(), np.ravel(kink).tolist()


def test_a_fork_is_a_sign() -> None:
    i = axis("i", 1, 3)
    (kink,) = forks(Apply("relu", (at("x", i),)), (i,))
    assert kink.options == 2
    assert taken(kink, [1.0, 0.0, -2.0]) == ([1, 0, -1], [False, True, False])


def test_a_fork_is_a_winner_and_forks_of_its_window_are_under_it() -> None:
    i = axis("i", 1, 3)
    best = maximum((i,), Apply("relu", (at("x", i),)))
    window, *inside = forks(best, ())
    assert window.options == 3
    assert taken(window, [-1.0, 5.0, 2.0]) == ([1, 1, 1], [False] * 3)
    assert all(tie for tie in taken(window, [-1.0, -5.0, -2.0])[1])
    assert inside
    assert all(set(taken(fork, [-1.0, 5.0, 2.0])[0]) == {-1, 1} for fork in inside)


def test_nothing_is_decided_where_a_guard_shuts() -> None:
    i = axis("i", 0, 3)
    (kink,) = forks(product(Guard(Index.of(i) - 1), Apply("relu", (at("x", i),))), (i,))
    assert taken(kink, [1.0, 1.0, -1.0]) == ([DEAD, 1, 1, -1], [False] * 4)


def test_what_was_seen_is_counted() -> None:
    i = axis("i", 1, 2)
    seen = Seen(forks(Apply("relu", (at("x", i),)), (i,)))
    seen.see([np.array([DEAD, -1])])
    assert not seen.whole
    assert str(seen) == "0 of 1 masks took every value"
    seen.see([np.array([1, -1])])
    assert seen.whole
