r"""The walker that prints core nodes; `derive.latex` is its face.

`SUM`, `TERM`, `FACTOR` say how tightly a node binds, `SURROUNDINGS` what stands around arguments.
Manner after latexify's ``expression_rules.py``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from derive.equations import Model, adjoint_of, slope_of
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
    Value,
    Winner,
    number,
    power,
    product,
)
from derive.index import Axis, Index
from derive.iverson import condition_latex, iverson, limits_latex, point_latex
from derive.limits import window
from derive.maximum import as_maximum
from derive.pieces import Piece, joined, reciprocal, scaled
from derive.rules import RULES
from derive.typeset import (
    Names,
    element,
    index_latex,
    is_short,
    parenthesised,
    rational,
    symbol,
    tensor_latex,
)

SUM, TERM, FACTOR = 0, 1, 2
"""Levels: ``a + b``; ``a b`` and a sum sign with its body; what needs no brackets anywhere."""

SURROUNDINGS: Mapping[str, tuple[str, str]] = {
    "sqrt": (r"\sqrt{", "}"),
    "abs": (r"\left|", r"\right|"),
    "step": ("[", " > 0]"),
}
"""Functions that are not written as a head with round brackets."""


def named(axes: Sequence[Axis], names: Names, model: Model) -> dict[Axis | Index, str]:
    """``names`` with a text for each of ``axes`` that no other axis and no size has.

    The names of the model's derived sizes stand with them, under their polynomials.
    """
    out: dict[Axis | Index, str] = {polynomial: name for name, polynomial in model.named.items()}
    out |= dict(names.items())
    sizes = {symbol(name) for name in (*(s.name for s in model.sizes), *model.named)}
    for axis in axes:
        if axis not in out:
            text = symbol(axis.name)
            while text in sizes or text in out.values():
                text += "'"
            out[axis] = text
    return out


@dataclass(frozen=True)
class Printer:
    """Prints under fixed ``names``; every method gives a level or takes what gives one."""

    model: Model
    names: dict[Axis | Index, str]

    def index(self, index: Index) -> str:
        return index_latex(index, self.names)

    def whole(self, expr: Expr) -> str:
        """``expr`` where nothing stands beside it."""
        sign, text, _ = self.term(expr)
        return sign + text

    def at_level(self, expr: Expr, level: int) -> str:
        """``expr``, in brackets where it binds less tightly than ``level``."""
        sign, text, own = self.term(expr)
        return parenthesised(sign + text) if sign or own < level else text

    def term(self, expr: Expr) -> tuple[str, str, int]:
        """Sign (``-`` or nothing), text and level; a number inside a sum is drawn out in front."""
        scale, rest = scaled(expr)
        sign, scale = ("-", -scale) if scale < 0 else ("", scale)
        if rest == ONE:
            return sign, rational(scale), FACTOR
        if scale == 1 and not isinstance(rest, Product):
            text, level = self.plain(rest)
            if sign and level == SUM:
                return sign, parenthesised(text), TERM
            return sign, text, level
        pieces = self.pieces(scale, rest)
        if len(pieces) == 1 and scale == 1:
            return sign, pieces[0].text, TERM if pieces[0].kind == "sum" else FACTOR
        return sign, joined(pieces), TERM

    def plain(self, expr: Expr) -> tuple[str, int]:
        """Text and level of a node other than a product."""
        match expr:
            case Value(index):
                return self.index(index), FACTOR if is_short(index) else SUM
            case Access():
                return self.access(expr), FACTOR
            case Apply():
                return self.application(expr), FACTOR
            case Add(terms):
                return self.added(terms), SUM
            case Summation():
                if (greatest := as_maximum(expr)) is not None:
                    return self.greatest(greatest), TERM
                return self.summation(expr)
            case Winner():
                return self.winner(expr), FACTOR
            case Delta() | Guard():
                return iverson([expr], [], self.names)[0], FACTOR
        raise TypeError(f"{type(expr).__name__} is not a node of the core")

    def greatest(self, winner: Winner) -> str:
        r"""``\max_{u, v} T(2i-u, 2j-v)``, the limits given where the axes do not start at 0."""
        names = named(winner.axes, self.names, self.model)
        ranges = ", ".join(
            rf"{names[a]}={index_latex(a.lo, names)},\dots,{index_latex(a.hi, names)}"
            for a in winner.axes
        )
        return rf"\max_{{{ranges}}} " + replace(self, names=names).at_level(winner.body, TERM)

    def winner(self, expr: Winner) -> str:
        r"""``[(u, v) = \arg\max_{u', v'} T(2i-u', 2j-v')]``."""
        names = named(expr.axes, self.names, self.model)
        where = ", ".join(self.index(i) for i in expr.at)
        over = ", ".join(names[a] for a in expr.axes)
        where = f"({where})" if len(expr.at) > 1 else where
        body = replace(self, names=names).at_level(expr.body, TERM)
        return rf"[{where} = \arg\max_{{{over}}} {body}]"

    def added(self, terms: Sequence[Expr]) -> str:
        text = ""
        for term in terms:
            sign, body, level = self.term(term)
            body = parenthesised(body) if level == SUM else body
            text += f" {sign or '+'} {body}" if text else sign + body
        return text

    def access(self, access: Access) -> str:
        indices = [self.index(i) for i in access.indices]
        if slope := slope_of(access.tensor):
            return self.slope(*slope, access.indices)
        primal = adjoint_of(access.tensor)
        if primal is not None:
            below = self.access(Access(primal, access.indices))
            return rf"\frac{{\partial {self.loss}}}{{\partial {below}}}"
        if access.tensor in self.model.tensors:
            return element(self.model.tensors[access.tensor].notation, indices)
        head = symbol(access.tensor)
        return f"{head}({', '.join(indices)})" if indices else head

    def slope(self, tensor: str, by: str, indices: Sequence[Index]) -> str:
        r"""``\frac{\partial E(e)}{\partial T(t)}``, a derivative that is not yet worked out."""
        rank = self.model.tensors[tensor].rank
        above, below = Access(tensor, tuple(indices[:rank])), Access(by, tuple(indices[rank:]))
        return rf"\frac{{\partial {self.access(above)}}}{{\partial {self.access(below)}}}"

    @property
    def loss(self) -> str:
        """The name of what is differentiated."""
        loss = self.model.loss
        return r"\mathcal{L}" if loss is None else tensor_latex(self.model.tensors[loss])

    def application(self, expr: Apply) -> str:
        if expr.function == "pow":
            return self.power(*expr.arguments)
        inside = ", ".join(self.whole(a) for a in expr.arguments)
        if expr.function in SURROUNDINGS:
            before, after = SURROUNDINGS[expr.function]
            return before + inside + after
        return self.head(expr.function) + parenthesised(inside)

    def head(self, function: str) -> str:
        """The author's notation for a function, else the catalogue's, else its own name."""
        for notation, name in self.model.functions.items():
            if name == function:
                return notation
        if function in RULES:
            return RULES[function].latex
        plain = function.rstrip("'")
        notations = self.model.functions
        head = next((n for n in (plain, "\\" + plain) if n in notations), symbol(plain))
        return head + function[len(plain) :]

    def power(self, base: Expr, exponent: Expr) -> str:
        if isinstance(exponent, Number):
            n = exponent.value
            if n < 0:
                return rf"\frac{{1}}{{{self.whole(power(base, -n))}}}"
            if n == Fraction(1, 2):
                return rf"\sqrt{{{self.whole(base)}}}"
            raised = str(n)
        else:
            raised = self.whole(exponent)
        text = self.at_level(base, FACTOR)
        if not self.takes_power(base) and not text.endswith(")"):
            text = parenthesised(text)
        return f"{text}^{raised}" if len(raised) == 1 else f"{text}^{{{raised}}}"

    def takes_power(self, base: Expr) -> bool:
        """False where a raised number would read as a label or bind to a part only."""
        if isinstance(base, Access) and base.tensor in self.model.tensors:
            return not self.model.tensors[base.tensor].notation.sup
        return isinstance(base, Value) or (isinstance(base, Number) and base.value.denominator == 1)

    def pieces(self, scale: Fraction, expr: Expr) -> list[Piece]:
        """Number or fraction, gates, factors and at last a sum."""
        factors = expr.factors if isinstance(expr, Product) else (expr,)
        below = [b for f in factors if (b := reciprocal(f)) is not None]
        gates = [f for f in factors if isinstance(f, Delta | Guard)]
        above = [f for f in factors if reciprocal(f) is None and f not in gates]
        above.sort(key=lambda f: isinstance(f, Summation))
        printed = [self.piece(f, last=n == len(above) - 1) for n, f in enumerate(above)]
        printed[:0] = [Piece(g, "gate") for g in iverson(gates, above, self.names)]
        if not below:
            plain = scale == 1 and printed
            return printed if plain else [Piece(rational(scale), "number"), *printed]
        bottom = self.whole(product(number(scale.denominator), *below))
        if any(p.kind in ("sum", "gate") or p.text.startswith(r"\frac") for p in printed):
            return [Piece(rf"\frac{{{scale.numerator}}}{{{bottom}}}", "number"), *printed]
        if scale.numerator != 1 or not printed:
            printed.insert(0, Piece(str(scale.numerator), "number"))
        return [Piece(rf"\frac{{{joined(printed)}}}{{{bottom}}}", "factor")]

    def piece(self, factor: Expr, *, last: bool) -> Piece:
        if isinstance(factor, Summation):
            text, level = self.summation(factor)
            signed = text.startswith(r"\sum")
            if level == SUM or (signed and not last):
                return Piece(parenthesised(text), "group")
            return Piece(text, "sum" if signed else "factor")
        text = self.at_level(factor, FACTOR)
        return Piece(text, "group" if text.startswith(("(", r"\left(")) else "factor")

    def summation(self, expr: Summation) -> tuple[str, int]:
        """Sum signs and body; an axis that guards hold to one point is replaced by that point."""
        factors = expr.body.factors if isinstance(expr.body, Product) else (expr.body,)
        guards = [f.index for f in factors if isinstance(f, Guard)]
        names, signs, conditions = dict(self.names), "", []
        held = {a: w for a in expr.axes if (w := window(a, guards, expr.axes))}
        for axis in expr.axes:
            if axis in held and held[axis].is_point:
                conditions += condition_latex(held[axis], names)
                names[axis] = point_latex(held[axis], names)
                continue
            names = named([axis], names, self.model)
            low, high = limits_latex(axis, held.get(axis), names)
            signs += rf"\sum_{{{names[axis]}={low}}}^{{{high}}} "
        used = {g for w in held.values() for g in w.guards}
        body = product(*(f for f in factors if not (isinstance(f, Guard) and f.index in used)))
        inner = replace(self, names=names)
        if not signs and not conditions:
            sign, text, level = inner.term(body)
            return sign + text, SUM if sign else level
        return signs + "".join(rf"{c} \, " for c in conditions) + inner.at_level(body, TERM), TERM
