"""Which inputs a model can take from the half line x > 0 only, as under a logarithm or a root.

Only what is needed is narrowed: drawn from the half line, ``ReLU(x) = x`` would agree. ``x`` must
be positive in ``ln x`` and ``sqrt(x + 1)``, but not in ``ln(1 + e^x)`` or ``sqrt(x^2 + 1)``.
"""

from __future__ import annotations

from collections import Counter

from derive.expr import (
    Access,
    Add,
    Apply,
    Delta,
    Expr,
    Guard,
    Number,
    Product,
    Summation,
    Value,
    Winner,
    accesses,
    walk,
)

HALF_LINE = frozenset(("log", "log10", "sqrt"))
NEVER_NEGATIVE = frozenset(("exp", "logistic", "softplus", "relu", "step", "abs", "sqrt"))


def on_half_line(expr: Expr) -> frozenset[str]:
    """Tensors whose sign decides whether a logarithm, a root or a broken power has a value."""
    found: frozenset[str] = frozenset()
    for node in walk(expr):
        if isinstance(node, Apply) and (node.function in HALF_LINE or _broken_power(node)):
            found |= _of_unknown_sign(node.arguments[0])
    return found


def _of_unknown_sign(expr: Expr) -> frozenset[str]:
    """Tensors that ``expr`` reads where its sign hangs on theirs."""
    if _never_negative(expr):
        return frozenset()
    if isinstance(expr, Summation):
        return _of_unknown_sign(expr.body)
    parts: tuple[Expr, ...] = ()
    if isinstance(expr, Add):
        parts = expr.terms
    elif isinstance(expr, Product):
        parts = _unpaired(expr)
    elif isinstance(expr, Apply) and expr.function == "pow":
        parts = expr.arguments[:1]
    else:
        return frozenset(a.tensor for a in accesses(expr))
    return frozenset().union(*(_of_unknown_sign(part) for part in parts))


def _never_negative(expr: Expr) -> bool:
    """Whether ``expr`` is 0 or more whatever the tensors hold, as far as its form shows."""
    match expr:
        case Number():
            return expr.value >= 0
        case Value() | Delta() | Guard() | Winner():
            return True
        case Access():
            return False
        case Apply(function="pow"):
            return _even(expr.arguments[1]) or _never_negative(expr.arguments[0])
        case Apply():
            return expr.function in NEVER_NEGATIVE
        case Add():
            return all(map(_never_negative, expr.terms))
        case Product():
            return all(map(_never_negative, _unpaired(expr)))
        case Summation():
            return _never_negative(expr.body)
    raise TypeError(f"no node of the core language: {expr!r}")


def _unpaired(expr: Product) -> tuple[Expr, ...]:
    """The factors that occur an odd number of times."""
    return tuple(factor for factor, count in Counter(expr.factors).items() if count % 2)


def _even(exponent: Expr) -> bool:
    return isinstance(exponent, Number) and exponent.value % 2 == 0


def _broken_power(node: Apply) -> bool:
    if node.function != "pow":
        return False
    exponent = node.arguments[1]
    return not (isinstance(exponent, Number) and exponent.value.denominator == 1)
