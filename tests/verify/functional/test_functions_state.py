"""Functions that keep something between calls, leave, or have arrays of unusual types."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from verify import gradient_check, vjp_check
from verify.verdict import Status

X = np.random.default_rng(0).normal(size=(3, 4))


def square(x: Any) -> Any:
    return (x**2).sum()


class Accumulating:
    """A gradient that is added to that of the call before."""

    total: Any = 0

    def __call__(self, x: Any) -> Any:
        self.total = self.total + 2 * x
        return self.total


def test_a_gradient_that_accumulates_is_told() -> None:
    verdict = gradient_check(square, Accumulating(), X)
    assert verdict.status is Status.UNDECIDED
    assert verdict.message.endswith("gives something else when it is called again")


@pytest.mark.parametrize("leaving", [SystemExit(3), GeneratorExit()])
def test_who_leaves_the_program_has_raised(leaving: BaseException) -> None:
    def leave(x: Any) -> Any:
        raise leaving

    for f, back in ((leave, square), (square, leave)):
        verdict = gradient_check(f, back, X)
        assert verdict.status is Status.ILL_FORMED
        assert f"raises {type(leaving).__name__}" in verdict.message


def test_who_interrupts_the_program_does() -> None:
    def interrupt(x: Any) -> Any:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        gradient_check(interrupt, square, X)


def test_extended_precision_is_no_writing() -> None:
    assert gradient_check(square, lambda x: 2 * x, np.longdouble(X)).status is Status.CONFIRMED


def test_empty_arrays_are_told_from_none() -> None:
    verdict = gradient_check(square, lambda x: 2 * x, np.zeros((0, 3)))
    assert verdict.status is Status.ILL_FORMED
    assert verdict.message == "every array to differentiate by is empty"


@pytest.mark.parametrize("view", [X.T, X[::-1, ::2], np.asfortranarray(X)])
def test_any_layout_in_memory_will_do(view: Any) -> None:
    assert gradient_check(square, lambda x: 2 * x, view).status is Status.CONFIRMED


def test_right_for_a_batch_of_one_alone_is_refuted() -> None:
    x, w = X, np.random.default_rng(1).normal(size=(4, 2))
    assert vjp_check(np.matmul, lambda x, w, u: (u @ w.T, x.T @ u), x, w).status is Status.CONFIRMED
    first = vjp_check(np.matmul, lambda x, w, u: (u @ w.T, x[:1].T @ u[:1]), x, w)
    assert first.status is Status.REFUTED


def test_a_sparse_gradient_is_its_entries() -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed (extra `peers`)")
    x = torch.eye(3, dtype=torch.float64)
    assert gradient_check(square, lambda x: (2 * x).to_sparse(), x).status is Status.CONFIRMED
    assert gradient_check(square, lambda x: (3 * x).to_sparse(), x).status is Status.REFUTED
