r"""Grammar rules to nodes of the surface tree: one method a rule of `grammar.lark`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from lark import Token, Transformer

from derive.errors import Unreadable
from derive.reading import symbols
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
    Span,
    Unary,
    Words,
)


@dataclass(frozen=True)
class _Content:
    """What stands in braces, before anybody asked for one node or for a list."""

    entries: list[Entry]
    span: Span


@dataclass(frozen=True)
class _Script:
    kind: str
    items: tuple[Node, ...]
    primes: int
    span: Span


@dataclass(frozen=True)
class _Cell:
    entries: list[Entry]


Child = Token | Node | _Content | _Script | _Cell | list[Entry]


def _place(child: Child) -> Span:
    if isinstance(child, Token):
        return Span(child.start_pos or 0, child.end_pos or 0)
    assert isinstance(child, Node | _Content | _Script)
    return child.span


def _span(children: list[Child]) -> Span:
    return Span(_place(children[0]).start, _place(children[-1]).end)


def _node(child: Child) -> Node:
    """One node; a list in braces becomes a bare `Collection`."""
    if isinstance(child, _Content):
        return _single(child.entries, child.span)
    assert isinstance(child, Node)
    return child


def _single(entries: list[Entry], span: Span) -> Node:
    items = gather(entries)
    if len(items) == 1:
        return items[0]
    return Collection(items, bracket="", span=span) if items else Missing(span=span)


def _items(child: Child) -> tuple[Node, ...]:
    return gather(child.entries) if isinstance(child, _Content) else (_node(child),)


def numeral(text: str, span: Span) -> Numeral:
    """The exact value of digits as typed; a decimal comma is a point."""
    return Numeral(text, Fraction(text.replace("{,}", ".").replace(",", ".")), span=span)


class _Scripts:
    """The scripts collected after something, each at most once."""

    def __init__(self, children: list[Child]) -> None:
        found = [c for c in children if isinstance(c, _Script)]
        self.sub = self._only(found, "sub")
        self.sup = self._only(found, "sup")
        self.primes = sum(s.primes for s in found)

    @staticmethod
    def _only(found: list[_Script], kind: str) -> tuple[Node, ...]:
        same = [s for s in found if s.kind == kind]
        if len(same) > 1:
            word, sign = ("subscript", "_") if kind == "sub" else ("superscript", "^")
            raise Unreadable(
                f"double {word}", offset=same[1].span.start, expected=f"one {word}",
                advice=f"group the first: {{a{sign}b}}{sign}c, or write {sign}{{b c}}",
            )  # fmt: skip
        return same[0].items if same else ()

    def on(self, body: Node, span: Span) -> Node:
        """``body`` with these scripts: part of a name, or a `Scripted` node."""
        if not (self.sub or self.sup or self.primes):
            return body
        if isinstance(body, Name) and not (self.sub and body.sub) and not (self.sup and body.sup):
            return replace(
                body,
                sub=self.sub or body.sub,
                sup=self.sup or body.sup,
                primes=body.primes + self.primes,
                span=span,
            )
        primes = (Name("\\prime"),) * self.primes
        return Scripted(body, self.sub, primes + self.sup, span=span)


def _split(children: list[Child]) -> tuple[list[Child], list[Entry] | None, list[Child]]:
    """What stands before a bracketed list, the list, and what follows; no list, no call."""
    for at, child in enumerate(children):
        if isinstance(child, list):
            return children[: at - 1], child, children[at:]
    return children, None, []


def _called(head: Node, children: list[Child]) -> Node:
    """``head`` applied to the bracketed list among ``children``, if there is one."""
    before, entries, after = _split(children)
    if entries is None:
        return head
    bracket = str(children[len(before)])
    end = next(c for c in after if isinstance(c, Token))
    span = Span(head.span.start, _place(end).end)
    if isinstance(head, Name):
        call: Node = Call(head, tuple(n for n, _ in entries), bracket, span=span)
    else:
        inner = Span(_place(children[len(before)]).start, span.end)
        return Juxtaposition(
            (head, _Scripts(after).on(_bracketed(entries, bracket, inner), _span([*after[1:]]))),
            span=_span(children),
        )
    return _Scripts(after).on(call, _span(children))


def _bracketed(entries: list[Entry], bracket: str, span: Span) -> Node:
    items = gather(entries)
    if len(items) == 1 and bracket == "{." and isinstance(items[0], Matrix):
        return Cases(tuple(_branch(list(row)) for row in items[0].rows), span=span)
    if len(items) == 1 and bracket != "{":
        return Group(items[0], bracket, span=span)
    return Collection(items, bracket=bracket, span=span)


class Build(Transformer[Token, Sequence]):
    """Called by the LALR parser as it reduces."""

    def start(self, children: list[list[Entry]]) -> Sequence:
        items = gather(children[0])
        if not items:
            return Sequence(())
        return Sequence(items, span=Span(items[0].span.start, items[-1].span.end))

    def sequence(self, children: list[Child]) -> list[Entry]:
        entries: list[Entry] = []
        separator = ""
        for child in children:
            if not isinstance(child, Token):
                entries.append((_node(child), separator if entries else ""))
                separator = ""
            elif child.type == "WORDS":
                entries.append((Words(str(child), span=_place(child)), separator or "WORDS"))
                separator = "WORDS"
            elif separator in ("", "COMMA"):
                separator = child.type
        return entries

    def relation(self, children: list[Child]) -> Node:
        sides: list[Node] = []
        operators: list[str] = []
        for child in children:
            if isinstance(child, Token):
                if len(sides) == len(operators):
                    sides.append(Missing(span=Span(_place(child).start, _place(child).start)))
                operators.append(str(child))
            else:
                sides.append(_node(child))
        if len(sides) == len(operators):
            end = _place(children[-1]).end
            sides.append(Missing(span=Span(end, end)))
        return Relation(tuple(sides), tuple(operators), span=_span(children))

    def binary(self, children: list[Child]) -> Node:
        left, operator, right = children
        return Binary(str(operator), _node(left), _node(right), span=_span(children))

    def unary(self, children: list[Child]) -> Node:
        return Unary(str(children[0]), _node(children[1]), span=_span(children))

    def juxtaposition(self, children: list[Child]) -> Node:
        factors: list[Node] = []
        for child in children:
            node = _node(child)
            if isinstance(node, Scripted) and isinstance(node.body, Missing) and factors:
                factors[-1] = replace(node, body=factors[-1])  # A_{ij}{}^T
            elif isinstance(node, Juxtaposition):
                factors.extend(node.factors)
            else:
                factors.append(node)
        if len(factors) == 1:
            return factors[0]
        return Juxtaposition(tuple(factors), span=_span(children))

    # Atoms

    def named(self, children: list[Child]) -> Node:
        before, _, _ = _split(children)
        name = Name(str(children[0]), span=_place(children[0]))
        return _called(_Scripts(before).on(name, _span(before)), children)

    def braced(self, children: list[Child]) -> Node:
        before, _, _ = _split(children)
        return _called(_Scripts(before).on(_node(children[0]), _span(before)), children)

    def decorated(self, children: list[Child]) -> Node:
        before, _, _ = _split(children)
        node = _accented(str(children[0]), _node(children[1]), _span(children[:2]))
        return _called(_Scripts(before).on(node, _span(before)), children)

    def wrapped(self, children: list[Child]) -> Node:
        before, _, _ = _split(children)
        node = _node(children[1])
        if "brace" not in str(children[0]) and "bracket" not in str(children[0]):
            node = _Scripts(before).on(node, _span(before))
        return _called(node, children)

    def number(self, children: list[Child]) -> Node:
        return _Scripts(children).on(self.digit(children[:1]), _span(children))

    def fraction(self, children: list[Child]) -> Node:
        body = Fraction_(_node(children[1]), _node(children[2]), span=_span(children[:3]))
        return _Scripts(children).on(body, _span(children))

    def root(self, children: list[Child]) -> Node:
        body = [c for c in children if not isinstance(c, _Script)]
        degree = None
        if isinstance(body[2:3], list) and len(body) > 2 and isinstance(body[2], list):
            degree = _single(body[2], _span([body[1], body[3]]))
        node = Root(_node(body[-1]), degree, span=_span(body))
        return _Scripts(children).on(node, _span(children))

    def group(self, children: list[Child]) -> Node:
        entries = children[1]
        assert isinstance(entries, list)
        node = _bracketed(entries, str(children[0]), _span(children[:3]))
        scripts = _Scripts(children)
        if isinstance(node, Collection) and not scripts.primes:
            if scripts.sub or scripts.sup:
                return replace(node, sub=scripts.sub, sup=scripts.sup, span=_span(children))
            return node
        return scripts.on(node, _span(children))

    fenced = group

    def evaluated(self, children: list[Child]) -> Node:
        body = Group(_node(children[0]), ".|", span=_span(children[:2]))
        return _Scripts(children).on(body, _span(children))

    def dots(self, children: list[Child]) -> Node:
        return Dots(span=_place(children[0]))

    def words(self, children: list[Child]) -> Node:
        return Words(str(children[0]), span=_place(children[0]))

    # Braces, arguments, scripts

    def content(self, children: list[Child]) -> _Content:
        entries = children[1]
        assert isinstance(entries, list)
        return _Content(entries, _span(children))

    def over(self, children: list[Child]) -> _Content:
        node = Fraction_(_node(children[1]), _node(children[3]), span=_span(children))
        return _Content([(node, "")], node.span)

    def digit(self, children: list[Child]) -> Node:
        return numeral(str(children[0]), _place(children[0]))

    def letter(self, children: list[Child]) -> Node:
        return Name(str(children[0]), span=_place(children[0]))

    def accent(self, children: list[Child]) -> Node:
        return _accented(str(children[0]), _node(children[1]), _span(children))

    def second(self, children: list[Child]) -> Child:
        return children[1]

    plain_fraction = fraction
    plain_root = root

    def sub(self, children: list[Child]) -> _Script:
        return _Script("sub", _items(children[1]), 0, _span(children))

    def sup(self, children: list[Child]) -> _Script:
        return _Script("sup", _items(children[1]), 0, _span(children))

    def prime(self, children: list[Child]) -> _Script:
        return _Script("prime", (), len(str(children[0])), _span(children))

    # Operators that govern what follows

    def big(self, children: list[Child]) -> Node:
        operator, scripts = str(children[0]), _Scripts(children)
        if isinstance(children[-1], _Script | Token):
            if operator == r"\Sigma":
                return scripts.on(Name(operator, span=_place(children[0])), _span(children))
            raise Unreadable(
                f"{operator} has nothing after it", offset=_place(children[0]).start,
                expected="what it ranges over, after its bounds",
            )  # fmt: skip
        upper = scripts.sup or None
        above = None
        if upper:
            above = upper[0] if len(upper) == 1 else Collection(upper, bracket="")
        operator = operator.replace(r"\arg", r"\arg" + "\\")
        return Big(operator, scripts.sub, above, _node(children[-1]), span=_span(children))

    def prefixed(self, children: list[Child]) -> Node:
        scripts = _Scripts(children)
        operator = str(children[0])
        if isinstance(children[-1], _Script | Token):
            return scripts.on(Name(operator, span=_place(children[0])), _span(children))
        body = _node(children[-1])
        return Prefixed(operator, body, scripts.sub, scripts.sup, span=_span(children))

    def function(self, children: list[Child]) -> Node:
        before, entries, _ = _split(children)
        own = [c for c in before if isinstance(c, _Script)]
        head = Name(str(children[0]), span=_place(children[0]))
        name = _Scripts(list(own)).on(head, _span([children[0], *own]))
        if entries is not None or isinstance(children[-1], _Script | Token):
            return _called(name, children)
        return Call(name, (_node(children[-1]),), "", span=_span(children))

    def multiple(self, children: list[Child]) -> Node:
        factors = self.digit(children[:1]), _node(children[1])
        return Juxtaposition(factors, span=_span(children))

    def signed_function(self, children: list[Child]) -> Node:
        head = Name(str(children[0]), span=_place(children[0]))
        return Call(head, (self.unary(children[1:]),), "", span=_span(children))

    # Tables

    def cell(self, children: list[list[Entry]]) -> _Cell:
        return _Cell(children[0])

    def matrix(self, children: list[Child]) -> Node:
        body = [c for c in children if not isinstance(c, _Script)]
        rows = tuple(tuple(row) for row in _rows(body))
        node = Matrix(rows, str(children[0]), span=_span(body))
        return _Scripts(children).on(node, _span(children))

    def cases(self, children: list[Child]) -> Node:
        return Cases(tuple(_branch(row) for row in _rows(children)), span=_span(children))


def _accented(accent: str, body: Node, span: Span) -> Node:
    if isinstance(body, Name):
        return replace(body, accents=(accent, *body.accents), span=span)
    if isinstance(body, Numeral):
        return Name(body.text, (accent,), span=span)
    if isinstance(body, Call) and isinstance(body.head, Name):
        head = replace(body.head, accents=(accent, *body.head.accents))
        return replace(body, head=head, span=span)
    if accent in symbols.STYLES:
        return body
    return Call(Name(accent, span=span), (body,), "", span=span)


def _rows(children: list[Child]) -> list[list[Node]]:
    """The nodes of a table by rows; an empty cell is `Missing`, an empty last row is none."""
    rows: list[list[Node]] = [[]]
    place = _place(children[0]).end
    for child in children[1:]:
        if isinstance(child, _Cell):
            rows[-1].append(_single(child.entries, Span(place, place)))
        elif isinstance(child, Token):
            place = _place(child).end
            if child.type == "ROW":
                rows.append([])
    if len(rows) > 1 and len(rows[-1]) == 1 and isinstance(rows[-1][0], Missing):
        rows.pop()
    return rows


def _branch(row: list[Node]) -> tuple[Node, Node | None]:
    """Value and condition; ``otherwise`` is no condition, other words stay."""
    value, condition = row[0], row[1] if len(row) > 1 else None
    if condition is None and isinstance(value, Collection) and value.bracket == "":
        at = next((i for i, n in enumerate(value.items) if isinstance(n, Words | Relation)), 0)
        if at:
            value, condition = _bare(value.items[:at]), _bare(value.items[at:])
    if isinstance(condition, Collection) and condition.bracket == "":
        formulas = tuple(n for n in condition.items if not isinstance(n, Words))
        condition = _bare(formulas or condition.items[:1])
    if isinstance(condition, Words | Name):
        text = condition.text if isinstance(condition, Words) else condition.base
        if text.split()[:1] and text.split()[0].lower().strip(".,;:") in symbols.OTHERWISE:
            condition = None
    return value, condition


def _bare(items: tuple[Node, ...]) -> Node:
    span = Span(items[0].span.start, items[-1].span.end)
    return items[0] if len(items) == 1 else Collection(items, bracket="", span=span)
