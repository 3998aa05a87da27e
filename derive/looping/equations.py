"""Equations as loops, one after the other: the body of a function over a block of samples."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import count

from derive.emitting.text import tuple_of
from derive.errors import IllFormed
from derive.expr import Access, Expr, walk
from derive.index import Axis, Index
from derive.looping.nest import Nest, emptied, into_lanes, once, over_lanes
from derive.looping.rows import references
from derive.looping.scalar import Scalar, Store
from derive.looping.terms import Term, terms
from derive.looping.winners import Search, Searches, place_in
from derive.planning.names import fresh_name


@dataclass
class Body:
    """Writes equations; ``stores`` grows by the arrays that it needs besides the tensors'."""

    stores: dict[str, Store]
    taken: set[str]
    nest: Nest

    def lanes(self, tensor: str, axes: Sequence[Axis], rhs: Expr) -> None:
        """``tensor[axes] = rhs`` for every sample of the block."""
        store = self.stores[tensor]
        found = [self.without_winners(t) for t in self._terms(tensor, axes, rhs)]
        found.sort(key=lambda t: bool(t.summed))
        if not found:
            emptied(self.nest, store)
        for k, term in enumerate(found):
            into_lanes(self.nest, term, store, first=k == 0)

    def totals(self, tensor: str, found: Sequence[Term]) -> None:
        """``tensor += …`` for the terms that samples add to."""
        for term in (self.without_winners(t) for t in found):
            self.checked(tensor, term)
            if not self._turned(term, self.stores[tensor]):
                over_lanes(self.nest, term, self.stores[tensor])

    def apart(self, tensor: str, found: Sequence[Term]) -> None:
        """``tensor += …`` for the terms in which no sample has a part."""
        for term in found:
            if references(term.factors, self.stores):
                raise mixed(tensor)
            once(self.nest, self.without_winners(term, lanes=False), self.stores[tensor])

    def _terms(self, tensor: str, axes: Sequence[Axis], rhs: Expr) -> list[Term]:
        found = terms(axes, rhs)
        for term in found:
            self.checked(tensor, term)
        return found

    def checked(self, tensor: str, term: Term) -> None:
        """One axis of samples, and every array is read at it."""
        lane = term.lane
        if sum(a.extent.value is None for a in term.axes) > 1:
            raise mixed(tensor)
        for node in (node for f in term.factors for node in walk(f)):
            if not isinstance(node, Access) or not self.stores[node.tensor].batched:
                continue
            if lane is None or node.indices[0] != Index.of(lane):
                raise mixed(tensor)

    def without_winners(self, term: Term, *, lanes: bool = True) -> Term:
        """The term reading maxima from arrays, which are filled first, for samples or for all."""
        names = (fresh_name(f"search_{k}", self.taken) for k in count(1))
        searches = Searches(names, self.nest.scalar.names.keys())
        factors = tuple(map(searches.without_winners, term.factors))
        for search in searches.found:
            self._fill(search, lanes)
        return replace(term, factors=factors)

    def _fill(self, search: Search, lanes: bool) -> None:
        """The greatest value over the axes (NaN is), its first place, and how often it occurs."""
        nest, scalar = self.nest, self.nest.scalar
        outer = [a for a in search.outer if a.extent.value is not None]
        batched = len(outer) < len(search.outer)
        ranges = tuple((a.lo, a.hi) for a in outer)
        for name in search.tensors:
            self.stores[name] = Store(name, ranges, lanes=lanes, batched=batched)
            if not lanes:
                extents = tuple_of(self.stores[name].extents or (1,))
                nest.put(f"{name} = np.empty({extents}, dtype)")
        at = tuple(map(Index.of, outer))
        term = Term(at, (*outer, *search.axes), (search.body,), (), (), Fraction(1))
        with nest.loops(outer, term):
            most, place, number = (scalar.place(self.stores[n], at) for n in search.tensors)
            with self._each(lanes):
                nest.put(
                    *scalar.base_lines(), f"{most} = {number} = real(0)", f"{place} = real(-1)"
                )
            with nest.loops(search.axes, term), self._each(lanes):
                here = scalar.index(place_in(search.axes, tuple(map(Index.of, search.axes))))
                most, place, number = (scalar.place(self.stores[n], at) for n in search.tensors)
                value = scalar.text(search.body)
                nest.put(*scalar.base_lines())
                nest.put(
                    f"value = {value}",
                    f"greater = {place} < 0 or value > {most}",
                    f"if greater or (value != value and {most} == {most}):",
                    f"    {most} = value",
                    f"    {number} = real(0)",
                    f"    {place} = real({here.source})",
                    f"if value == {most} or value != value:",
                    f"    {number} += real(1)",
                )

    def _each(self, lanes: bool) -> AbstractContextManager[None]:
        """Sample by sample, or once for all."""
        return self.nest.inside("for lane in range(V):") if lanes else nullcontext()

    def _turned(self, term: Term, store: Store) -> bool:
        """``store[…, j] += sum over samples of a * b[j]`` along j, with b sample after sample.

        False, and nothing is written, where the term is no such outer product.
        """
        found = _outer_product(term, self.stores)
        if found is None or not term.at:
            return False
        along, against = found
        nest, scalar = self.nest, self.nest.scalar
        source, other = self.stores[along.tensor], self.stores[against.tensor]
        last = next(iter(term.at[-1].axes))
        turned = f"{source.variable}_turned"
        if turned not in self.stores:
            turned = fresh_name(turned, self.taken)
            self.stores[turned] = Store(turned, source.ranges, lanes=True, batched=True)
            nest.put(f"_turn({source.variable}, {source.size}, {turned}, lanes)")
        own = store.own(term.at)
        start = source.flat(source.own(along.indices)).substitute({last: last.lo})
        rest = [a for a in term.axes if a is not last and a.extent.value is not None]
        with nest.inside("for lane in range(V):"), nest.loops(rest, term):
            value = scalar.place(other, other.own(against.indices))
            nest.put(*scalar.base_lines(), f"a0 = {value}")
            with nest.inside(f"for x in range({last.extent.value}):"):
                scalar.names[last] = "x"
                places = [i - lo for i, (lo, _) in zip(own[:-1], store.ranges, strict=False)]
                inner = ", ".join([*(scalar.index(p).source for p in places), "x"])
                del scalar.names[last]
                offset = scalar.index(start).source
                offset = f" + {offset}" if start.terms else ""
                value = f"a0 * {turned}[{source.size} * lane{offset} + x]"
                nest.assign(f"{store.variable}[{inner}]", "+=", [value], term.scale)
        return True


