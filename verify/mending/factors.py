r"""Edits of factors and operations: signs, slopes, transposes, rotations, sums, symbols."""

from __future__ import annotations

import re
from collections.abc import Iterator

from derive.reading.letters import bound_letters
from derive.reading.names import is_bare, label
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
    Scripted,
    Unary,
    walk,
)
from verify.mending.edit import Edit, after, before, gap, transposition, typed
from verify.mending.indices import Maker, flipped, index_nodes

ROTATION = "rot180"
MOST_TURNED = 4
"""Factors of a product that may stand in another order."""
PRODUCTS = (r"\cdot", r"\times", "*", r"\odot", r"\circ", "@", r"\ast", r"\star")
GRADIENT_MARKS = (r"\Delta", r"\delta", "d")
SURPLUS = "a sum is too many"
CONSTANT = re.compile(r"\\[td]?frac\s*\{?1\}?\s*\{?\w+\}?")
TRANSPOSE = re.compile(r"\^\s*(\{\s*(T|\\top|\\intercal)\s*\}|T|\\top|\\intercal)\s*$")
ROTATED = re.compile(r",?\s*rot\s*180|\\operatorname\{rot180\}|\\mathrm\{rot180\}|\\text\{rot180\}")


def signs(node: Node, text: str) -> Iterator[Edit]:
    """Plus for minus; a difference turned round; a minus too many."""
    if isinstance(node, Binary) and node.operator in ("+", "-"):
        one, two = typed(node.left, text), typed(node.right, text)
        yield flipped(node, text, f"the sign between ${one}$ and ${two}$ is wrong", 2)
        if node.operator == "-":
            yield Edit(
                node.span, f"{two} - {one}", f"the difference ${one} - {two}$ is reversed", 4
            )
        if not isinstance(node.left, Unary | Binary):
            yield Edit(before(node), "-", f"the minus sign of ${one}$ is missing", 3)
    elif isinstance(node, Unary) and node.operator == "-":
        yield Edit(node.span, typed(node.body, text), "a minus sign too many", 2)


def powers(node: Node, text: str) -> Iterator[Edit]:
    """The sign of an exponent; a square that is missing or too many."""
    own = typed(node, text)
    squared = isinstance(node, Name | Group | Call | Scripted) and re.search(r"\^(2|\{2\})$", own)
    if squared:
        place = type(node.span)(node.span.end - len(squared[0]), node.span.end)
        yield Edit(place, "", f"the square in ${own}$ is too many", 4)
    elif isinstance(node, Name | Group | Call) and "^" not in own and not _is_function(node):
        yield Edit(after(node), "^2", f"the square of ${own}$ is missing", 5)
    scripts = node.sup if isinstance(node, Name | Scripted) else ()
    if len(scripts) == 1 and _may_be_power(node, scripts[0]):
        (power,) = scripts
        minus = isinstance(power, Unary) and power.operator == "-"
        new = typed(power.body, text) if isinstance(power, Unary) else f"-{typed(power, text)}"
        new = new if text[power.span.start - 1] == "{" or minus else f"{{{new}}}"
        yield Edit(power.span, new, f"the sign of the exponent in ${own}$ is wrong", 4)


def _may_be_power(node: Node, script: Node) -> bool:
    exponential = isinstance(node, Name) and node.base == "e"
    return exponential or isinstance(script, Numeral | Binary | Juxtaposition | Fraction_ | Unary)


def _is_function(node: Node) -> bool:
    """Whether a name is a control sequence in front of something, as ``\\ln`` is."""
    return isinstance(node, Name) and node.base.startswith("\\") and not node.sub


def dropped(node: Node, text: str) -> Iterator[Edit]:
    """A factor too many; the nearest is a constant like ``1/N``."""
    pairs: list[tuple[str, str]] = []
    if isinstance(node, Binary) and node.operator in PRODUCTS:
        one, two = typed(node.left, text), typed(node.right, text)
        pairs = [(one, two), (two, one)]
    elif isinstance(node, Juxtaposition):
        for factor in node.factors:
            rest = " ".join(typed(f, text) for f in node.factors if f is not factor)
            pairs.append((rest, typed(factor, text)))
    elif isinstance(node, Call) and len(node.args) == 1:
        pairs = [(typed(node.head, text), typed(node.args[0], text))]
    for kept, gone in pairs:
        cost = 3 if CONSTANT.fullmatch(gone) else 5
        yield Edit(node.span, kept, f"the factor ${gone}$ is too many", cost)


