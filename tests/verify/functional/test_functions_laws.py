"""Laws of judging functions: every right gradient is confirmed, every wrong entry is refuted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from verify.functions import gradient_check, vjp_check
from verify.verdict import Status

Array = NDArray[np.float64]
Elementwise = Callable[[Array], Array]

PAIRS: dict[str, tuple[Elementwise, Elementwise]] = {
    "sin": (np.sin, np.cos),
    "tanh": (np.tanh, lambda x: 1 - np.tanh(x) ** 2),
    "cubic": (lambda x: x**3 - 2 * x, lambda x: 3 * x**2 - 2),
    "bell": (lambda x: np.exp(-x * x), lambda x: -2 * x * np.exp(-x * x)),
    "softplus": (lambda x: np.logaddexp(0, x), lambda x: (1 + np.tanh(x / 2)) / 2),
    "relu": (lambda x: np.maximum(x, 0), lambda x: (x > 0) * 1.0),
}


@dataclass(frozen=True)
class Chain:
    """Elementwise functions with a dense matrix before each; the last values are summed."""

    names: tuple[str, ...]
    matrices: tuple[Array, ...]

    def value(self, x: Array) -> float:
        for name, matrix in zip(self.names, self.matrices, strict=True):
            x = PAIRS[name][0](matrix @ x)
        return float(x.sum())

    def gradient(self, x: Array) -> Array:
        slopes = []
        for name, matrix in zip(self.names, self.matrices, strict=True):
            x = matrix @ x
            slopes.append(PAIRS[name][1](x))
            x = PAIRS[name][0](x)
        back = np.ones(x.size)
        for slope, matrix in zip(reversed(slopes), reversed(self.matrices), strict=True):
            back = matrix.T @ (back * slope)
        return back


@st.composite
def chains(draw: st.DrawFn) -> tuple[Chain, Array]:
    size = draw(st.integers(2, 8))
    names = tuple(draw(st.lists(st.sampled_from(sorted(PAIRS)), min_size=1, max_size=3)))
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    matrices = tuple(rng.normal(size=(size, size)) / np.sqrt(size) for _ in names)
    return Chain(names, matrices), rng.normal(size=size) * draw(st.sampled_from([1.0, 1e-3, 30.0]))


MISTAKES: dict[str, Callable[[float], float]] = {
    "a factor of 1.0005": lambda g: 1.0005 * g,
    "the sign": lambda g: -g,
    "twice": lambda g: 2 * g,
    "zero": lambda g: 0.0,
}


@given(chains())
def test_right_gradients_are_never_refuted(drawn: tuple[Chain, Array]) -> None:
    chain, x = drawn
    assert gradient_check(chain.value, chain.gradient, x).status is not Status.REFUTED


@pytest.mark.long
@given(chains(), st.sampled_from(sorted(MISTAKES)), st.integers(0, 10**6))
def test_one_wrong_entry_is_never_confirmed(
    drawn: tuple[Chain, Array], mistake: str, seed: int
) -> None:
    chain, x = drawn
    sizes = np.abs(chain.gradient(x) * x)
    # An entry that matters: others are beyond what the rounding of the sum lets anybody see.
    clear = np.flatnonzero((sizes > 0.01 * sizes.max()) & (sizes > 1e-6 * abs(chain.value(x))))
    if not clear.size:
        return
    entry = int(clear[seed % clear.size])

    def wrong(x: Array) -> Array:
        back = chain.gradient(x)
        back[entry] = MISTAKES[mistake](back[entry])
        return back

    assert gradient_check(chain.value, wrong, x).status is not Status.CONFIRMED


@pytest.mark.long
@given(st.sampled_from(sorted(MISTAKES)), st.integers(0, 2999), st.integers(0, 10**6))
def test_one_wrong_entry_of_many_is_found(mistake: str, entry: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    x, weights = rng.normal(size=(2, 3000))
    weights[entry] = 1.0

    def wrong(x: Array, u: Array) -> Array:
        back = u * weights * (1 - np.tanh(x) ** 2)
        back[entry] = MISTAKES[mistake](back[entry])
        return back

    verdict = vjp_check(lambda x: weights * np.tanh(x), wrong, x, seed=seed)
    if abs(np.random.default_rng((seed, 0)).normal(size=3000)[entry]) > 0.01:
        assert verdict.status is Status.REFUTED
        assert verdict.counterexample is not None
        assert verdict.counterexample["index"] == [entry]


@pytest.mark.long
@given(chains(), st.sampled_from([1e-12, 1e-6, 1e6, 1e12]))
def test_the_unit_of_a_function_does_not_matter(drawn: tuple[Chain, Array], unit: float) -> None:
    chain, x = drawn

    def verdict(value: float) -> Any:
        return gradient_check(
            lambda x: value * chain.value(x), lambda x: value * 1.01 * chain.gradient(x), x
        ).status

    assert verdict(unit) is verdict(1.0)


@given(st.integers(0, 10**6))
def test_the_same_question_gets_the_same_answer(seed: int) -> None:
    x = np.random.default_rng(seed).normal(size=5)

    def ask() -> Any:
        return vjp_check(np.sin, lambda x, u: u * np.cos(x), x, seed=seed)

    assert ask() == ask()
