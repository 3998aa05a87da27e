"""autograd: its own convolution, as in its convolutional example, and ``value_and_grad``."""

from __future__ import annotations

from functools import partial
from typing import Any

import autograd.numpy as anp
from autograd import value_and_grad
from autograd.scipy.signal import convolve

from tests.benchmarks.peers.networks import (
    Arrays,
    Network,
    Peer,
    Result,
    common_layout,
    images,
    our_layout,
)


def prepare(network: Network, params: Arrays, inputs: Arrays) -> Peer:
    weights = common_layout(network, params)
    image, target = images(network, inputs), inputs[network.target]
    function = value_and_grad(partial(_loss, network))

    def result(found: Any) -> Result:
        loss, gradients = found
        return float(loss), our_layout(network, gradients)

    return Peer(lambda: function(weights, image, target), result)


def _layer(x: Any, kernel: Any, bias: Any) -> Any:
    kernel = kernel[:, :, ::-1, ::-1]
    z = convolve(x, kernel, axes=([2, 3], [2, 3]), dot_axes=([1], [1]), mode="valid")
    c = _logistic(z + bias[:, None, None])
    n, p, rows, columns = c.shape
    return anp.mean(anp.mean(c.reshape(n, p, rows // 2, 2, columns // 2, 2), axis=5), axis=3)


def _logistic(x: Any) -> Any:
    return 1 / (1 + anp.exp(-x))


def _loss(network: Network, weights: Arrays, image: Any, target: Any) -> Any:
    x = _layer(image, weights["k1"], weights["b1"])
    x = _layer(x, weights["k2"], weights["b2"])
    if network.by_columns:
        x = anp.swapaxes(x, 2, 3)
    x = anp.dot(x.reshape(len(x), -1), weights["w"].T)
    if network.loss == "squares":
        return 0.5 * anp.sum((_logistic(x + weights["b"]) - target) ** 2)
    x = x - anp.max(x, axis=1, keepdims=True)
    logs = x - anp.log(anp.sum(anp.exp(x), axis=1, keepdims=True))
    return -anp.sum(target * logs)
