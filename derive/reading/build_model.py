"""From the sentences of a sheet to a `Model`: notations, order, right sides, ranges, roles."""

from __future__ import annotations

from dataclasses import dataclass, replace

from derive.equations import Equation, Model, Notation, Range, Shift, Source, Tensor
from derive.errors import IllFormed, Problem
from derive.index import Axis, Index
from derive.reading import declarations, lengths
from derive.reading.arrays import ArrayValue, aligned
from derive.reading.bounds import with_quantifiers
from derive.reading.declarations import Front
from derive.reading.declare import single
from derive.reading.elaborate import elaborate
from derive.reading.function_names import STANDARD_ARRAY_FUNCTIONS, STANDARD_FUNCTIONS
from derive.reading.given import given
from derive.reading.infer import inferred_ranges, with_shifts
from derive.reading.learn import Learner
from derive.reading.letters import ranges_of
from derive.reading.lexicon import Entry, Lexicon, Match, occurrence
from derive.reading.model_roles import Roles
from derive.reading.names import ascii_name, letter_of, whole
from derive.reading.order import Circle, in_order, tensors_read
from derive.reading.scope import STANDARD_OPERATORS, Scope
from derive.reading.sentence import Sentence
from derive.reading.surface import Node
from derive.reading.types import declared_types
from derive.reading.whole_arrays import ranges_from_one, without_whole

SHEET_KEYS = (
    "title", "loss", "inputs", "batch", "sizes", "functions", "operators", "types", "outside",
    "ties", "layout", "update",
    "values", "declare", "variants", "announced", "emitted",
)  # fmt: skip
LATER = {
    "families": "layer families are not supported yet",
    "time": "recurrences over time are not supported yet",
}


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
        front.only(SHEET_KEYS, LATER)
        self.front = front
        self.name = name
        self.sizes, self.named = declarations.sizes(front)
        self.functions = declarations.functions(front)
        self.operators = declarations.operators(front)
        self.scope = Scope(
            Lexicon(functions=frozenset({**STANDARD_FUNCTIONS, **self.functions})),
            letters={**{s.name: Index.of(s) for s in self.sizes}, **self.named},
            functions={**STANDARD_FUNCTIONS, **STANDARD_ARRAY_FUNCTIONS, **self.functions},
            operators={**STANDARD_OPERATORS, **self.operators},
            values=self.sizes,
            ties=declarations.ties(front),
        )
        self.tensors: dict[str, Tensor] = {}
        self.shifts: list[Shift] = []
        self.zero: frozenset[str] = frozenset()

    def build(self, sentences: list[Written]) -> Model:
        """The model. Raises `Problem` with the place of what is wrong."""
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
        ordered = self._ordered([self._definition(w) for w in equations])
        built = [self._equation(d) for d in ordered]
        self._infer_rest(built)
        return self._model(self._shifted(built, ordered))

    def _at(self, where: Written, error: Problem) -> Problem:
        """``error`` with its place in the document."""
        document = self.front.document
        if error.line is None:
            offset = error.offset if error.offset is not None else where.sentence.span.start
            error.line, error.column = document.position(where.start + offset)
        error.path = error.path or document.path
        return error

    # Notations

    def _learn(self, equations: list[Written]) -> None:
        sizes = {*(s.name for s in self.sizes), *self.named}
        learner = Learner(self.scope.functions, sizes, declarations.plain_heads(self.front))
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
            entry = self._named(latex, "types")
            self._know(entry, declared.ranges, declared.row)

    def _named(self, latex: str, key: str) -> Entry:
        """The symbol that a declaration names, by its LaTeX or its ASCII name.

        L is the number of that name, even where the first ``L`` of the sheet is ``L_n``.
        """
        entries = self.scope.lexicon.entries.values()
        alike = [e for e in entries if e.notation == Notation(latex)]
        for entry in (*alike, *(e for e in entries if e.tensor == latex)):
            return entry
        item = occurrence(single(latex))
        match = self.scope.lexicon.match(item) if item is not None else None
        if match is None:
            known = ", ".join(e.tensor for e in self.scope.lexicon.entries.values())
            raise self.front.problem(key, f"{latex} occurs in no equation", f"one of {known}")
        return match.entry

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

    def _ordered(self, definitions: list[Definition]) -> list[Definition]:
        first: dict[str, Definition] = {}
        for d in definitions:
            if (earlier := first.setdefault(d.entry.tensor, d)) is not d:
                line, _ = self.front.document.position(earlier.written.start)
                message = f"{d.shown} is defined twice, first on line {line}"
                raise self._at(d.written, IllFormed(message))
        try:
            return in_order(definitions, lambda d: d.entry.tensor, self._needs)
        except Circle as circle:
            names = ", ".join(first[n].shown for n in circle.names)
            error = IllFormed(f"{names}: each is defined by the others")
            raise self._at(first[circle.names[0]].written, error) from circle

    def _needs(self, definition: Definition) -> frozenset[str]:
        return frozenset(tensors_read(definition.rhs, self.scope.lexicon))

    # Right sides

    def _equation(self, d: Definition) -> Equation:
        try:
            axes, value = self._value(d)
        except Problem as error:
            raise self._at(d.written, error) from error
        entry = self._current(d.entry)
        ranges = tuple((a.lo, a.hi) for a in (*axes, *value.axes))
        self._know(entry, ranges, value.row)
        line, column = self.front.document.position(d.written.start + d.written.sentence.span.start)
        source = Source(d.written.latex, line, column)
        return Equation(entry.tensor, (*axes, *value.axes), value.body, source)

    def _current(self, entry: Entry) -> Entry:
        return self.scope.lexicon.entries[entry.key]

    def _value(self, d: Definition) -> tuple[tuple[Axis, ...], ArrayValue]:
        """The axes of the letters on the left, and the right side over what the left leaves out."""
        scope = with_quantifiers(d.written.sentence.quantifiers, self.scope)
        axes = []
        for position, slot in enumerate(s for s in d.head.slots if s is not None):
            axis = self._head_axis(d, position, slot, scope)
            scope = scope.with_letters({axis.name: Index.of(axis)})
            axes.append(axis)
        typed = (self._current(d.entry).ranges or ())[len(axes) :]
        shape = tuple(hi - lo + 1 for lo, hi in typed)
        value = elaborate(d.rhs, scope, shape or None)
        lengths.require_settled(value, d.rhs.span.start)
        if value.axes and (ranges := typed or ranges_from_one(value, self.tensors)):
            home = tuple(Axis(a.name, *r) for a, r in zip(value.axes, ranges, strict=False))
            value = ArrayValue(home, aligned(value, home, d.shown), value.row)
        whole = d.head.omitted or not d.entry.rank
        if value.axes and not whole:
            raise IllFormed(f"the left side is one element, the right side is {value.shape}")
        if d.head.omitted and value.rank != d.head.omitted:
            raise IllFormed(
                f"{d.shown} has {d.head.omitted} array dimensions, the right side is {value.shape}"
            )
        return tuple(axes), value

    def _head_axis(self, d: Definition, position: int, slot: Node, scope: Scope) -> Axis:
        """The axis of an index on the left: quantified, typed, or as the right side uses it."""
        letter = letter_of(slot)
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

    def _shifted(self, built: list[Equation], definitions: list[Definition]) -> list[Equation]:
        declared = declarations.outside(self.front)
        if "all" in declared:
            self.zero = frozenset(self.tensors)
        else:
            self.zero = frozenset(self._named(n, "outside").tensor for n in declared)
        result = []
        for equation, d in zip(built, definitions, strict=True):
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
