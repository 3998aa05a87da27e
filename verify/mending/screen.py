"""Which edits could be right, by numbers, before any is read as a whole.

Most slips lie in one symbol or one factor. The formula is read once with a hole there
(`verify.mending.gaps`), and each candidate by itself; what does not agree in numbers is dropped.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from derive.errors import Problem
from derive.evaluate import OutOfRange
from derive.expr import Access
from derive.reading.arrays import ArrayValue, ShapeMismatch
from derive.reading.bounds import sum_axes
from derive.reading.letters import uses
from derive.reading.lexicon import Entry
from derive.reading.problems import Undeclared
from derive.reading.respell import respelled
from derive.reading.scope import Scope
from derive.reading.surface import Big, Node, Span, walk
from verify.claim import sentence_of
from verify.mending.edit import Edit
from verify.mending.effort import Effort
from verify.mending.fillings import Filling, Fillings, Letters, fillings
from verify.mending.frames import frame_of, is_symbol, valued
from verify.mending.gaps import Gap, open_gap
from verify.mending.hole import HOLE, hole_entry, with_hole
from verify.mending.letters import letters_at_hole, letters_in, typed_letters
from verify.mending.lost import SUM, Lost, Places, inside, lost
from verify.mending.pairs import PRODUCT, pairs, written
from verify.setting import Convention, Setting
from verify.understood import reads_shifted, understood


@dataclass
class Screen:
    """One formula under one convention; what was read of it is kept.

    ``plain`` is the same under the choice of origins that was looked at before; ``alone`` are
    places of which it is known that no edit inside one of them is enough.
    """

    text: str
    setting: Setting
    convention: Convention
    effort: Effort = field(default_factory=Effort)
    plain: Screen | None = None
    alone: Places = ()
    _numbers: dict[str, bool] = field(default_factory=dict)
    _gaps: dict[tuple[object, ...], Gap | None] = field(default_factory=dict)
    _misfits: set[tuple[object, ...]] = field(default_factory=set)

    @cached_property
    def fillings(self) -> Fillings:
        """What may stand in a hole."""
        return fillings(self.setting, self.convention)

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
    def has_shape(self) -> bool:
        """Whether the formula can be read, so that the shapes of all in it fit."""
        try:
            understood(self.text, self.setting, self.convention)
        except (Problem, Undeclared):
            return False
        return True

    @cached_property
    def frames(self) -> tuple[Span, ...]:
        """Their places."""
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

    @cached_property
    def lost(self) -> Lost:
        """What no edit can mend."""
        found = lost(self.text, self.setting, self.convention, self.frames)
        return replace(found, alone=(*found.alone, *self.alone))

    @cached_property
    def hopeless(self) -> bool:
        """Whether that is so everywhere."""
        sentence = sentence_of(self.text)
        lost = (inside(node.span, self.lost.alone) for node in sentence.nodes[1:])
        return not sentence.quantifiers and all(lost)

    def _bound_at(self, holed: str) -> Letters:
        """The letters of the formula that are in scope at a hole, whatever may stand there."""
        try:
            known = {letter.lstrip("\\") for letter in letters_at_hole(holed)}
        except Problem:  # the hole would part what belongs together
            return self.letters
        return {n: r for n, r in self.letters.items() if n.rstrip("'").split("_")[0] in known}

    def passes(self, edit: Edit) -> bool:
        """False where numbers tell that the edit does not make the formula right."""
        if self.lost.is_sure(edit, self.text):
            return False
        frame = None if HOLE in self.text else frame_of(edit, self.text, self.frames)
        new = edit.apply(self.text)
        if frame is None:
            self.effort.looked += 1
            return self._may_depend_on_origins(new)
        before, after = self.text[: frame.start], self.text[frame.end :]
        inner = new[len(before) : len(new) - len(after)]
        try:
            return self.fits(with_hole(self.text, frame), inner)
        except Unsure:
            return self._may_depend_on_origins(new)

    # Fillings of holes

    def fits(self, holed: str, filling: str, letters: Letters | None = None) -> bool:
        """Whether ``filling`` may stand at the hole of ``holed``; raises `Unsure`.

        ``letters`` are those in scope there, where the formula with a number there does not tell.
        False too for what does not depend on origins, where these were looked at before.
        """
        self.effort.looked += 1
        gap = self.gap(holed) if letters is None else None
        free = self._bound_at(holed) if gap is None else self.letters_at(gap)
        found = self.filling(filling, free if letters is None else letters)
        if found is None and (gap is None or self.is_update):
            raise Unsure  # the rate of a step is no number of the model
        if found is None:
            return False
        if found.value.axes or letters is not None:
            gap = self.gap(holed, found.value)
        told = gap is not None and self._tell(gap, found)
        if told or (gap is not None and not self.is_update):
            return told
        if gap is None and found.value.axes and SUM in filling:
            raise Unsure  # the arrays under a sum may have the lengths that are asked for
        if letters is None and not found.value.axes and (holed, (), False) in self._misfits:
            return False  # it is a number with the letters that are in scope there
        if self.is_update:
            raise Unsure  # without its rate it is no step of descent
        if not found.value.axes and not letters_in(filling) <= letters_in(holed):
            raise Unsure  # the range of a letter follows from this place alone
        return False

    def _may_depend_on_origins(self, text: str) -> bool:
        """False where ``text`` says the same from the origins that were looked at before."""
        return self.plain is None or any(head in text for head in self._shifted_heads)

    @cached_property
    def _shifted_heads(self) -> frozenset[str]:
        """The symbols, without scripts, of all that has more than one origin."""
        entries = self.scope.lexicon.entries.values()
        return frozenset(e.notation.head for e in entries if self._is_shifted(e))

    def _is_shifted(self, entry: Entry) -> bool:
        body = entry.body or Access(entry.tensor, ())
        return reads_shifted((body,), self.setting)

    def _tell(self, gap: Gap, found: Filling) -> bool:
        if self.plain is not None and not (gap.shifted or found.shifted):
            return False
        try:
            return gap.fits(found)
        except OutOfRange:
            if gap.read_everywhere and not self.setting.bench.model.clock:
                return False
            raise Unsure from None  # what stands around it may be 0 there, or time end before
        except (Problem, KeyError, IndexError):
            raise Unsure from None  # other letters, or other ranges, than the hole has

    def takes_number(self, holed: str) -> bool:
        """Whether any number may stand at the hole that depends on letters of the formula alone."""
        if holed not in self._numbers:
            gap = self.gap(holed)
            self._numbers[holed] = gap is not None and gap.may_fit(self._typed)
        return self._numbers[holed]

    @cached_property
    def _typed(self) -> frozenset[str]:
        return typed_letters(self.text)

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
            if not value.axes and not self.takes_number(holed):
                continue
            gap = self.gap(holed, value) if value.axes else scalar
            if gap is None:
                continue
            self.effort.looked += len(alike)
            try:
                found_here = pairs(gap, [f for _, f in alike])
            except (Problem, KeyError, IndexError):
                continue
            for i, j, how in found_here:
                two = [alike[i], alike[j]]
                if not any(map(_names_something, (alike[i][0], alike[j][0]))):
                    continue  # a number in a roundabout way
                if how == PRODUCT and "1" in (alike[i][0], alike[j][0]):
                    continue  # one thing alone
                if how == PRODUCT:
                    two.sort(key=lambda one: len(one[1].used))  # numbers come first
                yield written(how, two[0][0], two[1][0])

    def gap(self, holed: str, value: ArrayValue | None = None) -> Gap | None:
        """The formula with its hole: a number, or an array of the shape of ``value``."""
        shape = () if value is None else tuple((a.lo, a.hi) for a in value.axes)
        key = (holed, shape, value is not None and value.row)
        if key not in self._gaps:
            self._gaps[key] = self._open(key, holed, value)
        return self._gaps[key]

    def _open(self, key: tuple[object, ...], holed: str, value: ArrayValue | None) -> Gap | None:
        if self.plain is not None:
            before = self.plain.gap(holed, value)
            if key in self.plain._misfits or (before is not None and not before.shifted):
                return before  # as from the other origins
        try:
            return open_gap(holed, hole_entry(value), self.setting, self.convention)
        except ShapeMismatch:
            self._misfits.add(key)
            return None

    def filling(self, text: str, letters: Letters) -> Filling | None:
        """``text`` read by itself where these letters are in scope; ``None`` for no meaning."""
        if self.plain is not None:
            before = self.plain.filling(text, letters)
            if before is None or not before.shifted:
                return before
        return self.fillings.filling(text, letters)


def _names_something(text: str) -> bool:
    """Whether there is more in it than numbers."""
    return any(c.isalpha() for c in text.replace(r"\frac", ""))


class Unsure(Exception):
    """Numbers cannot tell: the formula with the hole has no meaning of its own."""
