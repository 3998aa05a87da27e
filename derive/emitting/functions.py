"""The catalogue's functions in NumPy, CuPy and the array API standard; NaN in, NaN out."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

FUNCTIONS: Mapping[str, str] = MappingProxyType(
    {
        "logistic": "_logistic({}, xp)",
        "outside": "_outside_of({}, xp)",
        "kept": "_kept({}, {}, xp)",
        "tanh": "xp.tanh({})",
        "relu": "xp.maximum({}, 0)",
        "leaky_relu": "_leaky_relu({}, xp)",
        "softplus": "_softplus({}, xp)",
        "step": "_step({}, xp)",
        "sign": "xp.sign({})",
        "abs": "xp.abs({})",
        "exp": "xp.exp({})",
        "log": "xp.log({})",
        "log10": "xp.log10({})",
        "sqrt": "xp.sqrt({})",
        "sin": "xp.sin({})",
        "cos": "xp.cos({})",
        "maximum": "xp.maximum({}, {})",
        "minimum": "xp.minimum({}, {})",
    }
)
"""A template over the arguments' source for every function of `derive.rules`."""
