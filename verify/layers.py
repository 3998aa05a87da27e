r"""Formulas for a layer l: judged for every layer of the sheet that they speak of.

``\delta^{(l)} = (\delta^{(l+1)} \theta^{(l+1)}) \odot a'^{(l)}`` has letters in its labels where
the sheet has numbers. Each number that makes every symbol of the formula one of the sheet
is put in; a capital L is the last layer. What is right for all of them is right for the layers of
this sheet, which should have several of different widths.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from derive.reading.layer_families import layer_texts
from derive.reading.names import is_bare
from derive.reading.scope import Scope
from derive.reading.sentence import Sentence
from derive.reading.sums_over_layers import text_written_out
from derive.reading.surface import Binary, Group, Name, Node, Numeral, walk
from verify.claim import sentence_of

MOST_LAYERS = 12
LAST = "L"


@dataclass(frozen=True)
class Instance:
    """The formula for one layer: ``letter`` stands for ``number``.

    ``stated`` says that the author claims it for this layer, in so many words.
    """

    letter: str
    number: int
    text: str
    stated: bool = False


@dataclass(frozen=True)
class _Label:
    """``(l + 1)``: where the label stands in the text, its letter and what is added to it."""

    start: int
    end: int
    letter: str
    added: int


def instances(sentence: Sentence, text: str, scope: Scope) -> tuple[Instance, ...]:
    """The formula for every layer whose number the sheet's labels allow, in order.

    None where no label holds a letter, or several different ones do. Where the sheet states a
    family of layers, its letters count wherever they stand in scripts.
    """
    family = scope.model.layers if scope.model is not None else None
    if family is not None:
        whole = text_written_out(sentence, text, family)
        found = tuple(layer_texts(sentence_of(whole), whole, family))
        letter = family.letter if len(found) > 1 else family.name
        if found:
            return tuple(Instance(letter, *one) for one in found)
        if whole != text:
            return (Instance(letter, family.last, whole),)
    labels = [label for node in sentence.nodes for label in _labels(node)]
    letters = {label.letter for label in labels}
    numbers = layer_numbers(scope)
    if len(letters) != 1 or not numbers:
        return ()
    (letter,) = letters
    chosen = [max(numbers)] if letter == LAST else sorted(numbers)
    made = (Instance(letter, n, _put_in(text, labels, n, numbers)) for n in chosen)
    return tuple(i for i in made if i.text)


def as_defined(text: str, scope: Scope) -> list[str]:
    """What a definition for a layer l of a family defines: the same for every layer."""
    if scope.model is None or scope.model.layers is None:
        return [text]
    return [layer.text for layer in instances(sentence_of(text), text, scope)] or [text]


def layer_numbers(scope: Scope) -> frozenset[int]:
    """The numbers in round brackets above the symbols of the sheet."""
    marks = {mark for e in scope.lexicon.entries.values() for mark in e.notation.sup}
    texts = [m for m in marks if isinstance(m, str)]
    inner = {m[1:-1] for m in texts if m.startswith("(") and m.endswith(")")}
    found = frozenset(int(m) for m in inner if m.isdecimal())
    return found if len(found) <= MOST_LAYERS else frozenset()


def _labels(node: Node) -> Iterator[_Label]:
    for name in walk(node):
        if isinstance(name, Name):
            for item in name.sup:
                for part in walk(item):
                    if isinstance(part, Group) and part.bracket == "(":
                        yield from _label(part.body)


def _label(body: Node) -> Iterator[_Label]:
    start, end, added = body.span.start, body.span.end, 0
    if isinstance(body, Binary) and body.operator in "+-" and isinstance(body.right, Numeral):
        if body.right.value.denominator != 1:
            return
        added = int(body.right.value) * (1 if body.operator == "+" else -1)
        body = body.left
    if isinstance(body, Name) and is_bare(body) and len(body.base) == 1:
        yield _Label(start, end, body.base, added)


def _put_in(text: str, labels: list[_Label], number: int, known: frozenset[int]) -> str:
    """The text with numbers in its labels, empty where one is no layer."""
    for label in sorted(labels, key=lambda k: -k.start):
        if number + label.added not in known:
            return ""
        text = f"{text[: label.start]}{number + label.added}{text[label.end :]}"
    return text
