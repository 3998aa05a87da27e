r"""A slope of the logistic that stands once too often: ``X (1 - X)`` behind what has it already.

The error of a layer often has the slope in it; who multiplies by it again takes two factors too
many, which no edit of one factor mends.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from derive.reading.surface import Binary, Call, Group, Node, Numeral, Sequence, Span, walk
from verify.mending.edit import Edit, typed

TIMES = r"(?:\s|~|\*|\\[,;:! ]|\\(?:cdot|odot|circ|times)(?![a-zA-Z]))*"
"""What may stand between factors."""
_BEHIND = re.compile(TIMES + "$")
_BEFORE = re.compile(TIMES)


def slopes_too_many(text: str, tree: Sequence) -> Iterator[Edit]:
    """Every edit that takes ``X (1 - X)`` away, or ``(1 - X) X``, with its product signs."""
    for node in walk(tree):
        if (found := _rest(node)) is None:
            continue
        brackets, inner = found
        own = typed(inner, text)
        what = f"the slope {own} (1 - {own}) is too many"
        before = _BEHIND.sub("", text[: brackets.start])
        if before.endswith(own):
            yield _without(text, Span(len(before) - len(own), brackets.end), what)
        start = _end_of_times(text, brackets.end)
        if text.startswith(own, start):
            yield _without(text, Span(brackets.start, start + len(own)), what)


def _rest(node: Node) -> tuple[Span, Node] | None:
    """``(1 - X)``: where it stands with its brackets, and X."""
    if isinstance(node, Group):
        inner, place = node.body, node.span
    elif isinstance(node, Call) and len(node.args) == 1:
        inner, place = node.args[0], Span(node.head.span.end, node.span.end)
    else:
        return None
    if isinstance(inner, Binary) and inner.operator == "-" and _is_one(inner.left):
        return place, inner.right
    return None


def _is_one(node: Node) -> bool:
    return isinstance(node, Numeral) and node.value == 1


def _without(text: str, span: Span, what: str) -> Edit:
    """The edit that drops what stands at ``span`` with the product sign before it, or behind."""
    before = _BEHIND.sub("", text[: span.start])
    if before and before[-1] not in "=({[+-&":
        behind = " " if text[span.end :].strip() else ""
        return Edit(Span(len(before), span.end), behind, what, 4)
    return Edit(Span(span.start, _end_of_times(text, span.end)), "", what, 4)


def _end_of_times(text: str, start: int) -> int:
    found = _BEFORE.match(text, start)
    return start if found is None else found.end()
