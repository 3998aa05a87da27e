r"""Products of arrays that stand the wrong way round: ``x \delta^T`` for ``\delta x^T``.

Factors are read as the scope spells them, so that the mark of a gradient goes with its symbol; in
a sum the transpose may be missing in every term.
"""

from __future__ import annotations

from collections.abc import Iterator

from derive.reading.surface import Call, Juxtaposition, Node, Scripted, walk
from derive.reading.terms import terms_of
from verify.mending.edit import Edit, typed
from verify.mending.factors import TRANSPOSE, products_turned, turned
from verify.mending.indices import index_nodes
from verify.mending.missing import Missing

COST = 5


def products_the_other_way(search: Missing) -> Iterator[Edit]:
    """Products transposed as a whole, and first factors of all terms transposed at once."""
    text = search.screen.text
    for side in search.sides:
        inside = index_nodes(side)  # the ij of W_{ij}, the ns of a bound
        for node in (n for n in walk(side) if id(n) not in inside):
            yield from products_turned(node, text)
            yield from _applied_turned(node, text)
        yield from _all_first_factors(side, text)


def _applied_turned(node: Node, text: str) -> Iterator[Edit]:
    r"""``x (a \odot b)^T``, read as x of something until it is turned."""
    body = node.body if isinstance(node, Scripted) else None
    if not isinstance(body, Call) or len(body.args) != 1:
        return
    behind = text[body.span.end : node.span.end]
    if TRANSPOSE.fullmatch(behind):
        head = typed(body.head, text)
        inside = text[body.head.span.end : body.span.end].strip()
        what = f"the product ${typed(node, text)}$ is to be transposed"
        yield Edit(node.span, f"{inside} {turned(head, text)}", what, COST)


def _all_first_factors(side: Node, text: str) -> Iterator[Edit]:
    """The transpose of the first factor of every product of a sum, put in or taken away."""
    terms = [t for t in terms_of(side) if isinstance(t, Juxtaposition)]
    firsts = [t.factors[0] for t in terms]
    if len(firsts) < 2:
        return
    new = typed(side, text)
    for first in sorted(firsts, key=lambda n: -n.span.start):
        start, end = first.span.start - side.span.start, first.span.end - side.span.start
        new = new[:start] + turned(typed(first, text), text) + new[end:]
    yield Edit(side.span, new, "the first factor of every term is to be transposed", COST)
