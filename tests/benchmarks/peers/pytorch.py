"""PyTorch: functional calls on the CPU and ``backward``."""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F

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
    weights = {
        n: torch.from_numpy(a.copy()).requires_grad_()
        for n, a in common_layout(network, params).items()
    }
    image = torch.from_numpy(images(network, inputs))
    target = torch.from_numpy(inputs[network.target])

    def run() -> Any:
        for weight in weights.values():
            weight.grad = None
        loss = _loss(network, weights, image, target)
        loss.backward()
        return loss

    def result(loss: Any) -> Result:
        gradients = {n: w.grad.numpy() for n, w in weights.items()}
        return float(loss.detach()), our_layout(network, gradients)

    return Peer(run, result)


def _loss(network: Network, weights: Arrays, image: Any, target: Any) -> Any:
    x = torch.sigmoid(F.conv2d(image, weights["k1"], weights["b1"]))
    x = F.avg_pool2d(x, 2)
    x = torch.sigmoid(F.conv2d(x, weights["k2"], weights["b2"]))
    x = F.avg_pool2d(x, 2)
    if network.by_columns:
        x = x.transpose(2, 3)
    x = F.linear(x.flatten(1), weights["w"], weights.get("b"))
    if network.loss == "squares":
        return 0.5 * ((torch.sigmoid(x) - target) ** 2).sum()
    return F.cross_entropy(x, target, reduction="sum")
