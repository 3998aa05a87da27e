r"""A statement whose displayed sums are taken apart, each term read by itself.

A number that is added to arrays, the bias of a map, is as large as the array beside it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from derive.errors import LimitExceeded
from derive.reading.arrays import ArrayValue, ShapeMismatch
from derive.reading.functions import function_named
from derive.reading.last_letters import with_last_letters, without_general_term
from derive.reading.respell import respelled
from derive.reading.scope import Scope
from derive.reading.sentence import Sentence
from derive.reading.statement import Statement, statement
from derive.reading.summands import Sum, displayed_sum
from derive.reading.surface import Binary, Group, Juxtaposition, Name, Node, Numeral

MOST_SHOWN = 400


@dataclass(frozen=True)
class Flat:
    """A statement every displayed sum of which is read term by term, and the scope it is in.

    ``beside`` is the array of each side that its numbers are added to, where there are such.
    """

    read: Statement
    scope: Scope
    nodes: tuple[Node, ...]
    sums: tuple[Sum | None, ...]
    values: tuple[tuple[ArrayValue, ...], ...]
    beside: tuple[Node | None, ...]


def flat(sentence: Sentence, scope: Scope) -> Flat:
    """The sentence with its sums taken apart. Raises what `statement` raises."""
    scope = scope.afresh()
    nodes = [respelled(n, scope) for n in sentence.nodes]

    def is_function(name: Name) -> bool:
        return function_named(name, scope) is not None

    sums = tuple(
        without_general_term(displayed_sum(n, is_function), nodes[0], scope) for n in nodes
    )
    parts = [
        [t.node for t in s.terms] if s is not None and k else [node]
        for k, (node, s) in enumerate(zip(nodes, sums, strict=True))
    ]
    count = sum(map(len, parts))
    if count > MOST_SHOWN:
        raise LimitExceeded(f"{count} terms", expected=f"at most {MOST_SHOWN}")
    scope = with_last_letters(nodes[0], sums[1:], scope)
    beside: tuple[Node | None, ...] = (None,) * len(parts)
    try:
        read = _read(sentence, parts, scope)
    except ShapeMismatch:
        beside = (None, *(_array(part, sentence, scope) for part in parts[1:]))
        if not any(beside):
            raise
        whole = [[as_large(n, b) for n in p] for p, b in zip(parts, beside, strict=True)]
        read = _read(sentence, whole, scope)
    notes = dict.fromkeys((*scope.assumptions, *read.assumptions))
    read = replace(read, assumptions=tuple(notes))
    values, at = [], 0
    for part in parts:
        values.append(read.sides[at : at + len(part)])
        at += len(part)
    return Flat(read, scope, tuple(nodes), (None, *sums[1:]), tuple(values), beside)


def as_large(node: Node, beside: Node | None) -> Node:
    """A term with nothing of the array ``beside`` it added: a number is as large then."""
    if beside is None:
        return node
    nothing = Juxtaposition((Numeral("0", Fraction(0)), Group(beside)), span=node.span)
    return Binary("+", nothing, node, span=node.span)


def _read(sentence: Sentence, parts: list[list[Node]], scope: Scope) -> Statement:
    whole = tuple(n for part in parts for n in part)
    return statement(replace(sentence, nodes=whole, operators=("=",) * (len(whole) - 1)), scope)


def _array(part: list[Node], sentence: Sentence, scope: Scope) -> Node | None:
    """The first of several terms that is as large as the left side; ``None`` for none."""
    for node in part if len(part) > 1 else ():
        try:
            _read(sentence, [[sentence.nodes[0]], [node]], scope.afresh())
        except ShapeMismatch:
            continue
        return node
    return None
