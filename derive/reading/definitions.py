"""Equations that introduce a symbol: the right side says what the left side means."""

from __future__ import annotations

from dataclasses import replace

from derive.index import Axis, Index
from derive.reading.arrays import ArrayValue
from derive.reading.capitals import is_part_of_computed
from derive.reading.declare import entry_for
from derive.reading.derivatives import derivative_of
from derive.reading.elaborate import elaborate
from derive.reading.letters import occurrences, uses
from derive.reading.lexicon import Entry, Occurrence, occurrence
from derive.reading.problems import Undeclared, Unknown
from derive.reading.scope import Scope
from derive.reading.sentence import Sentence
from derive.reading.surface import Node
from derive.reading.undeclared import ERRORS

Defined = tuple[Entry, tuple[Axis, ...], ArrayValue]


def definition(sentence: Sentence, scope: Scope, problem: Unknown | Undeclared) -> Defined | None:
    """The symbol that the sentence defines, its axes and its value; ``None`` where it defines none.

    An unknown symbol is defined by the right side; a gradient prefix or δ only by an explicit
    gradient.
    """
    item = occurrence(sentence.nodes[0])
    if item is None or sentence.kind != "equation" or problem.offset is None:
        return None
    if not item.span.start <= problem.offset < item.span.end:
        return None
    explicit = [n for n in sentence.nodes[1:] if _is_gradient(n, scope)]
    asked = item.prefix or item.head in ERRORS or _shares_accent(item, sentence)
    if asked and not explicit and not scope.defining:
        return None
    if is_part_of_computed(item, scope):
        return None
    node = explicit[0] if explicit else sentence.nodes[1]
    letters = _slot_letters(node, scope)
    value = elaborate(node, _running(scope, letters))
    shown = {k: a for k, a in letters.items() if a in value.body.free_axes}
    entry = entry_for(item, shown, value)
    times = scope.model.clock if scope.model is not None else {}
    apart = bool(shown.keys() - times.keys())  # \delta_t and \delta_T are one symbol
    strict = item.head in ERRORS and apart and not item.name.sup
    return replace(entry, strict=strict), (*shown.values(), *value.axes), value


def _shares_accent(item: Occurrence, sentence: Sentence) -> bool:
    r"""``\bar W = \bar z x``: what the accent means is asked of both sides at once."""
    accent = item.name.accents[:1]
    others = (o for node in sentence.nodes[1:] for o in occurrences(node))
    return bool(accent) and any(o.name.accents[:1] == accent for o in others)


def _slot_letters(node: Node, scope: Scope) -> dict[str, Axis]:
    found: dict[str, Axis] = {}
    for use in uses(node, scope):
        if use.letter in scope.given:
            found[use.letter] = scope.given[use.letter]
        elif use.range is not None:
            found.setdefault(use.letter, Axis(use.letter, *use.range))
    return found


def _running(scope: Scope, letters: dict[str, Axis]) -> Scope:
    return scope.with_letters({k: Index.of(a) for k, a in letters.items()})


def _is_gradient(node: Node, scope: Scope) -> bool:
    return derivative_of(node, _running(scope, _slot_letters(node, scope)), elaborate) is not None