def slopes(node: Node, text: str) -> Iterator[Edit]:
    r"""The logistic's slope ``X (1 - X)`` where half of it stands, or none beside ``\Delta X``."""
    own = typed(node, text)
    if isinstance(node, Name | Call) and _is_symbol(node):
        times = r" \odot " if r"\odot" in text else " "
        yield Edit(after(node), rf"{times}(1 - {own})", f"the factor $1 - {own}$ is missing", 4)
    inner = node.body if isinstance(node, Group) else None
    if isinstance(inner, Binary) and inner.operator == "-" and isinstance(inner.left, Numeral):
        other = typed(inner.right, text)
        yield Edit(before(node), rf"{other} ", f"the factor ${other}$ is missing", 4)
    marked = node.head if isinstance(node, Call) else node
    if isinstance(marked, Prefixed) and marked.operator in GRADIENT_MARKS:
        bare = text[marked.body.span.start : node.span.end]
        what = f"the slope ${bare} (1 - {bare})$ is missing"
        yield Edit(after(node), rf" \cdot {bare} \cdot (1 - {bare})", what, 4)
        yield Edit(after(node), rf" \odot {bare} \odot (1 - {bare})", what, 5)


def _is_symbol(node: Name | Call) -> bool:
    head = node.head if isinstance(node, Call) else node
    return isinstance(head, Name) and not head.base.startswith("\\")


def operators(node: Node, text: str) -> Iterator[Edit]:
    """Another product; factors in the other order."""
    if isinstance(node, Binary) and node.operator in PRODUCTS:
        span = gap(node.left, node.right)
        for other in PRODUCTS[:4]:
            if other != node.operator:
                new = text[span.start : span.end].replace(node.operator, other + " ")
                yield Edit(span, new, f"${node.operator}$ should be ${other}$", 5)
        new = f"{typed(node.right, text)} {node.operator} {typed(node.left, text)}"
        yield Edit(node.span, new, "the factors are in the wrong order", 5)
    elif isinstance(node, Juxtaposition):
        for at in range(1, min(len(node.factors), MOST_TURNED)):
            start = node.factors[at].span.start
            one, two = text[node.span.start : start], text[start : node.span.end]
            what = "the factors are in the wrong order"
            yield Edit(node.span, f"{two} {one.strip()}", what, 5)


def products_turned(node: Node, text: str) -> Iterator[Edit]:
    """``B^T A^T`` for ``A B``: a product that is the transpose of what is meant."""
    pair: tuple[Node, ...] = node.factors if isinstance(node, Juxtaposition) else ()
    if isinstance(node, Binary) and node.operator in (r"\times", "@"):
        pair = (node.left, node.right)
    if len(pair) != 2 or not all(isinstance(f, Name | Group | Scripted | Prefixed) for f in pair):
        return
    one, two = (turned(typed(f, text), text) for f in pair)
    between = text[pair[0].span.end : pair[1].span.start] or " "
    what = f"the product ${typed(node, text)}$ is to be transposed"
    yield Edit(node.span, f"{two}{between}{one}", what, 5)


def turned(own: str, text: str) -> str:
    """The transpose of what is typed so, written as the formula writes such."""
    plain = TRANSPOSE.sub("", own)
    return plain if plain != own else own + transposition(text)


def transposes(node: Node, text: str) -> Iterator[Edit]:
    """A transpose too many, or missing."""
    own = typed(node, text)
    if isinstance(node, Name) and node.sup:
        if TRANSPOSE.search(own):
            yield Edit(node.span, TRANSPOSE.sub("", own), f"${own}$ is not to be transposed", 4)
        return
    if isinstance(node, Name | Group) or (isinstance(node, Prefixed) and not own.endswith("T")):
        turned = transposition(text)
        yield Edit(after(node), turned, f"the transpose of ${own}$ is missing", 4)


