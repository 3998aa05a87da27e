"""NumPy by hand: windows as columns, one matrix product a layer, backward written out."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

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

    def result(found: Any) -> Result:
        loss, gradients = found
        return float(loss), our_layout(network, gradients)

    return Peer(lambda: loss_and_gradients(network, weights, image, target), result)


def loss_and_gradients(network: Network, weights: Arrays, image: Any, target: Any) -> Any:
    columns1, c1 = _convolved(image, weights["k1"], weights["b1"])
    s1 = _pooled(c1)
    columns2, c2 = _convolved(s1, weights["k2"], weights["b2"])
    s2 = _pooled(c2)
    maps = s2.swapaxes(2, 3) if network.by_columns else s2
    f = maps.reshape(len(image), -1)
    z = f @ weights["w"].T
    if network.loss == "squares":
        out = _logistic(z + weights["b"])
        loss = 0.5 * np.sum((out - target) ** 2)
        dz = (out - target) * out * (1 - out)
    else:
        z = z - z.max(axis=1, keepdims=True)
        logs = z - np.log(np.sum(np.exp(z), axis=1, keepdims=True))
        loss = -np.sum(target * logs)
        dz = np.exp(logs) * target.sum(axis=1, keepdims=True) - target
    gradients = {"w": dz.T @ f}
    if "b" in weights:
        gradients["b"] = dz.sum(axis=0)
    maps = (dz @ weights["w"]).reshape(maps.shape)
    dz2 = _unpooled(maps.swapaxes(2, 3) if network.by_columns else maps) * c2 * (1 - c2)
    gradients["k2"], gradients["b2"] = _kernel_gradients(dz2, columns2, weights["k2"])
    dz1 = _unpooled(_image_gradient(dz2, weights["k2"])) * c1 * (1 - c1)
    gradients["k1"], gradients["b1"] = _kernel_gradients(dz1, columns1, weights["k1"])
    return loss, gradients


def _logistic(x: Any) -> Any:
    return 1 / (1 + np.exp(-x))


def _convolved(x: Any, kernel: Any, bias: Any) -> tuple[Any, Any]:
    """The columns (batch, channels * offsets, positions) and the logistic of the sums."""
    rows, width = kernel.shape[2:]
    windows = sliding_window_view(x, (rows, width), axis=(2, 3)).transpose(0, 1, 4, 5, 2, 3)
    n, h, w = len(x), windows.shape[4], windows.shape[5]
    columns = windows.reshape(n, -1, h * w)
    z = kernel.reshape(len(kernel), -1) @ columns + bias[:, None]
    return columns, _logistic(z).reshape(n, -1, h, w)


def _pooled(c: Any) -> Any:
    n, p, h, w = c.shape
    return c.reshape(n, p, h // 2, 2, w // 2, 2).mean(axis=(3, 5))


def _unpooled(ds: Any) -> Any:
    return np.repeat(np.repeat(ds, 2, axis=2), 2, axis=3) / 4


def _kernel_gradients(dz: Any, columns: Any, kernel: Any) -> tuple[Any, Any]:
    flat = dz.reshape(*dz.shape[:2], -1)
    total = (flat @ columns.transpose(0, 2, 1)).sum(axis=0)
    return total.reshape(kernel.shape), flat.sum(axis=(0, 2))


def _image_gradient(dz: Any, kernel: Any) -> Any:
    """col2im: every window's gradient is added where it was read."""
    n, q, h, w = dz.shape
    _, p, rows, width = kernel.shape
    columns = kernel.reshape(q, -1).T @ dz.reshape(n, q, -1)
    columns = columns.reshape(n, p, rows, width, h, w)
    dx = np.zeros((n, p, h + rows - 1, w + width - 1), dtype=dz.dtype)
    for u in range(rows):
        for v in range(width):
            dx[:, :, u : u + h, v : v + w] += columns[:, :, u, v]
    return dx
