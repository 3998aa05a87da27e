"""Equations as plain text, for comments in code: ``z[n, p] = Σ_{u=-2..2} I[n, p - u] k[u]``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from derive.equations import Equation
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
)
from derive.index import Axis, Index
from derive.maximum import as_maximum

SUM, TERM, POWER, ATOM = range(4)


def plain(equation: Equation, names: Mapping[str, str] | None = None) -> str:
    """One line of text; ``names`` says how tensors (and adjoints) are called."""
    printer = _Printer(names or {})
    for axis in equation.axes:
        printer.name(axis)
    left = printer.expr(equation.lhs, ATOM)
    return f"{left} = {printer.expr(equation.rhs, SUM)}"


@dataclass
class _Printer:
    names: Mapping[str, str]
    axes: dict[Axis, str] = field(default_factory=dict)
    points: dict[Axis, str] = field(default_factory=dict)

    def name(self, axis: Axis) -> str:
        """A name that no other axis of this equation has: primes are added."""
        if axis not in self.axes:
            text = axis.name
            while text in self.axes.values():
                text += "'"
            self.axes[axis] = text
        return self.axes[axis]

    def expr(self, expr: Expr, strength: int) -> str:
        """The text as an operand where at least ``strength`` is needed."""
        text, own = self.printed(expr)
        return text if own >= strength else f"({text})"

    def printed(self, expr: Expr) -> tuple[str, int]:
        match expr:
            case Number(value):
                return str(value), ATOM if value.denominator == 1 and value >= 0 else TERM
            case Value(index):
                return self.index(index), ATOM if len(index.terms) < 2 else SUM
            case Access(tensor, indices):
                inner = ", ".join(self.index(i) for i in indices)
                name = self.names.get(tensor, tensor)
                return (f"{name}[{inner}]" if indices else name), ATOM
            case Apply("pow", (base, Number(value))):
                exponent = str(value) if value >= 0 and value.denominator == 1 else f"({value})"
                return f"{self.expr(base, ATOM)}^{exponent}", POWER
            case Apply("pow", (base, exponent)):
                return f"{self.expr(base, ATOM)}^{self.expr(exponent, ATOM)}", POWER
            case Apply(function, arguments):
                return f"{function}({', '.join(self.expr(a, SUM) for a in arguments)})", ATOM
            case Add(terms):
                return self.added(terms), SUM
            case Product(factors):
                return self.multiplied(factors), TERM
            case Summation():
                return self.summation(expr), TERM
            case Winner():
                return self.winner(expr), ATOM
            case Delta(index):
                return self.equal(index), ATOM
            case Guard(index):
                return f"[{self.index(index)} >= 0]", ATOM
        raise TypeError(f"no text for {type(expr).__name__}")

    def equal(self, index: Index) -> str:
        """``[m = rest]`` for the axis that was named first, or ``[index = 0]``."""
        for axis in self.axes:
            sign = index.coefficient(axis).value
            if sign in (1, -1):
                return f"[{self.name(axis)} = {self.index(index.without(axis) * -sign)}]"
        return f"[{self.index(index)} = 0]"

    def added(self, terms: Sequence[Expr]) -> str:
        text = ""
        for term in terms:
            minus = False
            match term:
                case Number(value) if value < 0:
                    minus, term = True, Number(-value)
                case Product((Number(value), *rest)) if value < 0:
                    minus, term = True, product(Number(-value), *rest)
            sign = ("-" if minus else "") if not text else (" - " if minus else " + ")
            text += sign + self.expr(term, TERM)
        return text

    def multiplied(self, factors: Sequence[Expr]) -> str:
        match factors:
            case [Number(value), *rest] if value == -1 and rest:
                return f"-{self.multiplied(rest)}"
            case [Number(value), *rest] if value < 0 and rest:
                return f"-{self.multiplied([Number(-value), *rest])}"
        below = [f.arguments[0] for f in factors if isinstance(f, Apply) and _is_reciprocal(f)]
        above = [f for f in factors if not _is_reciprocal(f)]
        above.sort(key=lambda f: isinstance(f, Summation))
        ranges, above = self.brackets(above)
        texts = [self.expr(f, TERM if f is above[-1] else POWER) for f in above]
        text = " ".join([*ranges, *texts]) or "1"
        if below and isinstance(above[-1] if above else None, Summation):
            return " ".join(f"1/{self.expr(b, ATOM)}" for b in below) + f" {text}"
        return text + "".join(f" / {self.expr(b, ATOM)}" for b in below)

    def brackets(self, factors: Sequence[Expr]) -> tuple[list[str], list[Expr]]:
        """Pairs of guards as ``[0 <= index <= bound]``, and the other factors."""
        guards = [f for f in factors if isinstance(f, Guard)]
        rest: list[Expr] = [f for f in factors if not isinstance(f, Guard)]
        texts = []
        while guards:
            guard = guards.pop(0)
            for other in guards:
                bound = guard.index + other.index
                if not bound.axes:
                    guards.remove(other)
                    texts.append(self.between(guard.index, bound))
                    break
            else:
                rest.insert(0, guard)
        return texts, rest

    def summation(self, expr: Summation) -> str:
        """A sum, or the maximum that it is."""
        winner = as_maximum(expr)
        if winner is None:
            return self.summed(expr.axes, expr.body)
        inner = self.named_body(winner.axes, winner.body)
        return f"max_{{{self.bounds(winner.axes)}}} {inner}"

    def winner(self, expr: Winner) -> str:
        """``[u', v' = argmax_{u, v} body]``."""
        inner = self.named_body(expr.axes, expr.body)
        places = ", ".join(self.index(i) for i in expr.at)
        return f"[{places} = argmax_{{{self.bounds(expr.axes)}}} {inner}]"

    def bounds(self, axes: Sequence[Axis]) -> str:
        return ", ".join(f"{self.name(a)}={a.lo}..{a.hi}" for a in axes)

    def between(self, index: Index, bound: Index) -> str:
        """``[lo <= index <= hi]`` with the constant on the outer sides."""
        constant = index.constant
        middle = index - constant
        lo, hi = -constant, bound - constant
        return f"[{lo} <= {self.index(middle)} <= {hi}]"

    def summed(self, axes: Sequence[Axis], body: Expr) -> str:
        axes, body = self.with_points(axes, body)
        inner = self.named_body(axes, body)
        if not axes:
            return inner
        return f"Σ_{{{self.bounds(axes)}}} {inner}"

    def named_body(self, axes: Sequence[Axis], body: Expr) -> str:
        for axis in axes:
            self.name(axis)
        return self.expr(body, TERM)

    def with_points(self, axes: Sequence[Axis], body: Expr) -> tuple[Sequence[Axis], Expr]:
        """Without axes that brackets pin: ``0 <= s*i - a <= s - 1`` says i = ceil(a/s)."""
        factors = list(body.factors) if isinstance(body, Product) else [body]
        kept = list(axes)
        for axis in axes:
            pair = _pinned(axis, [f for f in factors if isinstance(f, Guard)])
            if pair is None:
                continue
            low, high, step = pair
            rest = low.index.without(axis)
            self.points[axis] = f"ceil(({self.index(-rest)})/{step})"
            if len(rest.terms) == 1:
                self.points[axis] = f"ceil({self.index(-rest)}/{step})"
            factors = [f for f in factors if f is not low and f is not high]
            kept.remove(axis)
        return kept, product(*factors)

    def index(self, index: Index) -> str:
        """An index with this equation's names for its axes."""
        text = ""
        for monomial, coefficient in index.terms:
            names = [self.symbol(s) if isinstance(s, Axis) else s.name for s in monomial]
            if abs(coefficient) != 1 or not names:
                names.insert(0, str(abs(coefficient)))
            minus = coefficient < 0
            sign = ("-" if minus else "") if not text else (" - " if minus else " + ")
            text += sign + "*".join(names)
        return text or "0"

    def symbol(self, axis: Axis) -> str:
        return self.points.get(axis) or self.name(axis)


def _is_reciprocal(expr: Expr) -> bool:
    match expr:
        case Apply("pow", (_, Number(value))):
            return value == -1
    return False


def _pinned(axis: Axis, guards: Sequence[Guard]) -> tuple[Guard, Guard, int] | None:
    """Guards ``s*axis + r >= 0`` and ``s - 1 - s*axis - r >= 0``, and s."""
    for low in guards:
        step = low.index.coefficient(axis).value
        if step is None or step < 1:
            continue
        for high in guards:
            if low.index + high.index == Index.of(step - 1):
                return low, high, step
    return None
