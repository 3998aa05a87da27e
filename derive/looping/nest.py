"""A term as a loop nest: what repeats is hoisted, short sums are written out, rows are contiguous.

Loops over the axes that numbers and parameters depend on come first, so that these are read once;
guards are bounds of the innermost loop that they concern, never tests inside it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction

from derive.emitting.text import SIGN
from derive.expr import Access, Number, product, walk
from derive.index import Axis, Index
from derive.looping.products import Factors, instances_of, operand, sources, split
from derive.looping.rows import fixed_axes, references, row_axes, tiled, unrolled
from derive.looping.scalar import Scalar, Store, real
from derive.looping.terms import Term
from derive.planning.names import fresh_name

MOST_TERMS = 32
"""Products written out in one statement."""
MOST_SUMS = 6
"""Sums kept in registers at a time."""
TILE, SHORT_TILE = 16, 8
"""Products of a longer sum that are written out together: into an array, into registers."""
WIDTH = 88


@dataclass
class Nest:
    """Writes loops into ``lines``; ``scalar`` knows the arrays and the open loops' variables."""

    scalar: Scalar
    taken: frozenset[str]
    lines: list[str] = field(default_factory=list)
    depth: int = 1

    def put(self, *texts: str) -> None:
        """Lines at the present depth."""
        self.lines += ["    " * self.depth + text if text else "" for text in texts]

    @contextmanager
    def inside(self, head: str) -> Iterator[None]:
        """Lines under a head."""
        self.put(head)
        self.depth += 1
        yield
        self.depth -= 1

    @contextmanager
    def loops(self, axes: Sequence[Axis], term: Term) -> Iterator[None]:
        """Loops over the axes within the bounds of the term, and tests of its congruences."""
        depth = self.depth
        for axis in axes:
            name = self._name(axis)
            lo, hi = self._bounds(axis, term)
            self.put(f"for {name} in range({hi if lo == '0' else f'{lo}, {hi}'}):")
            self.depth += 1
            for index in term.congruences:
                if axis in index.axes and self._is_open(index):
                    self.put(f"if {self.scalar.index(index).source} == 0:")
                    self.depth += 1
        yield
        self.depth = depth
        for axis in axes:
            del self.scalar.names[axis]

    @contextmanager
    def row(self, axes: tuple[Axis, ...], term: Term) -> Iterator[None]:
        """The innermost loop: ``x`` over contiguous elements and their lanes, or over lanes."""
        head = "for lane in range(V):"
        if axes:
            extent = 1
            for axis in axes:
                extent *= axis.extent.value or 0
            head = f"for x in range({extent} * V):"
            if any(axes[0] in g.axes for g in term.guards):
                self._name(axes[0])
                lo, hi = self._bounds(axes[0], term, shift=-axes[0].lo)
                head = f"for x in range(V * ({lo}), V * ({hi})):"
                del self.scalar.names[axes[0]]
        self.scalar.row = axes
        with self.inside(head):
            yield
        self.scalar.row = ()

    def _name(self, axis: Axis) -> str:
        """A variable that no other open loop has."""
        taken = {*self.taken, *self.scalar.names.values()}
        clean = "".join(c if c.isascii() and c.isalnum() else "_" for c in axis.name)
        clean = clean if clean[:1].isalpha() else f"i{clean}"
        clean = f"{clean}_" if clean[1:].isdigit() else clean  # c0, t0 hold other things
        self.scalar.names[axis] = fresh_name(clean, taken)
        return self.scalar.names[axis]

    def _is_open(self, index: Index) -> bool:
        return index.axes <= self.scalar.names.keys()

    def _bounds(self, axis: Axis, term: Term, shift: Index | None = None) -> tuple[str, str]:
        """First value and one past the last, from the range and from the guards that are known."""
        shift = shift or Index.of(0)
        lows = [self.scalar.index(axis.lo + shift).source]
        highs = [self.scalar.index(axis.hi + shift + 1).source]
        for guard in term.guards:
            step = guard.coefficient(axis).value
            if not step or not self._is_open(guard):
                continue
            rest = guard.without(axis)
            if step > 0:
                lows.append(self._quotient(-rest + (step - 1), step, shift))
            else:
                highs.append(self._quotient(rest, -step, shift + 1))
        low = lows[0] if len(lows) == 1 else f"max({', '.join(lows)})"
        return low, highs[0] if len(highs) == 1 else f"min({', '.join(highs)})"

    def _quotient(self, index: Index, step: int, shift: Index) -> str:
        if step == 1:
            return self.scalar.index(index + shift).source
        more = f" + {self.scalar.index(shift).source}" if shift.terms else ""
        return f"{self.scalar.index(index).within(SIGN)} // {step}{more}"

    def assign(self, target: str, sign: str, parts: Sequence[str], scale: Fraction) -> None:
        """``target (+)= scale * (sum of parts)``, over several lines where it is long."""
        sum_ = " + ".join(parts)
        head, tail = f"{target} {sign} ", ""
        if scale != 1:
            head += f"{real(scale).source} * "
            if len(parts) > 1:
                head, tail = head + "(", ")"
        if 4 * self.depth + len(head + sum_ + tail) <= WIDTH:
            self.put(head + sum_ + tail)
            return
        first, *others = parts
        self.put(head if tail else head + "(", f"    {first}")
        self.put(*(f"    + {part}" for part in others), ")")


def emptied(nest: Nest, store: Store) -> None:
    """Zeros everywhere."""
    with nest.inside(f"for x in range({store.size} * V):"):
        nest.put(f"{store.variable}[x] = real(0)")


