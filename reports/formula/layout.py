"""LaTeX to boxes, by way of the surface tree that the reader makes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any

from derive.errors import Problem
from derive.reading import surface
from derive.reading.parse import parse
from reports.formula.boxes import (
    EMPTY,
    Accented,
    Box,
    Digits,
    Fenced,
    Grid,
    Letter,
    Limits,
    Over,
    Prefix,
    Prose,
    Radical,
    Scripts,
    Sign,
    Thin,
    Wide,
    Word,
    fenced,
    row,
)
from reports.formula.symbols import (
    ACCENTS,
    ALPHABETS,
    BIG,
    BRACKETS,
    GRIDS,
    LETTERS,
    OPERATORS,
    PLAIN_OPERATORS,
)

PREFIXES = frozenset({"∂", "∇", "d"})


@lru_cache(maxsize=4096)
def boxes(latex: str) -> Box | None:
    """The boxes of a formula, or `None` where the reader cannot read it."""
    try:
        return layout(parse(latex))
    except Problem:
        return None


def layout(node: surface.Node) -> Box:
    """The boxes of a surface node."""
    return _RULES[type(node)](node)


def _command(text: str) -> str:
    return text.removeprefix("\\")


def _joined(nodes: Iterable[surface.Node], between: Callable[[], Sequence[Box]]) -> Box:
    items: list[Box] = []
    for place, node in enumerate(nodes):
        items.extend([*(between() if place else ()), layout(node)])
    return row(*items)


def _comma() -> Sequence[Box]:
    return (Sign(","),)


def _list(nodes: tuple[surface.Node, ...]) -> Box | None:
    return _joined(nodes, _comma) if nodes else None


def _scripted(base: Box, sub: tuple[surface.Node, ...], sup: tuple[surface.Node, ...]) -> Box:
    return Scripts(base, _list(sub), _list(sup)) if sub or sup else base


def _symbol(base: str) -> Box:
    """One letter in italics, a control sequence as its character, anything longer as a word."""
    name = _command(base)
    if base.startswith("\\"):
        if name in LETTERS:
            return Letter(LETTERS[name])
        return Sign(OPERATORS[name]) if name in OPERATORS else Word(name)
    return Letter(base) if len(base) == 1 else Word(base)


def _name(node: surface.Name) -> Box:
    base = _symbol(node.base)
    for accent in reversed(node.accents):
        base = _accented(_command(accent), base)
    if node.primes:
        base = Scripts(base, None, Sign("′" * node.primes))
        if node.sup or node.sub:
            marks = row(Sign("′" * node.primes), *((_list(node.sup) or EMPTY,) if node.sup else ()))
            return Scripts(base.base, _list(node.sub), marks)
    return _scripted(base, node.sub, node.sup)


def _accented(accent: str, base: Box) -> Box:
    if accent in ACCENTS:
        return Accented(accent, base)
    alphabet = ALPHABETS.get(accent, "")
    if isinstance(base, Letter):
        return Word(base.text) if alphabet == "upright" else Letter(base.text, alphabet)
    if isinstance(base, Digits) and alphabet == "double":
        return Letter(base.text, alphabet)
    return base


def _numeral(node: surface.Numeral) -> Box:
    return Digits(node.text)


def _scripts(node: surface.Scripted) -> Box:
    return _scripted(layout(node.body), node.sub, node.sup)


def _call(node: surface.Call) -> Box:
    left, right = BRACKETS[node.bracket]
    arguments = _list(node.args) or EMPTY
    if not left and not right:
        return row(layout(node.head), Thin(), arguments)
    return row(layout(node.head), fenced(left, arguments, right))


def _group(node: surface.Group) -> Box:
    left, right = BRACKETS[node.bracket]
    return fenced(left, layout(node.body), right)


def _collection(node: surface.Collection) -> Box:
    left, right = BRACKETS[node.bracket]
    return _scripted(fenced(left, _list(node.items) or EMPTY, right), node.sub, node.sup)


def _operator(text: str) -> str:
    name = _command(text)
    if text.startswith("\\") and name in OPERATORS:
        return OPERATORS[name]
    return PLAIN_OPERATORS.get(text, name)


def _unary(node: surface.Unary) -> Box:
    return row(Prefix(_operator(node.operator)), layout(node.body))


def _binary(node: surface.Binary) -> Box:
    return row(layout(node.left), Sign(_operator(node.operator)), layout(node.right))


def _juxtaposition(node: surface.Juxtaposition) -> Box:
    items: list[Box] = []
    for factor in map(layout, node.factors):
        apart = bool(items) and _stands_apart(items[-1], factor)
        items.extend([Thin(), factor] if apart else [factor])
    return row(*items)


def _stands_apart(before: Box, after: Box) -> bool:
    """A function's name without brackets, and an Iverson bracket as a factor."""
    named = isinstance(before, Word) and not isinstance(after, Fenced)
    return named or (isinstance(before, Fenced) and before.left == "[")


