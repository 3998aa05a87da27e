r"""Grammar rules to nodes of the surface tree: one method a rule of `grammar.lark`."""

from __future__ import annotations

from dataclasses import replace

from lark import Token, Transformer

from derive.errors import Unreadable
from derive.reading.assemble import (
    Cell,
    Child,
    Content,
    Script,
    Scripts,
    accented,
    bracketed,
    branch_of,
    called,
    items_of,
    node_of,
    numeral,
    place,
    rows_of,
    scripted,
    single,
    span_of,
    split_call,
    without_scripts,
)
from derive.reading.lists import Entry, gather
from derive.reading.open_functions import reaching
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
    Prefixed,
    Relation,
    Root,
    Scripted,
    Sequence,
    Span,
    Unary,
    Words,
)


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
                entries.append((node_of(child), separator if entries else ""))
                separator = ""
            elif child.type == "WORDS":
                entries.append((Words(str(child), span=place(child)), separator or "WORDS"))
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
                    sides.append(Missing(span=Span(place(child).start, place(child).start)))
                operators.append(str(child))
            else:
                sides.append(node_of(child))
        if len(sides) == len(operators):
            end = place(children[-1]).end
            sides.append(Missing(span=Span(end, end)))
        return Relation(tuple(sides), tuple(operators), span=span_of(children))

    def binary(self, children: list[Child]) -> Node:
        left, operator, right = children
        return Binary(str(operator), node_of(left), node_of(right), span=span_of(children))

    def unary(self, children: list[Child]) -> Node:
        return Unary(str(children[0]), node_of(children[1]), span=span_of(children))

    def juxtaposition(self, children: list[Child]) -> Node:
        factors: list[Node] = []
        for child in children:
            node = node_of(child)
            if isinstance(node, Scripted) and isinstance(node.body, Missing) and factors:
                span = Span(factors[-1].span.start, node.span.end)
                factors[-1] = scripted(factors[-1], node.sub, node.sup, 0, span)  # A_{ij}{}^T
            elif isinstance(node, Juxtaposition):
                factors.extend(node.factors)
            else:
                factors.append(node)
        factors = reaching(factors)
        if len(factors) == 1:
            return factors[0]
        return Juxtaposition(tuple(factors), span=span_of(children))

    # Atoms

    def named(self, children: list[Child]) -> Node:
        before, _, _ = split_call(children)
        name = Name(str(children[0]), span=place(children[0]))
        return called(Scripts(before).on(name, span_of(before)), children)

    def braced(self, children: list[Child]) -> Node:
        before, _, _ = split_call(children)
        node = Scripts(before).on(node_of(children[0]), span_of(before))
        if len(before) == 1 and not isinstance(node, Missing):
            node = replace(node, span=span_of(before))  # the closing brace is a part of it
        if isinstance(node, Missing):
            raise Unreadable(
                "nothing stands between these braces", offset=node.span.start, expected="a formula"
            )
        return called(node, children)

    def decorated(self, children: list[Child]) -> Node:
        before, _, _ = split_call(children)
        node = accented(str(children[0]), node_of(children[1]), span_of(children[:2]))
        return called(Scripts(before).on(node, span_of(before)), children)

    def wrapped(self, children: list[Child]) -> Node:
        before, _, _ = split_call(children)
        node = node_of(children[1])
        if "brace" not in str(children[0]) and "bracket" not in str(children[0]):
            node = Scripts(before).on(node, span_of(before))
        if len(before) == len(children):
            node = replace(node, span=span_of(before))  # the closing brace is a part of it
        return called(node, children)

    def number(self, children: list[Child]) -> Node:
        return Scripts(children).on(self.digit(children[:1]), span_of(children))

    def fraction(self, children: list[Child]) -> Node:
        top = _derivative_of_product(node_of(children[1]))
        body = Fraction_(top, node_of(children[2]), span=span_of(children[:3]))
        return Scripts(children).on(body, span_of(children))

    def root(self, children: list[Child]) -> Node:
        body = without_scripts(children)
        degree = None
        if isinstance(body[2:3], list) and len(body) > 2 and isinstance(body[2], list):
            degree = single(body[2], span_of([body[1], body[3]]))
        node = Root(node_of(body[-1]), degree, span=span_of(body))
        return Scripts(children).on(node, span_of(children))

    def group(self, children: list[Child]) -> Node:
        entries = children[1]
        assert isinstance(entries, list)
        node = bracketed(entries, str(children[0]), span_of(children[:3]))
        scripts = Scripts(children)
        if isinstance(node, Collection) and not scripts.primes:
            if scripts.sub or scripts.sup:
                return replace(node, sub=scripts.sub, sup=scripts.sup, span=span_of(children))
            return node
        return scripts.on(node, span_of(children))

    fenced = group

    def evaluated(self, children: list[Child]) -> Node:
        body = Group(node_of(children[0]), ".|", span=span_of(children[:2]))
        return Scripts(children).on(body, span_of(children))

    def dots(self, children: list[Child]) -> Node:
        return Dots(span=place(children[0]))

    def words(self, children: list[Child]) -> Node:
        return Words(str(children[0]), span=place(children[0]))

    # Braces, arguments, scripts

    def content(self, children: list[Child]) -> Content:
        entries = children[1]
        assert isinstance(entries, list)
        return Content(entries, span_of(children))

    def over(self, children: list[Child]) -> Content:
        node = Fraction_(node_of(children[1]), node_of(children[3]), span=span_of(children))
        return Content([(node, "")], node.span)

    def digit(self, children: list[Child]) -> Node:
        return numeral(str(children[0]), place(children[0]))

    def letter(self, children: list[Child]) -> Node:
        return Name(str(children[0]), span=place(children[0]))

    def accent(self, children: list[Child]) -> Node:
        return accented(str(children[0]), node_of(children[1]), span_of(children))

    def second(self, children: list[Child]) -> Child:
        return children[1]

    plain_fraction = fraction
    plain_root = root

    def sub(self, children: list[Child]) -> Script:
        return Script("sub", items_of(children[1]), 0, span_of(children))

    def sup(self, children: list[Child]) -> Script:
        return Script("sup", items_of(children[1]), 0, span_of(children))

    def prime(self, children: list[Child]) -> Script:
        return Script("prime", (), len(str(children[0])), span_of(children))

    # Operators that govern what follows

    def big(self, children: list[Child]) -> Node:
        operator, scripts = str(children[0]), Scripts(children)
        if isinstance(children[-1], Script | Token):
            if operator == r"\Sigma":
                return scripts.on(Name(operator, span=place(children[0])), span_of(children))
            raise Unreadable(
                f"{operator} has nothing after it", offset=place(children[0]).start,
                expected="what it ranges over, after its bounds",
            )  # fmt: skip
        upper = scripts.sup or None
        above = None
        if upper:
            above = upper[0] if len(upper) == 1 else Collection(upper, bracket="")
        operator = operator.replace(r"\arg", r"\arg" + "\\").replace(r"\Sigma", r"\sum")
        return Big(operator, scripts.sub, above, node_of(children[-1]), span=span_of(children))

    def prefixed(self, children: list[Child]) -> Node:
        scripts = Scripts(children)
        operator = str(children[0])
        if isinstance(children[-1], Script | Token):
            return scripts.on(Name(operator, span=place(children[0])), span_of(children))
        body = node_of(children[-1])
        return Prefixed(operator, body, scripts.sub, scripts.sup, span=span_of(children))

    def function(self, children: list[Child]) -> Node:
        before, entries, _ = split_call(children)
        own = [c for c in before if isinstance(c, Script)]
        head = Name(str(children[0]), span=place(children[0]))
        name = Scripts(list(own)).on(head, span_of([children[0], *own]))
        if entries is not None or isinstance(children[-1], Script | Token):
            return called(name, children)
        return Call(name, (node_of(children[-1]),), "", span=span_of(children))

    def multiple(self, children: list[Child]) -> Node:
        factors = self.digit(children[:1]), node_of(children[1])
        return Juxtaposition(factors, span=span_of(children))

    def signed_function(self, children: list[Child]) -> Node:
        head = Name(str(children[0]), span=place(children[0]))
        return Call(head, (self.unary(children[1:]),), "", span=span_of(children))

    # Tables

    def cell(self, children: list[list[Entry]]) -> Cell:
        return Cell(children[0])

    def matrix(self, children: list[Child]) -> Node:
        body = without_scripts(children)
        rows = tuple(tuple(row) for row in rows_of(body))
        if len(rows) == 1 and len(rows[0]) == 1 and str(children[0]) == "array":
            return Scripts(children).on(rows[0][0], span_of(children))  # layout only
        node = Matrix(rows, str(children[0]), span=span_of(body))
        return Scripts(children).on(node, span_of(children))

    def cases(self, children: list[Child]) -> Node:
        return Cases(tuple(branch_of(row) for row in rows_of(children)), span=span_of(children))


def _derivative_of_product(top: Node) -> Node:
    r"""Above a fraction bar ``\partial`` takes all that follows: ``\partial \frac12 (y - a)^2``."""
    if not isinstance(top, Juxtaposition):
        return top
    first, *rest = top.factors
    alone = not any(isinstance(factor, Prefixed) for factor in rest)
    if isinstance(first, Prefixed) and first.operator in (r"\partial", "d") and alone:
        span = Span(first.body.span.start, top.span.end)
        return replace(first, body=Juxtaposition((first.body, *rest), span=span), span=top.span)
    return top
