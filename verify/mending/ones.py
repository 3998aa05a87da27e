r"""Numbers that should be 1 are left out: ``x`` for ``x^2``, ``\mu`` for ``2 \mu``."""

from __future__ import annotations

from collections.abc import Iterator

from derive.reading.surface import Juxtaposition, Node, Numeral, Span
from verify.mending.edit import Edit, typed

COST = 3
"""That of any other number, before which it comes by its place."""


def ones(node: Node, text: str) -> Iterator[Edit]:
    """An exponent or a numeric factor that is too many."""
    sup: tuple[Node, ...] = getattr(node, "sup", ())
    if len(sup) == 1 and isinstance(sup[0], Numeral) and sup[0].value != 1:
        start = text.rfind("^", 0, sup[0].span.start)
        end = sup[0].span.end + (text[sup[0].span.start - 1] == "{")
        if start >= 0 and text[start:end].count("{") == text[start:end].count("}"):
            what = f"the exponent ${typed(sup[0], text)}$ is too many"
            yield Edit(Span(start, end), "", what, COST)
    if isinstance(node, Juxtaposition) and isinstance(node.factors[0], Numeral):
        number, behind = node.factors[:2]
        span = Span(number.span.start, behind.span.start)
        yield Edit(span, "", f"the factor ${typed(number, text)}$ is too many", COST)
