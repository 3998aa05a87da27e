r"""The surface tree back to LaTeX: `to_latex` prints what `parse` reads as the same tree.

One function a node, and a table of how brackets are spelled. What would be read otherwise where it
stands (`binding` tells) goes into braces, which LaTeX does not show.
"""

from __future__ import annotations

import re
from functools import singledispatch

from derive.reading import symbols
from derive.reading.binding import (
    FACTOR,
    FACTORS,
    PRODUCT,
    QUOTIENT,
    SIGNED,
    SUM,
    callable_end,
    level_of,
    open_ended,
    scripts_directly,
)
from derive.reading.fences import bracketed
from derive.reading.lists import Entry, gather
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
    Name,
    Node,
    Numeral,
    Prefixed,
    Relation,
    Root,
    Scripted,
    Sequence,
    Unary,
    Words,
)

_OPERATOR_NAMES = (symbols.MULTIPLICATIVE | symbols.ADDITIVE | {":", "/"}) - {r"\wedge", r"\vee"}
_BRACED_NAMES = symbols.FUNCTIONS | symbols.BIG_OPERATORS | symbols.PREFIXES | {r"\Sigma", "Σ"}
_ESCAPED = re.compile(r"([%#&_$])")


def to_latex(node: Node) -> str:
    """LaTeX of a surface node, such that ``parse(to_latex(parse(x))) == parse(x)``."""
    return _show(node)


def _fit(node: Node, level: int) -> str:
    """The node where something of ``level`` is asked: in braces if it binds less."""
    text = _show(node)
    return text if level_of(node) >= level else f"{{{text}}}"


def _followed(node: Node, level: int) -> str:
    """The node with a factor or a product sign coming after it."""
    return f"{{{_show(node)}}}" if open_ended(node) else _fit(node, level)


@singledispatch
def _show(node: Node) -> str:
    raise TypeError(f"{type(node).__name__} is no surface node")


@_show.register
def _(node: Numeral) -> str:
    return f"{{{node.text}}}" if re.fullmatch(r"\d+,\d+", node.text) else node.text


@_show.register
def _(node: Name) -> str:
    text = _base(node.base, bool(node.accents))
    for accent in reversed(node.accents):
        text = f"{accent}{{{text}}}"
    text += "'" * node.primes + _scripts(node.sub, node.sup)
    return f"{{{text}}}" if node.base in _BRACED_NAMES and not node.accents else text


def _base(base: str, accented: bool) -> str:
    if base in _OPERATOR_NAMES:
        return base if accented else f"{{{base}}}"
    if len(base) == 1 or base.startswith("\\"):
        return _ESCAPED.sub(r"\\\1", base)
    command = r"\mathrm" if re.fullmatch(r"[^\W_]+", base) else r"\text"
    return f"{command}{{{_ESCAPED.sub(lambda m: chr(92) + m[1], base)}}}"


def _scripts(sub: tuple[Node, ...], sup: tuple[Node, ...]) -> str:
    primes = 0
    while primes < len(sup) and sup[primes] == Name(r"\prime"):
        primes += 1
    text = "'" * primes
    text += f"_{{{_items(sub)}}}" if sub else ""
    return text + (f"^{{{_items(sup[primes:])}}}" if sup[primes:] else "")


def _items(items: tuple[Node, ...]) -> str:
    """Items of a list; what commas would join otherwise is set apart by space."""
    if len(items) == 1 and isinstance(items[0], Name) and items[0].base in _OPERATOR_NAMES:
        return _show(items[0])[1:-1]
    spread = _spread(items, "COMMA")
    if gather(spread) == items:
        return ", ".join(_show(n) for n, _ in spread)
    spread = _spread(items, "QUAD")
    if gather(spread) != items:
        spread = [(n, "QUAD") for n in items]
    return "".join((_SEPARATORS[s] if at else "") + _show(n) for at, (n, s) in enumerate(spread))


_SEPARATORS = {"COMMA": ", ", "QUAD": r", \quad ", "NEWLINE": r" \\ "}


def _spread(items: tuple[Node, ...], separator: str) -> list[Entry]:
    r"""Items with quantifiers taken apart: ``i, j = 1, \dots, 4`` is six entries."""
    out: list[Entry] = []
    for node in items:
        pieces = [node]
        if isinstance(node, Relation) and len(node.sides) == 2:
            left, right = (
                list(s.items) if isinstance(s, Collection) and s.bracket == "" and s.items else [s]
                for s in node.sides
            )
            if len(left) + len(right) > 2:
                joint = Relation((left[-1], right[0]), node.operators)
                pieces = [*left[:-1], joint, *right[1:]]
        out.append((pieces[0], separator))
        out.extend((piece, "COMMA") for piece in pieces[1:])
    return out


@_show.register
def _(node: Sequence) -> str:
    entries = _spread(node.items, "QUAD")
    if gather(entries) != node.items:
        entries = [(item, "QUAD") for item in node.items]
    text = ""
    for at, (item, separator) in enumerate(entries):
        if isinstance(item, Relation) and isinstance(item.sides[0], Missing):
            separator = "NEWLINE"
        before = entries[at - 1][0] if at else None
        if isinstance(before, Relation) and isinstance(before.sides[-1], Missing):
            separator = "COMMA"
        text += (_SEPARATORS[separator] if at else "") + _show(item)
    return text


