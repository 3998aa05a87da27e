r"""One label or index of a symbol that is wrong wherever the symbol stands: ``S_2`` for ``S_q``.

The letters and labels of the left side may take its place, and another element of the formula that
of one: nothing else that it says of its own result could be meant all over.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import permutations, product

from derive.reading.names import is_bare
from derive.reading.surface import (
    Call,
    Name,
    Node,
    Numeral,
    Relation,
    Sequence,
    Span,
    walk,
)
from verify.mending.edit import Edit, typed
from verify.mending.indices import index_nodes

MOST = 24
"""Ways to fill the scripts of one symbol."""


def throughout(text: str, tree: Sequence) -> Iterator[Edit]:
    """Edits of every symbol that stands more than once behind the head, all its places at once."""
    for item in tree.items:
        if not isinstance(item, Relation) or item.sides[1].span.start < item.sides[0].span.end:
            continue
        below, above = _scripts(item.sides[0])
        for places in _alike(item.sides[1:], text):
            yield from _filled(places, below, above, text)
        yield from _elements(item.sides[1:], text)


def _scripts(head: Node) -> tuple[list[str], list[str]]:
    """The bare letters and the numbers below the symbols of the head, and the numbers above."""
    names = [n for n in walk(head) if isinstance(n, Name)]
    below = [i.base for n in names for i in n.sub if isinstance(i, Name) and is_bare(i)]
    below += [str(i.value) for n in names for i in n.sub if isinstance(i, Numeral)]
    above = [str(i.value) for n in names for i in n.sup if isinstance(i, Numeral)]
    return list(dict.fromkeys(below)), list(dict.fromkeys(above))


def _alike(sides: tuple[Node, ...], text: str) -> Iterator[list[Name]]:
    """The places of each symbol with its scripts that stands more than once."""
    found: dict[str, list[Name]] = defaultdict(list)
    for side in sides:
        inside = index_nodes(side)
        for node in walk(side):
            if isinstance(node, Name) and node.sub and id(node) not in inside:
                found[typed(node, text)].append(node)
    yield from (sorted(n, key=lambda m: m.span.start) for n in found.values() if len(n) > 1)


def _elements(sides: tuple[Node, ...], text: str) -> Iterator[Edit]:
    """Another element that the formula has in all places of one: ``S(1, 1)`` for ``S(1, 2)``."""
    found: dict[str, dict[str, list[Node]]] = defaultdict(lambda: defaultdict(list))
    for node in (n for side in sides for n in walk(side)):
        if isinstance(node, Call) and isinstance(node.head, Name):
            found[typed(node.head, text)][typed(node, text)].append(node)
    for elements in found.values():
        for own, other in permutations(elements, 2):
            places = sorted(elements[own], key=lambda n: n.span.start)
            if len(places) > 1:
                span = Span(places[0].span.start, places[-1].span.end)
                what = f"${own}$ should be ${other}$ throughout"
                yield Edit(span, text[span.start : span.end].replace(own, other), what, 3)


def _filled(places: list[Name], below: list[str], above: list[str], text: str) -> Iterator[Edit]:
    first = places[0]
    subs = [_ways(item, below, text) for item in first.sub]
    sups = [_ways(item, above, text) for item in first.sup]
    own = tuple(typed(i, text) for i in (*first.sub, *first.sup))
    for count, filled in enumerate(product(*subs, *sups)):
        if count == MOST:
            return
        if filled == own or len(set(filled[: len(subs)])) < len(subs):
            continue
        span = Span(first.span.start, places[-1].span.end)
        what = f"${typed(first, text)}$ should be ${_changed(first, filled, text)}$ throughout"
        yield Edit(span, _everywhere(places, filled, text), what, 3)


def _ways(item: Node, others: list[str], text: str) -> list[str]:
    """The script itself, then what else may stand there; a script of several signs stays."""
    own = typed(item, text)
    alone = isinstance(item, Numeral) or (isinstance(item, Name) and is_bare(item))
    return [own, *(o for o in others if o != own)] if alone else [own]


def _changed(name: Name, filled: tuple[str, ...], text: str) -> str:
    new = typed(name, text)
    items = zip((*name.sub, *name.sup), filled, strict=True)
    for item, script in sorted(items, key=lambda pair: -pair[0].span.start):
        start, end = item.span.start - name.span.start, item.span.end - name.span.start
        new = new[:start] + _braced(script, new[start - 1]) + new[end:]
    return new


def _everywhere(places: list[Name], filled: tuple[str, ...], text: str) -> str:
    found, at = "", places[0].span.start
    for name in places:
        found += text[at : name.span.start] + _changed(name, filled, text)
        at = name.span.end
    return found


def _braced(script: str, before: str) -> str:
    return f"{{{script}}}" if len(script) > 1 and before in "_^" else script
