r"""Forms that stay finite where the mathematics does: softmax, log-softmax, logistic, softplus.

They are recognised in the equations, however these are written and over however many of them: an
exponential over a sum of exponentials, the logarithm of such a quotient or of such a sum, a
logistic function typed as ``1 / (1 + exp(-x))``, logarithms of it. With m the greatest exponent

    exp(x) / sum_j exp(x_j)       =  exp(x - m) / sum_j exp(x_j - m)
    log(exp(x) / sum_j exp(x_j))  =  x - m - log(sum_j exp(x_j - m))

for every number m, so m is a constant for differentiation although it is computed from x.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import permutations

from derive.equations import Equation, Model, Notation, Tensor
from derive.exponentials import exponents
from derive.expr import (
    MINUS_ONE,
    ONE,
    ZERO,
    Access,
    Add,
    Apply,
    Expr,
    Number,
    Product,
    Summation,
    add,
    children,
    negative,
    number,
    power,
    product,
    rebuild,
    refresh,
    substitute,
)
from derive.partition import Partition

_HALF = number("1/2")


@dataclass(frozen=True)
class Stable:
    """The model in stable forms.

    ``shifts`` are new tensors that count as constants when it is differentiated; ``notes`` say
    which form was recognised in which tensor.
    """

    model: Model
    shifts: tuple[str, ...]
    notes: tuple[tuple[str, str], ...]

    @property
    def differentiable(self) -> Model:
        """The model as it is to be differentiated: the shifts are given."""
        equations = tuple(e for e in self.model.equations if e.tensor not in self.shifts)
        return replace(self.model, equations=equations, inputs=(*self.model.inputs, *self.shifts))


def stable(model: Model, public: frozenset[str]) -> Stable:
    """The staged model in stable forms.

    Tensors in ``public`` are kept; stages that nothing reads any more are left out.
    """
    work = _Work(model)
    changed = {id(e): work.mended(e) for e in model.equations if e.place is None}
    mended = (changed.get(id(e), e) for e in model.equations)
    equations = [new for e in mended for new in work.with_shift(e)]
    while dead := {e.tensor for e in equations} - {r for e in equations for r in e.reads} - public:
        equations = [e for e in equations if e.tensor not in dead]
    computed = {e.tensor for e in equations}
    tensors = {
        n: t for n, t in ({**model.tensors, **work.tensors}).items() if n in computed or n in public
    }
    return Stable(
        replace(model, tensors=tensors, equations=tuple(equations)),
        tuple(p.shift for p in work.partitions.values() if p.shift in computed),
        tuple(dict.fromkeys(work.notes)),
    )


@dataclass
class _Work:
    model: Model
    partitions: dict[str, Partition] = field(default_factory=dict)
    tensors: dict[str, Tensor] = field(default_factory=dict)
    notes: list[tuple[str, str]] = field(default_factory=list)
    tensor: str = ""

    def mended(self, equation: Equation) -> Equation:
        """The equation in stable forms."""
        self.tensor = equation.tensor
        rhs = self.visit(equation.rhs)
        return equation if rhs is equation.rhs else replace(equation, rhs=rhs)

    def visit(self, expr: Expr) -> Expr:
        """``expr`` with every form in it replaced, logarithms from the outside."""
        if isinstance(expr, Apply) and expr.function == "log":
            found = self.logarithm(expr.arguments[0])
            if found is not None:
                return self.visit(found)
        parts = children(expr)
        mended = tuple(self.visit(p) for p in parts)
        if any(new is not old for new, old in zip(mended, parts, strict=True)):
            expr = rebuild(expr, mended)
        if isinstance(expr, Apply) and expr.function == "pow":
            return self.reciprocal(expr)
        return self.quotient(expr) if isinstance(expr, Product) else expr

    def logarithm(self, expr: Expr) -> Expr | None:
        """``log(expr)`` as a difference, where it is one."""
        opened = self.opened(expr)
        if (partition := self.partition(expr)) is not None:
            self.note("log of a sum of exponentials")
            return self.log_sum(partition, expr)
        if (x := self.one_plus_exponential(opened)) is not None:
            self.note("softplus")
            return Apply("softplus", (x,))
        match opened:
            case Apply("exp", (x,)):
                return x
            case Apply("logistic", (x,)):
                self.note("log of a logistic function, as softplus")
                return negative(Apply("softplus", (negative(x),)))
            case Add((Number(one), other)) if one == 1:
                inner = self.opened(product(MINUS_ONE, other))
                if isinstance(inner, Apply) and inner.function == "logistic":
                    self.note("log of a logistic function, as softplus")
                    return negative(Apply("softplus", inner.arguments))
            case Product() if (split := self.split(opened)) is not None:
                x, below, rest = split
                if not rest:
                    self.note("log-softmax, as a difference")
                    found = self.partition(below)
                    assert found is not None
                    return add(x, negative(self.log_sum(found, below)))
        return None

    def log_sum(self, partition: Partition, at: Expr) -> Expr:
        """``log`` of the sum of exponentials at a place."""
        assert isinstance(at, Access)
        scaled = Apply("log", (Access(partition.scaled, at.indices),))
        return add(Access(partition.shift, at.indices), scaled)

    def quotient(self, expr: Product) -> Expr:
        """Softmax, logistic and hyperbolic tangent where a product is one of them."""
        while (split := self.split(expr)) is not None:
            x, below, rest = split
            found = self.partition(below)
            assert found is not None
            assert isinstance(below, Access)
            self.note("softmax, with the greatest exponent taken off")
            top = Apply("exp", (add(x, negative(Access(found.shift, below.indices))),))
            bottom = power(Access(found.scaled, below.indices), -1)
            whole = product(top, bottom, *rest)
            if not isinstance(whole, Product):
                return whole
            expr = whole
        return self.logistic(expr)

    def split(self, expr: Expr) -> tuple[Expr, Expr, tuple[Expr, ...]] | None:
        """``(x, sum, rest)`` of a product with the factor ``exp(x) / sum``."""
        if not isinstance(expr, Product):
            return None
        for below in expr.factors:
            match below:
                case Apply("pow", (Access() as total, Number(q))) if q == -1:
                    if self.partition(total) is None or total.tensor == self.tensor:
                        continue
                case _:
                    continue
            for above in expr.factors:
                opened = self.opened(above)
                if isinstance(opened, Apply) and opened.function == "exp":
                    rest = tuple(f for f in expr.factors if f is not below and f is not above)
                    return opened.arguments[0], total, rest
        return None

    def logistic(self, expr: Product) -> Expr:
        """``exp(x) logistic(-x)`` and ``(exp(a) - exp(b)) / (exp(a) + exp(b))``."""
        for above, below in permutations(expr.factors, 2):
            rest = [f for f in expr.factors if f is not above and f is not below]
            match above, below:
                case Apply("exp", (x,)), Apply("logistic", (y,)) if negative(x) == y:
                    return product(Apply("logistic", (x,)), *rest)
                case Add(), Apply("logistic", (y,)):
                    if exponents(above, -1) != (ZERO, negative(y)):
                        continue
                    self.note("hyperbolic tangent")
                    return product(Apply("tanh", (product(_HALF, y),)), *rest)
                case Add(), Apply("pow", (Add() as sum_, Number(q))) if q == -1:
                    found = exponents(above, -1)
                    if found and found == exponents(sum_, 1):
                        self.note("hyperbolic tangent")
                        a, b = found
                        half = product(_HALF, add(a, negative(b)))
                        return product(Apply("tanh", (half,)), *rest)
        return expr

    def reciprocal(self, expr: Apply) -> Expr:
        """``(1 + exp(x))^-n`` is a power of a logistic function."""
        base, exponent = expr.arguments
        x = self.one_plus_exponential(base)
        if x is None or not isinstance(exponent, Number) or exponent.value >= 0:
            return expr
        self.note("logistic function")
        return power(Apply("logistic", (negative(x),)), -exponent.value)

    def one_plus_exponential(self, expr: Expr) -> Expr | None:
        """The x of ``1 + exp(x)``."""
        if not isinstance(expr, Add) or len(expr.terms) != 2 or ONE not in expr.terms:
            return None
        (other,) = (t for t in expr.terms if t != ONE)
        opened = self.opened(other)
        is_exponential = isinstance(opened, Apply) and opened.function == "exp"
        return opened.arguments[0] if is_exponential and isinstance(opened, Apply) else None

    def opened(self, expr: Expr) -> Expr:
        """What an element of an exponential, logistic function or softmax is computed as."""
        if not isinstance(expr, Access) or expr.tensor not in self.model.by_tensor:
            return expr
        equation = self.model.by_tensor[expr.tensor]
        rhs = equation.rhs
        known = isinstance(rhs, Apply) and rhs.function in ("exp", "logistic")
        if equation.place is not None or not (known or self.split(rhs) or self.is_sigmoid(rhs)):
            return expr
        places = dict(zip(equation.axes, expr.indices, strict=True))
        value = refresh(substitute(rhs, places))
        return self.visit(value) if self.is_sigmoid(rhs) else value

    def is_sigmoid(self, rhs: Expr) -> bool:
        """True for ``1 / (1 + exp(x))`` and products with it."""
        factors = rhs.factors if isinstance(rhs, Product) else (rhs,)
        return any(
            isinstance(f, Apply)
            and f.function == "pow"
            and self.one_plus_exponential(f.arguments[0]) is not None
            for f in factors
        )

    def partition(self, expr: Expr) -> Partition | None:
        """The sum of exponentials that an element is read from."""
        if not isinstance(expr, Access) or expr.tensor not in self.model.by_tensor:
            return None
        equation = self.model.by_tensor[expr.tensor]
        if expr.tensor not in self.partitions:
            if equation.place is not None or not isinstance(equation.rhs, Summation):
                return None
            body = self.opened(equation.rhs.body)
            if not isinstance(body, Apply) or body.function != "exp":
                return None
            self.partitions[expr.tensor] = self.named(equation, body.arguments[0])
        return self.partitions[expr.tensor]

    def named(self, equation: Equation, exponent: Expr) -> Partition:
        """Names for the greatest exponent and the sum with it taken off."""
        own = equation.tensor
        shift, scaled = self.fresh(f"{own}_max", own), self.fresh(f"{own}_scaled", own)
        return Partition(equation, exponent, shift, scaled)

    def fresh(self, name: str, like: str) -> str:
        while name in self.model.tensors or name in self.tensors:
            name += "_"
        ranges = self.model.tensors[like].ranges
        self.tensors[name] = Tensor(name, ranges, Notation(name, args=tuple(range(len(ranges)))))
        return name

    def with_shift(self, equation: Equation) -> Iterator[Equation]:
        """The equation, after those of the greatest exponent and the scaled sum if it is one."""
        found = self.partitions.get(equation.tensor)
        if found is not None:
            yield from found.equations()
        yield equation

    def note(self, form: str) -> None:
        self.notes.append((self.tensor, form))