def _outer_product(term: Term, stores: dict[str, Store]) -> tuple[Access, Access] | None:
    """(the factor along the target's last axis, the other one) where only samples are summed."""
    if term.bounded or term.lane is None or [a for a in term.summed if a is not term.lane]:
        return None
    pair = [f for f in term.factors if isinstance(f, Access) and stores[f.tensor].batched]
    if len(term.factors) != 2 or len(pair) != 2:
        return None
    (last,) = term.at[-1].axes if len(term.at[-1].axes) == 1 else (None,)
    if last is None or term.at[-1] != Index.of(last):
        return None
    users = [f for f in pair if any(last in i.axes for i in f.indices)]
    if len(users) != 1 or sum(last in i.axes for i in (*users[0].indices, *term.at)) != 2:
        return None
    (along,) = users
    if along.indices[-1].coefficient(last).value != 1:
        return None
    return along, next(f for f in pair if f is not along)


def mixed(tensor: str) -> IllFormed:
    """The error for what needs several samples at a time."""
    return IllFormed(
        f"{tensor} needs numbers of other samples: the loops of this target take one at a time",
        advice="emit the target numpy",
    )


def fresh_body(stores: dict[str, Store], taken: set[str]) -> Body:
    """A body without lines."""
    return Body(stores, taken, Nest(Scalar(stores), frozenset(taken)))


def names_in(lines: Sequence[str]) -> Iterator[str]:
    """The words of the code, comments left out."""
    for line in lines:
        if not line.lstrip().startswith("#"):
            yield from "".join(c if c.isalnum() or c == "_" else " " for c in line).split()
