r"""Bounds of running indices: under a sum, in a quantifier, on a displayed set.

``u = -2`` with 2 above; ``i, j = 1, 2, \dots, 24``; ``p \in \{1, \dots, P\}``; ``1 \le i \le n``;
a bare ``k``, whose range is that of the slots it is used in.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from derive.errors import IllFormed
from derive.expr import ONE, Delta, Expr, Guard, add, negative
from derive.index import Axis, Index
from derive.reading.capitals import part_that_runs
from derive.reading.indices import Place, index_of
from derive.reading.letters import ranges_of
from derive.reading.names import letter_of
from derive.reading.problems import Foreign
from derive.reading.running_bounds import running_axis
from derive.reading.scope import Scope
from derive.reading.surface import Collection, Dots, Group, Name, Node, Numeral, Relation, Unary
from derive.reading.undeclared import unknown_that_runs

LESS = {r"\le", r"\leq", r"\leqslant", "<", "<=", r"\lt"}
STRICT = {"<", r"\lt"}
GREATER = {r"\ge", r"\geq", r"\geqslant", ">", ">=", r"\gt"}


@dataclass(frozen=True)
class Bounds:
    """A letter with the surface of its bounds; ``None`` where they are left to inference.

    ``listed`` are the values before the dots, as in 1, 2, \\dots, n.
    """

    letter: str
    low: Node | None
    high: Node | None
    offset: int
    strict_low: bool = False
    strict_high: bool = False
    listed: tuple[Node, ...] = ()


def is_quantifier(node: Node) -> bool:
    """True for ``i, j = 1, \\dots, n``, ``p \\in \\{1, \\dots\\}`` and ``1 \\le i \\le n``."""
    return isinstance(node, Relation) and bool(read_bounds(node, None))


def read_bounds(item: Node, upper: Node | None) -> list[Bounds]:
    """The letters that ``item`` gives bounds to, or an empty list where it gives none."""
    if (letter := letter_of(item)) is not None:
        return [Bounds(letter, None, upper, item.span.start)]
    if isinstance(item, Collection) and item.bracket == "" and not item.sub:
        return [b for part in item.items for b in read_bounds(part, upper)]
    if not isinstance(item, Relation):
        return []
    if len(item.sides) == 3 and set(item.operators) <= LESS:
        low, middle, high = item.sides
        first, second = (op in STRICT for op in item.operators)
        return [Bounds(k, low, high, at, first, second) for k, at in _letters(middle)]
    if len(item.sides) == 3 and set(item.operators) <= GREATER:
        high, middle, low = item.sides
        second, first = (op in {">", r"\gt"} for op in item.operators)
        return [Bounds(k, low, high, at, first, second) for k, at in _letters(middle)]
    if len(item.sides) != 2:
        return []
    left, right = item.sides
    names = _letters(left)
    if item.operators == ("=",) and isinstance(right, Collection) and right.bracket in ("[", "("):
        return []  # a vector of numbers
    if item.operators == (r"\in",) or (item.operators == ("=",) and upper is None):
        listed = _listed(right) or (_only(right) if item.operators == (r"\in",) else ())
        return [
            Bounds(letter, listed[0], listed[-1], at, listed=listed[:-1])
            for letter, at in names
            if listed
        ]
    if item.operators == ("=",):
        return [Bounds(letter, right, upper, at) for letter, at in names]
    return []


def _letters(node: Node) -> list[tuple[str, int]]:
    """The letters of ``i`` or ``i, j`` with their places; none where something else stands."""
    items = node.items if isinstance(node, Collection) and node.bracket == "" else (node,)
    found = [(letter_of(n), n.span.start) for n in items]
    letters = [(letter, at) for letter, at in found if letter is not None]
    return letters if len(letters) == len(items) else []


def _listed(node: Node) -> tuple[Node, ...]:
    """The values that ``1, 2, \\dots, n``, ``\\{1, \\dots, n\\}`` or ``[1, n]`` shows, no dots."""
    inner = node.body if isinstance(node, Group) and node.bracket == "{" else node
    if not isinstance(inner, Collection) or inner.sub or len(inner.items) < 2:
        return ()
    if all(isinstance(i, Numeral) for i in inner.items):
        return inner.items
    if len(inner.items) < 3:
        return inner.items if inner.bracket == "[" and isinstance(inner.items[0], Numeral) else ()
    *before, dots, last = inner.items
    values = [*before, last]
    plain = isinstance(dots, Dots) and not any(isinstance(i, Dots) for i in values)
    return tuple(values) if plain else ()


def _only(node: Node) -> tuple[Node, ...]:
    """The value of ``\\{0\\}``."""
    one = isinstance(node, Collection) and node.bracket == "{" and len(node.items) == 1
    return node.items if one and isinstance(node, Collection) and not node.sub else ()


def make_axis(bounds: Bounds, scope: Scope, body: Iterable[Node]) -> Axis:
    """The axis of a letter; a missing range is that of the slots it fills alone in ``body``.

    Raises `IllFormed` where bounds are not in sizes alone, or none can be found.
    """
    if bounds.low is None:
        return _inferred(bounds, scope, body)
    if _infinite(bounds.low) and _infinite(bounds.high):
        axis = _inferred(bounds, scope, body)
        scope.note(f"the terms beyond {axis.lo}..{axis.hi} are 0")
        return axis
    low = _bound(bounds.low, scope) + int(bounds.strict_low)
    _require_consecutive(bounds, low, scope)
    if bounds.high is None:
        raise IllFormed(
            f"{bounds.letter} starts at {low} and has no upper bound",
            offset=bounds.offset,
            expected="an upper bound, as in \\sum_{i=1}^{n}",
        )
    return Axis(bounds.letter, low, _bound(bounds.high, scope) - int(bounds.strict_high))


def _infinite(node: Node | None) -> bool:
    r"""``\infty`` or its negative."""
    inner = node.body if isinstance(node, Unary) else node
    return isinstance(inner, Name) and inner.base == r"\infty"


def _require_consecutive(bounds: Bounds, low: Index, scope: Scope) -> None:
    for step, node in enumerate(bounds.listed):
        value = _bound(node, scope)
        if value != low + step:
            raise IllFormed(
                f"{bounds.letter} = {low}, ..., then {value}: the values do not count up by one",
                offset=node.span.start,
                expected=f"{low + step}",
            )


def _bound(node: Node, scope: Scope) -> Index:
    place = index_of(node, scope.letters)
    if place.index.axes or place.axes:
        raise IllFormed(
            f"the bound {place.index} depends on a running index",
            offset=node.span.start,
            expected="a bound in sizes and integers",
        )
    return place.index


def with_quantifiers(relations: Iterable[Node], scope: Scope) -> Scope:
    """The scope in which the quantified letters have their ranges."""
    for relation in relations:
        for bounds in read_bounds(relation, None):
            scope = scope.quantify(make_axis(bounds, scope, ()))
    return scope


def _inferred(bounds: Bounds, scope: Scope, body: Iterable[Node]) -> Axis:
    if bounds.letter in scope.given:
        return scope.given[bounds.letter].like()
    for node in body:
        found = ranges_of(bounds.letter, node, scope)
        if len(found) == 1:
            lo, hi = found[0]
            scope.note(f"{bounds.letter} runs over {lo}..{hi}")
            return Axis(bounds.letter, lo, hi)
        if found:
            listed = " and ".join(f"{lo}..{hi}" for lo, hi in found)
            raise IllFormed(
                f"{bounds.letter} has no bounds and indexes the ranges {listed}",
                offset=bounds.offset,
                advice=f"write them, as in {bounds.letter} = {found[0][0]}, ..., {found[0][1]}",
            )
    for ask in (part_that_runs, unknown_that_runs):
        if (asked := ask(bounds.letter, body, scope)) is not None:
            raise asked
    if (twin := scope.given.get(bounds.letter.rstrip("'"))) is not None:
        scope.note(f"{bounds.letter} runs over {twin.lo}..{twin.hi}, as {twin.name} does")
        return Axis(bounds.letter, twin.lo, twin.hi)
    raise Foreign(
        f"the range of {bounds.letter} is not given and does not follow from its use",
        offset=bounds.offset,
        advice=f"write {bounds.letter} = 1, ..., n",
    )


def sum_axes(
    lower: tuple[Node, ...], upper: Node | None, body: Node, scope: Scope
) -> tuple[list[Axis], list[Expr], Scope]:
    r"""The axes under a sum, brackets from side conditions (``k \ne i``), and the scope inside.

    Raises `IllFormed` for an index that is already running, or a lower part that gives no bounds.
    """
    axes: list[Axis] = []
    brackets: list[Expr] = []
    conditions: list[Node] = []
    pending: list[Bounds] = []
    for item in lower:
        found = read_bounds(item, upper)
        if not found:
            _require_bound(item, scope)
            conditions.append(item)
        elif isinstance(item, Name):
            pending += found
        else:
            # In \sum_{u,v=-2}^{2} the bounds hold for u as well.
            pending = [Bounds(p.letter, found[0].low, found[0].high, p.offset) for p in pending]
            axes, brackets, scope = _bind(pending + found, axes, brackets, scope, body)
            pending = []
    axes, brackets, scope = _bind(pending, axes, brackets, scope, body)
    if lower and not axes:
        asked = [c for c in conditions if isinstance(c, Relation)]
        names = {k: at for c in asked for k, at in _letters(c.sides[0])}
        # Under a double sum, \sum_{i \ne j}, the other side has a letter of its own too.
        others = {k: at for c in asked for k, at in _letters(c.sides[-1])}
        names |= {k: at for k, at in others.items() if k not in {*names, *scope.letters}}
        implied = [Bounds(k, None, None, at) for k, at in names.items()]
        axes, brackets, scope = _bind(implied, axes, brackets, scope, body)
    return axes, [*brackets, *(_condition(c, scope) for c in conditions)], scope


def _require_bound(item: Node, scope: Scope) -> None:
    """Raise `IllFormed` for ``u = 1`` under a sum that has nothing above it."""
    if isinstance(item, Relation) and item.operators == ("=",):
        for letter, at in _letters(item.sides[0]):
            if not scope.running(letter):
                raise IllFormed(
                    f"{letter} starts here and has no upper bound",
                    offset=at,
                    expected="an upper bound, as in \\sum_{i=1}^{n}",
                )


def _bind(
    found: list[Bounds], axes: list[Axis], brackets: list[Expr], scope: Scope, body: Node
) -> tuple[list[Axis], list[Expr], Scope]:
    for bounds in found:
        if scope.running(bounds.letter):
            raise IllFormed(
                f"the index {bounds.letter} is used twice: it runs already and is bound again",
                offset=bounds.offset,
                advice="give one of the two another letter",
            )
        axis, within = _running(bounds, scope) or (make_axis(bounds, scope, (body,)), ())
        axes, brackets = [*axes, axis], [*brackets, *within]
        scope = scope.with_letters({bounds.letter: Index.of(axis)})
        inside = tuple(b.index for b in within if isinstance(b, Guard))
        scope = replace(scope, nonnegative=(*scope.nonnegative, *inside))
    return axes, brackets, scope


def _running(bounds: Bounds, scope: Scope) -> tuple[Axis, tuple[Expr, ...]] | None:
    """The axis of bounds that depend on running indices, and its brackets."""
    if bounds.low is None or bounds.high is None or bounds.listed:
        return None
    strict = (bounds.strict_low, bounds.strict_high)
    return running_axis(bounds.letter, bounds.low, bounds.high, strict, scope)


def _condition(node: Node, scope: Scope) -> Expr:
    """A side condition as a bracket: ``k \\ne i``, ``j < i``, ``k = i``."""
    if isinstance(node, Relation) and len(node.sides) == 2:
        left, right = (_plain(index_of(s, scope.letters)) for s in node.sides)
        operator = node.operators[0]
        if operator in {r"\ne", r"\neq", "!="}:
            return add(ONE, negative(Delta(left - right)))
        if operator == "=":
            return Delta(left - right)
        if operator in LESS:
            return Guard(right - left - int(operator in STRICT))
        if operator in {r"\ge", r"\geq", r"\geqslant", ">", ">=", r"\gt"}:
            return Guard(left - right - int(operator in {">", r"\gt"}))
    raise IllFormed(
        "this gives no bounds to a running index",
        offset=node.span.start,
        expected="i = 1 with an upper bound, 1 \\le i \\le n, or a letter",
    )


def _plain(place: Place) -> Index:
    if place.axes:
        raise IllFormed("a rounded index cannot stand in a condition")
    return place.index
