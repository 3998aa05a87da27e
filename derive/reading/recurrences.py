r"""Recurrences of a sheet: the step ``h_t = f(h_{t-1})``, what begins it, and the letter of time.

A tensor may have several definitions, each for places of its own: ``h_0 = 0`` and a step for t = 1,
…, T. Where the step reads places that nothing defines, what stands there is given: ``h_0`` is then
a tensor that is only read, an input or a parameter as the front matter says.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from derive.equations import Equation, Notation, Range, Tensor
from derive.errors import IllFormed, Problem
from derive.expr import Access, Expr, Guard, Product, children
from derive.index import Axis, Index, greatest, least, surely_nonnegative
from derive.loops import Loop
from derive.reading.declarations import Front
from derive.reading.indices import NotAnIndex, index_of
from derive.reading.lexicon import Match
from derive.reading.names import letter_of
from derive.reading.parse import parse
from derive.reading.surface import Group, Node

TIME = "time"
T = TypeVar("T")
R = TypeVar("R")


def clock(front: Front, letters: Mapping[str, Index]) -> dict[str, Axis]:
    """``time: {t: T}`` or ``time: {t: '0..T'}``: letters of time and what they run over.

    Raises `Problem` for bounds that are no sizes or numbers.
    """
    found = {}
    for letter, text in front.mapping(TIME).items():
        low, dots, high = str(text).rpartition("..")
        first = _bound(front, low, letters) if dots else Index.of(1)
        found[letter] = Axis(letter, first, _bound(front, high, letters))
    return found


def _bound(front: Front, text: str, letters: Mapping[str, Index]) -> Index:
    try:
        return index_of(parse(text).items[0], letters).index
    except (Problem, IndexError) as error:
        expected = "a size or a number, as in {t: T} or {t: '0..T'}"
        raise front.problem(TIME, f"{text!r} is no bound", expected) from error


def with_time(
    match: Match, ranges: tuple[Range, ...], times: Mapping[str, Axis]
) -> tuple[Range, ...]:
    """The ranges of a tensor whose type is declared for one time, ``h_t: column n``."""
    rest = list(ranges)
    letters = [None if s is None else letter_of(bare(s)) for s in match.slots]
    shown = [times.get(k or "") for k in letters]
    if not any(shown):
        return ranges
    found = [(a.lo, a.hi) if a is not None else rest.pop(0) for a in shown if a or rest]
    return (*found, *rest)


def bare(slot: Node) -> Node:
    """The slot without brackets of its own: t in ``h^{(t)}``."""
    return slot.body if isinstance(slot, Group) else slot


def constant(slot: Node, sizes: Mapping[str, Index]) -> Index | None:
    """The place that an index on the left is where it does not run: 0 in ``h_0``, T in ``d_T``."""
    if not sizes.keys() >= {letter_of(bare(slot))} - {None}:
        return None
    try:
        place = index_of(slot, sizes)
    except NotAnIndex:
        return None
    return None if place.index.axes or place.axes else place.index


def built_in_order(
    items: Sequence[T],
    name: Callable[[T], str],
    needs: Callable[[T], frozenset[str]],
    build: Callable[[T], R],
) -> Iterator[tuple[T, R]]:
    """Every item with what is built of it, behind what it needs; independent ones as given.

    Where items need each other, the first that can be built goes first. Raises the `Problem` of the
    first of them where none can.
    """
    waiting = list(items)
    while waiting:
        names = {name(i) for i in waiting}
        ready = next((i for i in waiting if not needs(i) & names), None)
        chosen, built = (ready, build(ready)) if ready is not None else _first(waiting, build)
        waiting.remove(chosen)
        yield chosen, built


def _first(items: Sequence[T], build: Callable[[T], R]) -> tuple[T, R]:
    problems: list[Problem] = []
    for item in items:
        try:
            return item, build(item)
        except Problem as problem:
            problems.append(problem)
    raise problems[0]


def hull(ranges: Iterable[Range]) -> Range:
    """From the first to the last place. Raises `IllFormed` where sizes decide which that is."""
    (lo, hi), *rest = ranges
    for low, high in rest:
        lo, hi = _outer(lo, low, -1), _outer(hi, high, 1)
    return lo, hi


def _outer(one: Index, other: Index, sign: int) -> Index:
    if surely_nonnegative(sign * (one - other)):
        return one
    if surely_nonnegative(sign * (other - one)):
        return other
    raise IllFormed(f"the sizes decide which of {one} and {other} comes first")


# What begins a recurrence


@dataclass(frozen=True)
class Start:
    """A tensor that is only read, and the equation that begins another one with it."""

    tensor: Tensor
    equation: Equation


def starts(
    loop: Loop,
    tensors: Mapping[str, Tensor],
    zero: Container[str],
    name: Callable[[Notation], str],
) -> Iterator[Start]:
    """What the loop reads of its own tensors and no equation of it defines, place by place.

    Nothing where they are ``zero`` there. Tensors change while the starts are taken.
    """
    for tensor in dict.fromkeys(e.tensor for e in loop.equations):
        if tensor in zero:
            continue
        k = loop.position[tensor]
        lo, hi = tensors[tensor].ranges[k]
        reads = (r for e in loop.equations for r in _guarded(e.rhs) if r[0].tensor == tensor)
        within = [_within(access.indices[k], guards) for access, guards in reads]
        ends = [least(i) if loop.step > 0 else greatest(i) for i in within]
        missing = [lo - e if loop.step > 0 else e - hi for e in ends if e is not None]
        count = max((m.value or 0 for m in missing), default=0)
        for distance in range(1, count + 1):
            place = lo - distance if loop.step > 0 else hi + distance
            yield _start(tensors[tensor], k, place, name)


def _guarded(
    expr: Expr, guards: tuple[Index, ...] = ()
) -> Iterator[tuple[Access, tuple[Index, ...]]]:
    """Every read with what has to be at least 0 before it counts."""
    if isinstance(expr, Access):
        yield expr, guards
    if isinstance(expr, Product):
        guards = (*guards, *(f.index for f in expr.factors if isinstance(f, Guard)))
    for part in children(expr):
        yield from _guarded(part, guards)


def _within(index: Index, guards: Iterable[Index]) -> Index:
    """The index over the places alone at which the guards hold."""
    for guard in guards:
        for axis in index.axes & guard.axes:
            beyond = guard - axis if guard.coefficient(axis).value == 1 else -guard - axis
            if beyond.axes:
                continue
            lo, hi = axis.lo, axis.hi
            if guard.coefficient(axis).value == 1 and surely_nonnegative(-beyond - lo):
                lo = -beyond
            elif guard.coefficient(axis).value == -1 and surely_nonnegative(hi + beyond):
                hi = -beyond
            index = index.substitute({axis: Index.of(Axis(axis.name, lo, hi))})
    return index


def _start(tensor: Tensor, k: int, place: Index, name: Callable[[Notation], str]) -> Start:
    notation = _without(tensor.notation, k, str(place))
    ranges = (*tensor.ranges[:k], *tensor.ranges[k + 1 :])
    letters = "ijklmn"
    axes = tuple(Axis(letters[n % 6], lo, hi) for n, (lo, hi) in enumerate(ranges))
    own = tuple(Index.of(a) for a in axes)
    given = Tensor(name(notation), ranges, notation, tensor.row)
    rhs = Access(given.name, own)
    return Start(given, Equation(tensor.name, axes, rhs, place=(*own[:k], place, *own[k:])))


def _without(notation: Notation, k: int, label: str) -> Notation:
    """The notation with a label where slot ``k`` was; below where it stood in brackets."""

    def moved(items: tuple[int | str, ...]) -> tuple[int | str, ...]:
        texts = {k: label}
        return tuple(s if isinstance(s, str) else texts.get(s, s - (s > k)) for s in items)

    args = tuple(s - (s > k) for s in notation.args if s != k)
    sub, sup = moved(notation.sub), moved(notation.sup)
    if k in notation.args:
        sub = (*sub, label)
    return replace(notation, sub=sub, sup=sup, args=args)


def require_whole(
    loop: Loop,
    tensor: str,
    tensors: Mapping[str, Tensor],
    begun: Iterable[Equation],
    shown: str,
) -> None:
    """Raise `IllFormed` unless every place of the tensor along the loop is defined once."""
    spans = []
    for e in (e for e in (*begun, *loop.equations) if e.tensor == tensor):
        along = loop.along(e)
        axis = next(iter(along.axes), None)
        spans.append((along, along) if axis is None else (axis.lo, axis.hi))
    lo, hi = tensors[tensor].ranges[loop.position[tensor]]
    while spans:
        found = next((s for s in spans if s[0] == lo), None)
        if found is None:
            raise IllFormed(
                f"{shown} is defined twice at {lo}, or not at all",
                expected="one equation for every place",
            )
        spans.remove(found)
        lo = found[1] + 1
    if lo != hi + 1:
        raise IllFormed(f"{shown} is not defined at {lo}", expected="one equation for every place")