@_show.register
def _(node: Scripted) -> str:
    body = node.body
    text = _show(body)
    if not scripts_directly(body) and not isinstance(body, Numeral):
        text = f"{{{text}}}"
    return text + _scripts(node.sub, node.sup)


@_show.register
def _(node: Call) -> str:
    head = _show(node.head)
    if node.bracket:
        if isinstance(node.head, Name) and node.head.base in _BRACED_NAMES and head[0] == "{":
            head = head[1:-1]
        return f"{head}{bracketed(', '.join(map(_show, node.args)), node.bracket)}"
    head = head[1:-1] if head[0] == "{" else head
    argument = node.args[0]
    plain = isinstance(argument, Name | Fraction_ | Root | Call)
    return (
        f"{head} {_show(argument)}"
        if plain and not _is_accent(node)
        else f"{head}{{{_show(argument)}}}"
    )


def _is_accent(node: Call) -> bool:
    return isinstance(node.head, Name) and node.head.base in symbols.ACCENTS


@_show.register
def _(node: Group) -> str:
    return bracketed(_show(node.body), node.bracket)


@_show.register
def _(node: Collection) -> str:
    if node.bracket == "":
        return f"{{{_items(node.items)}}}"
    return bracketed(_items(node.items), node.bracket) + _scripts(node.sub, node.sup)


@_show.register
def _(node: Unary) -> str:
    return node.operator + (" " if node.operator[-1].isalpha() else "") + _fit(node.body, SIGNED)


@_show.register
def _(node: Binary) -> str:
    operator = node.operator
    if operator == "/":
        right = "{d}" if node.right == Name("d") else _right(node.right, FACTOR)
        return f"{_followed(node.left, QUOTIENT)} / {right}"
    if operator in symbols.ADDITIVE:
        return f"{_fit(node.left, SUM)} {operator} {_fit(node.right, SIGNED)}"
    return f"{_followed(node.left, PRODUCT)} {operator} {_right(node.right, FACTORS)}"


def _right(node: Node, level: int) -> str:
    """A right operand, which may carry a sign of its own."""
    if isinstance(node, Unary) and level_of(node.body) >= level:
        return _show(node)
    return _fit(node, level)


@_show.register
def _(node: Juxtaposition) -> str:
    text = _followed(node.factors[0], QUOTIENT)
    for at, factor in enumerate(node.factors[1:], start=2):
        last = at == len(node.factors)
        shown = _fit(factor, QUOTIENT) if last else _followed(factor, QUOTIENT)
        if shown[0] in "([" or shown.startswith((r"\{", r"\left[", r"\left(")):
            shown = f"{{{shown}}}" if callable_end(node.factors[at - 2]) else shown
        text += " " + shown
    return text


@_show.register
def _(node: Prefixed) -> str:
    return f"{node.operator}{_scripts(node.sub, node.sup)} {_fit(node.body, FACTOR)}"


@_show.register
def _(node: Fraction_) -> str:
    bottom = _show(node.bottom)
    if bottom.startswith("d ") and not isinstance(node.bottom, Prefixed):
        bottom = "{d}" + bottom[1:]  # a factor, no operator
    return rf"\frac{{{_show(node.top)}}}{{{bottom}}}"


@_show.register
def _(node: Root) -> str:
    degree = f"[{_show(node.degree)}]" if node.degree is not None else ""
    return rf"\sqrt{degree}{{{_show(node.body)}}}"


@_show.register
def _(node: Big) -> str:
    above = (node.upper,) if node.upper is not None else ()
    body = _fit(node.body, SIGNED)
    if not node.lower and not above and body[0] in "([\\":
        body = f"{{{body}}}"
    return f"{node.operator}{_scripts(node.lower, above)} {body}"


@_show.register
def _(node: Matrix) -> str:
    columns = f"{{{'c' * max(map(len, node.rows))}}}" if node.environment == "array" else ""
    rows = r" \\ ".join(" & ".join(_fit(cell, SUM) for cell in row) for row in node.rows)
    return rf"\begin{{{node.environment}}}{columns} {rows} \end{{{node.environment}}}"


@_show.register
def _(node: Cases) -> str:
    rows = r" \\ ".join(
        f"{_show(value)} & {_show(Words('otherwise') if condition is None else condition)}"
        for value, condition in node.branches
    )
    return rf"\begin{{cases}} {rows} \end{{cases}}"


@_show.register
def _(node: Dots) -> str:
    return r"\dots"


@_show.register
def _(node: Words) -> str:
    return rf"\text{{{_ESCAPED.sub(lambda m: chr(92) + m[1], node.text)}}}"


@_show.register
def _(node: Missing) -> str:
    return ""


@_show.register
def _(node: Relation) -> str:
    text = _fit(node.sides[0], SUM) if not isinstance(node.sides[0], Missing) else ""
    for operator, side in zip(node.operators, node.sides[1:], strict=True):
        text += f" {operator} " + ("" if isinstance(side, Missing) else _fit(side, SUM))
    return text.strip()
