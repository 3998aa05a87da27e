r"""Families of layers: formulas for a layer l, stated once, as the formulas of every layer.

``families: {l: {to: 3, last: L}}`` and ``a^{(l)} = \sigma(W^{(l)} a^{(l-1)} + b^{(l)})`` are the
formulas of three layers. Widths go by layer, ``sizes: {n_l: [4, 5, 3, 2]}`` from layer 0 on, and so
do types, ``types: {'W^{(l)}': matrix n_l n_{l-1}}``. A tensor of a layer has a shape of its own, so
every layer's is a tensor of its own; the letter of the last layer stands for its number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, replace
from fractions import Fraction
from typing import Any

from derive.errors import Problem
from derive.index import Index
from derive.layers import Layers
from derive.reading.bounds import read_bounds
from derive.reading.declarations import Front
from derive.reading.indices import NotAnIndex, index_of
from derive.reading.names import head, label, spread, squeezed, unstyled
from derive.reading.parse import parse
from derive.reading.sentence import Sentence
from derive.reading.surface import Group, Name, Node, Numeral, Scripted, Span, walk

FAMILIES = "families"
EXPECTED = "{l: {to: 3, last: L}}, from and last may be left out"
MOST = 12
"""Layers that a family may have."""


def families(front: Front) -> tuple[Layers, ...]:
    """The declared families. Raises `Problem` for one that is not understood."""
    found = []
    for letter, declared in front.mapping(FAMILIES).items():
        known = isinstance(declared, dict) and set(declared) <= {"from", "to", "last"}
        if not known or not isinstance(declared.get("to"), int):
            raise front.problem(FAMILIES, f"{letter}: {declared!r} is not understood", EXPECTED)
        first, last = declared.get("from", 1), declared["to"]
        name = declared.get("last", "L")
        if not isinstance(first, int) or not isinstance(name, str) or not first <= last <= MOST:
            raise front.problem(FAMILIES, f"{letter}: {declared!r} is not understood", EXPECTED)
        found.append(Layers(letter, first, last, name))
    if len(found) > 1:
        raise front.problem(FAMILIES, "several families", "one letter for the layers")
    return tuple(found)


def with_layers(front: Front, family: Layers, sentences: Iterable[Sentence]) -> Front:
    """The front matter with every declaration for a layer written out.

    A type for all layers is of those that stand in ``sentences``, which are of one layer each.
    """
    values = dict(front.values)
    values["sizes"] = dict(_sizes(front, family))
    values["types"] = dict(_types(front, family, _symbols(sentences)))
    values["inputs"] = [_text(front, latex, family, 0) for latex in front.texts("inputs")]
    return Front(replace(front.document, front=values))


def _sizes(front: Front, family: Layers) -> Iterator[tuple[str, Any]]:
    for name, value in front.mapping("sizes").items():
        if not isinstance(value, list):
            yield name, value
            continue
        count = family.last - family.first + 1
        start = family.last - len(value) + 1
        if len(value) not in (count, count + 1) or _text(front, name, family, 0) == name:
            expected = f"{count} or {count + 1} numbers, for the layers up to {family.last}"
            raise front.problem("sizes", f"{name}: {value!r} are no widths", expected)
        for number, width in enumerate(value, start=start):
            yield _text(front, name, family, number).replace("{", "").replace("}", ""), width


def _symbols(sentences: Iterable[Sentence]) -> frozenset[tuple[str, frozenset[str]]]:
    """Heads and script items of all that some sentences name."""
    nodes = (n for s in sentences for node in s.nodes for n in walk(node))
    return frozenset(_symbol(n) for n in nodes if isinstance(n, Name))


def _symbol(name: Name) -> tuple[str, frozenset[str]]:
    items = (label(n) for n in (*spread(name.sub), *spread(name.sup)))
    return unstyled(head(name)), frozenset(squeezed(i) for i in items if i is not None)


def _types(
    front: Front, family: Layers, symbols: frozenset[tuple[str, frozenset[str]]]
) -> Iterator[tuple[str, Any]]:
    for latex, declared in front.mapping("types").items():
        if not isinstance(declared, str):
            yield latex, declared
            continue
        each = _mentions(front, latex, family.letter)
        for number in family.numbers if each else (family.last,):
            words = (_word(front, word, family, number) for word in declared.split())
            own = _text(front, latex, family, number)
            named = [_symbol(n) for n in _items(front, own) if isinstance(n, Name)]
            if not each or any(h == k and i <= j for h, i in named for k, j in symbols):
                yield own, " ".join(words)


def _word(front: Front, word: str, family: Layers, number: int) -> str:
    found = _text(front, word, family, number)
    return found if found == word else found.replace("{", "").replace("}", "")


def _mentions(front: Front, latex: str, letter: str) -> bool:
    return any(labels_of(n, {letter: Index.of(0)}) for n in _items(front, latex))


def _items(front: Front, latex: str) -> tuple[Node, ...]:
    try:
        return parse(latex).items
    except Problem as error:
        raise front.problem(FAMILIES, f"{latex} cannot be read: {error.message}") from error


def _text(front: Front, latex: str, family: Layers, number: int) -> str:
    """The LaTeX for one layer."""
    return text_at(latex, _items(front, latex), family.letters(number))


def text_at(latex: str, nodes: tuple[Node, ...], letters: Mapping[str, Index]) -> str:
    """``latex``, which was read as ``nodes``, with numbers for letters in scripts."""
    found = {span: n for node in nodes for span, n in labels_of(node, letters)}
    for span, number in sorted(found.items(), key=lambda pair: -pair[0].start):
        latex = f"{latex[: span.start]}{number}{latex[span.end :]}"
    return latex


# Sentences


def layer_sentences(sentence: Sentence, family: Layers) -> Iterator[tuple[Sentence, int | None]]:
    """The sentence of every layer that it is stated for, with the number; else as it stands."""
    own = {family.letter: Index.of(0)}
    if not any(labels_of(node, own) for node in sentence.nodes):
        yield _at(sentence, family.letters(0)), None
        return
    quantified = [q for q in sentence.quantifiers if _bounds(q, family)]
    numbers = _bounds(quantified[0], family) if quantified else family.numbers
    rest = tuple(q for q in sentence.quantifiers if q not in quantified)
    for number in numbers:
        yield replace(_at(sentence, family.letters(number)), quantifiers=rest), number


def layer_texts(sentence: Sentence, text: str, family: Layers) -> Iterator[tuple[int, str, bool]]:
    """The text of the formula for every layer that it is stated for; none where it has no letter.

    What is said of the letter's range goes with it; the last item is whether the author said it.
    """
    if not any(labels_of(node, family.letters(0)) for node in sentence.nodes):
        return
    any_layer = any(labels_of(node, {family.letter: Index.of(0)}) for node in sentence.nodes)
    quantified = [q for q in sentence.quantifiers if _bounds(q, family)]
    stated = _bounds(quantified[0], family) if quantified else family.numbers
    for number in stated if any_layer else (family.last,):
        places = {
            s: n for node in sentence.nodes for s, n in labels_of(node, family.letters(number))
        }
        cuts = [(s.start, s.end, str(n)) for s, n in places.items()]
        cuts += [(q.span.start, q.span.end, "") for q in quantified]
        found = text
        for start, end, new in sorted(cuts, reverse=True):
            before = found[:start] if new else _SEPARATION.sub("", found[:start])
            found = before + new + found[end:]
        yield number, found, bool(quantified)


def texts_of_layers(texts: tuple[str, ...], family: Layers) -> Iterator[tuple[str, ...]]:
    """The texts for every layer and what is before the first; none where no letter is of one."""
    nodes = [parse(text).items for text in texts]
    if any(labels_of(node, {family.letter: Index.of(0)}) for node in nodes[0]):
        for number in (family.first - 1, *family.numbers):
            letters = family.letters(number)
            yield tuple(text_at(t, n, letters) for t, n in zip(texts, nodes, strict=True))


_SEPARATION = re.compile(r"(?:[,;\s]|\\q?quad|\\[,;:! ]|\\text\{[^{}]*\}|\\forall|for(?:all)?)*$")


def _bounds(quantifier: Node, family: Layers) -> tuple[int, ...]:
    """The layers of ``l = 1, \\dots, L - 1``; none where another letter is quantified."""
    for bounds in read_bounds(quantifier, None):
        if bounds.letter == family.letter and bounds.low is not None and bounds.high is not None:
            lo, hi = (end_of(end, family) for end in (bounds.low, bounds.high))
            if lo is not None and hi is not None:
                if hi < lo:  # from the last one down
                    return tuple(range(hi, lo + 1))
                return tuple(range(lo + bounds.strict_low, hi - bounds.strict_high + 1))
    return ()


def end_of(bound: Node, family: Layers) -> int | None:
    """The number of a bound such as ``L - 1``; ``None`` for what is none."""
    try:
        return index_of(bound, {family.name: Index.of(family.last)}).index.value
    except NotAnIndex:
        return None


def _at(sentence: Sentence, letters: Mapping[str, Index]) -> Sentence:
    places = {span: n for node in sentence.nodes for span, n in labels_of(node, letters)}
    if not places:
        return sentence
    return replace(sentence, nodes=tuple(put_in(n, places) for n in sentence.nodes))


def labels_of(node: Node, letters: Mapping[str, Index]) -> list[tuple[Span, int]]:
    """Where scripts hold one of the letters, perhaps with a number added, and what it is there."""
    found = []
    for inner in walk(node):
        if not isinstance(inner, Name | Scripted):
            continue
        for item in spread((*inner.sub, *inner.sup)):
            body = item.body if isinstance(item, Group) else item
            names = [n for n in walk(body) if isinstance(n, Name)]
            if not any(n.base in letters and not (n.sub or n.sup) for n in names):
                continue
            try:
                place = index_of(body, letters).index.value
            except NotAnIndex:
                continue
            if place is not None:
                found.append((body.span, place))
    return found


def put_in(node: Node, places: Mapping[Span, int]) -> Node:
    """The node with numerals in these places."""
    if node.span in places and not isinstance(node, Numeral | Group):
        number = places[node.span]
        return Numeral(str(number), Fraction(number), span=node.span)
    changed: dict[str, Any] = {}
    for item in fields(node):
        value = getattr(node, item.name)
        if isinstance(value, Node):
            changed[item.name] = put_in(value, places)
        elif isinstance(value, tuple):
            changed[item.name] = _each(value, places)
    return replace(node, **changed)


def _each(values: tuple[Any, ...], places: Mapping[Span, int]) -> tuple[Any, ...]:
    return tuple(
        put_in(v, places)
        if isinstance(v, Node)
        else _each(v, places)
        if isinstance(v, tuple)
        else v
        for v in values
    )
