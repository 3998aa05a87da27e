"""PyTorch: functional calls, on the CPU or a GPU, and ``backward``."""

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
    return _on("cpu", network, params, inputs)


def prepare_cuda(network: Network, params: Arrays, inputs: Arrays) -> Peer:
    return _on("cuda", network, params, inputs)


def _on(device: str, network: Network, params: Arrays, inputs: Arrays) -> Peer:
    weights = {
        n: torch.tensor(a, device=device, requires_grad=True)
        for n, a in common_layout(network, params).items()
    }
    image = torch.tensor(images(network, inputs), device=device)
    target = torch.tensor(inputs[network.target], device=device)

    def run() -> Any:
        for weight in weights.values():
            weight.grad = None
        loss = _loss(network, weights, image, target)
        loss.backward()
        return loss

    def result(loss: Any) -> Result:
        gradients = {n: w.grad.cpu().numpy() for n, w in weights.items()}
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
