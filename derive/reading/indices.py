r"""Index expressions as indices: ``2i - u``, ``s i + u``, ``\lceil i/2 \rceil``, ``j \bmod n``.

Ceiling, floor and remainder become a guarded auxiliary axis: with a = ⌈e/n⌉

    A[⌈e/n⌉] = sum_a [n a - e >= 0] [e + n - 1 - n a >= 0] A[a].
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from derive.equations import Range
from derive.errors import IllFormed
from derive.expr import Delta, Expr, Guard, product, summation
from derive.index import Axis, Index, greatest, least, surely_nonnegative
from derive.reading.names import head, is_bare, letter_of, readable, word_of
from derive.reading.problems import Foreign, Unsupported
from derive.reading.surface import (
    Big,
    Binary,
    Call,
    Fraction_,
    Group,
    Juxtaposition,
    Name,
    Node,
    Numeral,
    Scripted,
    Unary,
)

Letters = Mapping[str, Index]
TIMES = ("*", r"\cdot", r"\times")
MODULO = (r"\bmod", r"\mod", r"\pmod", "%")


MOST_POWER = 20


class NotAnIndex(IllFormed):
    """An expression in the place of an index that is none."""


class UnboundLetter(NotAnIndex, Foreign):
    """A ``letter`` that neither the left side nor a sum binds; no size has its name either."""

    def __init__(self, letter: str, message: str, offset: int, advice: str) -> None:
        super().__init__(message, offset=offset, advice=advice)
        self.letter = letter


class UnknownSize(NotAnIndex, Foreign):
    """A width such as ``n_4`` of a layer that the sheet does not have."""


@dataclass(frozen=True)
class Place:
    """An index with the auxiliary axes that it needs and the brackets that pin them down.

    ``exact`` is false where an auxiliary axis runs further than its brackets let it.
    """

    index: Index
    axes: tuple[Axis, ...] = ()
    brackets: tuple[Expr, ...] = ()
    exact: bool = True

    def around(self, body: Expr) -> Expr:
        """``body`` summed over the auxiliary axes under the guards."""
        return summation(self.axes, product(*self.brackets, body))


@dataclass(frozen=True)
class Ratio:
    """``top / bottom``, both indices, with what their parts needed."""

    top: Index
    bottom: Index
    axes: tuple[Axis, ...] = ()
    brackets: tuple[Expr, ...] = ()
    exact: bool = True

    def join(self, top: Index, bottom: Index, other: Ratio) -> Ratio:
        """``top / bottom`` with what this and the other ratio need."""
        axes, brackets = self.axes + other.axes, self.brackets + other.brackets
        return Ratio(top, bottom, axes, brackets, self.exact and other.exact)


def index_of(node: Node, letters: Letters, home: Range | None = None) -> Place:
    """The index that ``node`` is, over the running indices and sizes in ``letters``.

    ``home`` is the range of the slot that it fills, if known: the range of the auxiliary axis of a
    ceiling that is the whole index. Raises `NotAnIndex` where it is no integer, naming the part.
    """
    return _whole(_ratio(node, letters, home), node)


def is_index(node: Node, letters: Letters) -> bool:
    """Whether ``node`` is an index over these letters."""
    try:
        index_of(node, letters)
    except NotAnIndex:
        return False
    return True


def _whole(ratio: Ratio, node: Node) -> Place:
    number = ratio.bottom.value
    if number is None or not number:
        raise _bad(node, "an index divided by a size is no whole number")
    if any(c % number for _, c in ratio.top.terms):
        raise _bad(node, f"the index ({ratio.top})/{number} is no whole number")
    index = Index(tuple((m, c // number) for m, c in ratio.top.terms))
    return Place(index, ratio.axes, ratio.brackets, ratio.exact)


def _ratio(node: Node, letters: Letters, home: Range | None = None) -> Ratio:
    match node:
        case Numeral(value=value):
            return Ratio(Index.of(value.numerator), Index.of(value.denominator))
        case Name():
            return Ratio(_name(node, letters), Index.of(1))
        case Unary("-", body):
            inner = _ratio(body, letters)
            return replace(inner, top=-inner.top)
        case Unary("+", body):
            return _ratio(body, letters)
        case Binary("+" | "-" as sign, left, right):
            return _sum(_ratio(left, letters), _ratio(right, letters), 1 if sign == "+" else -1)
        case Binary(op, left, right) if op in TIMES:
            return _times(_ratio(left, letters), _ratio(right, letters), node)
        case Binary("/", left, right) | Fraction_(left, right):
            return _over(_ratio(left, letters), _ratio(right, letters), node)
        case Binary(op, left, right) if op in MODULO:
            return _remainder(left, right, letters)
        case Juxtaposition(factors) if (word := word_of(factors)) in letters:
            return Ratio(letters[word], Index.of(1))
        case Juxtaposition(factors):
            result = _ratio(factors[0], letters)
            for factor in factors[1:]:
                result = _times(result, _ratio(factor, letters), node)
            return result
        case Call(first, (argument,)):  # N(q - 1) is a product: a size takes no arguments
            return _times(_ratio(first, letters), _ratio(argument, letters), node)
        case Group(body, "\\lceil" | "\\lfloor" as bracket):
            return _rounded(body, bracket == "\\lceil", letters, home)
        case Group(body, "(" | "[" | "{" | "" | "\\langle" | "<"):
            return _ratio(body, letters, home)
        case Scripted(body, (), (Numeral(value=n),)) if n.denominator == 1 and 0 < n <= MOST_POWER:
            return _power(_ratio(body, letters), int(n), node)
        case Big(operator) if operator.startswith(r"\arg"):
            raise Unsupported("an index where something is greatest is not judged",
                              offset=node.span.start)  # fmt: skip
    raise _bad(node, "this is no index")


def _name(node: Name, letters: Letters) -> Index:
    key = letter_of(replace(node, sup=()))
    if node.sup and key is not None:
        power = node.sup[0]
        plain = letters.get(key)
        if isinstance(power, Numeral) and 0 < power.value <= MOST_POWER and plain is not None:
            return _power(Ratio(plain, Index.of(1)), int(power.value), node).top
    elif key is not None and key in letters:
        return letters[key]
    text = readable(head(node))
    if key is not None and node.sub and all(isinstance(item, Numeral) for item in node.sub):
        raise UnknownSize(f"no size is called {key}", offset=node.span.start)
    if not is_bare(node):
        raise _bad(node, f"{text} is no index")
    running = ", ".join(sorted(k for k, v in letters.items() if v.axes)) or "none"
    raise UnboundLetter(
        text,
        f"{text} is no index here: neither one of the left side nor summed over",
        offset=node.span.start,
        advice=f"indices here: {running}; give the range of {text}, or sum over it",
    )


def _sum(a: Ratio, b: Ratio, sign: int) -> Ratio:
    top = a.top * b.bottom + sign * b.top * a.bottom
    return a.join(top, a.bottom * b.bottom, b)


def _times(a: Ratio, b: Ratio, node: Node) -> Ratio:
    try:
        return a.join(a.top * b.top, a.bottom * b.bottom, b)
    except ValueError as error:
        raise _bad(node, f"the index is not affine: {error}") from error


def _over(a: Ratio, b: Ratio, node: Node) -> Ratio:
    if b.top.axes or not b.top.terms:
        raise _bad(node, "an index is divided by a constant other than 0 only")
    return a.join(a.top * b.bottom, a.bottom * b.top, b)


def _power(base: Ratio, exponent: int, node: Node) -> Ratio:
    result = base
    for _ in range(exponent - 1):
        result = _times(result, base, node)
    return result


def _rounded(body: Node, up: bool, letters: Letters, home: Range | None) -> Ratio:
    inner = _ratio(body, letters)
    name = "a" if "a" not in letters else "c"
    return _quotient(inner, up, name, home, body)


def _quotient(inner: Ratio, up: bool, name: str, home: Range | None, node: Node) -> Ratio:
    """⌈top/bottom⌉ or ⌊top/bottom⌋ as a new axis with two guards."""
    e, n = inner.top, inner.bottom
    if not surely_nonnegative(n - 1):
        raise _bad(node, f"a rounded index is divided by {n}, which may be 0 or negative")
    low, high = least(e), greatest(e)
    if low is None or high is None:
        raise _bad(node, "a rounded index has no known bounds")
    bump = n - 1 if up else Index.of(0)
    (lo, hi), exact = _rounded_bounds(low + bump, high + bump, n, home)
    a = Axis(name, lo, hi)
    slack = n * a - e if up else e - n * a
    brackets = (*inner.brackets, Guard(slack), Guard(n - 1 - slack))
    return Ratio(Index.of(a), Index.of(1), (*inner.axes, a), brackets, inner.exact and exact)


def _rounded_bounds(low: Index, high: Index, n: Index, home: Range | None) -> tuple[Range, bool]:
    """Bounds for ⌊x/n⌋ with x in low..high, and whether they are reached.

    They are exact for numbers, else those of the slot if it is wide enough, else a safe hull.
    """
    if home is not None and all(
        surely_nonnegative(slack) for slack in (low - n * home[0], n * home[1] + n - 1 - high)
    ):
        return home, True
    numbers = low.value, high.value, n.value
    if None not in numbers:
        lo, hi, width = (v for v in numbers if v is not None)
        return (Index.of(lo // width), Index.of(hi // width)), True
    zero = Index.of(0)
    hull = (
        zero if surely_nonnegative(low) else low,
        zero if surely_nonnegative(-high) else high,
    )
    return hull, False


def _remainder(left: Node, right: Node, letters: Letters) -> Ratio:
    """``e mod n`` is the r in 0..n-1 for which there is a c with e = n c + r."""
    e, n = _ratio(left, letters), _ratio(right, letters)
    quotient = _quotient(_over(e, n, right), False, "c", None, left)
    one = Index.of(1)
    if e.bottom != one or n.bottom != one or n.top.axes:
        raise _bad(left, "a remainder is that of whole numbers")
    r = Axis("r", Index.of(0), n.top - 1)
    (c,) = quotient.axes[-1:]
    brackets = (*e.brackets, Delta(e.top - n.top * c - r))
    return Ratio(Index.of(r), one, (*quotient.axes, r), brackets, e.exact)


def _bad(node: Node, message: str) -> NotAnIndex:
    return NotAnIndex(
        message,
        offset=node.span.start,
        expected="a whole-number expression in indices, sizes and integers",
    )
