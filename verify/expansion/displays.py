r"""Sums that are displayed term by term, with ``\dots`` for those that are not shown.

The shown terms are looked for among those that the left side is made of: its equation, or the
engine's adjoint where that is borne out. From where they stand follows what the dots stand for, and
the formula is then judged with these terms in their place, as any other. A slip is told by the
term: which one is wrong, which one belongs there, which one is missing or stands twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import pairwise

from derive.equations import Equation, adjoint_name
from derive.evaluate import OutOfRange
from derive.expr import Access, Add, Apply, Expr, accesses, add
from derive.reading.arrays import ArrayValue
from derive.reading.functions import function_named, is_inverse
from derive.reading.letters import occurrences
from derive.reading.names import head
from derive.reading.numbered import numbers
from derive.reading.problems import Unsupported
from derive.reading.scope import Scope
from derive.reading.sentence import Sentence
from derive.reading.statement import Statement
from derive.reading.summands import Sum, Summand, has_dots
from derive.reading.surface import Binary, Name, Numeral, walk
from derive.residues import Pole
from verify.bench import Bench
from verify.expansion.fillings import nothing_helps
from verify.expansion.flat import Flat, flat
from verify.expansion.items import defined
from verify.expansion.match import Whole, whole_sum
from verify.expansion.order import DOTS, Entry, Placed, placed
from verify.expansion.prints import generic_trial, prints
from verify.ranges import strays
from verify.trial import Trial

UNKNOWN_DOTS = "what the dots stand for does not follow from the terms beside them"

WHATEVER = "no terms like those that are shown, put in for the dots, make it right"


@dataclass(frozen=True, eq=False)
class Display:
    """One displayed sum beside the terms that it should have.

    ``number`` is the side's; ``items`` go with ``entries``, dots are ``None`` among them.
    """

    number: int
    items: tuple[Summand | None, ...]
    entries: tuple[Entry, ...]
    whole: Whole
    placed: Placed
    trial: Trial
    flat: Flat

    @property
    def wrong(self) -> tuple[int, ...]:
        """The numbers of the shown terms that are none of the sum, or stand there twice."""
        return tuple(k for k, e in enumerate(self.entries) if e is None)

    @property
    def dotted(self) -> bool:
        """Whether dots stand for some of the terms."""
        return DOTS in self.entries

    @property
    def of_elements(self) -> bool:
        """Whether dots or elements at numbers are shown: ``W_1 x_0`` numbers names alone."""
        shown = (a for value in self.flat.values[self.number] for a in accesses(value.body))
        return self.dotted or any(i.value is not None for a in shown for i in a.indices)

    @property
    def unlike(self) -> int:
        """How many terms the dots would have to hide that are like no shown one."""
        kinds = {e[0] for e in self.entries if isinstance(e, tuple)}
        return sum(term[0] not in kinds for term in self.placed.hidden)

    @property
    def faultless(self) -> bool:
        """True where every shown term belongs there and none is missing."""
        return not self.wrong and not self.placed.missing


def dotted(sentence: Sentence) -> bool:
    """Whether dots stand for terms on some side of an equation."""
    return sentence.kind == "equation" and any(has_dots(n) for n in sentence.nodes[1:])


def element_by_element(sentence: Sentence) -> bool:
    """Whether a side may be a sum of elements at numbers, ``I_{11} k_{11} + I_{12} k_{12}``."""
    if sentence.kind != "equation":
        return False
    return any(
        isinstance(node, Binary) and node.operator in {"+", "-"} and _has_numbers(node)
        for side in sentence.nodes[1:]
        for node in walk(side)
    )


def _has_numbers(node: Binary) -> bool:
    """Whether symbols on both sides of the sign have numbers for indices."""
    return all(
        any(
            isinstance(item, Numeral)
            for o in occurrences(part)
            for slot in (*o.name.sub, *(o.args or ()))
            for item in walk(slot)
        )
        for part in (node.left, node.right)
    )


def with_terms(sentence: Sentence, scope: Scope, bench: Bench) -> tuple[Statement, list[Display]]:
    """The statement of a formula with dots, these replaced by what they stand for.

    Raises `Unsupported` where that does not follow, and what `statement` raises.
    """
    found = flat(sentence, scope)
    for node, total in zip(sentence.nodes[1:], found.sums[1:], strict=True):
        if has_dots(node) and total is None:
            raise Unsupported("dots that stand for no terms of a sum", offset=node.span.start)
    if found.read.kind == "definition":
        raise Unsupported("dots in what defines a symbol", offset=sentence.nodes[1].span.start)
    shown = displays(found, bench)
    sides, notes = [], []
    for number, (total, values) in enumerate(zip(found.sums, found.values, strict=True)):
        if total is None:
            sides.append(values[0])
            continue
        display = next((d for d in shown if d.number == number), None)
        hidden: tuple[Expr, ...] = ()
        if total.dotted:
            if display is not None:
                hidden = tuple(display.whole.body(t) for t in display.placed.hidden)
                notes.append(_hidden_text(len(hidden)))
            elif nothing_helps(
                found.values[0][0].body, [v.body for v in values], found.read.axes, bench
            ):
                notes.append(WHATEVER)
            elif not _out_of_range(values, bench):
                raise Unsupported(UNKNOWN_DOTS, offset=sentence.nodes[number].span.start)
        body = add(*(v.body for v in values), *hidden)
        sides.append(ArrayValue(found.read.axes, _applied(total, body, scope)))
    read = replace(
        found.read,
        nodes=sentence.nodes,
        operators=sentence.operators,
        sides=tuple(sides),
        assumptions=(*found.read.assumptions, *notes),
    )
    return read, shown


def _out_of_range(values: Iterable[ArrayValue], bench: Bench) -> bool:
    """Whether a shown term reads out of range, which is worse than dots."""
    tensors = bench.fixed.tensors
    known = {**tensors, **{adjoint_name(n): t for n, t in tensors.items()}}
    return any(strays(v.body, known) for v in values)


def _hidden_text(count: int) -> str:
    if not count:
        return "the dots stand for no further term"
    if count == 1:
        return "the dots stand for 1 term that is not shown"
    return f"the dots stand for {count} terms that are not shown"


def _applied(total: Sum, body: Expr, scope: Scope) -> Expr:
    name = _function(total, scope)
    return body if name is None else Apply(name, (body,))


def _function(total: Sum, scope: Scope) -> str | None:
    """The function of which the sum is the argument. Raises `Unsupported` for a derivative."""
    if total.function is None or not isinstance(total.function.head, Name):
        return None
    function = function_named(total.function.head, scope)
    name = total.function.head
    if function is None or function[1] or name.sub or name.sup or is_inverse(name):
        raise Unsupported(f"a sum inside {head(name)}", offset=name.span.start)
    return function[0]


def displays(found: Flat, bench: Bench) -> list[Display]:
    """Each displayed sum beside the terms of the left side, where these can be told."""
    left = found.read.sides[0].body
    bodies = [v.body for values in found.values[1:] for v in values]
    own = {a.tensor for a in accesses(left)}
    trial = generic_trial(bench, [left, *bodies], own)
    if trial is None:
        return []
    equations = bench.known_here_of(left)
    shown = []
    for number, total in enumerate(found.sums):
        if total is not None:
            with suppress(OutOfRange, Pole):  # the first is told of the statement itself
                display = _display(number, total, found, left, trial, equations)
                shown += [display] if display is not None else []
    return shown


def _display(
    number: int,
    total: Sum,
    found: Flat,
    left: Expr,
    trial: Trial,
    equations: Mapping[str, Equation],
) -> Display | None:
    reference = _reference(left, equations)
    if reference is None:
        return None
    if total.function is not None:
        if not isinstance(reference, Apply) or len(reference.arguments) != 1:
            return None
        (reference,) = reference.arguments
    axes = found.read.axes
    bodies = tuple(v.body for v in found.values[number])
    marks = {body: prints(trial, body, axes) for body in bodies}
    whole = whole_sum(reference, marks, axes, trial, equations)
    if whole is None:
        return None
    terms = iter(bodies)
    items = tuple(i if isinstance(i, Summand) else None for i in total.items)
    shown = [marks[next(terms)] if i is not None else None for i in items]
    ways = [(e, placed(e, sorted(whole.prints))) for e in whole.choices(shown)]
    if total.dotted and not any(isinstance(e, tuple) for way in ways for e in way[0]):
        return None
    entries, where = min(
        ways, key=lambda way: (not way[1].ordered, way[1].faults, _descents(way[0], items))
    )
    return Display(number, items, entries, whole, where, trial, found)


def _descents(entries: Iterable[Entry], items: Iterable[Summand | None]) -> int:
    """How often the numbers of a recognised term are smaller than those of the one before."""
    known = [
        numbers(item.node)
        for entry, item in zip(entries, items, strict=True)
        if isinstance(entry, tuple) and item is not None
    ]
    return sum(a > b for a, b in pairwise(known))


def _reference(left: Expr, equations: Mapping[str, Equation]) -> Expr | None:
    """What the left side is by its equation; of an array with odd cells, what the others are."""
    if isinstance(left, Add) and isinstance(left.terms[0], Access):
        left = left.terms[0]
    return defined(left, equations) if isinstance(left, Access) else left
