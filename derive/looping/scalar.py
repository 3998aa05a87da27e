"""An expression at one place as Python source: accesses become elements of flat arrays.

A tensor that the samples carry lies in one flat array per block of samples with the sample (the
*lane*) as its fastest axis: element ``t`` of lane ``n`` at ``V * t + n``. Others keep their axes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from derive.emitting.text import SIGN, SUM, TERM, Text, number
from derive.equations import Range
from derive.errors import IllFormed
from derive.expr import Access, Add, Apply, Expr, Number, Product, Value, product
from derive.index import Axis, Index, Size

FUNCTIONS: Mapping[str, str] = {
    "logistic": "_logistic({})",
    "tanh": "math.tanh({})",
    "relu": "_relu({})",
    "leaky_relu": "_leaky_relu({})",
    "softplus": "_softplus({})",
    "step": "_step({})",
    "sign": "_sign({})",
    "abs": "abs({})",
    "exp": "_exp({})",
    "log": "math.log({})",
    "log10": "math.log10({})",
    "sqrt": "math.sqrt({})",
    "sin": "math.sin({})",
    "cos": "math.cos({})",
    "maximum": "_maximum({}, {})",
    "minimum": "_minimum({}, {})",
    "equal": "_equal({}, {})",
}
"""A template over the arguments' source for every function of `derive.rules`."""


@dataclass(frozen=True)
class Store:
    """Where a tensor lies: a flat array with lanes, or an array with the tensor's axes.

    ``ranges`` leave out the batch axis of what has it (``batched``). A number has one element.
    """

    variable: str
    ranges: tuple[Range, ...]
    lanes: bool
    batched: bool

    @property
    def extents(self) -> tuple[int, ...]:
        return tuple(_integer(hi - lo + 1) for lo, hi in self.ranges)

    @property
    def size(self) -> int:
        """Number of elements of one sample."""
        total = 1
        for extent in self.extents:
            total *= extent
        return total

    def own(self, indices: Sequence[Index]) -> tuple[Index, ...]:
        """The indices without that of the batch."""
        return tuple(indices[1:] if self.batched else indices)

    def flat(self, indices: Sequence[Index]) -> Index:
        """The element's number in C order, from the indices without that of the batch."""
        total = Index.of(0)
        for index, (lo, _), extent in zip(indices, self.ranges, self.extents, strict=True):
            total = total * extent + (index - lo)
        return total


def _integer(index: Index) -> int:
    if index.value is None:
        raise IllFormed(f"the extent {index} is not a number: the loops run over whole samples")
    return index.value


