r"""A parsed display split into sentences: equations, updates, distributions, sizes, quantifiers.

Chains are split at ``\Rightarrow`` and relatives; quantifiers hold for every formula of the
display; a display that begins with ``=`` continues the head of the sentence before it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from derive.reading.bounds import is_quantifier
from derive.reading.class_probabilities import with_class_probabilities
from derive.reading.comma_lists import with_lists
from derive.reading.filtered_sums import with_filters_as_factors
from derive.reading.names import letter_of
from derive.reading.provisos import conditions_behind, provisos, set_apart
from derive.reading.surface import (
    Binary,
    Call,
    Collection,
    Missing,
    Name,
    Node,
    Numeral,
    Relation,
    Sequence,
    Span,
    Words,
    walk,
)
from derive.reading.wide_sums import index_letters, with_wide_sums

IMPLIES = frozenset(
    r"""\Rightarrow \implies \Longrightarrow \therefore \iff \Leftrightarrow \Longleftrightarrow
    \longrightarrow \because \rightarrow \to \leadsto \rightsquigarrow \mapsto""".split()
)
EQUALS = frozenset(r"= := \coloneqq \triangleq \equiv == \doteq".split())
ABOUT = frozenset(r"\approx \simeq \cong".split())
UPDATES = frozenset(r"\leftarrow \gets <- \longleftarrow".split())
_SIZE_WORDS = ("size", "shape", "tamanho", "dimens", "taille", "tamaño")


@dataclass(frozen=True)
class Sentence:
    """One statement of a display, still as typed.

    ``kind``: ``equation``, ``update``, ``distribution``, ``size``, ``quantifier``, ``mention`` (an
    expression alone), ``relation`` (anything else). ``nodes`` are the sides, with one operator
    fewer. It is asserted where the ``conditions`` hold.
    """

    kind: str
    nodes: tuple[Node, ...]
    operators: tuple[str, ...]
    quantifiers: tuple[Node, ...]
    span: Span
    continued: bool = False
    conditions: tuple[Node, ...] = ()


def sentences(sequence: Sequence, previous: Sentence | None = None) -> tuple[Sentence, ...]:
    """The statements of one delimiter, in order; ``previous`` is what a leading ``=`` continues."""
    items = with_lists(sequence.items)
    quantifiers = tuple(i for i in items if is_quantifier(i))
    rest = list(set_apart([i for i in items if not is_quantifier(i)]))
    rest = list(conditions_behind(rest))
    restricted = list(provisos(rest))
    conditions = {condition.span.end for condition, _ in restricted}
    found: list[Sentence] = []
    position = 0
    while position < len(rest):
        item = rest[position]
        position += 1
        if isinstance(item, Words) or item.span.end in conditions:
            continue
        if isinstance(item, Relation):
            last = next((s for s in reversed(found) if s.operators), previous)
            own = tuple(condition for condition, formula in restricted if formula is item)
            found += (replace(s, conditions=own) for s in _links(item, quantifiers, last))
        elif (size := _size_after(rest[position:])) is not None:
            span = Span(item.span.start, size.span.end)
            found.append(Sentence("size", (item, size), (), quantifiers, span))
            position += 2
        else:
            found.append(Sentence("mention", (item,), (), quantifiers, item.span))
    if not found and quantifiers:
        span = Span(quantifiers[0].span.start, quantifiers[-1].span.end)
        found.append(Sentence("quantifier", quantifiers, (), quantifiers, span))
    return tuple(found)


def _links(
    relation: Relation, quantifiers: tuple[Node, ...], previous: Sentence | None
) -> list[Sentence]:
    """The chains between implications; one of a single side says nothing and is dropped."""
    found: list[Sentence] = []
    sides: list[Node] = [relation.sides[0]]
    operators: list[str] = []
    for operator, side in zip(
        (*relation.operators, r"\Rightarrow"), (*relation.sides[1:], Missing()), strict=True
    ):
        if operator not in IMPLIES:
            operators.append(operator)
            sides.append(side)
            continue
        if operators and not all(isinstance(s, Missing) for s in sides):
            found.append(_chain(sides, operators, quantifiers, found[-1] if found else previous))
        sides, operators = [side], []
    return found


def _chain(
    sides: list[Node],
    operators: list[str],
    quantifiers: tuple[Node, ...],
    previous: Sentence | None,
) -> Sentence:
    start = next(s.span.start for s in sides if not isinstance(s, Missing))
    span = Span(start, sides[-1].span.end)
    continued = isinstance(sides[0], Missing) and previous is not None
    if continued and previous is not None:
        sides = [previous.nodes[0], *sides[1:]]
        quantifiers = quantifiers or previous.quantifiers
    operators, sides = _accumulated(operators, [with_class_probabilities(s) for s in sides])
    outer = {k for node in (sides[0], *quantifiers) for k in index_letters(node)}
    outer |= {k for q in quantifiers for n in walk(q) if (k := letter_of(n)) is not None}
    sides = [with_filters_as_factors(side) for side in sides]
    sides = [sides[0], *(with_wide_sums(side, outer) for side in sides[1:])]
    return Sentence(
        _kind(operators, sides), tuple(sides), tuple(operators), quantifiers, span, continued
    )


def _accumulated(operators: list[str], sides: list[Node]) -> tuple[list[str], list[Node]]:
    """``W -= x`` as ``W ← W - x``; a gradient that is added up from 0 is what is added."""
    if len(sides) != 2 or operators[0] not in ("+=", "-="):
        return operators, sides
    left, right = sides
    if operators[0] == "+=" and not isinstance(left, Name):
        return ["="], sides
    step = Binary(operators[0][0], left, right, span=right.span)
    return [r"\leftarrow"], [left, step]


def _kind(operators: list[str], sides: list[Node]) -> str:
    used = set(operators)
    if used == {":="} and any(n == sides[0] for side in sides[1:] for n in walk(side)):
        return "update"
    if used == {"="} and len(sides) == 2 and _goes_on_from(sides[1], sides[0]):
        return "update"
    if used <= EQUALS | ABOUT:
        return "equation"
    if used & UPDATES and used <= UPDATES | EQUALS:
        return "update" if _steps(sides) else "equation"
    return "distribution" if used == {r"\sim"} else "relation"


def _steps(sides: list[Node]) -> bool:
    """Whether an arrow changes what stands before it; what is computed afresh is no step."""
    first = sides[0]
    own = [n for n in walk(first) if isinstance(n, Name)]
    if not own or not isinstance(first, Name | Call):
        return True
    plain = replace(own[0], sub=(), sup=())
    names = (n for side in sides[1:] for n in walk(side) if isinstance(n, Name))
    return any(replace(n, sub=(), sup=()) == plain for n in names)


def _goes_on_from(side: Node, left: Node) -> bool:
    """``w = w - x`` is no equation: the old value and what is added to it."""
    if not isinstance(side, Binary) or side.operator not in {"+", "-"}:
        return False
    return side.left == left or _goes_on_from(side.left, left)


def _size_after(items: list[Node]) -> Node | None:
    """The size in ``\\text{(size } 5 \\times 5)``, if that is what follows."""
    if len(items) < 2 or not isinstance(items[0], Words):
        return None
    words = items[0].text.lower()
    known = any(w in words for w in _SIZE_WORDS)
    return items[1] if known and not isinstance(items[1], Words | Relation) else None


def extents(node: Node) -> tuple[Node, ...] | None:
    r"""The factors of a size as typed, ``5 \times 5``; ``None`` where it is none."""
    if isinstance(node, Binary) and node.operator in {r"\times", "*", r"\cdot"}:
        left, right = extents(node.left), extents(node.right)
        return None if left is None or right is None else left + right
    if isinstance(node, Collection | Words | Relation):
        return None
    if isinstance(node, Numeral) and node.value.denominator != 1:
        return None
    return (node,)
