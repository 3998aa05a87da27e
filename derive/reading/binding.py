r"""How tightly surface nodes bind, and what they would take in from what stands beside them."""

from __future__ import annotations

from derive.reading import symbols
from derive.reading.surface import (
    Big,
    Binary,
    Call,
    Collection,
    Fraction_,
    Group,
    Juxtaposition,
    Missing,
    Name,
    Node,
    Prefixed,
    Relation,
    Root,
    Sequence,
    Unary,
)

# How tightly: what stands inside must bind at least as tightly as its place asks.
LIST, RELATION, SUM, SIGNED, PRODUCT, FACTORS, QUOTIENT, FACTOR, BARE = range(9)


def level_of(node: Node) -> int:
    if isinstance(node, Binary):
        if node.operator == "/":
            return QUOTIENT
        return SUM if node.operator in symbols.ADDITIVE else PRODUCT
    if isinstance(node, Call):
        return FACTOR if node.bracket == "" else BARE
    return _LEVELS.get(type(node), BARE)


_LEVELS: dict[type[Node], int] = {
    Sequence: LIST, Missing: LIST, Relation: RELATION, Unary: SIGNED, Juxtaposition: FACTORS,
    Prefixed: FACTOR, Big: FACTOR, Group: FACTOR, Collection: FACTOR,
}  # fmt: skip


def open_ended(node: Node) -> bool:
    """Would the node take in a factor that follows it?"""
    match node:
        case Big():
            return True
        case Prefixed(body=body) | Unary(body=body):
            return open_ended(body)
        case Call(args=(argument,), bracket=""):
            return open_ended(argument)
        case Binary(right=right):
            return open_ended(right)
        case Juxtaposition(factors=factors):
            return open_ended(factors[-1])
    return False


def callable_end(node: Node) -> bool:
    """Would a bracket that follows be the argument list of the node's last name?"""
    match node:
        case Name():
            return True
        case Prefixed(body=last) | Binary(right=last):
            return callable_end(last)
        case Call(args=(last,), bracket=""):
            return not isinstance(last, Fraction_ | Root)
    return False


def is_derivative(top: Node, bottom: Node) -> bool:
    """``d/dx`` with nothing behind the upper d."""
    return top == Name("d") and isinstance(bottom, Prefixed) and bottom.operator == "d"