def _prefixed(node: surface.Prefixed) -> Box:
    name = _command(node.operator)
    sign: Box
    if name in LETTERS:
        sign = Letter(LETTERS[name])
    else:
        text = _operator(node.operator)
        sign = Prefix(text) if text in PREFIXES else Word(text)
    return row(_scripted(sign, node.sub, node.sup), layout(node.body))


def _fraction(node: surface.Fraction_) -> Box:
    return Over(layout(node.top), layout(node.bottom))


def _root(node: surface.Root) -> Box:
    return Radical(layout(node.body), layout(node.degree) if node.degree else None)


def _big(node: surface.Big) -> Box:
    name = _command(node.operator)
    sign: Box = Sign(BIG[name]) if name in BIG else Word(_spoken(name))
    upper = layout(node.upper) if node.upper else None
    space = (Thin(),) if isinstance(sign, Word) else ()
    return row(Limits(sign, _list(node.lower), upper), *space, layout(node.body))


def _spoken(name: str) -> str:
    return {r"arg\max": "arg max", "argmax": "arg max", r"arg\min": "arg min"}.get(name, name)


def _matrix(node: surface.Matrix) -> Box:
    left, right = GRIDS.get(node.environment, ("", ""))
    return Grid(left, tuple(tuple(map(layout, cells)) for cells in node.rows), right)


def _cases(node: surface.Cases) -> Box:
    rows = tuple(
        (layout(value), layout(condition) if condition else Prose("otherwise"))
        for value, condition in node.branches
    )
    return Grid("{", rows, "")


def _dots(node: surface.Dots) -> Box:
    return Letter("…")


def _words(node: surface.Words) -> Box:
    return Prose(f" {node.text.strip()} ")


def _relation(node: surface.Relation) -> Box:
    items = [layout(node.sides[0])]
    for operator, side in zip(node.operators, node.sides[1:], strict=True):
        items.extend([Sign(_operator(operator)), layout(side)])
    return row(*items)


def _missing(node: surface.Missing) -> Box:
    return EMPTY


def _sequence(node: surface.Sequence) -> Box:
    return _joined(node.items, lambda: (Sign(","), Wide()))


_RULES: dict[type[surface.Node], Callable[[Any], Box]] = {
    surface.Numeral: _numeral,
    surface.Name: _name,
    surface.Scripted: _scripts,
    surface.Call: _call,
    surface.Group: _group,
    surface.Collection: _collection,
    surface.Unary: _unary,
    surface.Binary: _binary,
    surface.Juxtaposition: _juxtaposition,
    surface.Prefixed: _prefixed,
    surface.Fraction_: _fraction,
    surface.Root: _root,
    surface.Big: _big,
    surface.Matrix: _matrix,
    surface.Cases: _cases,
    surface.Dots: _dots,
    surface.Words: _words,
    surface.Relation: _relation,
    surface.Missing: _missing,
    surface.Sequence: _sequence,
}
