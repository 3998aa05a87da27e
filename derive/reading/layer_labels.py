r"""Letters for the numbers of layers: ``z^{(l)}``, ``a^{[l-1]}``, ``w^{l+1}`` of ``z^{(2)}``, ….

A sheet that writes its layers out has numbers above its symbols, in brackets of some kind or in
none. A formula for a layer l has a letter there, perhaps with a number added; each number that the
sheet has may stand for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from derive.reading.fitting import TRANSPOSES
from derive.reading.names import is_bare, label
from derive.reading.scope import Scope
from derive.reading.surface import Binary, Group, Name, Node, Numeral, walk

MOST_LAYERS = 12
LAST = "L"
_NUMBERED = re.compile(r"([(\[<]?)(\d+)[)\]>]?")
_LETTERS = re.compile(r"[A-Za-z]|\\ell")


@dataclass(frozen=True)
class LayerLabel:
    """``(l + 1)``: where the number stands in the text, its letter, what is added, its bracket."""

    start: int
    end: int
    letter: str
    added: int
    bracket: str


def layer_labels(nodes: Iterable[Node]) -> list[LayerLabel]:
    """The labels with a letter above the names in ``nodes``."""
    names = (n for node in nodes for n in walk(node) if isinstance(n, Name))
    return [found for name in names for item in name.sup for found in _of_item(item)]


def for_layers(texts: tuple[str, ...], labels: list[list[LayerLabel]], scope: Scope) -> Layers:
    """The texts for each number that all their labels may have, none where letters differ."""
    letters = {(k.letter, k.bracket) for found in labels for k in found}
    if len(letters) != 1:
        return
    ((letter, bracket),) = letters
    if letter in _other_letters(scope, bracket):
        return
    numbers = _numbers(scope, bracket)
    chosen = [max(numbers)] if letter == LAST and numbers else sorted(numbers)
    for number in chosen:
        pairs = zip(texts, labels, strict=True)
        made = tuple(_put_in(text, found, number, numbers) for text, found in pairs)
        if all(made):
            yield letter, number, made


Layers = Iterator[tuple[str, int, tuple[str, ...]]]
"""The letter, the number that stands for it, and the texts with it."""


def _other_letters(scope: Scope, bracket: str) -> set[str]:
    """The letters of time and, where no bracket marks a label, of indices: they count no layers.

    Nor does a letter that labels a symbol of the sheet itself, as L does in ``a^L`` beside ``a^1``.
    """
    if scope.model is None:
        return set()
    equations = scope.model.equations if not bracket else ()
    marks = (m for t in scope.model.tensors.values() for m in t.notation.sup)
    labels = {m.strip("()[]<>") for m in marks if isinstance(m, str)}
    return {*scope.model.clock, *labels, *(axis.name for e in equations for axis in e.axes)}


def _numbers(scope: Scope, bracket: str) -> frozenset[int]:
    """The numbers in brackets of this kind above the symbols of the sheet."""
    marks = {m for e in scope.lexicon.entries.values() for m in e.notation.sup}
    matches = [_NUMBERED.fullmatch(m) for m in marks if isinstance(m, str)]
    found = frozenset(int(m[2]) for m in matches if m is not None and m[1] == bracket)
    return found if len(found) <= MOST_LAYERS else frozenset()


def _of_item(item: Node) -> Iterator[LayerLabel]:
    inside = [part for part in walk(item) if isinstance(part, Group) and part.bracket in "([<"]
    for part in inside:
        yield from _label(part.body, part.bracket)
    if not inside and label(item) not in TRANSPOSES:
        yield from _label(item, "")


def _label(body: Node, bracket: str) -> Iterator[LayerLabel]:
    start, end, added = body.span.start, body.span.end, 0
    if isinstance(body, Binary) and body.operator in "+-" and isinstance(body.right, Numeral):
        if body.right.value.denominator != 1:
            return
        added = int(body.right.value) * (1 if body.operator == "+" else -1)
        body = body.left
    if isinstance(body, Name) and is_bare(body) and _LETTERS.fullmatch(body.base):
        yield LayerLabel(start, end, body.base, added, bracket)


def _put_in(text: str, labels: list[LayerLabel], number: int, known: frozenset[int]) -> str:
    """The text with numbers in its labels, empty where one is no layer."""
    for found in sorted(labels, key=lambda k: -k.start):
        if number + found.added not in known:
            return ""
        before = text[: found.start]
        bare = found.bracket == "" and not before.rstrip().endswith("{") and number > 9
        shown = f"{{{number + found.added}}}" if bare else str(number + found.added)
        text = f"{before}{shown}{text[found.end :]}"
    return text
