r"""Bars of evaluation as typed: what stands under them, at which place, the text without them.

``\left.\frac{\partial L}{\partial w}\right|_{w=w_0}``, ``\frac{df}{dx}\Big|_{x=2}``, ``f'(2)`` and
``\frac{df}{dx}(x_0)``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from derive.reading.lexicon import occurrence
from derive.reading.primes_of_numbers import argument_of
from derive.reading.problems import Unsupported
from derive.reading.scope import Scope
from derive.reading.sentence import Sentence
from derive.reading.surface import (
    Binary,
    Call,
    Fraction_,
    Group,
    Juxtaposition,
    Name,
    Node,
    Numeral,
    Prefixed,
    Relation,
    Scripted,
    Span,
    Unary,
    parts,
    walk,
)

EVALUATED = ".|"
MANY = "values at different places in one formula are not judged"


@dataclass(frozen=True)
class Equal:
    """``target = value`` below a bar."""

    target: Node
    value: Node


@dataclass
class Bars:
    """The bars of one formula: where they stand, what is under them, the place of all."""

    spans: list[tuple[Span, Node | None]] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)
    arguments: list[Name] = field(default_factory=list)
    place: tuple[Equal, ...] = ()


def bars_of(sentence: Sentence, scope: Scope) -> Bars | None:
    """The bars of a formula, ``None`` where it has none. Raises `Unsupported`."""
    if not any(_may_be_placed(n) for node in sentence.nodes for n in walk(node)):
        return None
    bars = Bars()
    for node in sentence.nodes:
        _find(node, bars, scope)
    return bars if bars.nodes else None


def _may_be_placed(node: Node) -> bool:
    if isinstance(node, Juxtaposition):
        return any(isinstance(factor, Group) for factor in node.factors)
    return _is_bar(node) or (isinstance(node, Call) and isinstance(node.head, Name))


def _is_barred(node: Node) -> bool:
    return isinstance(node, Scripted) and _is_bar(node.body)


def _is_bar(node: Node) -> bool:
    return isinstance(node, Group) and node.bracket == EVALUATED


def _find(node: Node, bars: Bars, scope: Scope) -> None:
    """Bars in ``node``, from the outside."""
    if isinstance(node, Prefixed) and _is_barred(node.body):
        before = len(bars.nodes)
        _find(node.body, bars, scope)
        bars.nodes[before:] = [node]  # \nabla_x L |_{x = 0}
        return
    if isinstance(node, Scripted) and isinstance(node.body, Group) and _is_bar(node.body):
        if node.sup or not node.sub:
            raise Unsupported("a difference of two values is not judged", offset=node.span.start)
        body = node.body.body
        _note(tuple(_equal(n, body) for n in node.sub), node, bars)
        bars.spans.append((node.span, body))
    elif isinstance(node, Call) and (argument := _argument(node, scope)) is not None:
        _note((Equal(argument, node.args[0]),), node, bars)
        bars.arguments.append(argument)
    elif isinstance(node, Juxtaposition) and (behind := _behind(node, scope)) is not None:
        _note((behind,), node.factors[1], bars)
        bars.nodes.append(node.factors[0])
        bars.spans.append((node.factors[1].span, None))
        for part in node.factors[2:]:
            _find(part, bars, scope)
    else:
        for part in parts(node):
            _find(part, bars, scope)


def _behind(node: Juxtaposition, scope: Scope) -> Equal | None:
    r"""``\frac{df}{dx}(x_0)``: a derivative and, in brackets, its own variable or a new symbol."""
    first, second = node.factors[:2]
    if not (isinstance(first, Fraction_) and isinstance(first.bottom, Prefixed)):
        return None
    if not (isinstance(second, Group) and second.bracket == "(" and isinstance(second.body, Name)):
        return None
    item, by = occurrence(second.body), first.bottom.body
    if item is None or not isinstance(by, Name) or by.sub or by.sup:
        return None
    if second.body == by:
        return Equal(by, by)
    alike = (second.body.base, second.body.accents) == (by.base, by.accents)
    return Equal(by, second.body) if alike else None


def _note(place: tuple[Equal, ...], node: Node, bars: Bars) -> None:
    """One place for all bars. Raises `Unsupported` where there are several."""
    if bars.nodes and bars.place != place:
        raise Unsupported(MANY, offset=node.span.start)
    bars.place = place
    bars.nodes.append(node)


def _equal(item: Node, body: Node) -> Equal:
    """``w = w_0``, or ``w_0`` alone, which is what the derivative is by."""
    if isinstance(item, Relation) and len(item.sides) == 2 and item.operators == ("=",):
        return Equal(item.sides[0], item.sides[1])
    below = [n.bottom for n in walk(body) if isinstance(n, Fraction_)]
    if isinstance(item, Relation) or len(below) != 1 or not isinstance(below[0], Prefixed):
        raise Unsupported("what stands at the bar is not read as a place", offset=item.span.start)
    return Equal(below[0].body, item)


def _argument(call: Call, scope: Scope) -> Name | None:
    """The x of ``f(2)`` and ``f'(2)``, where f is a number that is computed from x alone."""
    if call.bracket != "(" or len(call.args) != 1 or not isinstance(call.head, Name):
        return None
    if not _is_number(call.args[0]):
        return None
    by = argument_of(call.head, scope)
    return None if by is None else replace(by, span=call.args[0].span)