def rotations(node: Node, text: str) -> Iterator[Edit]:
    """A rotation by 180 degrees too many, or missing."""
    if isinstance(node, Call) and isinstance(node.head, Name) and node.head.base == ROTATION:
        inner = ", ".join(typed(a, text) for a in node.args)
        yield Edit(node.span, inner, f"${inner}$ is not to be rotated", 4)
        return
    if not isinstance(node, Name) or node.base.startswith("\\") or node.base == ROTATION:
        return
    own = typed(node, text)
    if any("rot" in (label(item) or "") for item in node.sub) or ROTATED.search(own):
        plain = re.sub(r"_\{\s*\}", "", ROTATED.sub("", own))
        yield Edit(node.span, re.sub(r"_(?=\^|$)", "", plain), f"${own}$ is not to be rotated", 4)
        return
    what = f"${own}$ is to be rotated by 180 degrees"
    if f"{ROTATION}(" in text:
        yield Edit(node.span, f"{ROTATION}({own})", what, 4)
    elif node.sub:
        new = re.sub(r"_(?:\{([^{}]*)\}|(\w))", _with_label, own, count=1)
        yield Edit(node.span, new, what, 4)
    else:
        new = re.sub(r"^(\w)", r"\1_{rot180}", own, count=1)
        yield Edit(node.span, new, what, 4)


def _with_label(match: re.Match[str]) -> str:
    return f"_{{{match[1] or match[2]},rot180}}"


def sums(node: Node, text: str) -> Iterator[Edit]:
    """A sum too many."""
    if isinstance(node, Big) and node.operator == r"\sum":
        yield Edit(node.span, typed(node.body, text), SURPLUS, 6)


def fractions(node: Node, text: str) -> Iterator[Edit]:
    """A constant factor upside down, or too many."""
    if not isinstance(node, Fraction_):
        return
    if isinstance(node.top, Numeral) and isinstance(node.bottom, Numeral):
        own = typed(node, text)
        new = rf"\frac{{{node.bottom.text}}}{{{node.top.text}}}"
        yield Edit(node.span, new, f"the factor ${own}$ is upside down", 4)


def other_symbol(node: Node, symbols: tuple[str, ...]) -> Iterator[Edit]:
    """Another tensor of the same notation in the place of this one."""
    if not isinstance(node, Name) or node.accents or node.base not in symbols:
        return
    place = type(node.span)(node.span.start, node.span.start + len(node.base))
    for other in symbols:
        if other != node.base:
            yield Edit(place, other, f"${node.base}$ should be ${other}$", 4)


def whole_side(side: Node, text: str) -> Iterator[Edit]:
    """A sign for the whole side; a sum that is missing."""
    own = typed(side, text)
    if isinstance(side, Binary) and side.operator in ("+", "-"):
        yield Edit(side.span, f"-({own})", "the minus sign is missing", 3)
    elif not isinstance(side, Unary):
        yield Edit(before(side), "-", "the minus sign is missing", 3)
    yield from _missing_slopes(side, text)
    inside = index_nodes(side)
    free = {n.base for n in walk(side) if isinstance(n, Name) and is_bare(n) and id(n) in inside}
    for letter in sorted(free - bound_letters(side)):
        yield Edit(before(side), rf"\sum_{{{letter}}} ", f"the sum over ${letter}$ is missing", 5)


def _missing_slopes(side: Node, text: str) -> Iterator[Edit]:
    """``X (1 - X)`` behind the whole side, for every symbol X in it."""
    inside = index_nodes(side)
    arguments = {id(n.head) for n in walk(side) if isinstance(n, Call)}
    own = typed(side, text)
    sum_ = isinstance(side, Binary) and side.operator in ("+", "-")
    body = rf"\left( {own} \right)" if sum_ else own
    seen = set()
    for node in walk(side):
        bare = isinstance(node, Name | Call) and id(node) not in inside | arguments
        if bare and isinstance(node, Name | Call) and isinstance(_head(node), Name):
            symbol = typed(node, text)
            if symbol not in seen:
                seen.add(symbol)
                slope = rf"{symbol} (1 - {symbol})"
                yield Edit(side.span, rf"{body} \, {slope}", f"the slope ${slope}$ is missing", 4)


def _head(node: Name | Call) -> Node:
    return node.head if isinstance(node, Call) else node


FACTOR_EDITS: tuple[Maker, ...] = (
    signs,
    powers,
    dropped,
    slopes,
    operators,
    products_turned,
    transposes,
    rotations,
    sums,
    fractions,
)
