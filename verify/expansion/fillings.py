r"""Whether dots could make a displayed sum right at all.

``t_{11} + t_{12} + \dots`` where no shown term is known: the dots stand for terms of the form of
those that are shown. The left side less the shown terms is then a sum of such terms. Where it is no
linear combination of them, with any coefficients, at some points modulo a prime, nothing that the
dots could stand for makes the formula right.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from derive.equations import adjoint_of
from derive.errors import Problem
from derive.expr import Access, Expr, accesses, add, negative, rewrite
from derive.index import Axis, Index
from derive.residues import MERSENNE, Pole
from verify.bench import Bench
from verify.mending.hole import NAME as HOLE_NAME
from verify.trial import Trial

MOST_TERMS = 100
"""Places at which terms of one form are tried."""
SPARE = 6
"""Equations beyond the number of terms, each of which a chance would have to meet."""
MOST_POINTS = 30
"""Runs of the model that give equations, fewer where it is large."""
WORK = 2_000_000
"""Terms of the model that may be computed in all."""

Place = tuple[int, int]
"""The number of an access, and that of one of its indices."""


def nothing_helps(left: Expr, shown: Sequence[Expr], axes: tuple[Axis, ...], bench: Bench) -> bool:
    """Whether no terms of the form of ``shown`` complete their sum to ``left``."""
    moved = _moved(shown)
    if moved is None or _reads_a_hole(left, *shown):
        return False
    running = _running(accesses(shown[0]), moved, bench)
    if running is None:
        return False
    term, steps = _general(shown[0], moved, running)
    rest = add(left, *(negative(s) for s in shown))
    rows: list[list[int]] = []
    for point in _points(bench):
        try:
            rows += _equations(rest, term, axes, steps, point)
        except (Problem, Pole):
            return False
        if len(rows) >= len(rows[0]) + SPARE:
            return _inconsistent(rows[: len(rows[0]) + 4 * SPARE], MERSENNE.prime)
    return False


def _reads_a_hole(*exprs: Expr) -> bool:
    """Whether something is left open, which has no value."""
    return any(a.tensor == HOLE_NAME for e in exprs for a in accesses(e))


def _points(bench: Bench) -> Iterator[Trial]:
    """Runs of the model modulo one prime."""
    count = min(MOST_POINTS, max(2, WORK // max(bench.trials.work, 1)))
    runs = (bench.trials.free(number) for number in range(count))
    return (run for run in runs if run is not None)


def _moved(shown: Sequence[Expr]) -> list[tuple[Place, ...]] | None:
    """Indices that move together from term to term; ``None`` where the terms are not of one form.

    An index that is one number in all of them may move behind the dots: nobody can tell.
    """
    forms = {_form(s) for s in shown}
    read = [accesses(s) for s in shown]
    if len(shown) < 3 or len(forms) > 1 or len({len(r) for r in read}) > 1:
        return None
    groups: dict[tuple[int, ...], list[Place]] = {}
    for number, access in enumerate(read[0]):
        for position, index in enumerate(access.indices):
            values = [r[number].indices[position].value for r in read]
            if index.value is None:
                continue
            known = [v for v in values if v is not None]
            path = tuple(v - known[0] for v in known)
            if len(known) < len(values) or not any(path):
                return None
            groups.setdefault(path, []).append((number, position))
    return [tuple(places) for places in groups.values()] or None


def _form(term: Expr) -> Expr:
    """The term with zero for every number among its indices."""

    def rule(node: Expr) -> Expr:
        if not isinstance(node, Access):
            return node
        bare = (Index.of(0) if i.value is not None else i for i in node.indices)
        return replace(node, indices=tuple(bare))

    return rewrite(term, rule)


def _running(
    read: Sequence[Access], moved: Sequence[tuple[Place, ...]], bench: Bench
) -> list[Axis] | None:
    """For each group of indices by how much it may move from the first term, within all ranges."""
    tensors = bench.fixed.tensors
    found, count = [], 1
    for places in moved:
        low, high = -MOST_TERMS, MOST_TERMS
        for number, position in places:
            access = read[number]
            tensor = tensors.get(adjoint_of(access.tensor) or access.tensor)
            here = access.indices[position].value
            if tensor is None or here is None:
                return None
            first, last = (bound.value for bound in tensor.ranges[position])
            if first is None or last is None:
                return None
            low, high = max(low, first - here), min(high, last - here)
        if high < low:
            return None
        found.append(Axis("d", Index.of(low), Index.of(high)))
        count *= high - low + 1
    return found if count <= MOST_TERMS else None


def _general(
    first: Expr, moved: Sequence[tuple[Place, ...]], running: Sequence[Axis]
) -> tuple[Expr, tuple[Axis, ...]]:
    """The term at any place: the first one with its indices moved by the running ones."""
    read = accesses(first)
    by_access: dict[Access, dict[int, Axis]] = {}
    for places, axis in zip(moved, running, strict=True):
        for number, position in places:
            by_access.setdefault(read[number], {})[position] = axis

    def rule(node: Expr) -> Expr:
        steps = by_access.get(node) if isinstance(node, Access) else None
        return _stepped(node, steps) if isinstance(node, Access) and steps else node

    return rewrite(first, rule), tuple(running)


def _stepped(access: Access, steps: Mapping[int, Axis]) -> Access:
    indices = (i + Index.of(steps[k]) if k in steps else i for k, i in enumerate(access.indices))
    return replace(access, indices=tuple(indices))


def _equations(
    rest: Expr, term: Expr, axes: tuple[Axis, ...], steps: tuple[Axis, ...], point: Trial
) -> list[list[int]]:
    """The terms at all places, and behind them what they are to add up to, for every element."""
    wanted = [int(v) for v in point.values(rest, axes).reshape(-1)]
    table = point.values(term, (*axes, *steps)).reshape(len(wanted), -1)
    return [[*map(int, row), value] for row, value in zip(table, wanted, strict=True)]


def _inconsistent(rows: list[list[int]], prime: int) -> bool:
    """Whether the linear equations, each with its right side last, have no solution."""
    width = len(rows[0]) - 1
    top = 0
    for column in range(width):
        pivot = next((k for k in range(top, len(rows)) if rows[k][column]), None)
        if pivot is None:
            continue
        rows[top], rows[pivot] = rows[pivot], rows[top]
        inverse = pow(rows[top][column], -1, prime)
        for k in range(top + 1, len(rows)):
            if factor := rows[k][column] * inverse % prime:
                rows[k] = [
                    (a - factor * b) % prime for a, b in zip(rows[k], rows[top], strict=True)
                ]
        top += 1
    return any(row[-1] for row in rows[top:])
