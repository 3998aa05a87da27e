"""From the sentences of a sheet to a `Model`: notations, order, right sides, ranges, roles."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from derive.equations import Equation, Model, Shift, Source, Tensor
from derive.errors import IllFormed, Problem
from derive.expr import Number
from derive.index import Axis, Index, greatest, least
from derive.loops import ordered
from derive.reading import declarations, declared_sizes, lengths
from derive.reading.arrays import ArrayValue, aligned
from derive.reading.bare_functions import applied
from derive.reading.beginnings import begun
from derive.reading.bounds import read_bounds, with_quantifiers
from derive.reading.capitals import SAMPLES
from derive.reading.declarations import Front
from derive.reading.definition import Definition, Written, as_meant, defines_none
from derive.reading.elaborate import elaborate
from derive.reading.function_names import STANDARD_ARRAY_FUNCTIONS, STANDARD_FUNCTIONS
from derive.reading.given import given
from derive.reading.infer import inferred_ranges, with_shifts
from derive.reading.letters import ranges_of
from derive.reading.lexicon import Lexicon, occurrence
from derive.reading.loop_outputs import loop_outputs
from derive.reading.model_roles import Roles
from derive.reading.names import head, letter_of, readable
from derive.reading.one_of_many import is_one_of_many
from derive.reading.order import tensors_read
from derive.reading.products import total
from derive.reading.recurrences import (
    bare,
    built_in_order,
    clock,
    constant,
    hull,
)
from derive.reading.scope import STANDARD_OPERATORS, Scope
from derive.reading.sheet_keys import SHEET_KEYS
from derive.reading.sheet_symbols import SheetSymbols
from derive.reading.sheet_words import spelled
from derive.reading.surface import Node
from derive.reading.totals import heads_of_numbers
from derive.reading.types import label_heads
from derive.reading.whole_arrays import ranges_from_one

__all__ = ["ModelBuilder", "Written"]


class ModelBuilder:
    """Builds one model; every step leaves the tables that the next one reads."""

    def __init__(self, front: Front, name: str, plain: Iterable[str] = ()) -> None:
        front.only(SHEET_KEYS)
        self.front = front
        self.name = name
        self.sizes, self.named = declared_sizes.sizes(front)
        self.functions = declarations.functions(front)
        self.operators = declarations.operators(front)
        self.times = clock(front, {**{s.name: Index.of(s) for s in self.sizes}, **self.named})
        scope = Scope(
            Lexicon(functions=frozenset({**STANDARD_FUNCTIONS, **self.functions})),
            letters={**{s.name: Index.of(s) for s in self.sizes}, **self.named},
            functions={**STANDARD_FUNCTIONS, **STANDARD_ARRAY_FUNCTIONS, **self.functions},
            operators={**STANDARD_OPERATORS, **self.operators},
            values=self.sizes,
            ties=declarations.ties(front),
            labels=frozenset(label_heads(front)),
        )
        self.symbols = SheetSymbols(front, scope, self.times, plain)
        self.shifts: list[Shift] = []
        self.zero: frozenset[str] = frozenset()
        self.defined: set[str] = set()
        self.numbers: frozenset[str] = frozenset()

    @property
    def scope(self) -> Scope:
        """What is known by now."""
        return self.symbols.scope

    @property
    def tensors(self) -> dict[str, Tensor]:
        """The tensors whose ranges are known by now."""
        return self.symbols.tensors

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
        self._require_functions(equations)
        self.symbols.learn(equations)
        if (loss := self.front.text("loss")) is not None:
            head_of_loss = self.symbols.named(loss, "loss").notation.head
            self.numbers = heads_of_numbers(head_of_loss, [w.sentence for w in equations])
        definitions = [self._definition(w) for w in equations]
        self._require_distinct(definitions)
        pairs = tuple(
            built_in_order(definitions, lambda d: d.entry.tensor, self._needs, self._equation)
        )
        self.zero = self._zero_outside()
        starting = begun(pairs, self.symbols, self.zero, self._at)
        self._infer_rest([e for _, e in pairs])
        found = [*starting, *self._shifted(pairs)]
        if self.front.text("loss") is None:
            found += loop_outputs(found, self.symbols)
        return self._model(list(ordered(found)))

    def _require_functions(self, equations: Sequence[Written]) -> None:
        """Raise `IllFormed` for a function that nothing declares, as it is no factor."""
        known = {*self.scope.functions, *declarations.plain_heads(self.front)}
        if (found := applied([w.sentence for w in equations], known)) is not None:
            number, name = found
            advice = (
                f"functions: {{'{head(name)}': logistic}}, or tanh, relu, generic, …; "
                f"types: {{'{head(name)}': scalar}} where it is a factor"
            )
            message = f"nothing declares the function {readable(head(name))}"
            problem = IllFormed(message, offset=name.span.start, advice=advice)
            raise self._at(equations[number], problem)

    def _at(self, where: Written, error: Problem) -> Problem:
        """``error`` with its place in the document."""
        offset = error.offset if error.offset is not None else where.sentence.span.start
        return self.front.document.located(error, where.start + offset)

    # Order

    def _definition(self, where: Written) -> Definition:
        sentence = where.sentence
        item = occurrence(sentence.nodes[0])
        match = self.scope.lexicon.match(item) if item is not None else None
        if match is None or match.powers or match.extra is not None or len(sentence.nodes) != 2:
            raise self._at(where, defines_none(item, self.front.mapping("sizes")))
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
        entry = self.symbols.current(d.entry)
        fixed = iter(axes)
        places = [p if p is not None else Index.of(next(fixed)) for p in self._places(d)]
        axes = (*axes, *value.axes)
        indices = (*places, *map(Index.of, value.axes))
        own = [(least(i), greatest(i)) for i in indices]
        ranges = tuple((lo, hi) for lo, hi in own if lo is not None and hi is not None)
        if entry.tensor in self.defined and entry.ranges is not None:
            ranges = tuple(hull(pair) for pair in zip(entry.ranges, ranges, strict=True))
        self.defined.add(entry.tensor)
        self.symbols.know(entry, ranges, value.row if value.axes else entry.row)
        found = self.front.document.origin(d.written.start + d.written.sentence.span.start)
        source = Source(d.written.latex, found.line, found.column)
        running = len(axes) == len(indices)
        return Equation(entry.tensor, axes, value.body, source, place=None if running else indices)

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
        typed = (self.symbols.current(d.entry).ranges or ())[len(places) :]
        shape = tuple(hi - lo + 1 for lo, hi in typed)
        value = elaborate(as_meant(d.rhs, scope), scope, shape or None)
        lengths.require_settled(value, d.rhs.span.start)
        if value.axes and d.entry.notation.head in self.numbers:
            return tuple(axes), total(value)
        if value.axes and (ranges := typed or ranges_from_one(value, self.tensors)):
            home = tuple(Axis(a.name, *r) for a, r in zip(value.axes, ranges, strict=False))
            value = ArrayValue(home, aligned(value, home, d.shown), value.row)
        if not value.axes and typed and isinstance(value.body, Number):  # h_0 = 0 for all of h
            value = ArrayValue(tuple(Axis("i", *r) for r in typed), value.body)
        timed = any(letter_of(bare(s)) in self.times for s in d.head.slots if s is not None)
        whole = d.head.omitted or not d.entry.rank or timed
        whole = whole or is_one_of_many(d.head, d.rhs, self.scope)
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
        known = self.symbols.current(d.entry).ranges
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
            if self.symbols.current(entry).ranges is None:
                ranges = inferred_ranges(entry.tensor, entry.rank, equations, self.sizes)
                self.symbols.know(entry, ranges)

    def _zero_outside(self) -> frozenset[str]:
        declared = declarations.outside(self.front)
        if "all" in declared:
            return frozenset(e.tensor for e in self.scope.lexicon.entries.values())
        return frozenset(self.symbols.named(n, "outside").tensor for n in declared)

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
        roles = Roles(self.front, self.symbols.named, frozenset(e.tensor for e in equations))
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
            operators={**self.operators, **({SAMPLES: k} if (k := self.symbols.samples) else {})},
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
