r"""Symbols of a context that hide the time: ``dh_{next}`` for ``W^T da_{t+1}``.

Such a symbol stands for the expression at the time of the formula that it stands in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from derive.reading.fitting import WORD
from derive.reading.names import letter_of, word_of
from derive.reading.surface import Group, Juxtaposition, Node, Span, changed, walk

Abbreviations = Mapping[Node, Node]


def hides_time(pattern: Node, target: Node, times: Mapping[str, object]) -> bool:
    """Whether the target reads a letter of time that the pattern does not show."""
    read = {letter_of(n) for n in walk(target)}
    return bool((read - {*_shown(pattern)}) & times.keys())


def _shown(node: Node) -> Iterator[str | None]:
    """The letters of a symbol that are in no word."""
    if isinstance(node, Juxtaposition) and len(word_of(node.factors)) >= WORD:
        return
    yield letter_of(node)
    for part in node.below:
        yield from _shown(part)


def written_out(node: Node, abbreviations: Abbreviations) -> Node:
    """``node`` with what abbreviations stand for, all at the places where they stand."""
    if (target := abbreviations.get(node)) is not None:
        return Group(_placed(target, node.span), span=node.span)
    return changed(node, lambda part: written_out(part, abbreviations))


def _placed(node: Node, span: Span) -> Node:
    return replace(changed(node, lambda part: _placed(part, span)), span=span)
