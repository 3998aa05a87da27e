r"""In which order a sum is displayed, and what its dots stand for.

``t_{11} + t_{12} + \dots + t_{55}`` goes through the terms row by row: an order in which the shown
terms stand as they are shown, and as few as possible are passed over without dots. What lies
between the terms beside the dots is hidden by them; what no dots cover is missing. A shown term
that is none of the sum stands in the place of the one that the order asks for there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import permutations, product

Term = tuple[int, tuple[int, ...]]
"""The number of a family, and the values of its running indices."""
Key = Callable[[Term], tuple[int, ...]]

DOTS = "dots"
Entry = Term | str | None
"""A shown term of the sum, dots, or ``None`` for a shown term that is none of it."""

MOST_TURNED = 3
"""Up to so many running indices are also tried backwards."""


@dataclass
class Placed:
    """What the dots hide, what is missing, and what belongs in the place of wrong entries.

    ``missing`` are pairs: the number of the entry (-1: none) behind which it should stand, and the
    term. ``instead`` is by the number of the wrong entry. ``ordered`` is false where the shown
    terms stand in no order.
    """

    hidden: list[Term] = field(default_factory=list)
    missing: list[tuple[int, Term]] = field(default_factory=list)
    instead: dict[int, Term] = field(default_factory=dict)
    ordered: bool = True

    @property
    def faults(self) -> int:
        """How much is amiss beyond the wrong entries."""
        return len(self.missing)


def placed(entries: Sequence[Entry], terms: Sequence[Term]) -> Placed:
    """What the dots among ``entries`` hide of ``terms``, and what is missing.

    The order in which least is missing is taken.
    """
    best: Placed | None = None
    for key in _orders(entries, terms):
        found = _under(key, entries, terms)
        if found is not None and (best is None or found.faults < best.faults):
            best = found
            if not best.faults:
                break
    if best is not None:
        return best
    shown = {e for e in entries if isinstance(e, tuple)}
    rest = [t for t in terms if t not in shown]
    if DOTS in entries:
        return Placed(hidden=rest, ordered=False)
    return Placed(missing=[(len(entries) - 1, t) for t in rest], ordered=False)


def _under(key: Key, entries: Sequence[Entry], terms: Sequence[Term]) -> Placed | None:
    """The same under one order; ``None`` where the shown terms do not stand in it."""
    line = sorted(terms, key=key)
    position = {t: k for k, t in enumerate(line)}
    found = Placed()
    reached, between = 0, list[int]()
    last = -1
    for number, entry in enumerate((*entries, None)):
        end = number == len(entries)
        if not isinstance(entry, tuple) and not end:
            between.append(number)
            continue
        upto = len(line) if end else position[entry]  # type: ignore[index]
        if upto < reached:
            return None
        _gap(found, last, between, line[reached:upto], entries)
        reached, between, last = upto + 1, [], number
    return found


def _gap(
    found: Placed, last: int, between: list[int], gap: list[Term], entries: Sequence[Entry]
) -> None:
    """Divide ``gap`` among what stands ``between`` two shown terms: wrong ones and dots."""
    dots = [k for k, number in enumerate(between) if entries[number] == DOTS]
    if not dots:
        found.instead.update(zip(between, gap, strict=False))
        found.missing += [(between[-1] if between else last, t) for t in gap[len(between) :]]
        return
    before, after = between[: dots[0]], between[dots[-1] + 1 :]
    found.instead.update(zip(before, gap, strict=False))
    gap = gap[len(before) :]
    found.instead.update(zip(reversed(after), reversed(gap), strict=False))
    found.hidden += gap[: max(len(gap) - len(after), 0)]


def _orders(entries: Sequence[Entry], terms: Sequence[Term]) -> Iterator[Key]:
    """Row by row, column by column, backwards; the families one after the other or interleaved."""
    shown = [e[0] for e in entries if isinstance(e, tuple)]
    rank = {f: k for k, f in enumerate(dict.fromkeys((*shown, *(t[0] for t in terms))))}
    depth = max((len(t[1]) for t in terms), default=0)
    signs = product((1, -1), repeat=depth) if depth <= MOST_TURNED else iter([(1,) * depth])
    for turned in sorted(signs, reverse=True):
        for order in permutations(range(depth)):
            yield _Key(rank, order, turned, inner=False)
            if len(rank) > 1:
                yield _Key(rank, order, turned, inner=True)


@dataclass(frozen=True)
class _Key:
    """Sorts by family and running indices in this order; ``inner``: by family last."""

    rank: dict[int, int]
    order: tuple[int, ...]
    signs: tuple[int, ...]
    inner: bool

    def __call__(self, term: Term) -> tuple[int, ...]:
        family, values = term
        along = tuple(self.signs[k] * values[k] for k in self.order if k < len(values))
        return (*along, self.rank[family]) if self.inner else (self.rank[family], *along)
