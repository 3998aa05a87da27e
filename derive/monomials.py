"""Expansion of a core expression into monomials: coefficient, bound axes, brackets, atoms.

Sums are multiplied out, integer powers too, deltas are solved, so that what remains of a term is
``q * sum over axes [brackets] * product of atoms``. Atoms are accesses, and applications or powers
of subexpressions that are themselves in normal form.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

from derive.alpha import alpha_key
from derive.errors import LimitExceeded
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
    product,
    refresh,
    substitute,
    summation,
)
from derive.index import Axis, Index
from derive.radix import digits

MOST_TERMS = 4000
"""A product that would expand to more terms than this is refused."""

MOST_REPEATS = 6
"""Whole powers up to this are multiplied out; greater ones stay powers."""

Normaliser = Callable[[Expr], Expr]


@dataclass(frozen=True)
class Monomial:
    """``coefficient * sum over axes of [zero = 0 …][nonnegative >= 0 …] * product of atoms``."""

    coefficient: Fraction
    axes: tuple[Axis, ...] = ()
    zero: tuple[Index, ...] = ()
    nonnegative: tuple[Index, ...] = ()
    atoms: tuple[Expr, ...] = ()

    def __mul__(self, other: Monomial) -> Monomial:
        return Monomial(
            self.coefficient * other.coefficient,
            self.axes + other.axes,
            self.zero + other.zero,
            self.nonnegative + other.nonnegative,
            self.atoms + other.atoms,
        )

    def substitute(self, axis: Axis, solution: Index) -> Monomial:
        """The bound ``axis`` replaced by its only value, its range kept as brackets."""
        mapping = {axis: solution}
        inside = (solution - axis.lo, axis.hi - solution)
        return Monomial(
            self.coefficient,
            tuple(a for a in self.axes if a is not axis),
            tuple(z.substitute(mapping) for z in self.zero),
            (*(n.substitute(mapping) for n in self.nonnegative), *inside),
            tuple(substitute(a, mapping) for a in self.atoms),
        )


def expand(expr: Expr, normal: Normaliser) -> list[Monomial]:
    """Multiply out. ``normal`` brings the arguments of functions into normal form.

    Raises `LimitExceeded` beyond `MOST_TERMS` terms.
    """
    match expr:
        case Number(value):
            return [Monomial(value)] if value else []
        case Value(index):
            return [
                Monomial(Fraction(c), atoms=tuple(Value(Index.of(s)) for s in m))
                for m, c in index.terms
            ]
        case Access():
            return [Monomial(Fraction(1), atoms=(expr,))]
        case Delta(index):
            return [Monomial(Fraction(1), zero=(index,))]
        case Guard(index):
            return [Monomial(Fraction(1), nonnegative=(index,))]
        case Add(terms):
            return [m for t in terms for m in expand(t, normal)]
        case Product(factors):
            return _multiply([expand(f, normal) for f in factors])
        case Summation():
            fresh = refresh(expr)
            assert isinstance(fresh, Summation)
            return [replace(m, axes=fresh.axes + m.axes) for m in expand(fresh.body, normal)]
        case Winner(axes, at, body, tie):
            return [Monomial(Fraction(1), atoms=(Winner(axes, at, normal(body), tie),))]
        case Apply("pow", (base, Number(exponent))):
            return _expand_power(base, exponent, normal)
        case Apply("exp", (argument,)):
            return _expand_exponential(argument, normal)
        case Apply("log", (Apply("exp", (argument,)),)):
            return expand(argument, normal)
        case Apply(function, arguments):
            atom = Apply(function, tuple(normal(a) for a in arguments))
            return [Monomial(Fraction(1), atoms=(atom,))]
    raise TypeError(f"not a core node: {expr!r}")


def _multiply(groups: Iterable[list[Monomial]]) -> list[Monomial]:
    result = [Monomial(Fraction(1))]
    for group in groups:
        if len(result) * len(group) > MOST_TERMS:
            raise LimitExceeded(f"the product expands to more than {MOST_TERMS} terms")
        result = [a * b for a in result for b in group]
    return result


def _expand_power(base: Expr, exponent: Fraction, normal: Normaliser) -> list[Monomial]:
    """Small integer powers are multiplied out; other powers split over a single monomial."""
    if exponent == 0:
        return [Monomial(Fraction(1))]
    if exponent.denominator == 1 and 1 <= exponent <= MOST_REPEATS:
        return _multiply(expand(base, normal) for _ in range(int(exponent)))
    parts = expand(normal(base), normal)
    whole = exponent.denominator == 1
    if len(parts) == 1 and not (parts[0].axes or parts[0].zero or parts[0].nonnegative) and whole:
        only = parts[0]
        atoms = tuple(_power_atom(a, exponent) for a in only.atoms)
        return [Monomial(only.coefficient ** int(exponent), atoms=atoms)]
    return [Monomial(Fraction(1), atoms=(_power_atom(normal(base), exponent),))]


def _power_atom(atom: Expr, exponent: Fraction) -> Expr:
    match atom:
        case Apply("pow", (base, Number(inner))) if exponent.denominator == 1:
            exponent, atom = exponent * inner, base
    return atom if exponent == 1 else Apply("pow", (atom, Number(exponent)))


def _expand_exponential(argument: Expr, normal: Normaliser) -> list[Monomial]:
    """``exp(a + b) = exp(a) exp(b)`` and ``exp(n a) = exp(a)^n`` for whole n."""
    result = Monomial(Fraction(1))
    for part in expand(normal(argument), normal):
        whole = part.coefficient.denominator == 1
        unit = replace(part, coefficient=Fraction(1)) if whole else part
        inner = Apply("exp", (normal(as_expr(unit)),))
        exponent = part.coefficient if whole else Fraction(1)
        result = result * Monomial(Fraction(1), atoms=(_power_atom(inner, exponent),))
    return [result]


def merge_powers(monomial: Monomial) -> Monomial:
    """``x * x^-1 = 1`` (away from poles) and ``x^a x^b = x^(a+b)`` for equal atoms.

    A positive whole power is the atom repeated.
    """
    total: dict[str, tuple[Expr, Fraction]] = {}
    for atom in monomial.atoms:
        base, exponent = atom, Fraction(1)
        match atom:
            case Apply("pow", (inner, Number(power))):
                base, exponent = inner, power
        key = alpha_key(base)
        total[key] = (base, total.get(key, (base, Fraction(0)))[1] + exponent)
    atoms: list[Expr] = []
    for base, exponent in total.values():
        if exponent.denominator == 1 and 0 < exponent <= MOST_REPEATS:
            atoms.extend([base] * int(exponent))
        elif exponent:
            atoms.append(Apply("pow", (base, Number(exponent))))
    return replace(monomial, atoms=tuple(atoms))


def solve_deltas(monomial: Monomial) -> Monomial | None:
    """Every delta split into digits and solved for a bound axis of unit coefficient, if it has one.

    ``None`` where a delta of constants is 0. What cannot be solved stays, with its sign normalised.
    """
    pending, kept = list(monomial.zero), []
    monomial = replace(monomial, zero=())
    while pending:
        index, *pending = (d for z in pending for d in digits(z))
        if index.value is not None:
            if index.value:
                return None
            continue
        axis = next((a for a in monomial.axes if index.coefficient(a).value in (1, -1)), None)
        if axis is None:
            kept.append(index if index.terms[0][1] > 0 else -index)
            continue
        sign = index.coefficient(axis).value
        assert sign is not None
        solution = index.without(axis) * -sign
        monomial = monomial.substitute(axis, solution)
        pending = [p.substitute({axis: solution}) for p in pending]
        kept = [k.substitute({axis: solution}) for k in kept]
    return replace(monomial, zero=tuple(kept))


def as_expr(monomial: Monomial) -> Expr:
    """The monomial as a core expression."""
    brackets = (*(Delta(z) for z in monomial.zero), *(Guard(n) for n in monomial.nonnegative))
    body = product(Number(monomial.coefficient), *brackets, *monomial.atoms)
    return summation(monomial.axes, body)