def _is_number(node: Node) -> bool:
    inner = node.body if isinstance(node, Unary) and node.operator == "-" else node
    return isinstance(inner, Numeral)


# The text without them

Edit = tuple[int, int, str]


def bare(text: str, sentence: Sentence, bars: Bars, renamed: list[Equal]) -> str:
    """The formula without its bars, new symbols replaced by what they are values of."""
    edits = [e for span, body in bars.spans for e in _opened(span, body)]
    edits += [(n.span.start, n.span.end, n.base) for n in bars.arguments]
    for equal in renamed:
        target = text[equal.target.span.start : equal.target.span.end]
        edits += [(s.start, s.end, f"{target} ") for s in uses(equal.value, sentence, bars)]
    for start, end, new in sorted(set(edits), reverse=True):
        text = text[:start] + new.strip().ljust(end - start) + text[end:]
    return text


def _opened(span: Span, body: Node | None) -> Iterator[Edit]:
    """What stands before and behind the body: a bracket where it is a sum."""
    if body is None:
        yield span.start, span.end, ""
        return
    sums = isinstance(body, Binary | Unary)
    yield span.start, body.span.start, "(" if sums and span.start < body.span.start else ""
    yield body.span.end, span.end, ")" if sums and span.start < body.span.start else ""


def uses(new: Node, sentence: Sentence, bars: Bars) -> list[Span]:
    """Where a new symbol stands beside the bars."""
    assert isinstance(new, Name)
    long = new.span.end - new.span.start
    found = []
    for node in (n for side in sentence.nodes for n in _beside(side, bars)):
        if isinstance(node, Name) and (node.base, node.accents) == (new.base, new.accents):
            scripts = (not new.sub or node.sub == new.sub) and (not new.sup or node.sup == new.sup)
            if scripts and node.primes == new.primes:
                found.append(Span(node.span.start, node.span.start + long))
    return found


def _beside(node: Node, bars: Bars) -> Iterator[Node]:
    """The nodes that are under no bar."""
    if any(node is bar for bar in bars.nodes):
        return
    yield node
    for part in parts(node):
        yield from _beside(part, bars)


def tops(node: Node, bars: Bars) -> Iterator[Node]:
    """The largest parts that hold no bar, the symbols of what holds one among them."""
    if not any(part is bar for part in walk(node) for bar in bars.nodes):
        yield node
    elif not any(node is bar for bar in bars.nodes):
        for part in parts(node):
            yield from tops(part, bars)
