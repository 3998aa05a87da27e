r"""From the text of a claim to what is to be judged: its statement, and the identities it asserts.

A chain ``a = b = c`` asserts ``a = b`` and ``b = c``, so that the first wrong step can be named. An
update ``W \leftarrow W - \alpha \Delta W`` asserts that its right side is a step of gradient
descent.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

from derive.equations import adjoint_name, adjoint_of, slope_of
from derive.errors import IllFormed, Problem
from derive.expr import Access, Expr, accesses, add, negative, number, product
from derive.reading.letters import occurrences
from derive.reading.lexicon import Entry, Match, occurrence
from derive.reading.names import is_bare
from derive.reading.parse import parse
from derive.reading.scope import Scope
from derive.reading.sentence import Sentence, sentences
from derive.reading.shown import shown_number
from derive.reading.statement import Statement, statement
from derive.reading.surface import Fraction_, Name, Node, Numeral, Prefixed, Scripted, parts
from derive.reading.undeclared import ERRORS
from verify.compare import Identity
from verify.lints import check_typed


@lru_cache(maxsize=4096)
def sentence_of(text: str) -> Sentence:
    """The one sentence of ``text``. Raises `Unreadable`, or `IllFormed` where there are several."""
    found = [s for s in sentences(parse(text)) if s.kind != "quantifier"]
    if len(found) != 1:
        raise IllFormed(f"{len(found)} formulas where one is expected")
    return found[0]


def read_statement(text: str, scope: Scope) -> Statement:
    """The one statement of ``text``. Raises `Unreadable`, or `IllFormed` and its kinds."""
    sentence = sentence_of(text)
    check_typed(sentence)
    return statement(sentence, without_lookalikes(sentence, scope))


def without_lookalikes(sentence: Sentence, scope: Scope) -> Scope:
    r"""The scope without entries that fit a marked symbol worse than another fits it unmarked.

    Where a deck has defined ``\Delta b`` only, ``\Delta b_q^2`` is not element q of it, squared: it
    is the mark on the other tensor ``b_q^2``, and undeclared.
    """
    wrong = set()
    for node in sentence.nodes:
        for item in occurrences(node):
            match = scope.lexicon.match(item) if item.prefix else None
            plain = scope.lexicon.match(replace(item, prefix="")) if match is not None else None
            if match is not None and plain is not None and _left_over(plain) < _left_over(match):
                wrong.add(match.entry.key)
    return _without(scope, wrong) if wrong else scope


def _without(scope: Scope, keys: Container[tuple[object, ...]]) -> Scope:
    """The scope without the entries of these keys."""
    kept = {k: e for k, e in scope.lexicon.entries.items() if k not in keys}
    return replace(scope, lexicon=replace(scope.lexicon, entries=kept))


def _left_over(match: Match) -> int:
    """How much of the written symbol the entry does not account for."""
    return len(match.powers) + len(match.extra or ())


def reassigns(read: Statement) -> bool:
    """``i = 2`` where the deck said ``i = 1`` before: an assignment, not a contradiction."""
    left, right = read.nodes[0], read.nodes[-1]
    return (
        len(read.nodes) == 2
        and read.kind == "equation"
        and isinstance(left, Name)
        and is_bare(left)
        and isinstance(right, Numeral)
        and not accesses(read.sides[0].body)
    )


def left_out(read: Statement, scope: Scope) -> tuple[str, ...]:
    r"""Says so where a gradient is written without the indices of the left side.

    ``\Delta f(j) = \frac{\partial L}{\partial f}`` is read element by element.
    """
    left = _match(read.nodes[0], scope)
    notes = []
    for node in read.nodes[1:]:
        if isinstance(node, Fraction_) and isinstance(node.bottom, Prefixed):
            below = _match(node.bottom.body, scope)
            if left is not None and below is not None and left.omitted < below.omitted:
                notes.append("the gradient without indices is read element by element")
    return tuple(notes)


def _match(node: Node, scope: Scope) -> Match | None:
    item = occurrence(node)
    return None if item is None else scope.lexicon.match(item)


def is_open_gradient(read: Statement, declared: Iterable[object]) -> bool:
    r"""Whether the left side is a ``\delta`` that one of these readings gave its meaning."""
    item = occurrence(read.nodes[0])
    heads = {d.notation.head for d in declared if isinstance(d, Entry)}
    return item is not None and item.head in ERRORS & heads


def definition_of(text: str, scope: Scope) -> Entry | None:
    """What ``text`` declares in ``scope``; ``None`` where it declares nothing there.

    A formula that was right if its left side is a gradient gives that symbol its value.
    """
    scope = replace(scope, defining=True)
    try:
        read = read_statement(text, scope)
        if reassigns(read):
            match = _match(read.nodes[0], scope)
            read = read_statement(text, _without(scope, {match.entry.key} if match else set()))
    except Problem:
        return None
    return read.entry


def identities(read: Statement, known: Container[str]) -> tuple[Identity, ...]:
    """The links of the statement's chain, in order; ``known`` are the names that have values."""
    bodies = [side.body for side in read.sides]
    if read.kind == "update":
        return (_descent(read, bodies, _scalars(bodies, known)),)
    return tuple(
        Identity(read.axes, left, right, _scalars((left, right), known))
        for left, right in pairwise(bodies)
    )


def _scalars(bodies: Iterable[Expr], known: Container[str]) -> tuple[str, ...]:
    """Symbols that stand for any number: a learning rate, the argument of a function."""
    found = dict.fromkeys(a.tensor for body in bodies for a in accesses(body))
    return tuple(n for n in found if n not in known and slope_of(n) is None)


def link_texts(read: Statement, text: str) -> tuple[str, ...]:
    """The LaTeX of every link, as typed."""
    sides = [text[n.span.start : n.span.end] for n in read.nodes]
    return tuple(
        f"{left} {operator} {right}"
        for left, operator, right in zip(sides, read.operators, sides[1:], strict=False)
    )


def _numbers(node: Node) -> Iterator[Fraction]:
    """The numbers written in a formula, ``10^{-2}`` as one."""
    match node:
        case Numeral(value=value):
            yield value
        case Scripted(body=Numeral(value=base), sub=(), sup=(above,)) if base:
            power = shown_number(above)
            if power is not None and power.value.denominator == 1 and abs(power.value) < 100:
                yield base ** int(power.value)
        case _:
            for part in parts(node):
                yield from _numbers(part)


def _descent(read: Statement, bodies: list[Expr], scalars: tuple[str, ...]) -> Identity:
    """``T - rate * dL/dT`` against what is written; the rate is the symbol for any number.

    Without a symbol it is the number that is written, or 1. Raises `IllFormed` where the left side
    is no element of a tensor or several symbols or numbers could be the rate.
    """
    left = bodies[0]
    if not isinstance(left, Access) or adjoint_of(left.tensor) is not None:
        raise IllFormed("an update changes a parameter", offset=read.nodes[0].span.start)
    numbers = set(_numbers(read.nodes[1]))
    if len(scalars) != 1 and (scalars or len(numbers) > 1):
        raise IllFormed(
            f"{len(scalars)} symbols could be the learning rate",
            offset=read.nodes[1].span.start,
            expected="one, as in W - \\alpha \\Delta W",
        )
    rate = Access(scalars[0], ()) if scalars else number(next(iter(numbers), Fraction(1)))
    step = product(rate, Access(adjoint_name(left.tensor), left.indices))
    return Identity(read.axes, add(left, negative(step)), bodies[1], scalars)
