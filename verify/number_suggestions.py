"""The right digits in place of wrong ones: of a number, or of the wrong cells of an array."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from derive.reading.surface import Collection, Matrix, Node, Numeral, Unary
from verify.verdict import Suggestion

MOST_CELLS = 12
"""An array with more wrong cells is not written again."""

FEW = 3
"""So many corrections are told one by one."""

Right = tuple[Node, str]
"""A displayed number, and the digits that are right in its place."""
WrongCell = tuple[int, int, str]
"""Row and column of a displayed array, from 1, and the digits that are right there."""


def corrected(text: str, right: Sequence[Right]) -> Suggestion | None:
    """The formula with these digits; ``None`` where a number is not written as one."""
    spans = [node.span for node, _ in right]
    if not right or not all(_is_written(node) for node, _ in right):
        return None
    latex = text
    for span, (_, digits) in sorted(zip(spans, right, strict=True), key=lambda p: -p[0].start):
        latex = latex[: span.start] + digits + latex[span.end :]
    shown = [text[s.start : s.end] for s in spans]
    words = [f"{was} should be {d}" for was, (_, d) in zip(shown, right, strict=True)]
    return Suggestion(latex, ", ".join(words) if len(words) <= FEW else f"{len(words)} numbers")


def cells_of(array: Node, wrong: Sequence[WrongCell]) -> tuple[Right, ...]:
    """Where the wrong cells of a displayed array are written; nothing where that is not known."""
    rows = _rows(array)
    if len(wrong) > MOST_CELLS or not all(
        i <= len(rows) and j <= len(rows[i - 1]) for i, j, _ in wrong
    ):
        return ()
    return tuple((rows[i - 1][j - 1], digits) for i, j, digits in wrong)


def _rows(array: Node) -> Sequence[Sequence[Node]]:
    if isinstance(array, Matrix):
        return array.rows
    if isinstance(array, Collection) and not array.sup:
        return [list(_items(array))]
    return ()


def _items(array: Collection) -> Iterator[Node]:
    """The numbers of a plain list; nothing of a list of rows."""
    yield from (n for n in array.items if not isinstance(n, Collection))


def _is_written(node: Node) -> bool:
    plain = node.body if isinstance(node, Unary) else node
    return isinstance(plain, Numeral)
