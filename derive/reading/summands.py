r"""A displayed sum as the list of its terms: ``\frac14 (C_{11} + C_{12} + \dots) + b``.

Common factors go to every term, signs stay with theirs, ``\dots`` keep their place. A line that
goes on without a sign (``a + \dots \\ b``, where the sign was left out) is a further term.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from derive.reading.surface import (
    Binary,
    Call,
    Collection,
    Dots,
    Fraction_,
    Group,
    Juxtaposition,
    Matrix,
    Name,
    Node,
    Relation,
    Scripted,
    Span,
    Unary,
    parts,
)

TIMES = frozenset({r"\cdot", r"\times"})
BRACKETS = frozenset({"(", "[", "{", ""})


@dataclass(frozen=True)
class Summand:
    """One term, its sign and the common factors included.

    ``span`` is where it stands, without them.
    """

    node: Node
    span: Span


Item = Summand | Dots


@dataclass(frozen=True)
class Sum:
    """A displayed sum; ``function`` is the call of which it is the argument, if it is one."""

    items: tuple[Item, ...]
    function: Call | None = None

    @property
    def terms(self) -> tuple[Summand, ...]:
        """What is shown."""
        return tuple(i for i in self.items if isinstance(i, Summand))

    @property
    def dotted(self) -> bool:
        """Whether it has dots."""
        return len(self.terms) < len(self.items)


def has_dots(node: Node) -> bool:
    """Whether dots stand for terms in ``node``; those of a list, an array or a range do not."""
    if isinstance(node, Collection | Matrix | Relation):
        return False
    return isinstance(node, Dots) or any(has_dots(part) for part in parts(node))


def goes_on(first: Node, rest: Node) -> bool:
    """Whether the first term of ``rest`` has the same symbols as some term of the sum ``first``."""
    terms = [i for i in _items(rest) if isinstance(i, Summand)]
    before = [i for i in _items(first) if isinstance(i, Summand)]
    return bool(terms) and any(_symbols(t.node) == _symbols(terms[0].node) for t in before)


def _symbols(node: Node) -> list[str]:
    """The letters in a term, those in scripts and brackets left out."""
    if isinstance(node, Name):
        return [node.base]
    if isinstance(node, Call):
        return _symbols(node.head)
    if isinstance(node, Scripted):
        return _symbols(node.body)
    return sorted(s for part in parts(node) for s in _symbols(part))


def displayed_sum(node: Node, is_function: Callable[[Name], bool]) -> Sum | None:
    """The terms of ``node``, or of the argument of the function that it is; ``None`` for one term.

    ``is_function`` tells ``f(a + b)`` from ``F_{11} (a + b)``. Terms that still hold dots (of a
    product, of a matrix) make it ``None`` too.
    """
    for inner, function in _views(_as_products(node, is_function)):
        items = tuple(_items(inner))
        terms = [i for i in items if isinstance(i, Summand)]
        whole = not any(has_dots(t.node) for t in terms)
        if len(items) > 1 and terms and whole:
            return Sum(items, function)
    return None


def _as_products(node: Node, is_function: Callable[[Name], bool]) -> Node:
    """Symbols before a sum in brackets as factors of it, where they are no functions."""
    match node:
        case Call(Name() as head, (argument,)) if not is_function(head) and _is_sum(argument):
            return _beside((head, Group(argument, span=argument.span)))
        case Binary(operator, left, right) if operator in {"+", "-"} | TIMES:
            left, right = _as_products(left, is_function), _as_products(right, is_function)
            return replace(node, left=left, right=right)
        case Juxtaposition(factors):
            return _beside(tuple(_as_products(f, is_function) for f in factors))
        case Group() | Unary():
            return replace(node, body=_as_products(node.body, is_function))
    return node


def _views(node: Node) -> Iterator[tuple[Node, Call | None]]:
    yield node, None
    if isinstance(node, Call) and isinstance(node.head, Name) and len(node.args) == 1:
        yield node.args[0], node


def _items(node: Node) -> Iterator[Item]:
    match node:
        case Dots():
            yield node
        case Binary("+", left, right):
            yield from _items(left)
            yield from _items(right)
        case Binary("-", left, right):
            yield from _items(left)
            yield from (_negative(i) for i in _items(right))
        case Unary("+", body):
            yield from _items(body)
        case Unary("-", body):
            yield from (_negative(i) for i in _items(body))
        case Group(body, bracket) if bracket in BRACKETS:
            yield from _items(body)
        case Juxtaposition(factors) if any(isinstance(f, Dots) for f in factors):
            yield from _run(factors)
        case Juxtaposition(factors):
            yield from _spread(node, factors, _beside)
        case Binary(operator, left, right) if operator in TIMES:
            yield from _spread(node, (left, right), lambda f: Binary(operator, *f))
        case Fraction_(top, bottom) if _is_sum(top):
            for item in _items(top):
                yield _with(item, lambda n: Fraction_(n, bottom))
        case Binary("/", top, bottom) if _is_sum(top):
            for item in _items(top):
                yield _with(item, lambda n: Binary("/", n, bottom))
        case _:
            yield Summand(node, node.span)


def _run(factors: tuple[Node, ...]) -> Iterator[Item]:
    r"""``a \dots b``: terms between which the signs were left out."""
    part: list[Node] = []
    for factor in (*factors, None):
        if factor is not None and not isinstance(factor, Dots):
            part.append(factor)
            continue
        if part:
            yield from _items(part[0] if len(part) == 1 else _beside(tuple(part)))
        if factor is not None:
            yield factor
        part = []


def _spread(
    node: Node, factors: tuple[Node, ...], rebuild: Callable[[tuple[Node, ...]], Node]
) -> Iterator[Item]:
    """The terms of the one factor that is a sum in brackets, each with the others beside it."""
    places = [k for k, f in enumerate(factors) if isinstance(f, Group) and _is_sum(f)]
    if len(places) != 1:
        yield Summand(node, node.span)
        return
    (place,) = places
    for item in _items(factors[place]):
        yield _with(item, lambda n: rebuild((*factors[:place], n, *factors[place + 1 :])))


def _beside(factors: tuple[Node, ...]) -> Node:
    span = Span(min(f.span.start for f in factors), max(f.span.end for f in factors))
    flat: list[Node] = []
    for factor in factors:
        flat.extend(factor.factors if isinstance(factor, Juxtaposition) else (factor,))
    return Juxtaposition(tuple(flat), span=span)


def _is_sum(node: Node) -> bool:
    """Several terms, in brackets or not."""
    while isinstance(node, Group) and node.bracket in BRACKETS:
        node = node.body
    return isinstance(node, Binary) and node.operator in {"+", "-"}


def _negative(item: Item) -> Item:
    return _with(item, lambda n: Unary("-", n, span=n.span))


def _with(item: Item, change: Callable[[Node], Node]) -> Item:
    if isinstance(item, Dots):
        return item
    node = change(_bracketed(item.node))
    return Summand(replace(node, span=item.span), item.span)


def _bracketed(node: Node) -> Node:
    """A term as a factor: in brackets where it has a sign of its own."""
    return Group(node, "(", span=node.span) if isinstance(node, Unary) else node
