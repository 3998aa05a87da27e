"""Which edits could be right, by numbers, before any is read as a whole.

Most slips lie in one symbol or one factor. The formula is read once with a hole there
(`verify.edit_gaps`), and each candidate by itself; what does not even agree in numbers is dropped.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from derive.errors import Problem
from derive.evaluate import OutOfRange
from derive.expr import Expr, accesses
from derive.index import Axis, Index
from derive.reading.arrays import ArrayValue
from derive.reading.bounds import sum_axes
from derive.reading.elaborate import elaborate
from derive.reading.lengths import is_open
from derive.reading.letters import uses
from derive.reading.parse import parse
from derive.reading.problems import Undeclared
from derive.reading.respell import respelled
from derive.reading.scope import Scope
from derive.reading.surface import (
    Big,
    Name,
    Node,
    Span,
    walk,
)
from verify.claim import sentence_of
from verify.edit import Edit
from verify.edit_frames import is_symbol, valued
from verify.edit_gaps import Filling, Gap, Letters, open_gap
from verify.edit_hole import HOLE, hole_entry
from verify.edit_pairs import PRODUCT, pairs
from verify.ranges import zero_outside
from verify.setting import Convention, Setting, offsets_of
from verify.understood import every_tensor


@dataclass
class Screen:
    """One formula under one convention; what was read of it is kept.

    ``looked`` counts the edits that were looked at.
    """

    text: str
    setting: Setting
    convention: Convention
    looked: int = 0
    _gaps: dict[tuple[object, ...], Gap | None] = field(default_factory=dict)
    _fillings: dict[tuple[object, ...], Filling | None] = field(default_factory=dict)
    _axes: dict[tuple[str, int, int], Axis] = field(default_factory=dict)

    @cached_property
    def scope(self) -> Scope:
        """What the formula is read in."""
        return self.setting.scope(self.convention)

    # Frames of edits

    @cached_property
    def _nodes(self) -> tuple[Node, ...]:
        """Everything in the asserted sides that has a value, the smallest first."""
        sentence = sentence_of(self.text)
        sides = sentence.nodes[1:] if sentence.kind in ("equation", "update") else ()
        found = [node for side in sides for node in valued(respelled(side, self.scope), self.scope)]
        return tuple(sorted(found, key=lambda n: (n.span.end - n.span.start, n.span.start)))

    @cached_property
    def is_update(self) -> bool:
        """Whether the formula is a step of descent."""
        return sentence_of(self.text).kind == "update"

    @cached_property
    def frames(self) -> tuple[Span, ...]:
        """Their places; none in an update, where a hole would be another rate."""
        if self.is_update:
            return ()
        return tuple(dict.fromkeys(node.span for node in self._nodes))

    @cached_property
    def symbols(self) -> tuple[Span, ...]:
        """The places of the symbols among them, in the order of the text."""
        found = (node.span for node in self._nodes if is_symbol(node, self.scope))
        return tuple(sorted(dict.fromkeys(found), key=lambda s: s.start))

    @cached_property
    def letters(self) -> Letters:
        """The letters of the formula with their ranges: those of its sums, else of their slots."""
        nodes = sentence_of(self.text).nodes
        sums = [n for node in nodes for n in walk(node) if isinstance(n, Big) and n.lower]
        found: dict[str, tuple[int, int]] = {}
        for big in sums:
            try:
                axes = sum_axes(big.lower, big.upper, big.body, self.scope)[0]
            except Problem:
                continue
            found |= {a.name: (a.lo.value or 0, a.hi.value or 0) for a in axes}
        for use in (
            u for node in (*nodes, *(n.body for n in sums)) for u in uses(node, self.scope)
        ):
            lo, hi = use.range or (None, None)
            if lo is not None and hi is not None and use.letter not in found:
                found[use.letter] = (lo.value or 0, hi.value or 0)
        return found

    def letters_at(self, gap: Gap | None) -> Letters:
        """The letters in scope at a hole; those of the whole formula where it tells none."""
        if gap is None:
            return self.letters
        return {n: r for n, r in self.letters.items() if n in gap.shared} | dict(gap.letters)

    def passes(self, edit: Edit) -> bool:
        """False where numbers tell that the edit does not make the formula right."""
        frame = self._frame(edit)
        if frame is None:
            self.looked += 1
            return True
        before, after = self.text[: frame.start], self.text[frame.end :]
        new = edit.apply(self.text)
        inner = new[len(before) : len(new) - len(after)]
        try:
            return self.fits(before + HOLE + after, inner)
        except Unsure:
            return True

    def _frame(self, edit: Edit) -> Span | None:
        """The smallest place that the edit leaves whole.

        What is put before something governs all that starts there, what is put behind it and is
        no script, all that ends there.
        """
        start, end = edit.span.start, edit.span.end
        around = [f for f in self.frames if f.start <= start and end <= f.end]
        if start == end and HOLE not in self.text:
            before = [f for f in around if f.start == start]
            behind = [f for f in around if f.end == end and not edit.new.startswith("^")]
            around = before[-1:] or behind[-1:] or around
        return around[0] if around and HOLE not in self.text else None

    # Fillings of holes

    def fits(self, holed: str, filling: str) -> bool:
        """Whether ``filling`` may stand at the hole of ``holed``. Raises `Unsure`."""
        self.looked += 1
        gap = self.gap(holed)
        found = self.filling(filling, self.letters_at(gap))
        if found is not None and found.value.axes:
            gap = self.gap(holed, found.value)
            return gap is not None and _fits(gap, found)
        if gap is None and not _letters(filling) <= _letters(holed):
            raise Unsure  # the range of a letter follows from this place alone
        return gap is not None and found is not None and _fits(gap, found)

    def pairs(self, holed: str, texts: Sequence[str]) -> Iterator[str]:
        """Differences and products of two of ``texts`` that may stand at the hole."""
        scalar = self.gap(holed)
        letters = self.letters_at(scalar)
        by_shape: dict[tuple[object, ...], list[tuple[str, Filling]]] = {}
        for text in dict.fromkeys(texts):
            found = self.filling(text, letters)
            if found is not None:
                value = found.value
                shape = (*((a.lo, a.hi) for a in value.axes), value.row)
                by_shape.setdefault(shape, []).append((text, found))
        for alike in by_shape.values():
            value = alike[0][1].value
            gap = self.gap(holed, value) if value.axes else scalar
            if gap is None:
                continue
            self.looked += len(alike)
            try:
                found_here = pairs(gap, [f for _, f in alike])
            except (Problem, KeyError, IndexError):
                continue
            for i, j, how in found_here:
                two = [alike[i], alike[j]]
                if how == PRODUCT:
                    two.sort(key=lambda one: len(one[1].used))  # numbers come first
                yield how.format(*(text for text, _ in two))

    def gap(self, holed: str, value: ArrayValue | None = None) -> Gap | None:
        """The formula with its hole: a number, or an array of the shape of ``value``."""
        shape = () if value is None else tuple((a.lo, a.hi) for a in value.axes)
        key = (holed, shape, value is not None and value.row)
        if key not in self._gaps:
            entry = hole_entry(value)
            self._gaps[key] = open_gap(holed, entry, self.setting, self.convention)
        return self._gaps[key]

    def filling(self, text: str, letters: Letters) -> Filling | None:
        """``text`` read by itself where these letters are in scope; ``None`` for no meaning."""
        used = {n: span for n, span in letters.items() if n.lstrip("\\").split("'")[0] in text}
        key = (text, *sorted(used.items()))
        if key not in self._fillings:
            axes = {n: self._axis(n, *span) for n, span in used.items()}
            self._fillings[key] = self._read(text, axes)
        return self._fillings[key]

    def _axis(self, name: str, lo: int, hi: int) -> Axis:
        if (name, lo, hi) not in self._axes:
            self._axes[name, lo, hi] = Axis(name, Index.of(lo), Index.of(hi))
        return self._axes[name, lo, hi]

    def _read(self, text: str, axes: dict[str, Axis]) -> Filling | None:
        scope = self.scope.afresh().with_letters({n: Index.of(a) for n, a in axes.items()})
        try:
            (node,) = parse(text).items
            value = elaborate(respelled(node, scope), scope)
        except (Problem, Undeclared, ValueError):
            return None
        if any(is_open(axis) for axis in value.axes):
            return None
        return Filling(ArrayValue(value.axes, self._excused(value.body), value.row), axes)

    def _excused(self, body: Expr) -> Expr:
        """The value with brackets around what is read as zero outside its ranges."""
        known = every_tensor(self.setting.bench.fixed.tensors)
        read = {a.tensor for a in accesses(body) if a.tensor in known}
        outside = self.convention.outside
        zero = {t for t in read if self.setting.zero_outside(t) or t in outside}
        offsets = {t: offsets_of(self.scope, t, known[t].rank) for t in zero}
        return zero_outside(body, known, zero, offsets) if zero else body


@lru_cache(maxsize=4096)
def _letters(text: str) -> frozenset[str]:
    """The names in ``text``, those that only stand under a sum left out; none if unreadable."""
    try:
        tree = parse(text)
    except Problem:
        return frozenset()
    under = {id(n) for b in walk(tree) if isinstance(b, Big) for i in b.lower for n in walk(i)}
    return frozenset(n.base for n in walk(tree) if isinstance(n, Name) and id(n) not in under)


class Unsure(Exception):
    """Numbers cannot tell: the formula with the hole has no meaning of its own."""


def _fits(gap: Gap, filling: Filling) -> bool:
    try:
        return gap.fits(filling)
    except OutOfRange:
        if gap.read_everywhere:
            return False
        raise Unsure from None  # what stands around it may be 0 there
    except (Problem, KeyError, IndexError):
        raise Unsure from None  # other letters, or other ranges, than the hole has
