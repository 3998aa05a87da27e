r"""How a list of index tuples goes on where dots stand: ``(1,1), (1,2), …, (1,11)``.

Three laws are known: equal steps; equal steps after every so many repetitions (``1, 1, 2, 2, …``);
and counting, where one place runs through its values before the next one moves. A law counts only
if it passes through every shown tuple in the right order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice, pairwise

Tuple = tuple[int, ...]
MOST = 4096


@dataclass(frozen=True)
class Progression:
    """All tuples, and where (from 0) each shown one stands; ``step`` is that of an even list."""

    items: tuple[Tuple, ...]
    places: tuple[int | None, ...]
    step: Tuple | None = None


def continued(shown: Sequence[Tuple | None], length: int | None = None) -> Progression | None:
    """The whole list, ``None`` marking dots; ``length`` is how long it is where that is known.

    ``None`` where no law, or none of this length, passes through what is shown.
    """
    at = next((k for k, item in enumerate(shown) if item is None), None)
    if at is None:
        items = [item for item in shown if item is not None]
        return Progression(tuple(items), tuple(range(len(items))), _even(items))
    first = [item for item in shown[:at] if item is not None]
    last = [item for item in shown[at:] if item is not None]
    if not first or len({len(t) for t in (*first, *last)}) != 1:
        return None
    for law in _laws(first, last, length):
        items = list(islice(law, MOST if length is None else length))
        whole = _through(items, first, last, length)
        if whole is not None:
            count = len(whole)
            places = [*range(len(first)), *range(count - len(last), count)]
            spread: list[int | None] = []
            rest = iter(places)
            spread = [None if item is None else next(rest) for item in shown]
            return Progression(tuple(whole), tuple(spread), _even(whole))
    return None


def _through(
    items: list[Tuple], first: list[Tuple], last: list[Tuple], length: int | None
) -> list[Tuple] | None:
    """The list up to where ``last`` ends it; ``None`` where it does not pass through all."""
    if items[: len(first)] != first:
        return None
    if not last:
        return items if length is not None and len(items) == length else None
    ends = [
        k for k in range(len(first) + len(last), len(items) + 1) if items[k - len(last) : k] == last
    ]
    if length is not None:
        return items[:length] if length in ends else None
    return items[: ends[-1]] if ends and ends[-1] < MOST else None


def _even(items: Sequence[Tuple]) -> Tuple | None:
    """The step of a list in equal steps."""
    if len(items) < 2:
        return (0,) * len(items[0]) if items else None
    step = _minus(items[1], items[0])
    pairs = pairwise(items)
    return step if all(_minus(b, a) == step for a, b in pairs) else None


def _laws(first: list[Tuple], last: list[Tuple], length: int | None) -> Iterator[Iterator[Tuple]]:
    runs = [len(list(group)) for _, group in groupby(first)]
    heads = [key for key, _ in groupby(first)]
    step = _minus(heads[1], heads[0]) if len(heads) > 1 else _unit(heads[0], last)
    if step is not None and any(step):
        end = _count(heads[0], step, last[-1]) if last else None
        if len(heads) > 1 or (runs[0] == 1 and length is None):
            yield _steps(heads[0], step, runs[0], end)
        elif end is not None and length is not None and length % end == 0:
            yield _steps(heads[0], step, length // end, end)
    yield from _counting(first, last)


def _unit(start: Tuple, last: list[Tuple]) -> Tuple | None:
    """The step by one from the first to the last tuple, where all places move equally far."""
    if not last:
        return None
    whole = _minus(last[-1], start)
    if len({abs(n) for n in whole if n}) != 1:
        return None
    return tuple((n > 0) - (n < 0) for n in whole)


def _count(start: Tuple, step: Tuple, end: Tuple) -> int | None:
    """How many steps there are up to ``end``, both included."""
    place = next(k for k, n in enumerate(step) if n)
    count, rest = divmod(end[place] - start[place], step[place])
    reached = tuple(a + count * n for a, n in zip(start, step, strict=True))
    return count + 1 if rest == 0 and count >= 0 and reached == end else None


def _steps(start: Tuple, step: Tuple, repeat: int, count: int | None) -> Iterator[Tuple]:
    number = 0
    while count is None or number < count:
        item = tuple(a + number * n for a, n in zip(start, step, strict=True))
        for _ in range(repeat):
            yield item
        number += 1


def _counting(first: list[Tuple], last: list[Tuple]) -> Iterator[Iterator[Tuple]]:
    """Places in the order in which they first move, each over the values that were seen."""
    shown = [*first, *last]
    moving = [k for k in range(len(shown[0])) if len({t[k] for t in shown}) > 1]
    moved = {
        k: next((n for n, t in enumerate(first) if t[k] != first[0][k]), len(first)) for k in moving
    }
    order = sorted(moving, key=lambda k: (moved[k], -k))
    if not order or len(first) < 2:
        return
    tops = {k: max(t[k] for t in shown) for k in order}
    yield _odometer(first[0], order, tops)


def _odometer(start: Tuple, order: list[int], tops: dict[int, int]) -> Iterator[Tuple]:
    now = list(start)
    while True:
        yield tuple(now)
        for place in order:
            if now[place] < tops[place]:
                now[place] += 1
                break
            now[place] = start[place]
        else:
            return


def _minus(a: Tuple, b: Tuple) -> Tuple:
    return tuple(x - y for x, y in zip(a, b, strict=True))
