r"""``\begin{array}{rcl} a & = & b \\ & = & c \end{array}``: equations set in an array."""

from __future__ import annotations

from derive.reading.surface import Binary, Matrix, Missing, Node, Relation, Span, Unary

Piece = Node | str


def equation_rows(node: Node) -> tuple[Relation, ...] | None:
    """The rows of an array with relation signs as relations; ``None`` for any other node.

    Every row must be one: sides and signs in turn, the first side perhaps missing.
    """
    if not isinstance(node, Matrix) or node.environment != "array":
        return None
    if not any(isinstance(cell, Relation) for row in node.rows for cell in row):
        return None
    rows = [_relation(row) for row in node.rows if not all(isinstance(c, Missing) for c in row)]
    found = tuple(r for r in rows if r is not None)
    return found if len(found) == len(rows) else None


def _relation(row: tuple[Node, ...]) -> Relation | None:
    """The cells of a row put together; ``None`` where they are no relation."""
    pieces: list[Piece] = []
    for cell in row:
        parts = _pieces(cell)
        if not parts:
            continue
        first = parts[0]
        if pieces and isinstance(first, Node) and isinstance(last := pieces[-1], Node):
            joined = _sum(last, first)
            if joined is None:
                return None
            pieces[-1:] = [joined]
            parts = parts[1:]
        pieces += parts
    if not pieces or isinstance(pieces[-1], str):
        return None
    start = next(p.span.start for p in pieces if isinstance(p, Node))
    if isinstance(pieces[0], str):
        pieces.insert(0, Missing(span=Span(start, start)))
    sides = tuple(p for p in pieces if isinstance(p, Node))
    signs = tuple(p for p in pieces if isinstance(p, str))
    if not signs or len(sides) != len(signs) + 1:
        return None
    return Relation(sides, signs, span=Span(start, sides[-1].span.end))


def _pieces(cell: Node) -> list[Piece]:
    """The sides and signs of a cell in order."""
    if isinstance(cell, Missing):
        return []
    if not isinstance(cell, Relation):
        return [cell]
    found: list[Piece] = []
    for k, side in enumerate(cell.sides):
        if k:
            found.append(cell.operators[k - 1])
        if not isinstance(side, Missing):
            found.append(side)
    return found


def _sum(first: Node, second: Node) -> Node | None:
    """``a`` and ``+ b`` of neighbouring cells."""
    if not isinstance(second, Unary) or second.operator not in {"+", "-"}:
        return None
    span = Span(first.span.start, second.span.end)
    return Binary(second.operator, first, second.body, span=span)
