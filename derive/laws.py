"""Laws of powers, exponentials and logarithms, put in before an expression meets residues.

A residue does not tell whether it is a sum, so ``exp(a + b) = exp(a) exp(b)`` must be used while
the sum is still to be seen. `with_roots` names what the interpreter needs by name (a power's
exponent is lost among residues); `with_exponents` splits exponentials over sums and logarithms over
products, through the definitions of tensors where these are sums or products themselves. Both keep
the value wherever the expression has one; logarithms are only split where the factors are positive
by construction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from derive.equations import Equation
from derive.expr import (
    ONE,
    Access,
    Add,
    Apply,
    Expr,
    Number,
    Product,
    Summation,
    add,
    negative,
    number,
    power,
    product,
    quotient,
    refresh,
    rewrite,
    substitute,
    summation,
)
from derive.index import Axis

LOGISTIC_OF_LOG = "logistic of log"
"""``e / (1 + e)``, the logistic function where ``e = exp(x)`` is known."""
TANH_OF_LOG = "tanh of log"
"""``(e^2 - 1) / (e^2 + 1)``."""

Scaled = tuple[Fraction, Expr]
"""A coefficient and a term, or an exponent and a base."""

_LARGEST_FACTORED = 10**6
_POSITIVE = {"exp", "logistic", "softplus", "abs", LOGISTIC_OF_LOG}


def root(base: Expr, exponent: Fraction) -> Expr:
    """``base^exponent`` for a broken exponent, which becomes part of the function's name."""
    return Apply(f"^{exponent}", (base,))


def exponent_of(function: str) -> Fraction | None:
    """The exponent of a `root`, ``None`` for any other function."""
    return Fraction(function[1:]) if function.startswith("^") else None


def with_roots(expr: Expr) -> Expr:
    """Roots and broken powers by name, ``x^(n + 2) = x^n x^2``, only natural logarithms."""

    def rule(node: Expr) -> Expr:
        match node:
            case Apply("sqrt", (base,)):
                return root(base, Fraction(1, 2))
            case Apply("pow", (base, Number(exponent))) if exponent.denominator > 1:
                return root(base, exponent)
            case Apply("pow", (base, exponent)) if not isinstance(exponent, Number):
                return product(*(_symbolic_power(base, *part) for part in linear(exponent, {})))
            case Apply("log10", (argument,)):
                return quotient(Apply("log", (argument,)), with_roots(Apply("log", (number(10),))))
            case Apply("log", (Number(value),)) if value > 0:
                return add(*(_times(n, Apply("log", (p,))) for n, p in _primes(value)))
        return node

    return rewrite(expr, rule)


def with_exponents(expr: Expr, definitions: Mapping[str, Equation]) -> Expr:
    """Exponentials split over sums and logarithms over products; ``expr`` went `with_roots`.

    ``definitions`` went the same way themselves.
    """
    laws = _Laws(definitions)
    return rewrite(expr, laws.rule)


def linear(expr: Expr, definitions: Mapping[str, Equation]) -> list[Scaled]:
    """``expr`` as a sum of coefficients times terms, one level of brackets opened after the other.

    A term that is a tensor whose definition is a sum is replaced by it.
    """
    match expr:
        case Number(value):
            return [(value, ONE)] if value else []
        case Add(terms):
            return [part for term in terms for part in linear(term, definitions)]
        case Product(factors):
            return _linear_product(factors, definitions)
        case Summation(axes, body):
            return [(c, summation(axes, t)) for c, t in linear(body, definitions)]
        case Access(tensor) if tensor in definitions and _is_sum(definitions[tensor].rhs):
            return linear(_unfolded(expr, definitions[tensor]), definitions)
    return [(Fraction(1), expr)]


def _linear_product(factors: tuple[Expr, ...], definitions: Mapping[str, Equation]) -> list[Scaled]:
    scale = Fraction(1)
    for factor in factors:
        if isinstance(factor, Number):
            scale *= factor.value
    rest = [f for f in factors if not isinstance(f, Number)]
    if len(rest) == 1:
        return [(scale * c, t) for c, t in linear(rest[0], definitions)]
    opened = next((k for k, f in enumerate(rest) if isinstance(f, Add)), None)
    if opened is None:
        return [(scale, product(*rest))]
    around = (rest[:opened], rest[opened + 1 :])
    parts = linear(rest[opened], definitions)
    return [(scale * c, product(*around[0], t, *around[1])) for c, t in parts]


def _is_sum(expr: Expr) -> bool:
    """Whether a definition is worth being put into an exponent."""
    match expr:
        case Add() | Access() | Apply("log" | "softplus"):
            return True
        case Product(factors):
            return sum(not isinstance(f, Number) for f in factors) == 1
    return False


def _unfolded(access: Access, equation: Equation) -> Expr:
    places = dict(zip(equation.axes, access.indices, strict=True))
    return refresh(substitute(equation.rhs, places))


def _symbolic_power(base: Expr, coefficient: Fraction, exponent: Expr) -> Expr:
    """``base^(coefficient * exponent)``."""
    if exponent == ONE:
        return _power(base, coefficient)
    if coefficient.denominator > 1:
        return Apply("pow", (base, _times(coefficient, exponent)))
    return power(Apply("pow", (base, exponent)), coefficient)


def _power(base: Expr, exponent: Fraction) -> Expr:
    return power(base, exponent) if exponent.denominator == 1 else root(base, exponent)


def _times(scale: Fraction, expr: Expr) -> Expr:
    return product(Number(scale), expr)


