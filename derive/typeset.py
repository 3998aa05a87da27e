r"""LaTeX of the smallest things: symbols, rationals, indices, elements of tensors.

Heads and labels of a `Notation` were read from an author and are printed as they are; every other
name is a symbol only if it looks like one, else it is escaped text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction

from derive.equations import Notation, Tensor
from derive.index import Axis, Index, Monomial, Size

Names = Mapping[Axis, str] | Mapping[Axis | Index, str]
"""How axes are printed where that is not simply their name, and which polynomials have a name."""

_GREEK = re.compile(
    "alpha|beta|gamma|delta|(var)?epsilon|zeta|eta|(var)?theta|iota|kappa|lambda|mu|nu|xi|pi|rho|"
    "sigma|tau|upsilon|(var)?phi|chi|psi|omega|ell|"
    "Gamma|Delta|Theta|Lambda|Xi|Pi|Sigma|Upsilon|Phi|Psi|Omega"
)

_SYMBOL = re.compile(r"(\\?)([A-Za-z]+)(?:_\{?([A-Za-z0-9,]+)\}?|(\d+))?('*)")

_ESCAPES = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "#": r"\#",
    "$": r"\$",
    "%": r"\%",
    "&": r"\&",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "∂": r"$\partial$",
}

_CLOSING = {"(": ")", "[": "]", "{": r"\}"}
_OPENING = {"{": r"\{"}


def escape(text: str) -> str:
    r"""Any text as inert LaTeX, for use inside ``\text{…}``."""
    return "".join(_ESCAPES.get(c, c if c.isprintable() else "?") for c in text)


def symbol(name: str) -> str:
    r"""A name as a mathematical symbol: ``i``, ``\theta``, ``n_{l}``, else escaped text."""
    if not (match := _SYMBOL.fullmatch(name)):
        return rf"\text{{{escape(name)}}}"
    _, base, script, digits, primes = match.groups()
    if _GREEK.fullmatch(base):
        base = "\\" + base
    elif len(base) > 1:
        base = rf"\mathit{{{base}}}"
    low = script or digits
    return base + (_script("_", [low]) if low else "") + primes


def rational(value: Fraction) -> str:
    r"""A rational of any sign: ``3``, ``-\tfrac{1}{4}``."""
    sign = "-" if value < 0 else ""
    if value.denominator == 1:
        return f"{sign}{abs(value.numerator)}"
    return rf"{sign}\tfrac{{{abs(value.numerator)}}}{{{value.denominator}}}"


def index_latex(index: Index, names: Names | None = None) -> str:
    """An index as people write it: axes first, something positive in front, constants last."""
    names = names or {}
    index = _with_derived_sizes(index, names)
    starts = _starts(index)
    constant = index.constant
    signed = []
    for axis in sorted(index.axes, key=lambda a: axis_latex(a, names)):
        coefficient, text = index.coefficient(axis), axis_latex(axis, names)
        if axis in starts:
            constant = constant + coefficient * axis.lo
            text = f"({_sum([('+', text), *_constants(-axis.lo)])})"
        signed.append(_times(coefficient, text))
    return _sum(signed + _constants(constant))


def _with_derived_sizes(index: Index, names: Names) -> Index:
    """The index with a derived size for its polynomial, ``M`` for ``s N``, where that says less."""
    sizes = {Size(name): key for key, name in names.items() if isinstance(key, Index)}
    shorter = [index + Index.of(size) - polynomial for size, polynomial in sizes.items()]
    best = min(shorter, key=_length, default=index)
    return _with_derived_sizes(best, names) if _length(best) < _length(index) else index


def _length(index: Index) -> int:
    """How much there is to read: a sign or number, and every symbol."""
    return sum(1 + len(monomial) for monomial, _ in index.terms)


def axis_latex(axis: Axis, names: Names) -> str:
    """The text of an axis: what ``names`` says, else its own name."""
    return names.get(axis) or symbol(axis.name)


def is_short(index: Index) -> bool:
    """True for what needs no brackets as a factor: one positive term or 0."""
    return len(index.terms) <= 1 and all(c > 0 for _, c in index.terms)


def _starts(index: Index) -> frozenset[Axis]:
    """Axes to be counted from their start, ``4(j-1)+i``, where that makes the constant shorter."""
    axes = frozenset(
        a for a in index.axes if index.coefficient(a).value not in (1, -1) and a.lo.terms
    )
    constant = index.constant
    for a in axes:
        constant = constant + index.coefficient(a) * a.lo
    return axes if len(constant.terms) < len(index.constant.terms) else frozenset()


def _times(coefficient: Index, text: str) -> tuple[str, str]:
    """Sign and text of ``coefficient * text``."""
    if len(coefficient.terms) > 1:
        return "+", rf"({_sum(_constants(coefficient))}) \cdot {text}"
    ((monomial, count),) = coefficient.terms
    sign = "-" if count < 0 else "+"
    number = "" if abs(count) == 1 else str(abs(count))
    letters = _monomial(monomial)
    if not letters:
        return sign, number + text
    return sign, number + letters + (rf" \cdot {text}" if text.startswith("(") else f" {text}")


def _constants(index: Index) -> list[tuple[str, str]]:
    """Sign and text of every term of a polynomial in sizes, the integer last."""
    out = []
    for monomial, count in sorted(index.terms, key=lambda term: not term[0]):
        number = "" if monomial and abs(count) == 1 else str(abs(count))
        out.append(("-" if count < 0 else "+", number + _monomial(monomial)))
    return out


def _monomial(monomial: Monomial) -> str:
    counts = Counter(s.name for s in monomial)
    return " ".join(symbol(n) + ("" if k == 1 else f"^{{{k}}}") for n, k in counts.items())


def _sum(signed: list[tuple[str, str]]) -> str:
    """``a+b-c`` with something positive in front if there is any; ``0`` if there is nothing."""
    first = next((n for n, (sign, _) in enumerate(signed) if sign == "+"), 0)
    ordered = [*signed[first : first + 1], *signed[:first], *signed[first + 1 :]]
    return "".join(sign + text for sign, text in ordered).removeprefix("+") or "0"


def element(notation: Notation, indices: Sequence[str]) -> str:
    """An element in its author's notation; ``indices`` are printed already."""

    def filled(slots: tuple[int | str, ...]) -> list[str]:
        return [s if isinstance(s, str) else indices[s] for s in slots]

    text = notation.head + _script("_", filled(notation.sub)) + _script("^", filled(notation.sup))
    if not notation.args:
        return text
    opening = _OPENING.get(notation.bracket, notation.bracket)
    inside = ", ".join(indices[n] for n in notation.args)
    return f"{text}{opening}{inside}{_CLOSING[notation.bracket]}"


def tensor_latex(tensor: Tensor) -> str:
    """The tensor as a whole: its head and labels without any index, ``C^1``."""
    n = tensor.notation
    labels = [[s for s in slots if isinstance(s, str)] for slots in (n.sub, n.sup)]
    return n.head + _script("_", labels[0]) + _script("^", labels[1])


def _script(mark: str, items: Sequence[str]) -> str:
    text = ",".join(items)
    if not text:
        return ""
    return mark + (text if len(text) == 1 else f"{{{text}}}")


def parenthesised(text: str) -> str:
    """In round brackets that grow where the content is tall."""
    tall = any(macro in text for macro in (r"\frac", r"\sum", r"\sqrt"))
    return rf"\left({text}\right)" if tall else f"({text})"
