r"""The one-edit neighbourhood of a formula: the slips that people make, each undone in the text.

An edit replaces one stretch of the author's LaTeX and leaves the rest as typed. Edits come in the
order of how near they are: a sign or a shift of an index, indices swapped, a constant, a bound or a
label, a factor, a whole operation. Nothing here knows whether an edit is right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

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
    Prefixed,
    Relation,
    Scripted,
    Sequence,
    Span,
    Unary,
    walk,
)

PRODUCTS = (r"\cdot", r"\times", "*", r"\odot", r"\circ", "@", r"\ast", r"\star")


@dataclass(frozen=True)
class Edit:
    """``text[span] -> new``; ``what`` says it in words; a smaller ``cost`` is nearer."""

    span: Span
    new: str
    what: str
    cost: int

    def apply(self, text: str) -> str:
        """The text with this edit made."""
        return text[: self.span.start] + self.new + text[self.span.end :]


def edits(text: str, tree: Sequence, symbols: tuple[str, ...] = ()) -> list[Edit]:
    """Every edit of the right sides in ``tree``, which was parsed from ``text``, nearest first.

    ``symbols`` are heads that may take each other's place.
    """
    found: list[Edit] = []
    for node in _judged(tree):
        for inner in walk(node):
            for make in _MAKERS:
                found.extend(make(inner, text))
            found.extend(_other_symbol(inner, symbols))
        found.extend(_whole_side(node, text))
    unique = {(e.span, e.new): e for e in sorted(found, key=lambda e: -e.cost)}
    return sorted(unique.values(), key=lambda e: (e.cost, e.span.start, e.new))


def _judged(tree: Sequence) -> Iterator[Node]:
    """The sides that are asserted: all but the head of each relation."""
    for item in tree.items:
        if isinstance(item, Relation):
            yield from item.sides[1:]


def _text(node: Node, text: str) -> str:
    return text[node.span.start : node.span.end]


def _gap(left: Node, right: Node) -> Span:
    return Span(left.span.end, right.span.start)


# Indices


def _index_slots(node: Node) -> tuple[tuple[Node, ...], ...]:
    """The lists of items that may be indices of this node: arguments, lower scripts."""
    if isinstance(node, Call) and isinstance(node.head, Name | Prefixed | Call):
        return (node.args,)
    if isinstance(node, Name):
        return (node.sub,)
    return ()


def _index_signs(node: Node, text: str) -> Iterator[Edit]:
    for slots in _index_slots(node):
        for slot in slots:
            for inner in walk(slot):
                if isinstance(inner, Binary) and inner.operator in "+-":
                    yield _flipped(inner, text, f"the sign in the index {_text(slot, text)}", 1)
                elif isinstance(inner, Unary) and inner.operator == "-":
                    yield Edit(inner.span, _text(inner.body, text), "the sign of an index", 1)
                elif isinstance(inner, Name) and inner is slot:
                    yield Edit(inner.span, "-" + _text(inner, text), "the sign of an index", 2)


def _flipped(node: Binary, text: str, what: str, cost: int) -> Edit:
    gap = _gap(node.left, node.right)
    other = "-" if node.operator == "+" else "+"
    return Edit(gap, text[gap.start : gap.end].replace(node.operator, other), what, cost)


def _index_shifts(node: Node, text: str) -> Iterator[Edit]:
    for slots in _index_slots(node):
        for slot in slots:
            if isinstance(slot, Name | Binary | Juxtaposition | Unary | Group):
                for shift in (" - 1", " + 1"):
                    what = f"the index {_text(slot, text)} shifted by {shift.replace(' ', '')}"
                    yield Edit(Span(slot.span.end, slot.span.end), shift, what, 2)
                if isinstance(slot, Binary) and slot.operator in "+-":
                    if isinstance(slot.right, Numeral):
                        gone = Span(slot.left.span.end, slot.right.span.end)
                        yield Edit(gone, "", f"the shift in {_text(slot, text)}", 1)


def _index_swaps(node: Node, text: str) -> Iterator[Edit]:
    for slots in _index_slots(node):
        for first, second in zip(slots, slots[1:], strict=False):
            span = Span(first.span.start, second.span.end)
            between = text[first.span.end : second.span.start]
            new = _text(second, text) + between + _text(first, text)
            if new != text[span.start : span.end]:
                yield Edit(span, new, f"{_text(first, text)} and {_text(second, text)} swapped", 2)


def _index_rounding(node: Node, text: str) -> Iterator[Edit]:
    if isinstance(node, Group) and node.bracket in (r"\lceil", r"\lfloor"):
        old, new = (("ceil", "floor"), ("floor", "ceil"))[node.bracket == r"\lfloor"]
        whole = _text(node, text)
        turned = whole.replace(rf"\l{old}", rf"\l{new}", 1)
        turned = rf"\r{new}".join(turned.rsplit(rf"\r{old}", 1))
        yield Edit(node.span, turned, "rounded the other way", 2)


# Constants, bounds, labels


def _numerals(node: Node, text: str) -> Iterator[Edit]:
    if not isinstance(node, Numeral) or node.value.denominator != 1:
        return
    n = int(node.value)
    for value in dict.fromkeys((n + 1, n - 1, 2 * n, n // 2 if n % 2 == 0 else n, n * n)):
        if value not in (n, 0) or (value == 0 and n):
            yield Edit(node.span, str(value), f"{n} should be {value}", 3)


def _fractions(node: Node, text: str) -> Iterator[Edit]:
    if isinstance(node, Fraction_) and isinstance(node.top, Numeral):
        if isinstance(node.bottom, Numeral):
            new = rf"\frac{{{node.bottom.text}}}{{{node.top.text}}}"
            yield Edit(node.span, new, f"the factor {_text(node, text)} upside down", 4)


def _bound_signs(node: Node, text: str) -> Iterator[Edit]:
    if not isinstance(node, Big):
        return
    for item in (*node.lower, *((node.upper,) if node.upper else ())):
        for inner in walk(item):
            if isinstance(inner, Unary) and inner.operator == "-":
                yield Edit(inner.span, _text(inner.body, text), "the sign of a bound", 3)


# Factors


def _dropped_factors(node: Node, text: str) -> Iterator[Edit]:
    pair: tuple[Node, Node] | None = None
    if isinstance(node, Binary) and node.operator in PRODUCTS:
        pair = node.left, node.right
    elif isinstance(node, Juxtaposition):
        for factor in node.factors:
            new = " ".join(_text(f, text) for f in node.factors if f is not factor)
            yield Edit(node.span, new, f"without the factor {_text(factor, text)}", 5)
    elif isinstance(node, Call) and len(node.args) == 1:
        pair = node.head, node.args[0]
    if pair is not None:
        for kept, gone in (pair, pair[::-1]):
            yield Edit(node.span, _text(kept, text), f"without the factor {_text(gone, text)}", 5)


def _slope_factors(node: Node, text: str) -> Iterator[Edit]:
    r"""``X`` times ``(1 - X)``, and ``\Delta X`` times ``X (1 - X)``: the slope of a logistic."""
    own = _text(node, text)
    end = Span(node.span.end, node.span.end)
    if isinstance(node, Call) and isinstance(node.head, Name):
        yield Edit(end, rf" (1 - {own})", f"the factor 1 - {own} is missing", 4)
    prefixed = node.head if isinstance(node, Call) else node
    if isinstance(prefixed, Prefixed) and prefixed.operator in (r"\Delta", r"\delta"):
        bare = text[prefixed.body.span.start : node.span.end]
        what = f"the slope {bare} (1 - {bare}) is missing"
        yield Edit(end, rf" \cdot {bare} \cdot (1 - {bare})", what, 4)
        yield Edit(end, rf" \odot {bare} \odot (1 - {bare})", what, 5)


# Signs and operations


def _signs(node: Node, text: str) -> Iterator[Edit]:
    if isinstance(node, Binary) and node.operator in ("+", "-"):
        yield _flipped(node, text, f"{node.operator} has the wrong sign", 2)
        yield Edit(
            node.span,
            f"{_text(node.right, text)} {node.operator} {_text(node.left, text)}",
            "the two sides of the difference swapped",
            4,
        )
    elif isinstance(node, Unary) and node.operator == "-":
        yield Edit(node.span, _text(node.body, text), "the minus sign", 2)


def _operators(node: Node, text: str) -> Iterator[Edit]:
    if isinstance(node, Binary) and node.operator in PRODUCTS:
        gap = _gap(node.left, node.right)
        for other in PRODUCTS[:4]:
            if other != node.operator:
                new = text[gap.start : gap.end].replace(node.operator, other + " ")
                yield Edit(gap, new, f"{node.operator} should be {other}", 5)
        new = f"{_text(node.right, text)} {node.operator} {_text(node.left, text)}"
        yield Edit(node.span, new, "the factors swapped", 5)


def _transposes(node: Node, text: str) -> Iterator[Edit]:
    if isinstance(node, Name) and node.sup and isinstance(node.sup[-1], Name):
        if node.sup[-1].base in ("T", r"\top"):
            own = _text(node, text)
            plain = re.sub(r"\^\s*(\{\s*(T|\\top)\s*\}|T|\\top)\s*$", "", own)
            yield Edit(node.span, plain, "without the transpose", 4)
            return
    if isinstance(node, Name | Prefixed | Group) or (
        isinstance(node, Scripted) and not node.sup
    ):
        end = Span(node.span.end, node.span.end)
        if not (isinstance(node, Name) and node.sup):
            yield Edit(end, "^T", f"the transpose of {_text(node, text)}", 4)


def _rotations(node: Node, text: str) -> Iterator[Edit]:
    own = _text(node, text)
    if not isinstance(node, Name):
        return
    turned = re.search(r",?\s*\{?(\\(text|mathrm)\{)?rot180\}?\}?", own)
    if turned is not None:
        plain = re.sub(r"_\{?\s*\}?(?=$|\^)", "", own.replace(",rot180", "").replace("rot180", ""))
        yield Edit(node.span, plain, f"{own} not rotated", 4)
    elif node.sub:
        inner = re.sub(r"_(\{([^{}]*)\}|(\w))", lambda m: f"_{{{m[2] or m[3]},rot180}}", own, count=1)
        yield Edit(node.span, inner, f"{own} rotated by 180 degrees", 4)
    else:
        new = re.sub(r"^(\\?\w+(\{[^{}]*\})?)", r"\1_{rot180}", own, count=1)
        yield Edit(node.span, new, f"{own} rotated by 180 degrees", 4)


def _sums(node: Node, text: str) -> Iterator[Edit]:
    if isinstance(node, Big) and node.operator == r"\sum":
        yield Edit(node.span, _text(node.body, text), "without this sum", 6)


def _other_symbol(node: Node, symbols: tuple[str, ...]) -> Iterator[Edit]:
    """Another head in the place of this one."""
    if not isinstance(node, Name) or node.accents or node.base not in symbols:
        return
    place = Span(node.span.start, node.span.start + len(node.base))
    for other in symbols:
        if other != node.base:
            yield Edit(place, other, f"{node.base} should be {other}", 4)


def _whole_side(node: Node, text: str) -> Iterator[Edit]:
    """A sign for the whole side."""
    if not isinstance(node, Unary):
        start = Span(node.span.start, node.span.start)
        yield Edit(start, "-", "the minus sign is missing", 3)
        if isinstance(node, Binary) and node.operator in "+-":
            yield Edit(node.span, f"-({_text(node, text)})", "the sign of the whole side", 3)


_MAKERS = (
    _index_signs,
    _index_shifts,
    _index_swaps,
    _index_rounding,
    _numerals,
    _fractions,
    _bound_signs,
    _dropped_factors,
    _slope_factors,
    _signs,
    _operators,
    _transposes,
    _rotations,
    _sums,
)
