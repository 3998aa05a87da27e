r"""Marks of a family of layers that nothing declares: what ``\delta^{(l)}`` means for every l.

One answer holds for all layers: ∂J/∂z^{(l)} in each, or ∂J/∂a^{(l)} in each. What the mark could
mean in one layer is asked of that layer (`derive.reading.undeclared`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from derive.errors import Problem
from derive.layers import Layers
from derive.reading.derivatives import quotient_parts
from derive.reading.letters import DIFFERENTIALS
from derive.reading.lexicon import Entry, Occurrence, occurrence
from derive.reading.one_sample import of_all_samples
from derive.reading.problems import Entries, Reading, Undeclared
from derive.reading.respell import respelled
from derive.reading.scope import Scope
from derive.reading.surface import Node, Prefixed, parts
from derive.reading.undeclared import as_typed, undeclared
from verify.claim import sentence_of
from verify.layers import Instance

Meanings = Mapping[str, Entry]
"""What one symbol could mean, by what is said of it in words that hold for every layer."""


def asked_of_all(layers: Iterable[Instance], family: Layers, scope: Scope) -> Undeclared | None:
    """The question what the first mark means that nothing declares in any of these layers."""
    found: dict[str, dict[str, Meanings]] = defaultdict(dict)
    for layer in layers:
        for item in _unknown(layer.text, scope):
            asked = found[f"{item.prefix}{item.head}"]
            if as_typed(item) not in asked and (meanings := _meanings(item, family, scope)):
                asked[as_typed(item)] = meanings
    for mark, asked in found.items():
        if readings := tuple(_for_all([*asked.values()], family.letter)):
            symbol = readings[0].text.partition(" means ")[0]
            return Undeclared(f"nothing declares what {symbol} means", mark, readings, 0)
    return None


def _for_all(asked: list[Meanings], letter: str) -> Iterator[Reading]:
    """The readings in words of any layer; the input has none, as nothing computes it."""
    of_any = re.compile(rf" means .*\W{letter}\b")
    for words in dict.fromkeys(w for one in asked for w in one):
        if of_any.search(words):
            yield Reading(words, Entries(tuple(one[words] for one in asked if words in one)))


def _meanings(item: Occurrence, family: Layers, scope: Scope) -> Meanings:
    """What a symbol of one layer could mean, its number being the letter of the family in words."""
    numbers = set(re.findall(r"\d+", as_typed(item)))
    known = len(numbers) == 1 and {*map(int, numbers)} <= {*family.numbers}
    question = undeclared(item, scope) if known else None
    if question is None:
        return {}
    (number,) = numbers
    own = re.compile(rf"(?<!\d){number}(?!\d)")
    pairs = ((own.sub(family.letter, r.text), r.declaration) for r in question.readings)
    return {words: meant for words, meant in pairs if isinstance(meant, Entry)}


def _unknown(text: str, scope: Scope) -> Iterator[Occurrence]:
    """The symbols of one layer's formula that are no symbols of the sheet."""
    try:
        nodes = [respelled(node, scope) for node in sentence_of(text).nodes]
    except Problem:
        return
    for item in (of_all_samples(i) for node in nodes for i in _symbols(node)):
        if scope.lexicon.match(item) is None:
            yield item


def _symbols(node: Node) -> Iterator[Occurrence]:
    """Every symbol but those of what is differentiated; of ``\\partial z`` z alone."""
    if (quotient := quotient_parts(node)) is not None:
        yield from _symbols(quotient[1])
    elif isinstance(node, Prefixed) and node.operator in DIFFERENTIALS and node.sub:
        yield from (i for n in node.sub for i in _symbols(n))
    elif (item := occurrence(node)) is not None:
        yield item
        yield from (i for n in item.args or () for i in _symbols(n))
    else:
        for part in parts(node):
            yield from _symbols(part)
