r"""The sides of a formula that shows numbers: displayed digits, arithmetic, quantities.

``J = \frac12 (y - \hat y)^2 = \frac12 (1 - 0.5470)^2 = 0.1026`` has two quantities, then
arithmetic, then a number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from fractions import Fraction
from typing import Any

from derive.errors import IllFormed
from derive.evaluate import evaluate
from derive.expr import Expr, accesses
from derive.index import Axis, Index
from derive.reading.arrays import ShapeMismatch
from derive.reading.convolution import Shape
from derive.reading.scope import Scope
from derive.reading.sentence import Sentence
from derive.reading.shown import Shown, Table, shown_number, shown_table
from derive.reading.statement import Statement, statement
from derive.reading.surface import (
    Big,
    Binary,
    Call,
    Collection,
    Matrix,
    Name,
    Node,
    Numeral,
    Scripted,
    parts,
    walk,
)
from verify.numbers.precision import PRECISE
from verify.numbers.values import Array


@dataclass(frozen=True)
class Side:
    """One side: exactly one of ``shown``, ``table``, ``read`` is there."""

    node: Node
    text: str
    shown: Shown | None = None
    table: Table | None = None
    read: Statement | None = None

    @property
    def closed(self) -> bool:
        """Arithmetic alone: nothing of the model is read, and no index is free."""
        return self.read is not None and not accesses(self.body) and not self.read.axes

    @property
    def symbolic(self) -> bool:
        """A quantity of the model."""
        return self.read is not None and not self.closed

    @property
    def body(self) -> Expr:
        """What is read, in the core."""
        assert self.read is not None
        return self.read.sides[0].body

    @property
    def axes(self) -> tuple[Axis, ...]:
        """The free axes of what is read, in the order of its indices."""
        assert self.read is not None
        return self.read.axes


def shows_numbers(sentence: Sentence) -> bool:
    """Whether some side displays a number or is arithmetic, so that digits are to be compared."""
    return sentence.kind == "equation" and any(_numeric(n) for n in sentence.nodes)


def shows_decimals(sentence: Sentence) -> bool:
    """Whether a number stands there that may be rounded."""
    shown = [n for node in sentence.nodes for n in literals(node)]
    return any(n.value.denominator != 1 for n in shown)


def _numeric(node: Node) -> bool:
    if shown_number(node) is not None or shown_table(node) is not None:
        return True
    applied = {id(n.head) for n in walk(node) if isinstance(n, Call)}
    alone = (n for n in walk(node) if id(n) not in applied)
    function = any(isinstance(n, Name) and n.base == r"\sigma" for n in alone)
    return bool(list(literals(node))) and not function and not any(map(_is_symbol, walk(node)))


def shows_tables(sentence: Sentence) -> bool:
    """Whether some side is an array of numbers."""
    return any(shown_table(n) is not None for n in sentence.nodes)


_GROUPED = re.compile(r"[1-9]\d{0,2}(?:\{,\}|[,.])\d{3}")
COMMA = "a comma"
CONSTANTS = frozenset({"e", r"\pi"})


def _is_symbol(node: Node) -> bool:
    """A letter that could stand for a quantity; functions are names too, but of several letters."""
    if isinstance(node, Big):
        return True
    if not isinstance(node, Name) or node.base in CONSTANTS:
        return False
    return len(node.base) == 1 or (node.base.startswith("\\") and not _is_function(node.base))


def _is_function(base: str) -> bool:
    return base in {
        r"\log", r"\ln", r"\lg", r"\exp", r"\tanh", r"\sin", r"\cos", r"\sigma", r"\max", r"\min",
    }  # fmt: skip


def literals(node: Node) -> Iterator[Numeral]:
    """The numbers of an expression, those in scripts of symbols aside."""
    if isinstance(node, Numeral):
        yield node
    if not isinstance(node, Name) or node.base in CONSTANTS:
        for part in parts(node):
            yield from literals(part)


def read_side(
    node: Node, text: str, sentence: Sentence, scope: Scope, expected: Shape | None = None
) -> Side:
    """One side of ``sentence``, whose text is ``text``; of the ``expected`` shape where it can be.

    Raises what reading raises.
    """
    table = shown_table(node)
    if table is not None:
        return Side(node, text, table=table)
    number = shown_number(node)
    if number is not None:
        return Side(node, text, shown=number)
    node = _listed_as_row(node)
    alone = Sentence("mention", (node,), (), sentence.quantifiers, sentence.span)
    if expected is not None:
        try:
            return Side(node, text, read=statement(alone, scope, expected))
        except ShapeMismatch:
            pass  # the table shows a part
    return Side(node, text, read=statement(alone, scope))


def _listed_as_row(node: Node) -> Node:
    r"""``[0.5^2 \quad 0.2 + 0.1]``, where numbers are worked out in a list, as a row."""
    match node:
        case Collection(items=items, bracket="[", sub=()) if len(items) > 1:
            if any(map(_is_symbol, (part for item in items for part in walk(item)))):
                return node
            row = Matrix((items,), span=node.span)
            return Scripted(row, sup=node.sup, span=node.span) if node.sup else row
    return node


def displayed_shape(sentence: Sentence) -> Shape | None:
    """The shape of the first table of several rows and columns that the sentence shows."""
    for table in map(shown_table, sentence.nodes):
        if table is not None and len(table.rows) > 1 and table.width > 1:
            return (Index.of(len(table.rows)), Index.of(table.width))
    return None


def with_literal(
    side: Side, sentence: Sentence, scope: Scope, values: dict[int, Fraction]
) -> Statement:
    """The side read again with other numbers in place of its literals (by their offsets)."""
    return _read(_replaced(side.node, values), sentence, scope)


def reread(side: Side, node: Node, sentence: Sentence, scope: Scope) -> Side:
    """The side as it is with ``node`` in its place. Raises what reading raises."""
    return replace(side, node=node, read=_read(node, sentence, scope))


def _read(node: Node, sentence: Sentence, scope: Scope) -> Statement:
    alone = Sentence("mention", (node,), (), sentence.quantifiers, sentence.span)
    return statement(alone, scope)


def sign_of_thousands(text: str) -> str:
    """What may part thousands in the text, in words."""
    return COMMA if re.search(r"\d(?:\{,\}|,)\d{3}", text) else "a point"


def with_thousands(sentence: Sentence) -> Sentence | None:
    """The sentence with ``1{,}000`` or ``1.000`` as a thousand; ``None`` if nothing is like it."""
    shown = [n for node in sentence.nodes for n in literals(node)]
    found = [n for n in shown if _GROUPED.fullmatch(n.text)]
    pointed = [n for n in shown if "." in n.text]
    if not found or not all(_GROUPED.fullmatch(n.text) for n in pointed):
        return None  # 1.004 beside -0.98 has a decimal point, too
    values = {n.span.start: Fraction(re.sub(r"\D", "", n.text)) for n in found}
    return replace(sentence, nodes=tuple(_regrouped(n, values) for n in sentence.nodes))


def _regrouped(node: Node, values: dict[int, Fraction]) -> Node:
    return _replaced(node, values, lambda n, v: replace(n, value=v, text=str(v)))


def _replaced(
    node: Node,
    values: dict[int, Fraction],
    make: Callable[[Numeral, Fraction], Node] = lambda n, v: replace(n, value=v),
) -> Node:
    if isinstance(node, Numeral):
        value = values.get(node.span.start)
        return node if value is None else make(node, value)

    def inner(item: Any) -> Any:
        if isinstance(item, Node):
            return _replaced(item, values, make)
        return tuple(map(inner, item)) if isinstance(item, tuple) else item

    found = ((f.name, getattr(node, f.name)) for f in fields(node))
    changes = {name: inner(item) for name, item in found if isinstance(item, Node | tuple)}
    return replace(node, **changes) if changes else node


def arithmetic(body: Expr) -> Array:
    """The value of a closed expression. Raises `IllFormed` where it has none."""
    value = evaluate(body, (), {}, {}, number=PRECISE).item()
    if value - value != 0:
        raise IllFormed("this has no finite value")
    return value


def addends(node: Node) -> list[Node]:
    """The terms of ``a + b + c``."""
    if isinstance(node, Binary) and node.operator == "+":
        return [*addends(node.left), node.right]
    return [node]
