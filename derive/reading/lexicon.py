r"""The symbol table: which tensor an occurrence such as ``\Delta C_{q,\sigma}^2(i, j)`` denotes.

An `Entry` is a notation with index slots and what it means when they are filled: an element of a
tensor or of an adjoint, or any expression (a definition). Labels must match literally, slots take
indices; omitted slots denote the whole array. What is left over in the scripts (a power, a
transposition) or after them (``b(1 - C)`` where b has no slots) is handed back.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, combinations

from derive.equations import Notation, Range
from derive.expr import Access, Expr, substitute
from derive.index import Axis, Index
from derive.reading.alike import Places, items, places
from derive.reading.fitting import fit
from derive.reading.names import (
    ascii_head,
    head,
    label,
    letter_of,
    spread,
    squeezed,
    unstyled,
)
from derive.reading.surface import Call, Name, Node, Prefixed, Span


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


@dataclass(frozen=True, init=False)
class Occurrence:
    """A symbol as it stands: operator prefix, decorated name, argument list if there is one."""

    name: Name
    span: Span
    prefix: str = ""
    args: tuple[Node, ...] | None = None

    def __init__(
        self, name: Name, span: Span, prefix: str = "", args: tuple[Node, ...] | None = None
    ) -> None:  # quick, as in `derive.reading.surface`
        here = self.__dict__
        here["name"] = name
        here["span"] = span
        here["prefix"] = prefix
        here["args"] = args

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
    sliced: frozenset[int] = frozenset()

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
            return Occurrence(inner.name, node.span, inner.prefix, node.args)
    if isinstance(node, Prefixed) and not (node.sub or node.sup):
        inner = occurrence(node.body)
        if inner is not None and not inner.prefix:
            return Occurrence(inner.name, node.span, node.operator, inner.args)
    return None


Place = tuple[str, str, frozenset[str]]
MOST_LABELS = 6
"""Most upper items of an occurrence that are looked at as labels."""
MOST_MATCHED = 2000
"""Occurrences whose match a lexicon remembers."""


@dataclass(frozen=True)
class Lexicon:
    """Entries by key. Later ones replace those written alike (an alias beats the prefix rule)."""

    entries: dict[tuple[object, ...], Entry] = field(default_factory=dict)
    functions: frozenset[str] = frozenset()
    _matched: dict[tuple[object, ...], tuple[Occurrence, Match | None]] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )
    _alike: dict[tuple[object, ...], tuple[Match, Places] | None] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )

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
        # By identity: equal nodes from elsewhere have other places in other texts.
        key = (id(item.name), item.prefix, id(item.args))
        if key not in self._matched:
            if len(self._matched) >= MOST_MATCHED:
                self._matched.clear()
            self._matched[key] = (item, self._as_before(item))
        return self._matched[key][1]

    def _as_before(self, item: Occurrence) -> Match | None:
        """The match; where one that is written alike was matched before, as that one was."""
        args = None if item.args is None else tuple([a.form for a in item.args])
        key, own = (item.prefix, item.name.form, args), items(item.name, item.args)
        if key in self._alike:
            known = self._alike[key]
            return None if known is None else _again(*known, item.args, own)
        match = self._match(item)
        where = None if match is None else places(match.slots, match.powers, own)
        if len(self._alike) >= MOST_MATCHED:
            self._alike.clear()
        if match is None:
            self._alike[key] = None
        elif where is not None:
            self._alike[key] = match, where
        return match

    def _match(self, item: Occurrence) -> Match | None:
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
            and "." not in e.notation.head  # a name of a listing
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
        name = item.name
        found = fit(entry.notation, entry.rank, name.sub, name.sup, args, self.functions)
        if found is None:
            return None
        return Match(entry, found.slots, found.powers, found.rotated, extra, found.sliced)


def _again(
    match: Match, where: Places, args: tuple[Node, ...] | None, own: tuple[Node, ...]
) -> Match:
    """The match of another symbol of the same form, which has these items."""
    slots, powers = where.filled(own)
    extra = None if match.extra is None else args
    return Match(match.entry, slots, powers, match.rotated, extra, match.sliced)


def _same_letters(match: Match) -> bool:
    """Whether every slot is filled with the letter of the declaration, primes aside."""
    pairs = zip(match.slots, match.entry.letters, strict=False)
    return all(s is None or (letter_of(s) or "").rstrip("'") == k for s, k in pairs if k)


def _looseness(match: Match) -> tuple[int, int, int, int]:
    notation = match.entry.notation
    labels = sum(isinstance(s, str) for s in (*notation.sub, *notation.sup))
    left_over = len(match.powers) + len(match.extra or ())
    return (left_over, -labels, match.omitted, match.entry.rank)
