r"""Conditions behind a formula: ``a = b, \quad i \ne j``, ``a = b \text{ if } x > 0``.

The formula is asserted where they hold, and nothing is said elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from derive.reading.conditions import EQUAL, is_condition
from derive.reading.indicators import unstyled_one
from derive.reading.names import head as head_of
from derive.reading.names import letter_of
from derive.reading.surface import (
    Binary,
    Call,
    Group,
    Juxtaposition,
    Name,
    Node,
    Numeral,
    Relation,
    Span,
    Unary,
    Words,
    walk,
)

IF = frozenset("if when whenever for only se quando para falls wenn für si cuando pour".split())


def set_apart(items: Sequence[Node]) -> Iterator[Node]:
    r"""The items with a condition in round brackets at the end of a formula as one by itself.

    ``a = b c \ (i \ne j)`` asserts ``a = b c`` there; in a sum, ``\sum_i a_i (i \ne j)``, it stays.
    """
    for item in items:
        last, group = _last(item.sides[-1]) if isinstance(item, Relation) else (item, None)
        if isinstance(item, Relation) and group is not None:
            span = Span(item.span.start, last.span.end)
            yield replace(item, sides=(*item.sides[:-1], last), span=span)
            yield group
        else:
            yield item


def conditions_behind(items: Sequence[Node]) -> Iterator[Node]:
    r"""The items with ``\text{if } i = j: a = b`` as ``a = b \text{ if } i = j``."""
    words: Words | None = None
    for item in items:
        if words is not None and isinstance(item, Relation) and ":" in item.operators[1:]:
            at = item.operators.index(":")
            before, behind = item.sides[: at + 1], item.sides[at + 1 :]
            first = Relation(before, item.operators[:at], span=_over(before))
            if is_condition(first) and len(behind) > 1 and _conditional(words):
                yield Relation(behind, item.operators[at + 1 :], span=_over(behind))
                yield words
                yield first
                words = None
                continue
        if words is not None:
            yield words
        words = item if isinstance(item, Words) else None
        if words is None:
            yield item
    if words is not None:
        yield words


def _asks(inner: Node) -> bool:
    """Whether what stands in round brackets is a condition; ``([x > 0])`` is a factor, 0 or 1."""
    value = isinstance(inner, Group) and inner.bracket == "["
    return is_condition(inner) and not value


def _over(sides: Sequence[Node]) -> Span:
    return Span(sides[0].span.start, sides[-1].span.end)


def _last(node: Node) -> tuple[Node, Node | None]:
    """``node`` without a condition that stands behind it in round brackets, and that condition."""
    match node:
        case Call(head, (inner,), "(") if _asks(inner) and not _indicator(head):
            return head, Group(inner, span=Span(head.span.end, node.span.end))
        case Juxtaposition((*rest, Group(body=inner, bracket="(") as group)) if _asks(
            inner
        ) and not _indicator(rest[-1]):
            span = Span(node.span.start, rest[-1].span.end)
            return rest[0] if len(rest) == 1 else Juxtaposition(tuple(rest), span=span), group
        case Juxtaposition((*rest, inner)):
            kept, group_ = _last(inner)
            span = Span(node.span.start, kept.span.end)
            return Juxtaposition((*rest, kept), span=span), group_
        case Binary(right=inner):
            kept, group_ = _last(inner)
            return replace(node, right=kept, span=Span(node.span.start, kept.span.end)), group_
        case Unary(body=inner):
            kept, group_ = _last(inner)
            return replace(node, body=kept, span=Span(node.span.start, kept.span.end)), group_
    return node, None


def _indicator(node: Node) -> bool:
    r"""Whether a bracket behind ``node`` belongs to it: ``\mathbb{I}(x > 0)``, ``1(y = k)``."""
    if isinstance(node, Name):
        return unstyled_one(head_of(node))
    return isinstance(node, Numeral) and node.text == "1"


def provisos(items: Sequence[Node]) -> Iterator[tuple[Node, Node]]:
    """Each condition of a display with every formula before it, words between them or not.

    ``a = b, c = d \\text{ if } x > 0``: it is one of both, up to a formula with one of its own. The
    place of a condition begins with the words that make it one. Several may follow a formula.
    """
    formulas: list[Node] = []
    words: Words | None = None
    restricted = False
    for item in items:
        if isinstance(item, Words):
            words = item
        elif formulas and _restricts(item, formulas[-1], words):
            start = item.span.start if words is None else words.span.start
            condition = replace(item, span=Span(start, item.span.end))
            yield from ((condition, formula) for formula in formulas)
            words, restricted = None, True
        else:
            formula = isinstance(item, Relation) and "=" in item.operators
            kept = [] if restricted or words is not None else formulas
            formulas = [*kept, item] if formula else []
            words, restricted = None, False


def _restricts(item: Node, formula: Node, words: Words | None) -> bool:
    """Comparisons; an equation where words say so, or between letters that index the formula."""
    relation = item.body if isinstance(item, Group) else item
    if not isinstance(relation, Relation) or not is_condition(item):
        return False
    if not set(relation.operators) & EQUAL:
        return words is None or _conditional(words)
    letters = [letter_of(side) for side in relation.sides]
    if None not in letters and set(letters) <= set(script_letters(formula)):
        return True
    return words is not None and _conditional(words)


def _conditional(words: Words) -> bool:
    text = words.text.lower().split()
    return bool(text) and (text[0] in IF or text[-1] in IF)


def script_letters(node: Node) -> Iterator[str]:
    """The letters in the subscripts and superscripts of ``node``."""
    for inner in walk(node):
        if isinstance(inner, Name):
            for item in (*inner.sub, *inner.sup):
                yield from (letter for n in walk(item) if (letter := letter_of(n)) is not None)
