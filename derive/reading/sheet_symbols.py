"""The symbols of a sheet as they become known: notations first, then ranges, one by one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from derive.equations import Equation, Notation, Range, Tensor
from derive.index import Axis, Index
from derive.loops import Loop
from derive.reading import declarations
from derive.reading.capital_types import part_of
from derive.reading.capitals import COLUMNS, ROWS
from derive.reading.declarations import Front
from derive.reading.declare import single
from derive.reading.declared_labels import declared_labels
from derive.reading.definition import Written
from derive.reading.learn import Learner
from derive.reading.lexicon import Entry, Match, occurrence
from derive.reading.names import ascii_name, identifier, label, whole
from derive.reading.one_of_many import of_each
from derive.reading.raised_symbols import Symbol
from derive.reading.recurrences import Start, constant, hull, with_time
from derive.reading.scope import Scope
from derive.reading.types import SCALARS, Declared, declared_types
from derive.reading.whole_arrays import without_whole
from derive.reading.words import joined


class SheetSymbols:
    """``scope`` and ``tensors`` hold what is known; ``begun`` are what begins recurrences.

    ``plain`` are heads that stand without anything above somewhere, so that a 2 is a power;
    ``samples`` are rows or columns of matrices, where a type says so; ``parts`` what the equations
    read of a matrix that has a type, by the matrix.
    """

    def __init__(
        self, front: Front, scope: Scope, times: Mapping[str, Axis], plain: Iterable[str] = ()
    ) -> None:
        self.front = front
        self.scope = scope
        self.times = times
        self.plain = frozenset(plain)
        self.tensors: dict[str, Tensor] = {}
        self.samples: str | None = None
        self.begun: dict[tuple[str, Index], Entry] = {}
        self.parts: dict[str, Entry] = {}

    def learn(self, equations: Sequence[Written]) -> None:
        """Every symbol of the equations, with the types that the front matter gives."""
        sizes = set(self.scope.sizes)
        plain = declarations.plain_heads(self.front) | self.plain
        labels = declared_labels(self.front)
        types = declared_types(self.front, self.scope.letters)
        typed = _ranks(types)
        learner = Learner(self.scope.functions, sizes, plain, self.times, labels, typed)
        entries: dict[str, Entry] = {}
        learned = learner.notations(written := [w.sentence for w in equations])
        ranks = {latex: len(declared.ranges) for latex, declared in types.items()}
        for notation in without_whole(learned, written, ranks):
            name = ascii_name(notation, entries)
            slots = [*notation.sub, *notation.sup, *notation.args]
            rank = sum(isinstance(s, int) for s in slots)
            entries[name] = Entry(notation, rank, name)
        self.scope = self.scope.declare(*entries.values())
        numbers = self.front.texts(SCALARS)
        for latex, declared in sorted(types.items(), key=lambda item: _is_one(item[0])):
            part = part_of(latex, declared.ranges, self.scope, written)
            if part is not None and self._symbol(latex)[0] is None:
                self.know(*part)
                self.parts[latex] = part[0]
                if part[0].rank < len(part[1]):
                    self.samples = ROWS if part[1] == declared.ranges else COLUMNS
                continue
            entry, match = self.found(latex, SCALARS if latex in numbers else "types")
            ranges = declared.ranges
            if match is not None:
                ranges = with_time(match, ranges, self.times)
            if match is not None and ranges == declared.ranges and declared.of_each:
                ranges = of_each(match, ranges, written, self.scope)
            self.know(entry, ranges, declared.row)

    def named(self, latex: str, key: str) -> Entry:
        """The symbol that a declaration names; ``h(0)`` is what begins h."""
        entry, match = self.found(latex, key)
        slots = () if match is None else match.slots
        places = (None if s is None else constant(s, self.scope.sizes) for s in slots)
        begun = (self.begun.get((entry.tensor, p)) for p in places if p is not None)
        return next((e for e in begun if e is not None), entry)

    def found(self, latex: str, key: str) -> tuple[Entry, Match | None]:
        """The symbol that a declaration names, by its LaTeX or its ASCII name.

        L is the number of that name, even where the first ``L`` of the sheet is ``L_n``.
        """
        entry, match = self._symbol(latex)
        if entry is None:
            entry = self.parts.get(latex)
        if entry is None:
            known = ", ".join(e.tensor for e in self.scope.lexicon.entries.values())
            advice = "numbers of the deck alone are declared in its context"
            raise self.front.problem(
                key,
                f"{latex} occurs in no equation",
                f"one of {known}",
                advice if key == SCALARS else "",
            )
        return entry, match

    def _symbol(self, latex: str) -> tuple[Entry | None, Match | None]:
        entries = self.scope.lexicon.entries.values()
        alike = [e for e in entries if e.notation == Notation(latex)]
        for entry in (*alike, *(e for e in entries if e.tensor in (latex, identifier(latex)))):
            return entry, None
        item = occurrence(joined(single(latex)))
        match = self.scope.lexicon.match(item) if item is not None else None
        return (None if match is None else match.entry), match

    def know(self, entry: Entry, ranges: tuple[Range, ...], row: bool = False) -> None:
        """Record the ranges of a tensor; those beyond its indices are array slots."""
        notation = entry.notation
        if entry.rank != len(ranges):
            scripts = sum(isinstance(s, int) for s in (*notation.sub, *notation.sup))
            if entry.rank != scripts or scripts > len(ranges):
                message = f"{whole(notation)} has {entry.rank} indices, its type {len(ranges)}"
                raise self.front.problem("types", message)
            notation = replace(notation, args=tuple(range(scripts, len(ranges))))
        known = replace(entry, notation=notation, rank=len(ranges), ranges=ranges, row=row)
        self.scope = self.scope.declare(known)
        self.tensors[entry.tensor] = Tensor(entry.tensor, ranges, notation, row)

    def current(self, entry: Entry) -> Entry:
        """The entry as it is known by now."""
        return self.scope.lexicon.entries[entry.key]

    def fresh_name(self, notation: Notation) -> str:
        """A name for a tensor that the sheet does not write by itself."""
        return ascii_name(notation, {e.tensor for e in self.scope.lexicon.entries.values()})

    def begin(self, start: Start, loop: Loop) -> Equation:
        """Make what is given known, and reach the recurrence's range to it."""
        tensor, k = start.equation.tensor, loop.position[start.equation.tensor]
        place = start.equation.lhs.indices[k]
        given = Entry(start.tensor.notation, start.tensor.rank, start.tensor.name)
        self.scope = self.scope.declare(given)
        self.know(given, start.tensor.ranges, start.tensor.row)
        self.begun[tensor, place] = self.current(given)
        entry = next(e for e in self.scope.lexicon.entries.values() if e.tensor == tensor)
        ranges = list(self.tensors[tensor].ranges)
        ranges[k] = hull((ranges[k], (place, place)))
        self.know(entry, tuple(ranges), entry.row)
        return start.equation


def _is_one(latex: str) -> bool:
    """Whether the name of a type shows an index: the ranges of others may say how far it runs."""
    item = occurrence(single(latex))
    return item is not None and bool(item.name.sub or item.name.sup or item.args)


def _ranks(types: Mapping[str, Declared]) -> dict[Symbol, int]:
    """The indices of the symbols that front matter types by their names, without indices."""
    found = {}
    for latex, declared in types.items():
        item = occurrence(single(latex))
        if item is not None and item.args is None and not item.name.sup:
            found[item.head, tuple(label(n) for n in item.name.sub)] = len(declared.ranges)
    return found
