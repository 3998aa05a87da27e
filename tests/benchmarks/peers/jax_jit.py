"""JAX: ``jit(value_and_grad(loss))`` on the CPU."""

from __future__ import annotations

from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
from jax import lax

from tests.benchmarks.peers.networks import (
    Arrays,
    Network,
    Peer,
    Result,
    common_layout,
    images,
    our_layout,
)

jax.config.update("jax_enable_x64", True)


def prepare(network: Network, params: Arrays, inputs: Arrays) -> Peer:
    weights = {n: jnp.asarray(a) for n, a in common_layout(network, params).items()}
    image = jnp.asarray(images(network, inputs))
    target = jnp.asarray(inputs[network.target])
    function = jax.jit(jax.value_and_grad(partial(_loss, network)))
    compiled = function.lower(weights, image, target).compile()

    def run() -> Any:
        return jax.block_until_ready(compiled(weights, image, target))

    def result(found: Any) -> Result:
        loss, gradients = found
        return float(loss), our_layout(network, gradients)

    return Peer(run, result)


def _pooled(x: Any) -> Any:
    return lax.reduce_window(x, 0.0, lax.add, (1, 1, 2, 2), (1, 1, 2, 2), "VALID") / 4


def _loss(network: Network, weights: Arrays, image: Any, target: Any) -> Any:
    def layer(x: Any, kernel: Any, bias: Any) -> Any:
        z = lax.conv(x, kernel, (1, 1), "VALID") + bias[:, None, None]
        return _pooled(jax.nn.sigmoid(z))

    x = layer(image, weights["k1"], weights["b1"])
    x = layer(x, weights["k2"], weights["b2"])
    if network.by_columns:
        x = x.swapaxes(2, 3)
    x = x.reshape(len(x), -1) @ weights["w"].T
    if network.loss == "squares":
        return 0.5 * jnp.sum((jax.nn.sigmoid(x + weights["b"]) - target) ** 2)
    return -jnp.sum(target * jax.nn.log_softmax(x))
