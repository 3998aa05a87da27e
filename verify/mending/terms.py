r"""Places where a factor could be missing: beside the terms of a formula, in the author's manner.

A `Slot` is a place with what has to stand around a factor there, so that it multiplies the whole
term: brackets around a sum, in front of a ``\sum`` or a function without brackets, behind all else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from derive.reading.surface import (
    Big,
    Binary,
    Call,
    Cases,
    Fraction_,
    Group,
    Juxtaposition,
    Matrix,
    Name,
    Node,
    Numeral,
    Prefixed,
    Relation,
    Root,
    Scripted,
    Span,
    Unary,
)
from verify.mending.cells import cells
from verify.mending.edit import Edit, typed

PRODUCTS = frozenset((r"\cdot", r"\times", "*", r"\odot", r"\circ", "@", r"\ast", r"\star"))
ELEMENTWISE = frozenset((r"\cdot", r"\odot", r"\circ"))
HADAMARD = (r"\odot", r"\circ", r"\bullet")
WINDOWS = ("convolution", "correlation")


@dataclass(frozen=True)
class Slot:
    """``text[span]`` becomes ``before``, the factor, ``after``."""

    span: Span
    before: str = ""
    after: str = ""

    def holding(self, text: str, factor: str) -> str:
        """The text with ``factor`` in the slot."""
        return self.edit(factor, "", 0).apply(text)

    def edit(self, factor: str, what: str, cost: int) -> Edit:
        """The edit that puts ``factor`` there."""
        return Edit(self.span, f"{self.before}{factor}{self.after}", what, cost)


def terms(node: Node) -> Iterator[Node]:
    """The side, and what is added up, summed, divided or applied a function to inside it."""
    yield node
    for inner in _parts(node):
        yield from terms(inner)


def _parts(node: Node) -> Iterator[Node]:
    """The next terms below: those of a product are the insides of its factors."""
    match node:
        case Binary(operator, left, right) if operator not in PRODUCTS:
            yield from (left, right)
        case Binary() | Juxtaposition():
            for factor in factors(node):
                yield from _parts(factor)
        case Unary(_, body) | Group(body, _) | Root(body, _) | Scripted(body, _, _):
            yield body if not isinstance(node, Scripted) else _inside(body)
        case Big(_, _, _, body):
            yield body
        case Relation(sides, _):  # inside a bracket
            yield from sides
        case Fraction_(top, bottom) if not isinstance(top, Prefixed):
            yield from (top, bottom)
        case Call(_, args, _) if len(args) == 1:
            yield args[0]
        case Name("e", _, _, _, (power,)):
            yield power
        case Matrix() | Cases():
            yield from cells(node)


def _inside(node: Node) -> Node:
    return node.body if isinstance(node, Group) else node


def factors(node: Node) -> tuple[Node, ...]:
    """The factors of a product in order; the node itself where it is none."""
    if isinstance(node, Juxtaposition):
        return tuple(f for part in node.factors for f in factors(part))
    if isinstance(node, Binary) and node.operator in PRODUCTS:
        return (*factors(node.left), *factors(node.right))
    return (node,)


def is_sum(node: Node) -> bool:
    """Whether brackets are needed before something can multiply the node."""
    return isinstance(node, Binary) and node.operator in ("+", "-", r"\pm")


def element_slot(term: Node, text: str) -> Slot:
    """Where one more element multiplies the term."""
    own, end = typed(term, text), term.span.end
    if is_sum(term):
        return Slot(term.span, rf"\left( {own} \right) ")
    if isinstance(term, Unary):
        return element_slot(term.body, text)
    last = factors(term)[-1]
    if isinstance(last, Big) or (isinstance(last, Call) and not last.bracket):
        return Slot(Span(last.span.start, last.span.start), "", " ")
    operator = term.operator if isinstance(term, Binary) else ""
    if operator == "/":
        return Slot(Span(term.span.start, term.span.start), "", " ")
    if isinstance(last, Numeral):
        operator = r"\cdot"
    joint = f" {operator} " if operator in ELEMENTWISE else " "
    return Slot(Span(end, end), joint)


def number_slot(term: Node, text: str) -> Slot:
    """Where a constant multiplies the term: in front."""
    if is_sum(term):
        return Slot(term.span, "", rf" \left( {typed(term, text)} \right)")
    if isinstance(term, Unary):
        return number_slot(term.body, text)
    joint = r" \cdot " if isinstance(factors(term)[0], Numeral | Fraction_) else " "
    return Slot(Span(term.span.start, term.span.start), "", joint)


def divisor_slot(term: Node, text: str) -> Slot | None:
    """Where something divides the term; ``None`` where that would be written below a line."""
    if isinstance(term, Unary):
        return divisor_slot(term.body, text)
    if any(isinstance(f, Fraction_ | Big) for f in factors(term)):
        return None
    return Slot(term.span, rf"\frac{{{typed(term, text)}}}{{", "}")


def array_slots(
    term: Node, text: str, operators: Mapping[str, str] | None = None
) -> Iterator[Slot]:
    r"""Where an array may stand in a product of arrays: between any two factors, at both ends.

    Elementwise it stands behind all or before all; ``operators`` are those that the scope declares.
    """
    if isinstance(term, Unary):
        yield from array_slots(term.body, text, operators)
        return
    own = typed(term, text)
    inner = rf"\left( {own} \right)" if is_sum(term) or len(factors(term)) > 1 else own
    sign = term.operator if isinstance(term, Binary) and term.operator in HADAMARD else ""
    yield Slot(term.span, f"{own if sign else inner} {sign or HADAMARD[0]} ")
    joints = [" "]
    if isinstance(term, Binary) and term.operator in PRODUCTS and not sign:
        joints = [f" {term.operator} "]
    elif len(factors(term)) == 1:
        joints += [
            f" {o} " for o, meaning in (operators or {}).items() if meaning.endswith(WINDOWS)
        ]
    for joint in joints:
        for factor in () if is_sum(term) else factors(term):
            yield Slot(Span(factor.span.start, factor.span.start), "", joint)
        if is_sum(term):
            yield Slot(term.span, "", joint + inner)
            yield Slot(term.span, inner + joint)
        else:
            yield Slot(Span(term.span.end, term.span.end), joint)
