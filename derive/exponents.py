"""Exponentials split over sums, logarithms over products, before they meet residues.

A residue does not tell whether it is a sum, so ``exp(a + b) = exp(a) exp(b)`` must be used while
the sum is still to be seen; through the definitions of tensors where these are sums or products.
The value is kept wherever the expression has one. Logarithms are split whatever the signs of the
factors: what is split is ``ln |x|``, of which ``ln x`` is the part with positive x.
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
    Delta,
    Expr,
    Guard,
    Number,
    Product,
    Summation,
    Winner,
    add,
    negative,
    power,
    product,
    rewrite,
)
from derive.index import Axis
from derive.laws import Scaled, exponent_of, linear, times, unfolded, with_roots

LOGISTIC_OF_LOG = "logistic of log"
"""``e / (1 + e)``, the logistic function where ``e = exp(x)`` is known."""
TANH_OF_LOG = "tanh of log"
"""``(e^2 - 1) / (e^2 + 1)``."""
_BRACKETS = (Delta, Guard, Winner)


def with_exponents(expr: Expr, definitions: Mapping[str, Equation]) -> Expr:
    """Exponentials split over sums and logarithms over products; ``expr`` went `with_roots`.

    ``definitions`` went the same way themselves.
    """
    laws = _Laws(definitions)
    return rewrite(expr, laws.rule)


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
            whole = coefficient.denominator == 1
            if whole and isinstance(term, Apply) and term.function == "log":
                factors.append(power(term.arguments[0], coefficient))
            else:
                unit = times(Fraction(1, coefficient.denominator), term)
                factors.append(power(Apply("exp", (unit,)), coefficient.numerator))
        return product(*factors)

    def logarithm(self, argument: Expr) -> Expr:
        """``ln(a^n / b) = n ln a - ln b``, where ln stands for the logarithm of the modulus."""
        split = self.factors(argument)
        if any(isinstance(base, Number) and base.value <= 0 for _, base in split):
            return Apply("log", (argument,))
        return add(*(times(n, self._single_log(base)) for n, base in split))

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
        return add(*(times(n, x) for n, x in parts))

    def factors(self, expr: Expr) -> list[Scaled]:
        """``expr`` as a product of powers."""
        match expr:
            case Product(factors) if not any(isinstance(f, _BRACKETS) for f in factors):
                return [part for f in factors for part in self.factors(f)]
            case Apply("pow", (base, Number(n))):
                return [(n * m, b) for m, b in self.factors(base)]
            case Apply(function, (base,)) if (broken := exponent_of(function)) is not None:
                return [(broken * m, b) for m, b in self.factors(base)]
            case Apply(function, (e,)) if function == LOGISTIC_OF_LOG:
                return [*self.factors(e), (Fraction(-1), add(ONE, e))]
            case Add(terms) if (odds := self._complement(terms)) is not None:
                return [(Fraction(-1), add(ONE, odds))]
            case Summation(axes, body):
                return self._common_factors(axes, body)
            case Access(tensor) if self._is_product(tensor):
                return self.factors(unfolded(expr, self.definitions[tensor]))
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
                return self._complement(terms) is not None
            case Apply(function):
                return function == LOGISTIC_OF_LOG or exponent_of(function) is not None
        return False

    def _complement(self, terms: tuple[Expr, ...]) -> Expr | None:
        """e where the sum is ``1 - e / (1 + e)``."""
        for one, other in (terms, terms[::-1]) if len(terms) == 2 else ():
            share = negative(other)
            if isinstance(share, Access) and share.tensor in self.definitions:
                share = unfolded(share, self.definitions[share.tensor])
            match share:
                case Apply(function, (e,)) if one == ONE and function == LOGISTIC_OF_LOG:
                    return e
        return None
