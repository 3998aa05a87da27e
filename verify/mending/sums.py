r"""A sum over a letter that its terms do not have: ``\sum_j p(x_i)`` for ``\sum_j p(x_j)``."""

from __future__ import annotations

from collections.abc import Iterator

from derive.reading.letters import bound_letters
from derive.reading.names import is_bare
from derive.reading.surface import Big, Name, Node, walk
from verify.mending.edit import Edit, typed
from verify.mending.indices import index_nodes


def unused_letters(node: Node, text: str) -> Iterator[Edit]:
    """The letter of the sum in the places of one that its terms have and nothing in it binds.

    In one of them too, where another sum around it may bind that letter.
    """
    if not isinstance(node, Big) or len(node.lower) != 1:
        return
    own = sorted(bound_letters(node) - bound_letters(node.body))
    inside = index_nodes(node.body)
    letters = [n for n in walk(node.body) if isinstance(n, Name) and id(n) in inside and is_bare(n)]
    if len(own) != 1 or own[0] in {n.base for n in letters}:
        return
    for free in sorted({n.base for n in letters} - bound_letters(node)):
        places = sorted({n.span.start for n in letters if n.base == free}, reverse=True)
        what = f"the sum runs over {own[0]}, its terms have {free}"
        for chosen in (places, *([p] for p in places if len(places) > 1)):
            body = typed(node.body, text)
            for place in chosen:
                at = place - node.body.span.start
                body = body[:at] + own[0] + body[at + len(free) :]
            yield Edit(node.body.span, body, what, 2)
