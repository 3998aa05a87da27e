r"""Indices written without a separator: ``k_{11}`` is k_{1,1}, and ``C(1.2)`` is C(1, 2).

Digits are taken apart only where one way to do so is in the symbol's ranges: with ranges 1..24
``I_{1011}`` is I_{10,11}, but ``I_{111}`` is I_{1,11} or I_{11,1}, and nobody can tell.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import combinations

from derive.reading.indices import index_of
from derive.reading.lexicon import Match, Occurrence, occurrence
from derive.reading.names import spread
from derive.reading.problems import Unsupported
from derive.reading.scope import Scope
from derive.reading.surface import Call, Name, Node, Numeral, Span

MOST_DIGITS = 8
_SYMBOLS = (Name, Call)


def taken_apart(node: Node, scope: Scope) -> Node:
    """``node`` with its run-together indices as separate ones; itself where it has none.

    Raises `Unsupported` where several ways to take the digits apart are in range.
    """
    item = occurrence(node) if isinstance(node, _SYMBOLS) else None
    if item is None or not _has_runs(item) or scope.lexicon.match(item) is not None:
        return node
    return _only(node, _candidates(node, item, scope), scope)


def taken_apart_at_points(node: Node, scope: Scope) -> Node:
    """``C(1.2)`` as C(1, 2), for a place where no product can stand, as under a ``\\partial``."""
    item = occurrence(node)
    if not isinstance(node, Call) or item is None or not _has_runs(item):
        return node
    counts = {e.rank for e in scope.lexicon.entries.values() if e.notation.head == item.head}
    counts |= {len(e.notation.args) for e in scope.lexicon.entries.values()}
    return _only(node, (replace(node, args=a) for a in _splits(node.args, counts, ".")), scope)


def _only(node: Node, candidates: Iterable[Node], scope: Scope) -> Node:
    """The candidate whose indices are in range, ``node`` where none is."""
    found = {}
    for candidate in candidates:
        read = occurrence(candidate)
        match = scope.lexicon.match(read) if read is not None else None
        fits = match is not None and not match.omitted and match.extra is None
        if match is not None and fits and _in_range(match, scope):
            found[tuple(_values(match))] = candidate
    if len(found) > 1:
        texts = " or ".join(",".join(map(str, key)) for key in found)
        raise Unsupported(
            f"the indices could be {texts}", offset=node.span.start, advice="write a comma"
        )
    return next(iter(found.values()), node)


def _has_runs(item: Occurrence) -> bool:
    return any(_is_run(n) for n in (*spread(item.name.sub), *spread(item.args or ())))


def _is_run(node: Node) -> bool:
    return isinstance(node, Numeral) and 2 <= len(node.text) <= MOST_DIGITS


def _candidates(node: Node, item: Occurrence, scope: Scope) -> Iterator[Node]:
    """The symbol with its digits taken apart in every way that fills some symbol of its head."""
    notations = [n for e in scope.lexicon.entries.values() if (n := e.notation).head == item.head]
    counts = {len(n.sub) for n in notations} | {len(n.sub) + len(n.args) for n in notations}
    for sub in _splits(spread(item.name.sub), counts, ""):
        name = replace(item.name, sub=sub)
        yield replace(node, head=name) if isinstance(node, Call) else name


def _splits(items: tuple[Node, ...], counts: set[int], mark: str) -> Iterator[tuple[Node, ...]]:
    """The items with one run of digits taken apart, so that there are as many as in ``counts``."""
    for place, run in enumerate(items):
        if not isinstance(run, Numeral) or not _is_run(run):
            continue
        for count in sorted(counts):
            pieces = count - len(items) + 1
            if pieces > 1:
                for parts in _pieces(run, pieces, mark):
                    yield (*items[:place], *parts, *items[place + 1 :])


def _pieces(run: Numeral, count: int, mark: str) -> Iterator[tuple[Numeral, ...]]:
    """``run`` as ``count`` numbers without leading zeros; at its points where it has any."""
    text = run.text
    if not text.isdigit():
        cuts = [k for k, c in enumerate(text) if c == mark]
        if mark and len(cuts) == count - 1 and text.replace(mark, "").isdigit():
            yield _cut(run, cuts, gap=1)
        return
    for cut in combinations(range(1, len(text)), count - 1):
        parts = _cut(run, cut, gap=0)
        if all(p.text == "0" or p.text[0] != "0" for p in parts):
            yield parts


def _cut(run: Numeral, cuts: Sequence[int], gap: int) -> tuple[Numeral, ...]:
    starts = [0, *(c + gap for c in cuts)]
    ends = [*cuts, len(run.text)]
    at = run.span.start
    return tuple(
        Numeral(run.text[a:b], Fraction(run.text[a:b]), span=Span(at + a, at + b))
        for a, b in zip(starts, ends, strict=True)
        if b > a
    )


def _values(match: Match) -> Iterator[str]:
    for slot in match.slots:
        yield slot.text if isinstance(slot, Numeral) else str(slot)


def _in_range(match: Match, scope: Scope) -> bool:
    """Whether every number in a slot lies in the slot's range, where that is known."""
    for position, slot in enumerate(match.slots):
        home = match.home(position)
        if not isinstance(slot, Numeral) or home is None:
            continue
        index = index_of(slot, scope.letters, home).index
        low, high = (index - home[0]).value, (home[1] - index).value
        if (low is not None and low < 0) or (high is not None and high < 0):
            return False
    return True
