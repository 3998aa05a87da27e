"""The right digits in place of wrong ones: of a number, or of the wrong cells of an array."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from derive.reading.surface import Collection, Matrix, Node, Numeral, Span, Unary
from verify.verdict import Suggestion

MOST_CELLS = 12
"""An array with more wrong cells is not written again."""

FEW = 3
"""So many corrections are told one by one."""

WrongCell = tuple[int, int, str]
"""Row and column of a displayed array, from 1, and the digits that are right there."""


@dataclass(frozen=True)
class Edit:
    """``new`` in the place of what stands at ``span`` of the formula."""

    span: Span
    new: str


def corrected(text: str, edits: Sequence[Edit]) -> Suggestion | None:
    """The formula with these edits; ``None`` where there are none."""
    if not edits:
        return None
    latex = text
    for edit in sorted(edits, key=lambda e: -e.span.start):
        latex = latex[: edit.span.start] + edit.new + latex[edit.span.end :]
    shown = [text[e.span.start : e.span.end] for e in edits]
    words = [f"{was} should be {e.new}" for was, e in zip(shown, edits, strict=True)]
    return Suggestion(latex, ", ".join(words) if len(words) <= FEW else f"{len(words)} numbers")


def moved(edits: Sequence[Edit], text: str, to: str) -> tuple[Edit, ...]:
    """The same edits in a formula that differs before them only; nothing where it does not."""
    by = len(to) - len(text)
    first = min((e.span.start for e in edits), default=0)
    if not edits or first + by < 0 or text[first:] != to[first + by :]:
        return ()
    return tuple(Edit(Span(e.span.start + by, e.span.end + by), e.new) for e in edits)


def number_edit(node: Node, digits: str) -> tuple[Edit, ...]:
    """Other digits for a displayed number; nothing where it is not written as one."""
    plain = node.body if isinstance(node, Unary) else node
    return (Edit(node.span, digits),) if isinstance(plain, Numeral) else ()


def cell_edits(array: Node, wrong: Sequence[WrongCell]) -> tuple[Edit, ...]:
    """Other digits for the wrong cells of a displayed array; nothing where they are not found."""
    rows = _rows(array)
    inside = all(i <= len(rows) and j <= len(rows[i - 1]) for i, j, _ in wrong)
    if len(wrong) > MOST_CELLS or not inside:
        return ()
    edits = [number_edit(rows[i - 1][j - 1], digits) for i, j, digits in wrong]
    return tuple(e for one in edits for e in one) if all(edits) else ()


def _rows(array: Node) -> Sequence[Sequence[Node]]:
    if isinstance(array, Matrix):
        return array.rows
    if isinstance(array, Collection) and not array.sup:
        return [[n for n in array.items if not isinstance(n, Collection)]]
    return ()
