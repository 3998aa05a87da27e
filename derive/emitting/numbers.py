"""Functions of numbers, which Python computes: one of NumPy's would make 64 bits of 32."""

from __future__ import annotations

import re

from derive.emitting.functions import FUNCTIONS
from derive.planning.arrays import Literal, Map

MATH = frozenset({"sqrt", "log", "log10", "exp", "sin", "cos", "tanh"})
"""What Python's `math` computes for small positive numbers; elsewhere it may raise."""

SMALL = 700
"""The exponential of it is finite."""


def number_template(call: Map) -> str:
    """A template over the arguments' source for a function of the catalogue and numbers."""
    first = call.arguments[0]
    if call.function in MATH and isinstance(first, Literal) and 0 < first.value < SMALL:
        return f"math.{call.function}({{}})"
    return "float(" + re.sub(r"\bxp\b", "np", FUNCTIONS[call.function]) + ")"
