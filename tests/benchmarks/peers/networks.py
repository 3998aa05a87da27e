"""The two networks of the comparison, said in the terms that every framework shares.

Both are: convolution, logistic, 2x2 mean pooling, the same again, flatten, dense, loss summed over
the batch. Zhang's turns its kernels around, adds a bias to the dense layer and reads each map
column by column; the other one has channels and a softmax.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

Arrays = dict[str, Any]
Result = tuple[float, Arrays]


@dataclass(frozen=True)
class Network:
    """A sheet, and how its parameters become those of a framework (out, in, rows, columns)."""

    sheet: str
    image: str
    target: str
    kernels: tuple[str, str]
    biases: tuple[str, str]
    weight: str
    dense_bias: str | None
    turned: bool
    by_columns: bool
    loss: str
    macs: tuple[int, int, int]
    """Multiplications of the two convolutions and of the dense layer, for one image."""

    @property
    def flops(self) -> int:
        """Of the products, forward and all parameters' gradients: the first layer has two passes,
        the others three."""
        first, *others = self.macs
        return 2 * (2 * first + 3 * sum(others))


ZHANG = Network(
    sheet="zhang",
    image="I",
    target="y",
    kernels=("k1", "k2"),
    biases=("b1", "b2"),
    weight="W",
    dense_bias="b",
    turned=True,
    by_columns=True,
    loss="squares",
    macs=(6 * 24 * 24 * 25, 12 * 8 * 8 * 6 * 25, 10 * 192),
)
THREE_CHANNELS = Network(
    sheet="cnn-softmax",
    image="I",
    target="Yd",
    kernels=("k1", "k2"),
    biases=("b1", "b2"),
    weight="w",
    dense_bias=None,
    turned=False,
    by_columns=False,
    loss="cross-entropy",
    macs=(6 * 10 * 10 * 3 * 4, 8 * 4 * 4 * 6 * 4, 10 * 32),
)
NETWORKS = (ZHANG, THREE_CHANNELS)


@dataclass(frozen=True)
class Peer:
    """``run()`` computes loss and gradients once; ``result(run())`` is both in our layout."""

    run: Callable[[], Any]
    result: Callable[[Any], Result]


def common_layout(network: Network, params: Mapping[str, Any]) -> Arrays:
    """Our parameters as (out, in, rows, columns) kernels that are not turned around."""
    k1, k2 = (np.asarray(params[name]) for name in network.kernels)
    if network.turned:
        k1, k2 = k1[:, None], np.moveaxis(k2, 0, 1)
        k1, k2 = k1[..., ::-1, ::-1], k2[..., ::-1, ::-1]
    weight = np.asarray(params[network.weight])
    bias = params[network.dense_bias] if network.dense_bias else None
    b1, b2 = (params[name] for name in network.biases)
    named = {"k1": k1, "b1": b1, "k2": k2, "b2": b2, "w": weight, "b": bias}
    return {n: np.ascontiguousarray(a) for n, a in named.items() if a is not None}


def our_layout(network: Network, gradients: Mapping[str, Any]) -> Arrays:
    """The inverse of `common_layout`, for gradients."""
    found = {n: np.asarray(a) for n, a in gradients.items()}
    if network.turned:
        found["k1"] = found["k1"][:, 0, ::-1, ::-1]
        found["k2"] = np.moveaxis(found["k2"][..., ::-1, ::-1], 1, 0)
    names = dict(zip(("k1", "k2"), network.kernels, strict=True))
    names |= dict(zip(("b1", "b2"), network.biases, strict=True))
    names |= {"w": network.weight, "b": network.dense_bias or ""}
    return {names[n]: a for n, a in found.items()}


def images(network: Network, inputs: Mapping[str, Any]) -> Any:
    """(batch, channels, rows, columns)."""
    image = inputs[network.image]
    return np.ascontiguousarray(image[:, None] if image.ndim == 3 else image)
