r"""Comparisons turned round: ``[x_i < 0]`` for ``[x_i > 0]``."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from derive.reading.surface import Node, Relation, Span
from verify.mending.edit import Edit, typed

TURNED = {
    ">": "<", "<": ">", r"\gt": r"\lt", r"\lt": r"\gt", r"\ge": r"\le", r"\le": r"\ge",
    r"\geq": r"\leq", r"\leq": r"\geq", r"\geqslant": r"\leqslant", r"\leqslant": r"\geqslant",
}  # fmt: skip


def comparisons(node: Node, text: str) -> Iterator[Edit]:
    """Each comparison of an indicator the other way round."""
    if not isinstance(node, Relation):
        return
    for (left, right), operator in zip(pairwise(node.sides), node.operators, strict=True):
        between = Span(left.span.end, right.span.start)
        place = text.find(operator, between.start, between.end)
        if operator in TURNED and place >= 0:
            span = Span(place, place + len(operator))
            what = f"the comparison ${typed(node, text)}$ is turned round"
            yield Edit(span, TURNED[operator], what, 2)
