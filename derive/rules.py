r"""The catalogue of elementwise functions: forward formula and derivative, one entry a line.

Derivatives are core expressions in the arguments and, where that is shorter, in the function's own
output: :math:`\sigma' = \sigma (1 - \sigma)`. A name that is not in the table is a *generic*
function ``f``, known only by its derivatives ``f'``, ``f''``.

At kinks the value of a derivative is a convention: ``step(0) = 0``, so ReLU has 0 at 0; a tie of
``maximum`` or ``minimum`` goes to the second argument. Numeric formulas take an array namespace
``xp`` (numpy, autograd.numpy) and are written with `where`, so that differentiating them
automatically gives the same conventions, and so that NaN goes in and comes out.

Manner after micrograd's ``engine.py`` and ChainRules' ``fastmath_able.jl``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import factorial
from types import MappingProxyType
from typing import Any
from zlib import crc32

from derive.expr import (
    MINUS_ONE,
    ONE,
    ZERO,
    Apply,
    Expr,
    Number,
    add,
    negative,
    number,
    power,
    product,
)

Arguments = tuple[Expr, ...]
Derivative = Callable[[Expr, Arguments], Expr]
"""Derivative from the output ``f(x)`` and the arguments ``x``."""


@dataclass(frozen=True)
class Rule:
    """One elementwise function.

    ``partials[n]`` is the derivative in argument n; ``latex`` the head that is printed;
    ``numeric(xp, *arguments)`` computes it; ``analytic`` allows complex steps; ``rational`` says
    that rational arguments give rational values. ``switch`` is the expression whose zeros are the
    kinks, ``convention`` what was chosen there.
    """

    name: str
    partials: tuple[Derivative, ...]
    latex: str
    numeric: Callable[..., Any]
    analytic: bool = True
    rational: bool = False
    switch: Callable[[Arguments], Expr] | None = None
    convention: str = ""

    @property
    def arity(self) -> int:
        """Number of arguments."""
        return len(self.partials)

    def derivative(self, arguments: Arguments, position: int) -> Expr:
        """The partial derivative in argument ``position`` (from 0)."""
        return self.partials[position](Apply(self.name, arguments), arguments)


def call(function: str, *arguments: Expr) -> Apply:
    """``function(*arguments)``."""
    return Apply(function, arguments)


def _native(name: str) -> Callable[[Any, Any], Any]:
    return lambda xp, x: getattr(xp, name)(x)


def _logistic(xp: Any, x: Any) -> Any:
    """``1 / (1 + exp(-x))`` without overflow, precise in both tails: ``exp`` of ``-|x|`` only."""
    positive = xp.real(x) >= 0
    e = xp.exp(xp.where(positive, -x, x))
    return xp.where(positive, 1, e) / (1 + e)


def _softplus(xp: Any, x: Any) -> Any:
    """``log(1 + exp(x))`` without overflow."""
    positive = xp.real(x) >= 0
    return xp.where(positive, x, 0) + xp.log1p(xp.exp(xp.where(positive, -x, x)))


def _raise_base(_: Expr, a: Arguments) -> Expr:
    base, exponent = a
    if isinstance(exponent, Number):
        return product(exponent, power(base, exponent.value - 1)) if exponent.value else ZERO
    return product(exponent, power(base, add(exponent, MINUS_ONE)))


def _itself(a: Arguments) -> Expr:
    return a[0]


def _difference(a: Arguments) -> Expr:
    return add(a[0], negative(a[1]))


def _first_wins(_: Expr, a: Arguments) -> Expr:
    return call("step", _difference(a))


def _second_wins(_: Expr, a: Arguments) -> Expr:
    return call("step", _difference((a[1], a[0])))


def _otherwise(derivative: Derivative) -> Derivative:
    return lambda s, a: add(ONE, negative(derivative(s, a)))


DEGREE = 5
"""Degree of the polynomial that stands for a generic function where numbers are needed."""

LEAK = Fraction(1, 100)
"""Slope of ``leaky_relu`` below 0 (Maas, Hannun and Ng 2013)."""

_HALF = number("1/2")
_LN10 = call("log", number(10))
_AT_ZERO: dict[str, Any] = {"analytic": False, "rational": True, "switch": _itself}
_TIE: dict[str, Any] = {"analytic": False, "rational": True, "switch": _difference}

# In a partial, s is the function's own output and a are its arguments.
_TABLE = (
    Rule("logistic", (lambda s, a: product(s, add(ONE, negative(s))),), r"\sigma", _logistic),
    Rule("tanh", (lambda s, a: add(ONE, negative(power(s, 2))),), r"\tanh", _native("tanh")),
    Rule(
        "relu",
        (lambda s, a: call("step", a[0]),),
        r"\operatorname{ReLU}",
        lambda xp, x: xp.where(x <= 0, 0, x),
        convention="ReLU'(0) = 0",
        **_AT_ZERO,
    ),
    Rule(
        "leaky_relu",
        (lambda s, a: add(Number(LEAK), product(Number(1 - LEAK), call("step", a[0]))),),
        r"\operatorname{LeakyReLU}",
        lambda xp, x: xp.where(x <= 0, x * LEAK.numerator / LEAK.denominator, x),
        convention="LeakyReLU'(0) = 1/100",
        **_AT_ZERO,
    ),
    Rule("softplus", (lambda s, a: call("logistic", a[0]),), r"\operatorname{softplus}", _softplus),
    Rule("exp", (lambda s, a: s,), r"\exp", _native("exp")),
    Rule("log", (lambda s, a: power(a[0], -1),), r"\ln", _native("log")),
    Rule("log10", (lambda s, a: power(product(_LN10, a[0]), -1),), r"\log_{10}", _native("log10")),
    Rule("sqrt", (lambda s, a: product(_HALF, power(s, -1)),), r"\sqrt", _native("sqrt")),
    Rule(
        "abs",
        (lambda s, a: call("sign", a[0]),),
        r"\operatorname{abs}",
        lambda xp, x: xp.where(x < 0, -x, xp.where(x == 0, 0, x)),
        convention="|·|'(0) = 0",
        **_AT_ZERO,
    ),
    Rule(
        "sign",
        (lambda s, a: ZERO,),
        r"\operatorname{sgn}",
        lambda xp, x: xp.where(x > 0, 1, xp.where(x < 0, -1, xp.where(x == 0, 0, x))),
        convention="sgn(0) = 0",
        **_AT_ZERO,
    ),
    Rule(
        "step",
        (lambda s, a: ZERO,),
        r"\operatorname{step}",
        lambda xp, x: xp.where(x > 0, 1, xp.where(x <= 0, 0, x)),
        convention="step(0) = 0",
        **_AT_ZERO,
    ),
    Rule(
        "pow",
        (_raise_base, lambda s, a: product(s, call("log", a[0]))),
        r"\operatorname{pow}",
        lambda xp, x, n: x**n,
        rational=True,
    ),
    Rule("sin", (lambda s, a: call("cos", a[0]),), r"\sin", _native("sin")),
    Rule("cos", (lambda s, a: negative(call("sin", a[0])),), r"\cos", _native("cos")),
    Rule(
        "maximum",
        (_first_wins, _otherwise(_first_wins)),
        r"\max",
        lambda xp, x, y: xp.where(x > y, x, xp.where(x <= y, y, x + y)),
        convention="a tie of max goes to the second argument",
        **_TIE,
    ),
    Rule(
        "minimum",
        (_second_wins, _otherwise(_second_wins)),
        r"\min",
        lambda xp, x, y: xp.where(x < y, x, xp.where(x >= y, y, x + y)),
        convention="a tie of min goes to the second argument",
        **_TIE,
    ),
)

RULES: Mapping[str, Rule] = MappingProxyType({entry.name: entry for entry in _TABLE})


def rule(function: str) -> Rule:
    """The rule of a catalogue function, or that of the generic function of this name."""
    return RULES.get(function) or _generic(function)


def derivative(function: str, arguments: Arguments, position: int) -> Expr:
    """The partial derivative of ``function(*arguments)`` in argument ``position`` (from 0).

    Raises ``ValueError`` where the function does not take that many arguments.
    """
    known = rule(function)
    if len(arguments) != known.arity or not 0 <= position < known.arity:
        raise ValueError(f"{function} takes {known.arity} argument(s), not {len(arguments)}")
    return known.derivative(arguments, position)


def _generic(name: str) -> Rule:
    prime: Derivative = lambda s, a: call(name + "'", a[0])  # noqa: E731
    return Rule(name, (prime,), name, lambda xp, x: _stand_in(name, x), rational=True)


def _stand_in(name: str, x: Any) -> Any:
    """``sum_{k=0..5} w_k x^k / (4 k!)`` for a generic function, its derivatives for the primes.

    The weights come from the name, so different functions differ; integers only, so every number
    type computes it exactly, and no identity between ``f``, ``f'`` and ``f''`` holds by chance.
    """
    weights, scale = _weights(name)
    total = 0 * x
    for weight in weights:
        total = total * x + weight
    return total / (4 * scale)


@lru_cache(maxsize=512)
def _weights(name: str) -> tuple[tuple[int, ...], int]:
    """The coefficients, highest power first, over their common denominator."""
    plain = name.rstrip("'")
    order = len(name) - len(plain)
    scale = factorial(max(DEGREE - order, 0))
    powers = range(DEGREE, order - 1, -1)
    drawn = {k: crc32(f"{plain} {k}".encode()) % 13 - 6 or 7 for k in powers}
    return tuple(w * (scale // factorial(k - order)) for k, w in drawn.items()), scale
