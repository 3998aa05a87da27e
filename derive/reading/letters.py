"""Index letters: where a formula uses them as an index, and the ranges that these places have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from derive.equations import Range
from derive.index import Index
from derive.reading.lexicon import Match, Occurrence, occurrence
from derive.reading.names import letter_of
from derive.reading.scope import Scope
from derive.reading.surface import (
    Big,
    Collection,
    Group,
    Name,
    Node,
    Prefixed,
    Relation,
    parts,
    walk,
)

DIFFERENTIALS = (r"\partial", "d", r"\nabla")


@dataclass(frozen=True)
class Use:
    """A letter in an index slot; where it stands alone the slot's ``range`` is its own."""

    letter: str
    range: Range | None
    alone: bool
    offset: int


def factors(node: Node) -> Iterator[Occurrence]:
    """Every symbol in ``node`` but those inside scripts and argument lists."""
    item = occurrence(node)
    if item is not None:
        yield item
        return
    for part in parts(node):
        yield from factors(part)


def occurrences(node: Node) -> Iterator[Occurrence]:
    """Every symbol in ``node``, also in scripts and argument lists, with its arguments."""
    item = occurrence(node)
    if item is None:
        for part in parts(node):
            yield from occurrences(part)
        return
    if item.prefix in DIFFERENTIALS and isinstance(node, Prefixed):
        yield from occurrences(node.body)
        return
    yield item
    for part in (*item.name.sub, *item.name.sup, *(item.args or ())):
        yield from occurrences(part)


def uses(node: Node, scope: Scope) -> Iterator[Use]:
    """Every letter in an index slot of a known symbol that is neither bound inside nor a size."""
    bound = bound_letters(node)
    inside = scope.with_letters({b: Index.of(0) for b in bound})
    for item in (*occurrences(node), *_marked(node)):
        match = scope.lexicon.match(item)
        if match is None or _is_product(match, inside):
            continue
        for position, slot in enumerate(match.slots):
            if slot is not None:
                yield from _letters_in(slot, match.home(position), scope, bound)


def _marked(node: Node) -> Iterator[Occurrence]:
    """``dq_i`` as one symbol, where Q alone is known without the mark."""
    for part in walk(node):
        if isinstance(part, Prefixed) and part.operator in DIFFERENTIALS:
            item = occurrence(part)
            yield from (item,) if item is not None else ()


def _is_product(match: Match, scope: Scope) -> bool:
    """True where the one argument holds symbols of tensors: ``b(1 - C)`` is a product."""
    args = match.entry.notation.args
    inside = match.slots[args[0]] if len(args) == 1 else None
    return inside is not None and holds_tensor(inside, scope)


def holds_tensor(node: Node, scope: Scope) -> bool:
    """Whether a known symbol that is no letter in scope occurs in ``node``."""
    for item in occurrences(node):
        key = letter_of(item.name) if item.args is None else None
        letter = key in scope.letters or key in scope.given
        if not letter and scope.lexicon.match(item) is not None:
            return True
    return False


def _letters_in(
    slot: Node, home: Range | None, scope: Scope, bound: frozenset[str]
) -> Iterator[Use]:
    inner = slot.body if isinstance(slot, Group) and slot.bracket in "([{<" else slot
    alone = isinstance(inner, Name)
    for node in walk(inner):
        letter = letter_of(node)
        if letter is not None and letter not in bound and letter not in scope.letters:
            yield Use(letter, home if alone else None, alone, node.span.start)


def bound_letters(node: Node) -> frozenset[str]:
    """Letters that a sum or a displayed set inside ``node`` binds."""
    found = set()
    for inner in walk(node):
        if isinstance(inner, Big):
            found |= {name for item in inner.lower for name in _bound_by(item)}
        elif isinstance(inner, Collection):
            found |= {name for item in inner.sub for name in _bound_by(item)}
    return frozenset(found)


def _bound_by(item: Node) -> Iterator[str]:
    """The letters of ``u, v = 1``, or of ``0 \\le u \\le 1``, which stand in the middle."""
    sides = item.sides[:2] if isinstance(item, Relation) else (item,)
    if isinstance(item, Relation) and len(item.sides) == 3:
        sides = item.sides[1:2]
    for side in sides:
        names = side.items if isinstance(side, Collection) else (side,)
        found = [letter for n in names if (letter := letter_of(n)) is not None]
        yield from found
        if found:
            return


def ranges_of(letter: str, node: Node, scope: Scope) -> list[Range]:
    """The ranges of the slots that ``letter`` fills alone, each once, in order of occurrence."""
    found: list[Range] = []
    hidden = {k: v for k, v in scope.letters.items() if k != letter}
    for use in uses(node, replace(scope, letters=hidden)):
        if use.letter == letter and use.range is not None and use.range not in found:
            found.append(use.range)
    return found
