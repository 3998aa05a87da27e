r"""What one mathematical delimiter asserts: its sentences as formulas, ranges, or nothing.

``a = b \Rightarrow c = d, \quad i = 1, \dots, n`` holds two formulas and a range of an index that
belongs to both; a lone symbol asserts nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

from derive.errors import Unreadable
from derive.reading.parse import parse
from derive.reading.reals import ELEMENT, is_membership, lengths_of
from derive.reading.sentence import EQUALS, Sentence, extents, sentences
from derive.reading.surface import (
    Big,
    Binary,
    Call,
    Collection,
    Group,
    Juxtaposition,
    Matrix,
    Missing,
    Name,
    Node,
    Numeral,
    Prefixed,
    Relation,
    Scripted,
    Sequence,
    Span,
    Words,
    walk,
)
from derive.reading.window_words import relates

SIZE_WORDS = re.compile(
    r"\(\s*(of\s+)?(size|shape|dim\w*|tamanho|tama[ñn]o|taille|dimens\w*)\s*:?\s*$", re.IGNORECASE
)

CONNECTIVES = frozenset(
    """and as assuming because but by due e é for from given hence here however if in is are let
    namely note once or ou onde com para por provided recall se since so such that then thereby
    therefore thus unless until using via we where when whenever which while whose with
    assim como então já logo pois porque portanto quando sendo tal usando visto
    como donde entonces luego porque pues puesto siendo usando y ya
    also da daher denn dann falls für mit oder und weil wenn wobei""".split()
)
"""Words that begin something else; others go on with a formula, ``3 \\text{ maps}``."""


class Kind(StrEnum):
    """How a formula is to be judged; the first four carry the names of `Sentence.kind`."""

    EQUATION = "equation"
    UPDATE = "update"
    DISTRIBUTION = "distribution"
    SIZE = "size"
    TABLE = "table"
    COLUMN = "column"
    ALONE = "alone"
    CODE = "code"
    PYTHON = "python"
    RANGE = "range"
    NOTHING = "nothing"


LISTED = frozenset({Kind.CODE, Kind.PYTHON})
"""Statements of programs."""
ASSERTED = frozenset({Kind.EQUATION, Kind.UPDATE, Kind.DISTRIBUTION, Kind.SIZE})


HIDDEN = "an equation stands within this, where none can be read"


@dataclass(frozen=True)
class Formula:
    """One formula of a delimiter: its place in the text and the ranges that go with it.

    ``ranges`` are its conditions too, ``head`` is the place of its first side. ``headless`` is true
    for a line that begins with ``=``. A ``NOTHING`` says in ``reason`` why.
    """

    kind: Kind
    span: Span
    head: Span
    ranges: tuple[Span, ...] = ()
    headless: bool = False
    reason: str = ""


def formulas(sequence: Sequence) -> list[Formula]:
    """Every sentence of the delimiter, in order of place.

    Raises `Unreadable` for an equation that stands within an expression or in its words.
    """
    kept = tuple(item for item in sequence.items if not _sign_alone(item))
    read = sentences(replace(sequence, items=kept))
    found = [_formula(part) for sentence in read for part in _parted(sentence)]
    for words, _ in pairwise(kept):
        if isinstance(words, Words) and relates(words.text) and _hides_equation(words):
            expected = "the two arrays to which this is done"
            raise Unreadable(HIDDEN, offset=words.span.start, expected=expected)
    for node in (n for s in read if s.kind == "mention" for n in walk(s.nodes[0])):
        if _hides_equation(node):
            raise Unreadable(HIDDEN, offset=node.span.start, expected="an equation by itself")
    ends = _ends_in_words(kept)
    return [
        replace(f, kind=Kind.NOTHING, reason="goes on in words") if f.span.end in ends else f
        for f in found
    ]


def why_none(text: str) -> str:
    """Why a delimiter whose text can be parsed holds no formula."""
    parts = parse(text).items
    if any(isinstance(n, Matrix) for part in parts for n in walk(part)):
        return "a figure in arrays: no quantity of a model is named"
    return "words or a sign alone"


def _parted(sentence: Sentence) -> Iterator[Sentence]:
    r"""``z = W f \in \mathbb{R}^{10}`` as the equation, and the size of what it ends with."""
    last = sentence.operators[-1:] == (ELEMENT,) and len(sentence.nodes) > 2
    if not last or lengths_of(sentence.nodes[-1]) is None:
        yield sentence
        return
    *sides, held, reals = sentence.nodes
    start = sentence.span.start
    equation = set(sentence.operators[:-1]) <= EQUALS
    yield replace(
        sentence,
        kind="equation" if equation else "relation",
        nodes=(*sides, held),
        operators=sentence.operators[:-1],
        span=Span(start, held.span.end),
    )
    span = Span(held.span.start, sentence.span.end)
    yield replace(sentence, kind="relation", nodes=(held, reals), operators=(ELEMENT,), span=span)


def _ends_in_words(items: tuple[Node, ...]) -> set[int]:
    r"""Where a relation ends that words complete, as in ``n = 3 \text{ maps}``."""
    ends = set()
    for item, following in pairwise(items):
        words = following.text.split() if isinstance(following, Words) else []
        first = words[0].lower().strip(",.:;") if words else ""
        if isinstance(item, Relation) and first[:1].isalpha() and first not in CONNECTIVES:
            ends.add(item.span.end)
    return ends


def _hides_equation(node: Node) -> bool:
    r"""``\text{= full correlation}`` among arrays; ``\sum_i \mathbf{z = 1}``."""
    if isinstance(node, Words):
        return node.text.strip().startswith("=") or node.text.strip().endswith("=")
    factors = node.factors if isinstance(node, Juxtaposition) else ()
    inner = (node.body,) if isinstance(node, Big) else factors
    return any(isinstance(n, Relation) and {*n.operators} <= EQUALS for n in inner)


def _sign_alone(item: Node) -> bool:
    """``$=$`` or ``$\\rightarrow$``: an operator between nothing."""
    return isinstance(item, Relation) and all(isinstance(s, Missing) for s in item.sides)


def is_size(node: Node) -> bool:
    r"""True for ``10 \times 192``."""
    return isinstance(node, Binary) and node.operator == r"\times" and extents(node) is not None


def _formula(sentence: Sentence) -> Formula:
    first = sentence.nodes[0]
    kind, reason = _kind(sentence)
    return Formula(
        kind,
        sentence.span,
        first.span,
        tuple(q.span for q in (*sentence.quantifiers, *sentence.conditions)),
        isinstance(first, Missing),
        reason,
    )


DATA = frozenset({"Bernoulli", "Bern", "Ber", "Categorical", "Cat", "Multinomial", "p", "q"})
"""Distributions of masks, labels and data; initial values have uniform and normal ones."""


def _of_data(sentence: Sentence) -> bool:
    law = sentence.nodes[-1]
    name = law.head if isinstance(law, Call) else law
    return isinstance(name, Name) and name.base in DATA


def _kind(sentence: Sentence) -> tuple[Kind, str]:
    if sentence.kind == "quantifier":
        return Kind.RANGE, ""
    if sentence.kind == "mention":
        return Kind.NOTHING, _why_nothing(sentence.nodes[0])
    if is_membership(sentence):
        return Kind.SIZE, ""
    if sentence.kind not in ASSERTED:
        return Kind.NOTHING, f"{' '.join(sentence.operators)} states no equality"
    if sentence.kind == "distribution" and _of_data(sentence):
        return Kind.NOTHING, f"{' '.join(sentence.operators)} states no equality"
    if isinstance(sentence.nodes[-1], Missing):
        return Kind.NOTHING, "one side of the equation is missing"
    return Kind(sentence.kind), ""


def _why_nothing(node: Node) -> str:
    if isinstance(node, Scripted) and isinstance(node.body, Numeral):
        return "a number, asserts nothing"
    if isinstance(node, Name | Call | Prefixed | Collection):
        return "names a symbol, asserts nothing"
    if isinstance(node, Group) and isinstance(node.body, Name):
        return "names an operation, asserts nothing"
    if is_size(node):
        return "a size of nothing that is named before it"
    if isinstance(node, Numeral):
        return "a number, asserts nothing"
    if isinstance(node, Matrix):
        return "an array, asserts nothing"
    return "an expression, asserts nothing"
