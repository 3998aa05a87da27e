r"""How tightly surface nodes bind, and what they would take in from what stands beside them."""

from __future__ import annotations

from derive.reading import symbols
from derive.reading.surface import (
    Big,
    Binary,
    Call,
    Cases,
    Collection,
    Dots,
    Fraction_,
    Group,
    Juxtaposition,
    Matrix,
    Missing,
    Node,
    Numeral,
    Prefixed,
    Relation,
    Root,
    Scripted,
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
    """Would a bracket that follows be the argument list of what the node ends with?

    Names are called, and so is whatever stands in braces.
    """
    match node:
        case Numeral(text=text):
            return "," in text
        case Call(args=(last,), bracket=""):
            return not isinstance(last, Fraction_ | Root | Call) or callable_end(last)
        case Prefixed(body=last):
            return level_of(last) < FACTOR or callable_end(last)
        case Scripted(body=body):
            return not scripts_directly(body)
        case Collection(bracket=bracket):
            return bracket == ""
        case Group() | Call() | Fraction_() | Root() | Matrix() | Cases() | Dots():
            return False
    return True


def scripts_directly(body: Node) -> bool:
    """Can the node carry scripts without braces around it?"""
    if isinstance(body, Call):
        return body.bracket != ""
    if isinstance(body, Numeral):
        return "," not in body.text
    return isinstance(body, Group | Fraction_ | Root | Matrix)
