r"""The symbol table: which tensor an occurrence such as ``\Delta C_{q,\sigma}^2(i, j)`` denotes.

An `Entry` is a notation with index slots and what it means when they are filled: an element of a
tensor or of an adjoint, or any expression (a definition). Labels must match literally, slots take
indices; omitted slots denote the whole array. What is left over in the scripts (a power, a
transposition) or after them (``b(1 - C)`` where b has no slots) is handed back.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain, combinations

from derive.equations import Notation, Range
from derive.expr import Access, Expr, substitute
from derive.index import Axis, Index
from derive.reading.names import (
    ascii_head,
    head,
    label,
    letter_of,
    same_label,
    spread,
    squeezed,
    unstyled,
)
from derive.reading.surface import Call, Group, Name, Node, Numeral, Prefixed, Span

ROTATIONS = ("rot180", r"\pi\pi")
"""Labels that denote an array rotated by 180 degrees."""
TRANSPOSES = frozenset(
    {"T", r"\top", r"\intercal", r"\mathrm{T}", r"\mathrm{Tr}", r"\mathsf{T}", r"\mathrm{t}"}
)
"""Superscripts that transpose."""


@dataclass(frozen=True)
class Entry:
    """What a written symbol means.

    ``ranges`` are those of the slots' indices as the author counts, ``None`` while they are
    unknown. Filled with k, the symbol is ``tensor[k + offsets]``, or ``body`` with its ``axes``
    replaced. ``letters`` are those of a declaration, for the slots that show one; if ``strict``
    they belong to the symbol: of a ``\\delta_j`` and a ``\\delta_k`` each keeps its own.
    """

    notation: Notation
    rank: int
    tensor: str = ""
    prefix: str = ""
    ranges: tuple[Range, ...] | None = None
    offsets: tuple[Index, ...] = ()
    axes: tuple[Axis, ...] = ()
    body: Expr | None = None
    row: bool = False
    letters: tuple[str, ...] = ()
    strict: bool = False

    @property
    def key(self) -> tuple[object, ...]:
        """Entries with the same key are written alike; the later declaration wins."""
        scripts = (self.notation.sub, self.notation.sup)
        labels = tuple(tuple(s if isinstance(s, str) else None for s in part) for part in scripts)
        return (self.prefix, self.notation.head, *labels, *(self.letters if self.strict else ()))

    def element(self, indices: tuple[Index, ...]) -> Expr:
        """The meaning with its slots filled, in axis order."""
        if self.body is not None:
            return substitute(self.body, dict(zip(self.axes, indices, strict=True)))
        if self.offsets:
            indices = tuple(k + o for k, o in zip(indices, self.offsets, strict=True))
        return Access(self.tensor, indices)


@dataclass(frozen=True)
class Occurrence:
    """A symbol as it stands: operator prefix, decorated name, argument list if there is one."""

    name: Name
    span: Span
    prefix: str = ""
    args: tuple[Node, ...] | None = None

    @property
    def head(self) -> str:
        """The symbol without scripts and prefix."""
        return head(self.name)


@dataclass(frozen=True)
class Match:
    """An occurrence resolved: slots by axis (``None`` where omitted) and what is left over."""

    entry: Entry
    slots: tuple[Node | None, ...]
    powers: tuple[Node, ...] = ()
    rotated: bool = False
    extra: tuple[Node, ...] | None = None

    @property
    def turned(self) -> frozenset[int]:
        """The slots that a rotation turns: the arguments, or else the last two."""
        if not self.rotated:
            return frozenset()
        rank = self.entry.rank
        return frozenset(self.entry.notation.args or range(max(rank - 2, 0), rank))

    def home(self, position: int) -> Range | None:
        """The range of a slot as it is written here, ``None`` while it is unknown."""
        if self.entry.ranges is None:
            return None
        lo, hi = self.entry.ranges[position]
        return (-hi, -lo) if position in self.turned else (lo, hi)

    @property
    def omitted(self) -> int:
        """How many slots are not filled."""
        return sum(s is None for s in self.slots)


def occurrence(node: Node) -> Occurrence | None:
    """The symbol that ``node`` is, or ``None`` where it is no single symbol."""
    if isinstance(node, Name):
        return Occurrence(node, node.span)
    if isinstance(node, Call):
        inner = occurrence(node.head)
        if inner is not None and inner.args is None:
            return replace(inner, args=node.args, span=node.span)
    if isinstance(node, Prefixed) and not (node.sub or node.sup):
        inner = occurrence(node.body)
        if inner is not None and not inner.prefix:
            return replace(inner, prefix=node.operator, span=node.span)
    return None


Place = tuple[str, str, frozenset[str]]
MOST_LABELS = 6
"""Most upper items of an occurrence that are looked at as labels."""


@dataclass(frozen=True)
class Lexicon:
    """Entries by key. Later ones replace those written alike (an alias beats the prefix rule)."""

    entries: dict[tuple[object, ...], Entry] = field(default_factory=dict)
    functions: frozenset[str] = frozenset()

    @staticmethod
    def of(entries: Iterable[Entry], functions: Iterable[str] = ()) -> Lexicon:
        """The lexicon of these entries; ``functions`` are heads that can be no index."""
        return Lexicon({e.key: e for e in entries}, frozenset(functions))

    def declare(self, *entries: Entry) -> Lexicon:
        """A lexicon that has these entries too."""
        return Lexicon({**self.entries, **{e.key: e for e in entries}}, self.functions)

    @cached_property
    def prefixes(self) -> frozenset[str]:
        """The marks before symbols that some entry has."""
        return frozenset(e.prefix for e in self.entries.values() if e.prefix)

    @cached_property
    def _places(self) -> dict[Place, list[Entry]]:
        """Entries by prefix, head without its font, and upper labels."""
        found: dict[Place, list[Entry]] = {}
        for e in self.entries.values():
            labels = frozenset(squeezed(s) for s in e.notation.sup if isinstance(s, str))
            place = (e.prefix, unstyled(e.notation.head), labels)
            found.setdefault(place, []).append(e)
        return found

    def match(self, item: Occurrence) -> Match | None:
        """The best reading of ``item``: fewest leftovers, most labels, fewest omitted slots.

        Where no symbol has this very head, one that differs in font alone is meant: **W** and W.
        """
        texts = (label(n) for n in (*item.name.sup, *spread(item.name.sup)))
        labels = sorted({squeezed(t) for t in texts if t is not None})[:MOST_LABELS]
        subsets = chain.from_iterable(combinations(labels, n) for n in range(len(labels) + 1))
        alike = [
            entry
            for subset in subsets
            for entry in self._places.get((item.prefix, unstyled(item.head), frozenset(subset)), ())
        ]
        same = [e for e in alike if e.notation.head == item.head] or alike
        found = (match for e in same if (match := self._fit(e, item)) is not None)
        return min(found, key=_looseness, default=None)

    def close_to(self, item: Occurrence) -> list[Entry]:
        """Entries that look like ``item``, the likeliest first: its prefix, then its letter."""
        plain = ascii_head(item.head)
        alike = [
            e
            for e in self.entries.values()
            if ascii_head(e.notation.head)[:1].lower() == plain[:1].lower()
        ]
        return sorted(
            alike,
            key=lambda e: (e.prefix != item.prefix, ascii_head(e.notation.head) != plain),
        )

    def _fit(self, entry: Entry, item: Occurrence) -> Match | None:
        """The match with the arguments in slots, else with the arguments left over."""
        inside = None if item.args is None else self._fit_args(entry, item, item.args, None)
        match = inside or self._fit_args(entry, item, None, item.args)
        return None if match is None or (entry.strict and not _same_letters(match)) else match

    def _fit_args(
        self,
        entry: Entry,
        item: Occurrence,
        args: tuple[Node, ...] | None,
        extra: tuple[Node, ...] | None,
    ) -> Match | None:
        pattern = entry.notation
        sub, turned_sub = _without_rotation(item.name.sub, pattern.sub)
        sup, turned_sup = _without_rotation(item.name.sup, pattern.sup)
        if args is not None and not sub and not pattern.args and pattern.sub:
            sub, args = args, None  # W(i, j) for a tensor that is declared as W_{ij}
        if args is not None and len(args) != len(pattern.args):
            return None
        filled: dict[int, Node] = {}
        if not self._fit_sub(pattern, sub, filled, args is None):
            return None
        powers = self._fit_sup(pattern.sup, sup, filled)
        if powers is None:
            return None
        if args is not None:
            filled.update(zip(pattern.args, args, strict=True))
        rotated = turned_sub or turned_sup
        if rotated and not entry.rank:
            return None
        place = pattern.args if args is not None else tuple(sorted(filled))
        if len(place) == 2 and (args is not None or entry.rank == 2) and _transposed(powers):
            first, second = place  # A^T(i, j) and A_{ij}^T are A(j, i)
            filled[first], filled[second] = filled[second], filled[first]
            powers = powers[1:]
        slots = tuple(filled.get(k) for k in range(entry.rank))
        return Match(entry, slots, powers, rotated, extra)

    def _fit_sub(
        self, pattern: Notation, items: tuple[Node, ...], filled: dict[int, Node], bare: bool
    ) -> bool:
        if not items:
            return not pattern.sub or any(isinstance(s, int) for s in pattern.sub)
        if self._fill(pattern.sub, items, filled) or self._fill(pattern.sub, spread(items), filled):
            return True
        # W_{ij} for a tensor that is declared with arguments, W(i, j).
        return bare and self._fill(pattern.sub + pattern.args, spread(items), filled)

    def _fit_sup(
        self, pattern: tuple[int | str, ...], items: tuple[Node, ...], filled: dict[int, Node]
    ) -> tuple[Node, ...] | None:
        """What remains of the superscripts, or ``None`` where a label is missing."""
        for candidate in (items, spread(items)):
            count = len(pattern)
            if len(candidate) >= count and self._fill(pattern, candidate[:count], filled):
                return candidate[count:]
        return items if all(isinstance(s, int) for s in pattern) else None

    def _fill(
        self, pattern: tuple[int | str, ...], items: tuple[Node, ...], filled: dict[int, Node]
    ) -> bool:
        if len(pattern) != len(items):
            return False
        found: dict[int, Node] = {}
        for slot, item in zip(pattern, items, strict=True):
            if isinstance(slot, str):
                text = label(item)
                if text is None or not same_label(text, slot):
                    return False
            elif self._may_be_index(item):
                found[slot] = item
            else:
                return False
        filled.update(found)
        return True

    def _may_be_index(self, item: Node) -> bool:
        inner = item.body if isinstance(item, Group) else item
        if isinstance(inner, Name):
            return head(inner) not in self.functions and inner.base not in {"T", r"\top", "*"}
        return not isinstance(inner, Numeral) or inner.value.denominator == 1


def _same_letters(match: Match) -> bool:
    """Whether every slot is filled with the letter of the declaration, primes aside."""
    pairs = zip(match.slots, match.entry.letters, strict=False)
    return all(s is None or (letter_of(s) or "").rstrip("'") == k for s, k in pairs if k)


def _transposed(powers: tuple[Node, ...]) -> bool:
    return bool(powers) and label(powers[0]) in TRANSPOSES


def _looseness(match: Match) -> tuple[int, int, int, int]:
    notation = match.entry.notation
    labels = sum(isinstance(s, str) for s in (*notation.sub, *notation.sup))
    left_over = len(match.powers) + len(match.extra or ())
    return (left_over, -labels, match.omitted, match.entry.rank)


def _without_rotation(
    items: tuple[Node, ...], pattern: tuple[int | str, ...]
) -> tuple[tuple[Node, ...], bool]:
    """The script items without a label that means rotation, and whether there was one."""
    for count in (1, 2):
        text = "".join(label(item) or "?" for item in items[-count:])
        own = any(isinstance(s, str) and same_label(s, text) for s in pattern)
        if len(items) >= count and not own and any(same_label(text, r) for r in ROTATIONS):
            return items[:-count], True
    return items, False
