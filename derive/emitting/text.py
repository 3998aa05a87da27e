"""Array expressions as NumPy source: one small function for each kind of node."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from derive.emitting.functions import FUNCTIONS
from derive.emitting.fusing import Called
from derive.emitting.numbers import number_template
from derive.errors import IllFormed
from derive.index import Index, Size
from derive.planning.arrays import (
    Array,
    Broadcast,
    Copied,
    Cut,
    Extent,
    Literal,
    Map,
    MatMul,
    Name,
    Padded,
    Permuted,
    Ramp,
    Reshaped,
    Slice,
    Sliced,
    Summed,
)
from derive.planning.elementwise import is_number
from derive.planning.maxima import Greatest, Winners
from derive.planning.windows import AddedWindows, Bands, Spread, Window, Windows, WindowSum

COMPARE, SUM, CHAIN, TERM, SIGN, POWER, ATOM = range(7)
"""Python's precedence, weakest first.

A `CHAIN` is a product with a matrix product in it: to Python a term like any other, but
``x * (A @ b)`` without its brackets is ``(x * A) @ b``.
"""


@dataclass(frozen=True)
class Text:
    """Source of an expression and how strongly it binds."""

    source: str
    strength: int = ATOM

    def within(self, strength: int) -> str:
        """The source as an operand where at least ``strength`` is needed."""
        return self.source if self.strength >= strength else f"({self.source})"


def text(array: Array) -> str:
    """The source of an array expression."""
    return printed(array).source


def printed(array: Array) -> Text:
    """The source of an array expression with its strength."""
    return _PRINTERS[type(array)](array)


def number(index: Index) -> str:
    """A polynomial in sizes as Python."""
    return _polynomial(index).source


def _polynomial(index: Index) -> Text:
    if index.value is not None:
        return Text(str(index.value), ATOM if index.value >= 0 else SIGN)
    parts = []
    for monomial, coefficient in index.terms:
        names = [s.name for s in monomial if isinstance(s, Size)]
        factors = names if abs(coefficient) == 1 and names else [str(abs(coefficient)), *names]
        parts.append((coefficient < 0, " * ".join(factors), len(factors)))
    (minus, first, count), *rest = parts
    source = ("-" if minus else "") + first
    source += "".join(f" {'-' if m else '+'} {p}" for m, p, _ in rest)
    return Text(source, SUM if rest else TERM if count > 1 else SIGN if minus else ATOM)


def shape(dims: Sequence[Index]) -> str:
    """A shape as a tuple."""
    return tuple_of([number(n) for n in dims])


def tuple_of(items: Sequence[object]) -> str:
    """A tuple's source."""
    inner = ", ".join(str(item) for item in items)
    return f"({inner},)" if len(items) == 1 else f"({inner})"


def fraction(value: Fraction) -> Text:
    """A number: an integer, an exact decimal, or a quotient."""
    if value.denominator == 1:
        return Text(str(value.numerator), ATOM if value >= 0 else SIGN)
    decimal = repr(float(value))
    if Fraction(decimal) == value:
        return Text(decimal, ATOM if value >= 0 else SIGN)
    return Text(f"{value.numerator} / {value.denominator}", TERM)


def _literal(a: Literal) -> Text:
    return fraction(a.value)


def _extent(a: Extent) -> Text:
    return _polynomial(a.index)


def _ramp(a: Ramp) -> Text:
    return Text(f"xp.arange({number(a.lo)}, {number(a.hi + 1)}, dtype=dtype)")


def _sliced(a: Sliced) -> Text:
    extents = iter(a.source.shape)
    cuts = [cut(c, None if c is None else next(extents)) for c in a.cuts]
    return Text(f"{printed(a.source).within(ATOM)}[{', '.join(cuts)}]")


def cut(item: Cut, extent: Index | None) -> str:
    """The source of a cut from a dimension of this extent."""
    if not isinstance(item, Slice):
        return str(item)
    n = extent.value if extent is not None else None
    last = item.start + item.step * (item.count - 1)
    if item.step < 0:
        start = "" if n is not None and item.start == n - 1 else item.start
        stop = "" if last + item.step < 0 else last + item.step
        return f"{start}:{stop}:{item.step}"
    start = item.start or ""
    stop = "" if n is not None and last + item.step >= n else last + 1
    return f"{start}:{stop}" + (f":{item.step}" if item.step > 1 else "")


def _reshaped(a: Reshaped) -> Text:
    return Text(f"xp.reshape({text(a.source)}, {shape(a.dims)})")


def _permuted(a: Permuted) -> Text:
    if a.order == (1, 0):
        return Text(f"{printed(a.source).within(ATOM)}.T")
    return Text(f"_transposed({text(a.source)}, {a.order}, xp)")


def _broadcast(a: Broadcast) -> Text:
    if is_number(a.source):
        return Text(f"xp.full({shape(a.dims)}, {text(a.source)}, dtype=dtype)")
    return Text(f"xp.zeros({shape(a.dims)}, dtype=dtype) + {printed(a.source).within(CHAIN)}", SUM)


def _copied(a: Copied) -> Text:
    return Text(f"_contiguous({text(a.source)}, xp)")


def _padded(a: Padded) -> Text:
    widths = tuple_of([f"({before}, {after})" for before, after in a.widths])
    return Text(f"_pad({text(a.source)}, {widths}, xp)")


