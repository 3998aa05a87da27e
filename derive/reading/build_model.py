"""From the sentences of a sheet to a `Model`: notations, order, right sides, ranges, roles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from derive.equations import Equation, Model, Notation, Range, Shift, Source, Tensor
from derive.errors import IllFormed, Problem
from derive.expr import accesses
from derive.index import Axis, Index, greatest, least
from derive.loops import Loop, NoLoop, blocks, ordered
from derive.reading import declarations, lengths
from derive.reading.arrays import ArrayValue, aligned
from derive.reading.bounds import read_bounds, with_quantifiers
from derive.reading.declarations import Front
from derive.reading.declare import single
from derive.reading.elaborate import elaborate
from derive.reading.function_names import STANDARD_ARRAY_FUNCTIONS, STANDARD_FUNCTIONS
from derive.reading.given import given
from derive.reading.infer import inferred_ranges, with_shifts
from derive.reading.layer_families import FAMILIES
from derive.reading.learn import Learner
from derive.reading.letters import ranges_of
from derive.reading.lexicon import Entry, Lexicon, Match, occurrence
from derive.reading.model_roles import Roles
from derive.reading.names import ascii_name, identifier, letter_of, readable, whole
from derive.reading.order import tensors_read
from derive.reading.recurrences import (
    TIME,
    Start,
    bare,
    built_in_order,
    clock,
    constant,
    hull,
    require_whole,
    starts,
    with_time,
)
from derive.reading.scope import STANDARD_OPERATORS, Scope
from derive.reading.sentence import Sentence
from derive.reading.sheet_words import spelled
from derive.reading.surface import Node
from derive.reading.types import declared_types, label_heads
from derive.reading.whole_arrays import ranges_from_one, without_whole

SHEET_KEYS = (
    "title", "loss", "inputs", "batch", "sizes", "functions", "operators", "types", "outside",
    "ties", "layout", "update",
    "values", "declare", "variants", "announced", "emitted", TIME, FAMILIES,
)  # fmt: skip


@dataclass(frozen=True)
class Written:
    """A sentence with its LaTeX and the offset of its display in the document."""

    sentence: Sentence
    latex: str
    start: int


@dataclass(frozen=True)
class Definition:
    """An equation of the sheet: what it defines, from what, and where it stands."""

    entry: Entry
    head: Match
    rhs: Node
    written: Written

    @property
    def shown(self) -> str:
        """The tensor as its author writes it."""
        return whole(self.entry.notation)


class ModelBuilder:
    """Builds one model; every step leaves the tables that the next one reads."""

    def __init__(self, front: Front, name: str) -> None:
        front.only(SHEET_KEYS)
        self.front = front
        self.name = name
        self.sizes, self.named = declarations.sizes(front)
        self.functions = declarations.functions(front)
        self.operators = declarations.operators(front)
        self.times = clock(front, {**{s.name: Index.of(s) for s in self.sizes}, **self.named})
        self.scope = Scope(
            Lexicon(functions=frozenset({**STANDARD_FUNCTIONS, **self.functions})),
            letters={**{s.name: Index.of(s) for s in self.sizes}, **self.named},
            functions={**STANDARD_FUNCTIONS, **STANDARD_ARRAY_FUNCTIONS, **self.functions},
            operators={**STANDARD_OPERATORS, **self.operators},
            values=self.sizes,
            ties=declarations.ties(front),
            labels=frozenset(label_heads(front)),
        )
        self.tensors: dict[str, Tensor] = {}
        self.shifts: list[Shift] = []
        self.zero: frozenset[str] = frozenset()
        self.defined: set[str] = set()
        self.begun: dict[tuple[str, Index], Entry] = {}

    def build(self, sentences: list[Written]) -> Model:
        """The model. Raises `Problem` with the place of what is wrong."""
        spelt = spelled((w.sentence for w in sentences), self.front, self.scope.functions)
        sentences = [replace(w, sentence=s) for w, s in zip(sentences, spelt, strict=True)]
        equations = [w for w in sentences if w.sentence.kind == "equation"]
        for other in sentences:
            if other.sentence.kind in {"relation", "update"}:
                raise self._at(other, IllFormed("this defines no tensor", expected="T(i, j) = …"))
        if not equations:
            raise Problem(
                "the sheet has no equations", path=self.front.document.path, line=1, column=1,
                expected="displays such as $$ y_i = … $$",
            )  # fmt: skip
        self._learn(equations)
        definitions = [self._definition(w) for w in equations]
        self._require_distinct(definitions)
        pairs = tuple(
            built_in_order(definitions, lambda d: d.entry.tensor, self._needs, self._equation)
        )
        self.zero = self._zero_outside()
        begun = self._begun(pairs)
        self._infer_rest([e for _, e in pairs])
        return self._model(list(ordered([*begun, *self._shifted(pairs)])))

    def _at(self, where: Written, error: Problem) -> Problem:
        """``error`` with its place in the document."""
        offset = error.offset if error.offset is not None else where.sentence.span.start
        return self.front.document.located(error, where.start + offset)

    # Notations

    def _learn(self, equations: list[Written]) -> None:
        sizes = {*(s.name for s in self.sizes), *self.named}
        plain = declarations.plain_heads(self.front)
        learner = Learner(self.scope.functions, sizes, plain, self.times)
        types = declared_types(self.front, self.scope.letters)
        entries: dict[str, Entry] = {}
        learned = learner.notations(written := [w.sentence for w in equations])
        ranks = {latex: len(declared.ranges) for latex, declared in types.items()}
        for notation in without_whole(learned, written, ranks):
            name = ascii_name(notation, entries)
            slots = [*notation.sub, *notation.sup, *notation.args]
            rank = sum(isinstance(s, int) for s in slots)
            entries[name] = Entry(notation, rank, name)
        self.scope = self.scope.declare(*entries.values())
        for latex, declared in types.items():
            entry, match = self._found(latex, "types")
            ranges = with_time(match, declared.ranges, self.times) if match else declared.ranges
            self._know(entry, ranges, declared.row)

    def _named(self, latex: str, key: str) -> Entry:
        """The symbol that a declaration names; ``h(0)`` is what begins h."""
        entry, match = self._found(latex, key)
        slots = () if match is None else match.slots
        places = (None if s is None else constant(s, self.scope.sizes) for s in slots)
        begun = (self.begun.get((entry.tensor, p)) for p in places if p is not None)
        return next((e for e in begun if e is not None), entry)

    def _found(self, latex: str, key: str) -> tuple[Entry, Match | None]:
        """The symbol that a declaration names, by its LaTeX or its ASCII name.

        L is the number of that name, even where the first ``L`` of the sheet is ``L_n``.
        """
        entries = self.scope.lexicon.entries.values()
        alike = [e for e in entries if e.notation == Notation(latex)]
        for entry in (*alike, *(e for e in entries if e.tensor in (latex, identifier(latex)))):
            return entry, None
        item = occurrence(single(latex))
        match = self.scope.lexicon.match(item) if item is not None else None
        if match is None:
            known = ", ".join(e.tensor for e in self.scope.lexicon.entries.values())
            raise self.front.problem(key, f"{latex} occurs in no equation", f"one of {known}")
        return match.entry, match

    def _know(self, entry: Entry, ranges: tuple[Range, ...], row: bool = False) -> None:
        """Record the ranges of a tensor; those beyond its indices are array slots."""
        notation = entry.notation
        if entry.rank != len(ranges):
            scripts = sum(isinstance(s, int) for s in (*notation.sub, *notation.sup))
            if entry.rank != scripts:
                raise IllFormed(
                    f"{whole(notation)} has {entry.rank} indices, its type {len(ranges)}"
                )
            notation = replace(notation, args=tuple(range(scripts, len(ranges))))
        known = replace(entry, notation=notation, rank=len(ranges), ranges=ranges, row=row)
        self.scope = self.scope.declare(known)
        self.tensors[entry.tensor] = Tensor(entry.tensor, ranges, notation, row)

    # Order

    def _definition(self, where: Written) -> Definition:
        sentence = where.sentence
        item = occurrence(sentence.nodes[0])
        match = self.scope.lexicon.match(item) if item is not None else None
        if match is None or match.powers or match.extra is not None or len(sentence.nodes) != 2:
            raise self._at(
                where, IllFormed("this defines no tensor", expected="one tensor, =, and its value")
            )
        return Definition(match.entry, match, sentence.nodes[1], where)

    def _require_distinct(self, definitions: list[Definition]) -> None:
        first: dict[tuple[str, tuple[Index | None, ...]], Definition] = {}
        for d in definitions:
            if (earlier := first.setdefault((d.entry.tensor, self._places(d)), d)) is not d:
                first_place = self.front.document.origin(earlier.written.start)
                message = f"{d.shown} is defined twice, first on {first_place.said_line}"
                raise self._at(d.written, IllFormed(message))

    def _places(self, d: Definition) -> tuple[Index | None, ...]:
        """The fixed places of the left side: 0 in ``h_0``."""
        quantifiers = d.written.sentence.quantifiers
        running = {b.letter for q in quantifiers for b in read_bounds(q, None)}
        sizes = {k: i for k, i in self.scope.sizes.items() if k not in running}
        return tuple(constant(s, sizes) for s in d.head.slots if s is not None)

    def _needs(self, definition: Definition) -> frozenset[str]:
        return frozenset(tensors_read(definition.rhs, self.scope.lexicon))

    # Right sides

    def _equation(self, d: Definition) -> Equation:
        try:
            axes, value = self._value(d)
        except Problem as error:
            raise self._at(d.written, error) from error
        entry = self._current(d.entry)
        fixed = iter(axes)
        places = [p if p is not None else Index.of(next(fixed)) for p in self._places(d)]
        axes = (*axes, *value.axes)
        indices = (*places, *map(Index.of, value.axes))
        own = [(least(i), greatest(i)) for i in indices]
        ranges = tuple((lo, hi) for lo, hi in own if lo is not None and hi is not None)
        if entry.tensor in self.defined and entry.ranges is not None:
            ranges = tuple(hull(pair) for pair in zip(entry.ranges, ranges, strict=True))
        self.defined.add(entry.tensor)
        self._know(entry, ranges, value.row if value.axes else entry.row)
        found = self.front.document.origin(d.written.start + d.written.sentence.span.start)
        source = Source(d.written.latex, found.line, found.column)
        running = len(axes) == len(indices)
        return Equation(entry.tensor, axes, value.body, source, place=None if running else indices)

    def _current(self, entry: Entry) -> Entry:
        return self.scope.lexicon.entries[entry.key]

    def _value(self, d: Definition) -> tuple[tuple[Axis, ...], ArrayValue]:
        """The axes of the letters on the left, and the right side over what the left leaves out."""
        times = {k: a.like() for k, a in self.times.items()}
        scope = replace(self.scope, given={**self.scope.given, **times})
        scope = with_quantifiers(d.written.sentence.quantifiers, scope)
        axes = []
        places = self._places(d)
        for position, slot in enumerate(s for s in d.head.slots if s is not None):
            if places[position] is not None:
                continue
            axis = self._head_axis(d, position, slot, scope)
            scope = scope.with_letters({axis.name: Index.of(axis)})
            axes.append(axis)
        typed = (self._current(d.entry).ranges or ())[len(places) :]
        shape = tuple(hi - lo + 1 for lo, hi in typed)
        value = elaborate(d.rhs, scope, shape or None)
        lengths.require_settled(value, d.rhs.span.start)
        if value.axes and (ranges := typed or ranges_from_one(value, self.tensors)):
            home = tuple(Axis(a.name, *r) for a, r in zip(value.axes, ranges, strict=False))
            value = ArrayValue(home, aligned(value, home, d.shown), value.row)
        timed = any(letter_of(bare(s)) in self.times for s in d.head.slots if s is not None)
        whole = d.head.omitted or not d.entry.rank or timed
        if value.axes and not whole:
            raise IllFormed(f"the left side is one element, the right side is {value.shape}")
        if d.head.omitted and value.rank != d.head.omitted:
            raise IllFormed(
                f"{d.shown} has {d.head.omitted} array dimensions, the right side is {value.shape}"
            )
        return tuple(axes), value

    def _head_axis(self, d: Definition, position: int, slot: Node, scope: Scope) -> Axis:
        """The axis of an index on the left: quantified, typed, or as the right side uses it."""
        letter = letter_of(bare(slot))
        if letter is None:
            raise IllFormed(
                "an index of a defined tensor is a letter",
                offset=slot.span.start,
                expected="T(i, j) = …",
            )
        if letter in scope.given:
            return scope.given[letter]
        known = self._current(d.entry).ranges
        if known is not None:
            return Axis(letter, *known[position])
        found = ranges_of(letter, d.rhs, scope)
        if not found:
            raise IllFormed(
                f"the range of {letter} is not given and does not follow from its use",
                offset=slot.span.start,
                advice=f"write {letter} = 1, \\dots, n after the equation",
            )
        return Axis(letter, *found[0])

    # Ranges

    def _infer_rest(self, equations: list[Equation]) -> None:
        for entry in list(self.scope.lexicon.entries.values()):
            if self._current(entry).ranges is None:
                ranges = inferred_ranges(entry.tensor, entry.rank, equations, self.sizes)
                self._know(entry, ranges)

    def _zero_outside(self) -> frozenset[str]:
        declared = declarations.outside(self.front)
        if "all" in declared:
            return frozenset(e.tensor for e in self.scope.lexicon.entries.values())
        return frozenset(self._named(n, "outside").tensor for n in declared)

    def _begun(self, pairs: Sequence[tuple[Definition, Equation]]) -> list[Equation]:
        """The equations that begin recurrences with what is given; ranges reach to there."""
        first: dict[str, Definition] = {}
        for d, e in pairs:
            if e.place is None or e.tensor not in first:
                first[e.tensor] = d
            self._require_ranks(d, e)
        try:
            loops = [b for b in blocks([e for _, e in pairs]) if isinstance(b, Loop)]
        except NoLoop as problem:
            names = ", ".join(first[n].shown for n in problem.tensors)
            error = IllFormed(f"{names}: each is defined by the others", expected=problem.expected)
            raise self._at(first[problem.tensors[0]].written, error) from problem
        found = []
        for loop in loops:
            for start in starts(loop, self.tensors, self.zero, self._fresh_name):
                found.append(self._begin(start, loop))
            for e in loop.equations:
                try:
                    require_whole(loop, e.tensor, self.tensors, found, first[e.tensor].shown)
                except Problem as problem:
                    raise self._at(first[e.tensor].written, problem) from problem
        return found

    def _require_ranks(self, d: Definition, equation: Equation) -> None:
        """Raise where the equation read a recurrence before its shape was known, and wrongly."""
        for access in accesses(equation.rhs):
            known = self.tensors.get(access.tensor)
            if known is not None and known.rank != len(access.indices):
                shown = readable(known.notation.head)
                advice = f"declare its type at one time, as in types: {{{shown}_t: column n}}"
                error = IllFormed(
                    f"the shape of {shown} is not known where it is read", advice=advice
                )
                raise self._at(d.written, error)

    def _fresh_name(self, notation: Notation) -> str:
        return ascii_name(notation, {e.tensor for e in self.scope.lexicon.entries.values()})

    def _begin(self, start: Start, loop: Loop) -> Equation:
        """Make what is given known, and reach the recurrence's range to it."""
        tensor, k = start.equation.tensor, loop.position[start.equation.tensor]
        place = start.equation.lhs.indices[k]
        given = Entry(start.tensor.notation, start.tensor.rank, start.tensor.name)
        self.scope = self.scope.declare(given)
        self._know(given, start.tensor.ranges, start.tensor.row)
        self.begun[tensor, place] = self._current(given)
        entry = next(e for e in self.scope.lexicon.entries.values() if e.tensor == tensor)
        ranges = list(self.tensors[tensor].ranges)
        ranges[k] = hull((ranges[k], (place, place)))
        self._know(entry, tuple(ranges), entry.row)
        return start.equation

    def _shifted(self, pairs: Sequence[tuple[Definition, Equation]]) -> list[Equation]:
        result = []
        for d, equation in pairs:
            try:
                moved, shifts = with_shifts(equation, self.tensors, self.sizes, self.zero)
            except Problem as error:
                raise self._at(d.written, error) from error
            self.shifts += shifts
            result.append(moved)
        return result

    # Roles

    def _model(self, equations: list[Equation]) -> Model:
        roles = Roles(self.front, self._named, frozenset(e.tensor for e in equations))
        written_order = [e.tensor for e in self.scope.lexicon.entries.values()]
        inputs = roles.inputs()
        read_only = [n for n in written_order if n not in roles.computed]
        model = Model(
            name=self.name,
            tensors={n: self.tensors[n] for n in written_order},
            equations=tuple(equations),
            inputs=inputs,
            parameters=tuple(n for n in read_only if n not in inputs),
            loss=roles.loss(self.tensors),
            sizes=self.sizes,
            named=self.named,
            functions=self.functions,
            operators=self.operators,
            batch=roles.batch(),
            shifts=tuple(self.shifts),
            update=declarations.update_rule(self.front),
            given=given(self.front),
            zero=self.zero,
            stand_ins=declarations.stand_ins(self.front, self.functions),
            title=self.front.text("title") or self.name,
            path=self.front.document.path or "",
        )
        model.check()
        return model
