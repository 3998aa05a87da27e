"""What a deck's formulas are read and judged in: the model on its bench, the context, conventions.

A *convention* fills what the declarations leave open: the origin that a tensor is counted from (its
defining equation's, or a reading one's), the meaning of an undeclared symbol, zero outside a range.
Origins are the author's free choice; the other two are conditions of the verdict.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import combinations
from typing import Any

from derive.equations import Model, Shift, adjoint_of
from derive.expr import Access, accesses
from derive.index import Axis, Index
from derive.reading.context import Context, reading_scope
from derive.reading.lexicon import Entry
from derive.reading.names import readable, written
from derive.reading.problems import Reading
from derive.reading.scope import Scope
from verify.allowance import Allowance
from verify.bench import MOST_RESIZED, Bench
from verify.claim import definition_of
from verify.manners import Manner
from verify.plain_values import symbol_of_numbers
from verify.recent import Recent
from verify.restrictions import Restriction, declared

MOST_SHIFTED = 3
"""Tensors with a second origin that are varied together."""
REMEMBERED = 64
"""Readings that are kept: about as many as one claim has."""
MOST_CONVENTIONS = 4
"""Conventions of which the parts that repairs are made of are kept."""


@dataclass(frozen=True)
class Convention:
    """One way to fill what is left open; ``manners`` are ways of writing for all of the deck."""

    shifts: tuple[Shift, ...] = ()
    declared: tuple[Reading, ...] = ()
    outside: frozenset[str] = frozenset()
    manners: tuple[Manner, ...] = ()

    @property
    def origins(self) -> dict[str, tuple[Index, ...]]:
        """For every shifted tensor what is added to a written index."""
        return {s.tensor: s.offsets for s in self.shifts}

    @property
    def open(self) -> bool:
        """True where something undeclared was decided, so that the verdict is conditional."""
        return bool(self.declared or self.outside)


@dataclass(frozen=True)
class Displayed:
    """A formula that may show numbers, and the line of the deck where it stands."""

    line: int
    text: str


@dataclass
class Setting:
    """A deck's surroundings. ``defined`` are the formulas of the deck that introduced a symbol.

    With ``others`` there are more sheets: what this one does not know is not mended here.
    """

    bench: Bench
    context: Context
    defined: list[str] = field(default_factory=list)
    others: bool = False
    allowance: Allowance = field(default_factory=Allowance)
    shown: tuple[Displayed, ...] = ()
    """All of the deck's, in its order."""
    now: int = 0
    """The line of the formula that is judged."""
    values: dict[int, Any] = field(default_factory=dict)
    """What `verify.numbers.places.values_of` found, by the number of definitions before."""
    recent: Recent[object] = field(default_factory=lambda: Recent(REMEMBERED))
    """What `verify.understood` read last, by text, convention and number of definitions."""
    fillings: Recent[object] = field(default_factory=lambda: Recent(MOST_CONVENTIONS))
    """What `verify.mending.fillings` read for repairs, by convention."""
    _scopes: dict[tuple[object, ...], Scope] = field(default_factory=dict)
    _declaring: Recent[Scope] = field(default_factory=lambda: Recent(REMEMBERED))
    _at: Recent[Setting] = field(default_factory=lambda: Recent(MOST_RESIZED))

    def scope(self, convention: Convention) -> Scope:
        """The scope under a convention, at the values of the model's sizes."""
        known = len(self.defined)
        base = self._with_definitions(convention, True, known)
        if not convention.declared:
            return base
        # A scope that is kept has its tables of symbols made already.
        return self._declaring.get((convention, known), lambda: _declared(base, convention))

    def symbolic_scope(self, convention: Convention) -> Scope:
        """The scope under a convention with the sizes as symbols."""
        symbolic = self._symbolic(convention)
        return _declared(self._with_definitions(symbolic, False, len(self.defined)), convention)

    def _with_definitions(self, convention: Convention, numeric: bool, known: int) -> Scope:
        """The scope with the first ``known`` definitions, each read under this same convention."""
        key = (*(id(s) for s in convention.shifts), convention.manners, numeric, known)
        if key not in self._scopes:
            if known:
                scope = self._with_definitions(convention, numeric, known - 1)
                text = self.defined[known - 1]
                entry = definition_of(text, scope)
                if entry is None and symbol_of_numbers(text) is not None:  # worked out anew
                    entry = definition_of(text, self._with_definitions(convention, numeric, 0))
                scope = scope if entry is None else scope.declare(entry)
            else:
                origins = convention.origins
                scope = reading_scope(self.bench.model, self.context, origins, numeric)
                for manner in convention.manners:
                    scope = manner(scope)
            self._scopes[key] = scope
        return self._scopes[key]

    @cached_property
    def restrictions(self) -> tuple[Restriction, ...]:
        """What sheet and context declare of the values of inputs; raises `Problem`."""
        model = self.bench.model
        pairs = (*model.given.declared, *self.context.given.declared)
        with self.context.named("declare"):
            return tuple(declared(model, self.scope(Convention()), pairs)) if pairs else ()

    def restricted(self) -> Setting:
        """The same with inputs as declared; itself where nothing is."""
        if not self.restrictions or self.bench.restrictions:
            return self
        return replace(self, bench=self.bench.restricted(*self.restrictions))

    def after(self, defined: list[str]) -> Setting:
        """The same after these definitions, of which this one knows the first."""
        return replace(self, defined=defined, _at=Recent(MOST_RESIZED))

    def without(self, texts: Collection[str]) -> Setting:
        """The same before these definitions; nothing is shared that depends on them."""
        kept = [t for t in self.defined if t not in texts]
        return replace(
            self, defined=kept, values={}, recent=Recent(REMEMBERED),
            fillings=Recent(MOST_CONVENTIONS), _scopes={}, _declaring=Recent(REMEMBERED),
            _at=Recent(MOST_RESIZED),
        )  # fmt: skip

    def at(self, bench: Bench) -> Setting:
        """The same surroundings of a model at other sizes; the last few are kept."""
        return self._at.get(bench, lambda: Setting(bench, self.context, self.defined))

    def origin_choices(self) -> list[tuple[Shift, ...]]:
        """Every choice of origins, the defining ones first, one for each tensor."""
        shifts = self.bench.fixed.shifts[:MOST_SHIFTED]
        chosen = [c for n in range(len(shifts) + 1) for c in combinations(shifts, n)]
        return [c for c in chosen if len({s.tensor for s in c}) == len(c)]

    def zero_outside(self, tensor: str) -> bool:
        """Whether sheet or context declares ``tensor`` (or adjoint) zero outside its ranges."""
        gradient = adjoint_of(tensor) is not None
        if tensor in self.bench.model.zero:
            return True
        return self.context.tensors_zero_outside or (
            gradient and self.context.gradients_zero_outside
        )

    def _symbolic(self, convention: Convention) -> Convention:
        """The same convention for symbolic sizes."""
        by_place = {(s.tensor, s.equation): s for s in self.bench.model.shifts}
        return replace(
            convention, shifts=tuple(by_place[s.tensor, s.equation] for s in convention.shifts)
        )