def into_lanes(nest: Nest, term: Term, store: Store, first: bool) -> None:
    """``store[at] = …`` if the ``first`` term sets every element alone, else ``store[at] += …``."""
    parts, alone = _parts(term)
    if first and not alone:
        emptied(nest, store)
    for part in parts:
        _row_by_row(nest, part, store, "=" if first and alone else "+=")


def more_in_lanes(nest: Nest, term: Term, store: Store) -> None:
    """``store[at] += …``."""
    for part in _parts(term)[0]:
        _row_by_row(nest, part, store, "+=")


def _parts(term: Term) -> tuple[list[Term], bool]:
    """The term in parts whose sums are short, and whether it is one that sets every element."""
    free = [a for a in _loop_axes(term.summed) if a not in term.bounded]
    parts = [term]
    if free and not unrolled(free, MOST_TERMS):
        parts = [part for part, _ in tiled(term, free[-1], TILE)]
    alone = len(parts) == 1 and term.meets_each_once
    return parts, alone and len(unrolled(free, MOST_TERMS)) == len(_loop_axes(term.summed))


def _row_by_row(nest: Nest, term: Term, store: Store, sign: str) -> None:
    scalar = nest.scalar
    own = store.own(term.at)
    fixed = fixed_axes(term.factors, scalar.stores)
    uses = [(store, own), *references(term.factors, scalar.stores)]
    allowed = [a for i in own for a in i.axes if a in term.axes and a not in fixed]
    row = row_axes(term, uses, allowed)
    free = [a for a in _loop_axes(term.summed) if a not in term.bounded]
    written = unrolled(free, MOST_TERMS)
    outer = [a for a in _loop_axes(term.axes) if a not in row and a not in written]
    early, late = [a for a in outer if a in fixed], [a for a in outer if a not in fixed]
    instances = [split(f, scalar) for _, f in instances_of((), term.factors, written)]
    alike = not any(constant for constant, _ in instances)
    with nest.loops(early, term):
        if not alike:
            instances = _hoisted(nest, instances, term.scale)
        with nest.loops(late, term), nest.row(row, term):
            parts = sources(instances, scalar, alone=not alike or term.scale == 1)
            target = scalar.place(store, own)
            nest.put(*scalar.base_lines())
            nest.assign(target, sign, parts, term.scale if alike else Fraction(1))


def _hoisted(
    nest: Nest, instances: Sequence[tuple[Factors, Factors]], scale: Fraction
) -> list[tuple[Factors, Factors]]:
    """What does not depend on the samples, as variables in front of the inner loops."""
    result: list[tuple[Factors, Factors]] = []
    for k, (constant, varying) in enumerate(instances):
        value = nest.scalar.text(product(Number(scale), *constant))
        nest.put(f"c{k} = {value}")
        result.append(((Access(f"c{k}", ()),), varying))
    return result


def _loop_axes(axes: Sequence[Axis]) -> list[Axis]:
    """Those that are not the samples'."""
    return [a for a in axes if a.extent.value is not None]


def over_lanes(nest: Nest, term: Term, store: Store) -> None:
    """``store[at] += …`` summed over the samples of the block."""
    scalar = nest.scalar
    fixed = fixed_axes(term.factors, scalar.stores)
    summed = _loop_axes(term.summed)
    uses = references(term.factors, scalar.stores)
    row = row_axes(term, uses, [a for a in summed if a not in fixed]) if uses else ()
    free = [a for a in summed if a not in row and a not in term.bounded]
    if free and not unrolled(free, SHORT_TILE):
        for part, _ in tiled(term, free[-1], SHORT_TILE):
            over_lanes(nest, part, store)
        return
    written = unrolled(free, SHORT_TILE)
    own = store.own(term.at)
    here = [a for i in own for a in i.axes]
    plain = [a for i in own for a in i.axes if i == Index.of(a) and a not in term.bounded]
    sums = unrolled(plain, MOST_SUMS) if summed else ()
    outer = [a for a in _loop_axes(term.axes) if a in here and a not in sums]
    inner = [a for a in summed if a not in row and a not in written]
    results = list(instances_of(own, term.factors, sums))
    with nest.loops(outer, term):
        nest.put(" = ".join([*(f"a{k}" for k in range(len(results))), "real(0)"]))
        with nest.loops(inner, term), nest.row(row, term):
            every = [[f for _, f in instances_of((), factors, written)] for _, factors in results]
            texts = _shared_reads(nest, every)
            for k, parts in enumerate(texts):
                nest.assign(f"a{k}", "+=", parts, Fraction(1))
            scalar.locals.clear()
        for k, (place, _) in enumerate(results):
            nest.assign(scalar.place(store, place), "+=", [f"a{k}"], term.scale)


def _shared_reads(nest: Nest, sums: Sequence[Sequence[Factors]]) -> list[list[str]]:
    """The products of every sum as source; what several of them read is read once, before."""
    scalar = nest.scalar
    nodes = (n for sum_ in sums for factors in sum_ for f in factors for n in walk(f))
    reads = Counter(n for n in nodes if isinstance(n, Access) and scalar.stores[n.tensor].lanes)
    shared = [access for access, uses in reads.items() if uses > 1]
    values = [scalar.text(access) for access in shared]
    scalar.locals.update({access: f"b{k}" for k, access in enumerate(shared)})
    texts = [[operand(factors, scalar) for factors in sum_] for sum_ in sums]
    nest.put(*scalar.base_lines(), *(f"b{k} = {value}" for k, value in enumerate(values)))
    return texts


def once(nest: Nest, term: Term, store: Store) -> None:
    """``store[at] += …`` where no sample has a part."""
    with nest.loops(_loop_axes(term.axes), term):
        value = nest.scalar.text(product(*term.factors))
        nest.assign(nest.scalar.place(store, store.own(term.at)), "+=", [value], term.scale)
