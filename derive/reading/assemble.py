"""What the grammar's rules share: places, braces, scripts, calls and brackets."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from lark import Token

from derive.errors import Unreadable
from derive.reading import symbols
from derive.reading.digits import DIGIT_LIMIT, magnitude
from derive.reading.lists import Entry, gather
from derive.reading.surface import (
    Call,
    Cases,
    Collection,
    Group,
    Juxtaposition,
    Matrix,
    Missing,
    Name,
    Node,
    Numeral,
    Relation,
    Scripted,
    Span,
    Words,
)

INTERVALS = frozenset({"[)", "(]"})


@dataclass(frozen=True)
class Content:
    """What stands in braces, before anybody asked for one node or for a list."""

    entries: list[Entry]
    span: Span


@dataclass(frozen=True)
class Script:
    kind: str
    items: tuple[Node, ...]
    primes: int
    span: Span


@dataclass(frozen=True)
class Cell:
    entries: list[Entry]


Child = Token | Node | Content | Script | Cell | list[Entry]


def place(child: Child) -> Span:
    if isinstance(child, Token):
        return Span(child.start_pos or 0, child.end_pos or 0)
    assert isinstance(child, (Node, Content, Script))  # a union here is made anew each time
    return child.span


def span_of(children: list[Child]) -> Span:
    first = place(children[0])
    return first if len(children) == 1 else Span(first.start, place(children[-1]).end)


def without_scripts(children: list[Child]) -> list[Child]:
    """What the scripts stand on."""
    return [child for child in children if not isinstance(child, Script)]


def node_of(child: Child) -> Node:
    """One node; a list in braces becomes a bare `Collection`."""
    if isinstance(child, Content):
        return single(child.entries, child.span)
    assert isinstance(child, Node)
    return child


def single(entries: list[Entry], span: Span) -> Node:
    items = gather(entries)
    if len(items) == 1:
        return items[0]
    return Collection(items, bracket="", span=span) if items else Missing(span=span)


def items_of(child: Child) -> tuple[Node, ...]:
    return gather(child.entries) if isinstance(child, Content) else (node_of(child),)


def numeral(text: str, span: Span) -> Numeral:
    """The exact value of digits as typed; a decimal comma is a point."""
    if len(text) + magnitude(text) > DIGIT_LIMIT:
        raise Unreadable(
            f"a number of {len(text) + magnitude(text)} digits", offset=span.start,
            expected=f"at most {DIGIT_LIMIT} digits",
        )  # fmt: skip
    return Numeral(text, Fraction(text.replace("{,}", ".").replace(",", ".")), span=span)


class Scripts:
    """The scripts collected after something, each at most once."""

    def __init__(self, children: list[Child]) -> None:
        found = [c for c in children if isinstance(c, Script)]
        self.sub = self._only(found, "sub") if found else ()
        self.sup = self._only(found, "sup") if found else ()
        self.primes = sum([s.primes for s in found])

    @staticmethod
    def _only(found: list[Script], kind: str) -> tuple[Node, ...]:
        same = [s for s in found if s.kind == kind]
        if len(same) > 1:
            word, sign = ("subscript", "_") if kind == "sub" else ("superscript", "^")
            raise Unreadable(
                f"double {word}", offset=same[1].span.start, expected=f"one {word}",
                advice=f"group the first: {{a{sign}b}}{sign}c, or write {sign}{{b c}}",
            )  # fmt: skip
        return same[0].items if same else ()

    def on(self, body: Node, span: Span) -> Node:
        """``body`` with these scripts."""
        if not (self.sub or self.sup or self.primes):
            return body
        return scripted(body, self.sub, self.sup, self.primes, span)


def scripted(
    body: Node, sub: tuple[Node, ...], sup: tuple[Node, ...], primes: int, span: Span
) -> Node:
    """Scripts as part of a name that has none of their kind, else a `Scripted` node."""
    if isinstance(body, Name) and not (sub and body.sub) and not (sup and body.sup):
        joint = sub or body.sub, sup or body.sup
        return replace(body, sub=joint[0], sup=joint[1], primes=body.primes + primes, span=span)
    return Scripted(body, sub, (Name("\\prime"),) * primes + sup, span=span)


def split_call(children: list[Child]) -> tuple[list[Child], list[Entry] | None, list[Child]]:
    """What stands before a bracketed list, the list, and what follows; no list, no call."""
    for at, child in enumerate(children):
        if isinstance(child, list):
            return children[: at - 1], child, children[at:]
    return children, None, []


def called(head: Node, children: list[Child]) -> Node:
    """``head`` applied to the bracketed list among ``children``, if there is one."""
    before, entries, after = split_call(children)
    if entries is None:
        return head
    bracket = str(children[len(before)])
    end = next(c for c in after if isinstance(c, Token))
    span = Span(head.span.start, place(end).end)
    if isinstance(head, Name) and bracket not in INTERVALS:
        call: Node = Call(head, tuple(n for n, _ in entries), bracket, span=span)
    else:
        inner = Span(place(children[len(before)]).start, span.end)
        return Juxtaposition(
            (head, Scripts(after).on(bracketed(entries, bracket, inner), span_of([*after[1:]]))),
            span=span_of(children),
        )
    return Scripts(after).on(call, span_of(children))


def bracketed(entries: list[Entry], bracket: str, span: Span) -> Node:
    items = gather(entries)
    if bracket in INTERVALS and len(items) != 2:
        raise Unreadable(
            f"{bracket[0]} is closed by {bracket[1]}", offset=span.start,
            expected="two bounds of an interval, or brackets of one kind",
        )  # fmt: skip
    if len(items) == 1 and bracket == "{." and isinstance(items[0], Matrix):
        return Cases(tuple(branch_of(list(row)) for row in items[0].rows), span=span)
    if len(items) == 1 and bracket != "{":
        return Group(items[0], bracket, span=span)
    return Collection(items, bracket=bracket, span=span)


def accented(accent: str, body: Node, span: Span) -> Node:
    if isinstance(body, Missing):
        raise Unreadable(
            f"{accent} has nothing under it", offset=span.start, expected="a symbol in its braces"
        )
    if isinstance(body, Name):
        return replace(body, accents=(accent, *body.accents), span=span)
    if isinstance(body, Numeral):
        return Name(body.text, (accent,), span=span) if body.text.isdigit() else body
    if isinstance(body, Call) and isinstance(body.head, Name):
        head = replace(body.head, accents=(accent, *body.head.accents))
        return replace(body, head=head, span=span)
    if accent in symbols.STYLES:
        return replace(body, span=span)
    return Call(Name(accent, span=span), (body,), "", span=span)


def rows_of(children: list[Child]) -> list[list[Node]]:
    """The nodes of a table by rows; an empty cell is `Missing`, an empty last row is none."""
    rows: list[list[Node]] = [[]]
    end = place(children[0]).end
    for child in children[1:]:
        if isinstance(child, Cell):
            rows[-1].append(single(child.entries, Span(end, end)))
        elif isinstance(child, Token):
            end = place(child).end
            if child.type == "ROW":
                rows.append([])
    if len(rows) > 1 and len(rows[-1]) == 1 and isinstance(rows[-1][0], Missing):
        rows.pop()
    return rows


def branch_of(row: list[Node]) -> tuple[Node, Node | None]:
    """Value and condition; ``otherwise`` is no condition, other words stay."""
    value: Node = row[0]
    condition: Node | None = row[1] if len(row) > 1 else None
    if condition is None and isinstance(value, Collection) and value.bracket == "":
        items = value.items
        at = next((i for i, n in enumerate(items) if isinstance(n, Words | Relation)), 0)
        if at:
            value, condition = _bare(items[:at]), _bare(items[at:])
    return value, None if condition is None else _condition(condition)


def _condition(node: Node) -> Node | None:
    if isinstance(node, Collection) and node.bracket == "":
        formulas = tuple(n for n in node.items if not isinstance(n, Words))
        node = _bare(formulas or node.items[:1])
    text = node.text if isinstance(node, Words) else node.base if isinstance(node, Name) else ""
    words = text.lower().split()
    return None if words and words[0].strip(".,;:") in symbols.OTHERWISE else node


def _bare(items: tuple[Node, ...]) -> Node:
    span = Span(items[0].span.start, items[-1].span.end)
    return items[0] if len(items) == 1 else Collection(items, bracket="", span=span)