@dataclass
class Scalar:
    """Prints expressions; ``row`` are axes that the variable ``x`` runs over, lanes included.

    Elements whose places differ by a number are addressed from one base: ``bases`` has the variable
    and the number that it includes, for what depends on loops. ``multiples`` are variables that
    hold a multiple of V, ``locals`` elements that were read before.
    """

    stores: Mapping[str, Store]
    names: dict[Axis, str] = field(default_factory=dict)
    row: tuple[Axis, ...] = ()
    bases: dict[tuple[Index, ...], tuple[str, int]] = field(default_factory=dict)
    locals: dict[Access, str] = field(default_factory=dict)
    multiples: dict[int, str] = field(default_factory=dict)

    def text(self, expr: Expr) -> str:
        """The source of an expression."""
        return self.printed(expr).source

    def index(self, index: Index) -> Text:
        """An index over the loop variables."""
        shown = {a: Index.of(Size(self.names[a])) for a in index.axes}
        return _polynomial(index.substitute(shown))

    def place(self, store: Store, own: Sequence[Index]) -> str:
        """``array[…]``, from the indices without that of the batch."""
        if not store.lanes:
            places = [i - lo for i, (lo, _) in zip(own, store.ranges, strict=True)]
            return f"{store.variable}[{', '.join(self.index(p).source for p in places) or '0'}]"
        flat = store.flat(own).substitute({a: a.lo for a in self.row})
        constant = flat.constant.value or 0
        moving = (flat - constant,)
        variable, included = self.bases.setdefault(moving, (f"t{len(self.bases)}", constant))
        return f"{store.variable}[{variable}{self._further(constant - included)}]"

    def _further(self, elements: int) -> str:
        """`` + V8``: this many elements further on, lanes included."""
        if not elements:
            return ""
        name = self.multiples.setdefault(abs(elements), f"V{abs(elements)}")
        return f" {'-' if elements < 0 else '+'} {name}"

    def base_lines(self) -> list[str]:
        """The bases that were used since the last call, as assignments for the innermost loop."""
        last = "x" if self.row else "lane"
        lines = []
        for (moving,), (variable, included) in self.bases.items():
            start = moving + included
            if start.terms:
                lines.append(f"{variable} = V * {self.index(start).within(SIGN)} + {last}")
            else:
                lines.append(f"{variable} = {last}")
        self.bases.clear()
        return lines

    def printed(self, expr: Expr) -> Text:
        match expr:
            case Number(value):
                return real(value)
            case Value(index):
                return Text(f"real({self.index(index).source})")
            case Access() if expr in self.locals:
                return Text(self.locals[expr])
            case Access(tensor, indices):
                store = self.stores[tensor]
                return Text(self.place(store, store.own(indices)))
            case Apply("pow", (base, exponent)):
                return self._power(base, exponent)
            case Apply(function, arguments):
                if function not in FUNCTIONS:
                    raise IllFormed(
                        f"the function {function} is known only by its derivative: no code for it",
                        advice=f"declare it: functions: {{{function}: logistic}}",
                    )
                return Text(FUNCTIONS[function].format(*map(self.text, arguments)))
            case Add(terms):
                return self._added(terms)
            case Product(factors):
                return self._multiplied(factors)
        raise IllFormed(f"no loop for a {type(expr).__name__} inside a function")

    def _power(self, base: Expr, exponent: Expr) -> Text:
        match exponent:
            case Number(value) if value == 2:
                return Text(f"_square({self.text(base)})")
            case Number(value) if value == -1:
                return Text(f"real(1) / {self.printed(base).within(SIGN)}", TERM)
            case Number(value) if value == -2:
                return Text(f"real(1) / _square({self.text(base)})", TERM)
            case Number(value) if value == Fraction(1, 2):
                return Text(f"math.sqrt({self.text(base)})")
        return Text(f"_power({self.text(base)}, {self.text(exponent)})")

    def _added(self, parts: Sequence[Expr]) -> Text:
        source = ""
        for part in parts:
            minus = False
            match part:
                case Number(value) if value < 0:
                    minus, part = True, Number(-value)
                case Product((Number(value), *rest)) if value < 0:
                    minus, part = True, product(Number(-value), *rest)
            sign = ("-" if minus else "") if not source else (" - " if minus else " + ")
            source += sign + self.printed(part).within(TERM)
        return Text(source, SUM)

    def _multiplied(self, factors: Sequence[Expr]) -> Text:
        above: list[str] = []
        below: list[str] = []
        for factor in factors:
            match factor:
                case Apply("pow", (base, Number(value))) if value == -1:
                    below.append(self.printed(base).within(SIGN))
                case Number(value) if value == -1 and len(factors) > 1:
                    above.insert(0, "-")
                case _:
                    above.append(self.printed(factor).within(TERM if not above else SIGN))
        sign = above.pop(0) if above and above[0] == "-" else ""
        source = sign + (" * ".join(above) or "real(1)")
        return Text(source + "".join(f" / {b}" for b in below), TERM)


def real(value: Fraction) -> Text:
    """A number in the dtype of the computation."""
    if value.denominator == 1:
        return Text(f"real({value.numerator})")
    decimal = repr(float(value))
    if Fraction(decimal) == value:
        return Text(f"real({decimal})")
    return Text(f"real({value.numerator} / {value.denominator})")


def _polynomial(index: Index) -> Text:
    """Constants last, as people write them."""
    parts = sorted(index.terms, key=lambda t: t[0] == ())
    ordered = Index(tuple(parts))
    source = number(ordered)
    if len(parts) > 1:
        return Text(source, SUM)
    if index.value is not None:
        return Text(source, SIGN if index.value < 0 else SIGN + 2)
    return Text(source, TERM if "*" in source else SIGN if source.startswith("-") else SIGN + 2)