def _declared(scope: Scope, convention: Convention) -> Scope:
    """The scope with what the convention declares."""
    for reading in convention.declared:
        scope = scope.accept(reading.declaration)
    return scope


def said(convention: Convention, tensors: Iterable[str], scope: Scope) -> tuple[str, ...]:
    """The origins that were chosen, in words, for the tensors that a formula reads."""
    read = {adjoint_of(t) or t for t in tensors}
    texts = []
    for shift in convention.shifts:
        if shift.tensor in read:
            pairs = zip(shift.offsets, shift.read, strict=True)
            ranges = dict.fromkeys(f"{lo}..{hi}" for offset, (lo, hi) in pairs if offset.terms)
            name, reader = authors_text(scope, shift.tensor), authors_text(scope, shift.equation)
            texts.append(
                f"{name} runs over {', '.join(ranges)}, as the equation of {reader} reads it"
            )
    return tuple(texts)


def authors_text(scope: Scope, tensor: str, indices: tuple[str, ...] | None = None) -> str:
    """How the deck writes a tensor or adjoint (with these index texts), as plain text.

    Of an adjoint a symbol that was declared for it comes before a mark on the tensor's own; of a
    tensor its own symbol comes first.
    """
    entries = list(scope.lexicon.entries.values())
    meant = [e for e in entries if isinstance(e.body, Access) and e.body.tensor == tensor]
    aliases = [e for e in meant if "." not in e.notation.head]  # no part of a program
    plain = [e for e in entries if e.tensor == tensor and e.body is None]
    base = adjoint_of(tensor)
    for entry in (*plain, *aliases) if base is None else (*aliases, *plain):
        if indices is None:
            return _whole(entry, base or tensor, scope)
        if len(indices) == entry.rank:
            return readable(written(entry.notation, indices, entry.prefix))
    return tensor if base is None else f"∂{scope.objective}/∂{authors_text(scope, base, indices)}"


def _whole(entry: Entry, tensor: str, scope: Scope) -> str:
    """The symbol without its argument list, its lower indices named as in the model's equation."""
    model = scope.model  # which knows no scalar of a context
    names = index_names(model, tensor) if model is not None and tensor in model.tensors else ()
    bare = replace(entry.notation, args=())
    known = names if len(names) == entry.rank else None
    return readable(written(bare, known, entry.prefix))


def index_names(model: Model, tensor: str) -> tuple[str, ...]:
    """Letters for a tensor's indices: those of its equation, else of one that reads it."""
    if tensor in model.by_tensor:
        return tuple(a.name for a in model.by_tensor[tensor].axes)
    for access in (a for e in model.readers(tensor) for a in accesses(e.rhs)):
        names = tuple(str(i) for i in access.indices)
        plain = all(i in map(Index.of, i.axes) for i in access.indices)
        if access.tensor == tensor and plain and len(set(names)) == len(names):
            return names
    return tuple("ijklmn"[k % 6] for k in range(model.tensors[tensor].rank))


def offsets_of(scope: Scope, tensor: str, rank: int) -> tuple[Index, ...]:
    """What the scope adds to a written index of the tensor to get the model's."""
    base = adjoint_of(tensor) or tensor
    for entry in scope.lexicon.entries.values():
        if entry.tensor == base and entry.body is None and entry.offsets:
            return entry.offsets
    return (Index.of(0),) * rank


def index_text(index: Index, at: Mapping[Axis, int] | None = None) -> str:
    """An index as typed, ``2i - u``; with values put in where ``at`` gives them."""
    if at is not None:
        index = index.substitute({a: Index.of(n) for a, n in at.items()})
    return str(index).replace("*", "")