def _windowed(function: str, fields: str, *, space: bool) -> Callable[[Array], Text]:
    """A printer for the helpers on windows; strides and dilations of one are left out."""

    def printer(a: Array) -> Text:
        assert isinstance(a, Windows | WindowSum | AddedWindows | Spread)
        arguments = [text(a.source), _field(a.windows, "dim")]
        arguments += [f"{f}={_field(a.windows, f)}" for f in fields.split()]
        for f in ("stride", "dilation"):
            if any(getattr(w, f) != 1 for w in a.windows):
                arguments.append(f"{f}={_field(a.windows, f)}")
        if space:
            arguments.append("xp=xp")
        return Text(f"{function}({', '.join(arguments)})")

    return printer


def _bands(a: Bands) -> Text:
    arguments = [text(a.source), f"count={a.window.count}", f"width={a.window.width}"]
    for f in ("stride", "dilation"):
        if getattr(a.window, f) != 1:
            arguments.append(f"{f}={getattr(a.window, f)}")
    return Text(f"_bands({', '.join(arguments)}, xp=xp)")


def _field(windows: Sequence[Window], name: str) -> str:
    return tuple_of([getattr(w, name) for w in windows])


def _spread(a: Spread) -> Text:
    """`repeat` where the windows tile, the general helper otherwise."""
    if any(w.stride != w.width or w.dilation != 1 for w in a.windows):
        return _windowed("_spread", "width", space=True)(a)
    source = text(a.source)
    for w in reversed(a.windows):
        source = f"xp.repeat({source}, {w.width}, axis={w.dim})"
    return Text(source)


def _summed(a: Summed) -> Text:
    if len(a.over) == len(a.source.shape):
        return Text(f"xp.sum({text(a.source)})")
    return Text(f"xp.sum({text(a.source)}, axis={_axis(a.over)})")


def _greatest(a: Greatest) -> Text:
    return Text(f"xp.max({text(a.source)}, axis={_axis(a.over)})")


def _axis(dims: tuple[int, ...]) -> object:
    return dims[0] if len(dims) == 1 else dims


def _winners(a: Winners) -> Text:
    function = {"first": "_first_winner", "split": "_winners_share", "all": "_all_winners"}[a.tie]
    return Text(f"{function}({text(a.source)}, {a.axes}, xp)")


def _matmul(a: MatMul) -> Text:
    if a.padded:
        arguments = f"{text(a.left)}, {text(a.right)}, {tuple_of(a.padded)}"
        return Text(f"_product_inside({arguments}, xp)")
    left, right = printed(a.left).within(CHAIN), printed(a.right).within(SIGN)
    return Text(f"{left} @ {right}", CHAIN)


def _called(a: Called) -> Text:
    return Text(f"{a.function}({', '.join([*map(text, a.arguments), 'xp'])})")


_BINARY = {"+": (SUM, SUM), "-": (SUM, CHAIN), "*": (CHAIN, TERM), "/": (CHAIN, SIGN)}
"""What either operand has to bind like, at least."""


def _map(a: Map) -> Text:
    match a:
        case Map("*", (above, Map("pow", (below, Literal(value))))) if value == -1:
            return _map(Map("/", (above, below)))
    arguments = [printed(x) for x in a.arguments]
    if a.function in _BINARY:
        (left, right), (x, y) = _BINARY[a.function], arguments
        strength = SUM if left == SUM else CHAIN if x.strength == CHAIN else TERM
        return Text(f"{x.within(left)} {a.function} {y.within(right)}", strength)
    if a.function in (">=", "=="):
        x, y = arguments
        return Text(f"{x.within(SUM)} {a.function} {y.within(SUM)}", COMPARE)
    if a.function == "negative":
        return Text(f"-{arguments[0].within(SIGN)}", SIGN)
    if a.function == "where":
        return Text(f"xp.where({', '.join(x.source for x in arguments)})")
    if a.function == "indicator":
        return Text(f"xp.asarray({arguments[0].source}, dtype=dtype)")
    if a.function == "pow":
        return _power(a, *arguments)
    if a.function not in FUNCTIONS:
        raise IllFormed(
            f"the function {a.function} is known only by its derivative: no code for it",
            advice=f"declare it: functions: {{{a.function}: logistic}}",
        )
    template = number_template(a) if is_number(a) else FUNCTIONS[a.function]
    return Text(template.format(*(x.source for x in arguments)))


def _power(a: Map, base: Text, exponent: Text) -> Text:
    match a.arguments[1]:
        case Literal(value) if value == -1:
            return Text(f"1 / {base.within(SIGN)}", TERM)
        case Literal(value) if value == Fraction(1, 2):
            return _map(Map("sqrt", a.arguments[:1]))
    if base.source.isidentifier() or base.source.isdigit():
        return Text(f"{base.source}**{exponent.within(SIGN)}", POWER)
    return Text(f"{base.within(ATOM)} ** {exponent.within(SIGN)}", POWER)


_PRINTERS: dict[type[Array], Callable[..., Text]] = {
    Name: lambda a: Text(a.name),
    Literal: _literal,
    Extent: _extent,
    Ramp: _ramp,
    Sliced: _sliced,
    Reshaped: _reshaped,
    Permuted: _permuted,
    Broadcast: _broadcast,
    Copied: _copied,
    Padded: _padded,
    Windows: _windowed("_windows", "count width", space=True),
    Bands: _bands,
    WindowSum: _windowed("_window_sums", "count width", space=False),
    AddedWindows: _windowed("_add_windows", "", space=True),
    Spread: _spread,
    Summed: _summed,
    Greatest: _greatest,
    Winners: _winners,
    Map: _map,
    MatMul: _matmul,
    Called: _called,
}
