r"""Bounds of a sum that depend on indices which run already: ``\sum_{j=1}^{i}``.

The index runs over all values that the bounds can take, and brackets keep it within them:
``\sum_{j=1}^{n} [j \le i]``. Rounded quotients and extremes are bounds as well,
``\lceil (i - 1)/2 \rceil``, ``\max(0, i - 3)``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from derive.expr import Expr, Guard
from derive.index import Axis, Index, greatest, least
from derive.reading.indices import NotAnIndex, index_of
from derive.reading.scope import Scope
from derive.reading.surface import Binary, Call, Fraction_, Group, Name, Node

_EXTREMES = {r"\max": True, r"\min": False}


@dataclass(frozen=True)
class Limit:
    """``step * u >= top`` for a lower bound, ``step * u <= top`` for an upper one."""

    top: Index
    step: int

    @property
    def runs(self) -> bool:
        """Whether it depends on an index."""
        return bool(self.top.axes)


def running_axis(
    letter: str, low: Node, high: Node, strict: tuple[bool, bool], scope: Scope
) -> tuple[Axis, tuple[Expr, ...]] | None:
    """The axis of a letter and the brackets that its bounds are.

    ``None`` where neither bound depends on an index, or one cannot be read as a limit.
    """
    try:
        lows = list(_limits(low, True, int(strict[0]), scope))
        highs = list(_limits(high, False, -int(strict[1]), scope))
    except NotAnIndex:
        return None
    if not any(limit.runs for limit in (*lows, *highs)):
        return None
    first, last = _end(lows, lower=True), _end(highs, lower=False)
    if first is None or last is None:
        return None
    axis = Axis(letter, first, last)
    at = Index.of(axis)
    brackets = (
        *(Guard(n.step * at - n.top) for n in lows if n.runs or len(lows) > 1),
        *(Guard(n.top - n.step * at) for n in highs if n.runs or len(highs) > 1),
    )
    return axis, brackets


def _limits(node: Node, lower: bool, shift: int, scope: Scope) -> Iterator[Limit]:
    """The limits that all have to hold; raises `NotAnIndex`."""
    if isinstance(node, Call) and _is_extreme(node, lower):
        for argument in node.args:
            yield from _limits(argument, lower, shift, scope)
        return
    if isinstance(node, Group) and node.bracket in (r"\lceil", r"\lfloor"):
        yield _rounded(node, lower, shift, scope)
        return
    place = index_of(node, scope.letters)
    if place.axes:
        raise NotAnIndex("this is no bound", offset=node.span.start)
    yield Limit(place.index + shift, 1)


def _is_extreme(node: Call, lower: bool) -> bool:
    """Whether a call is a maximum (a minimum, for an upper bound): all its arguments bound."""
    return isinstance(node.head, Name) and _EXTREMES.get(node.head.base) is lower


def _rounded(node: Group, lower: bool, shift: int, scope: Scope) -> Limit:
    r"""``u >= \lceil a / s \rceil`` is ``s u >= a``; where it rounds the other way, s - 1 more."""
    match node.body:
        case Fraction_(top, bottom) | Binary("/", top, bottom):
            a, s = index_of(top, scope.letters), index_of(bottom, scope.letters).index.value
        case _:
            a, s = index_of(node.body, scope.letters), 1
    if a.axes or s is None or s <= 0:
        raise NotAnIndex("this is no bound", offset=node.span.start)
    inner = (node.bracket == r"\lceil") is lower
    slack = 0 if inner else (1 - s if lower else s - 1)
    return Limit(a.index + slack + s * shift, s)


def _end(limits: list[Limit], lower: bool) -> Index | None:
    """How far the axis runs at most: the end that one limit allows, one that stands still first."""
    for limit in sorted(limits, key=lambda n: n.runs):
        far = least(limit.top) if lower else greatest(limit.top)
        if far is not None and limit.step == 1:
            return far
        if far is not None and far.value is not None:
            value = far.value
            return Index.of(-(-value // limit.step) if lower else value // limit.step)
    return None