def _primes(value: Fraction) -> list[Scaled]:
    """The prime factors with their exponents; a large rest stays as it is."""
    found: list[Scaled] = []
    for sign, whole in ((1, value.numerator), (-1, value.denominator)):
        prime = 2
        while whole > 1:
            if prime * prime > whole or prime * prime > _LARGEST_FACTORED:
                prime = whole
            count = 0
            while whole % prime == 0:
                whole, count = whole // prime, count + 1
            if count:
                found.append((Fraction(sign * count), number(prime)))
            prime += 1
    return found


@dataclass(frozen=True)
class _Laws:
    """The rules that need definitions."""

    definitions: Mapping[str, Equation]

    def rule(self, node: Expr) -> Expr:
        match node:
            case Apply("exp", (argument,)):
                return self.exponential(argument)
            case Apply("logistic", (argument,)):
                return Apply(LOGISTIC_OF_LOG, (self.exponential(argument),))
            case Apply("tanh", (argument,)):
                return Apply(TANH_OF_LOG, (self.exponential(argument),))
            case Apply("log", (argument,)):
                return self.logarithm(argument)
        return node

    def exponential(self, argument: Expr) -> Expr:
        """``exp(2 a - b / 3 + ln c) = exp(a)^2 exp(b/3)^-1 c``."""
        factors = []
        for coefficient, term in linear(argument, self.definitions):
            if isinstance(term, Apply) and term.function == "log":
                factors.append(_power(term.arguments[0], coefficient))
            else:
                unit = _times(Fraction(1, coefficient.denominator), term)
                factors.append(power(Apply("exp", (unit,)), coefficient.numerator))
        return product(*factors)

    def logarithm(self, argument: Expr) -> Expr:
        """``ln(a^n b u) = n ln a + ln b + ln u`` for positive a and b, whatever u is."""
        split = self.factors(argument)
        positive = [part for part in split if self.positive(part[1])]
        rest = [_power(base, n) for n, base in split if not self.positive(base)]
        terms = [_times(n, self._single_log(base)) for n, base in positive]
        return add(*terms, *([Apply("log", (product(*rest),))] if rest else []))

    def _single_log(self, base: Expr) -> Expr:
        match base:
            case Apply("exp", (argument,)):
                return argument
            case Number():
                return with_roots(Apply("log", (base,)))
            case Add(terms) if len(terms) == 2 and ONE in terms:
                other = terms[1] if terms[0] == ONE else terms[0]
                exponent = self._exponent(other)
                if exponent is not None:
                    return Apply("softplus", (exponent,))
        return Apply("log", (base,))

    def _exponent(self, expr: Expr) -> Expr | None:
        """x where ``expr = exp(x)``, ``None`` where it is something else."""
        parts = [
            (n, base.arguments[0])
            for n, base in self.factors(expr)
            if isinstance(base, Apply) and base.function == "exp"
        ]
        if len(parts) < len(self.factors(expr)):
            return None
        return add(*(_times(n, x) for n, x in parts))

    def factors(self, expr: Expr) -> list[Scaled]:
        """``expr`` as a product of powers; only of what is positive are powers taken apart."""
        match expr:
            case Product(factors):
                return [part for f in factors for part in self.factors(f)]
            case Apply("pow", (base, Number(n))) if self.positive(base):
                return [(n * m, b) for m, b in self.factors(base)]
            case Apply(function, (base,)) if (broken := exponent_of(function)) is not None:
                return [(broken * m, b) for m, b in self.factors(base)]
            case Apply(function, (e,)) if function == LOGISTIC_OF_LOG:
                return [*self.factors(e), (Fraction(-1), add(ONE, e))]
            case Add(terms) if (odds := _complement(terms)) is not None:
                return [(Fraction(-1), add(ONE, odds))]
            case Summation(axes, body):
                return self._common_factors(axes, body)
            case Access(tensor) if self._is_product(tensor):
                return self.factors(_unfolded(expr, self.definitions[tensor]))
        return [(Fraction(1), expr)]

    def _common_factors(self, axes: tuple[Axis, ...], body: Expr) -> list[Scaled]:
        """Factors that do not depend on the summation's axes stand before it."""
        items = body.factors if isinstance(body, Product) else (body,)
        outside = [f for f in items if not f.free_axes & set(axes)]
        inside = product(*(f for f in items if f not in outside))
        total = (Fraction(1), Summation(axes, inside))
        return [total, *(part for f in outside for part in self.factors(f))]

    def _is_product(self, tensor: str) -> bool:
        if tensor not in self.definitions:
            return False
        match self.definitions[tensor].rhs:
            case Product() | Access() | Apply("exp" | "pow"):
                return True
            case Add(terms):
                return _complement(terms) is not None
            case Apply(function):
                return function == LOGISTIC_OF_LOG or exponent_of(function) is not None
        return False

    def positive(self, expr: Expr) -> bool:
        """True where ``expr`` is positive by construction, away from poles and zeros of powers."""
        match expr:
            case Number(value):
                return value > 0
            case Apply("pow", (base, Number(n))):
                return n % 2 == 0 or self.positive(base)
            case Apply(function):
                return function in _POSITIVE or exponent_of(function) is not None
            case Product(parts) | Add(parts):
                return all(self.positive(part) for part in parts)
            case Summation(_, body):
                return self.positive(body)
            case Access(tensor) if tensor in self.definitions:
                return self.positive(self.definitions[tensor].rhs)
        return False


def _complement(terms: tuple[Expr, ...]) -> Expr | None:
    """e where the sum is ``1 - e / (1 + e)``."""
    for one, other in (terms, terms[::-1]) if len(terms) == 2 else ():
        match negative(other):
            case Apply(function, (e,)) if one == ONE and function == LOGISTIC_OF_LOG:
                return e
    return None
