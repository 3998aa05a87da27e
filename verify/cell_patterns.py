r"""What the right cells of an array ask for in the places of the wrong ones.

    numbers run evenly      dJ/dC(i, j) in row i and column j, and so where C(3, 1) stands
    one number is other     k^1(1, 1), k^1(1, 2) above k^2(2, 1), k^2(2, 2): a label that changes

A guess: whoever uses it has to see that it makes the formula right.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from derive.reading.cells import Place

_NUMBER = re.compile(r"\d+")
FEWEST_ROWS = 2
Texts = Mapping[Place, str]


def by_pattern(shown: Texts, wrong: Collection[Place]) -> dict[Place, str] | None:
    """The text of every wrong cell as the right ones ask for; ``None`` where they ask nothing."""
    right = {place: text for place, text in shown.items() if place not in wrong}
    if not right or not wrong or len({_blank(t) for t in right.values()}) != 1:
        return None
    found = _evenly(right, wrong) or _one_number(right, {p: shown[p] for p in wrong})
    return None if found is None or all(found[p] == shown[p] for p in wrong) else found


def _evenly(right: Texts, wrong: Collection[Place]) -> dict[Place, str] | None:
    """Each number a constant, or the row or the column and a constant."""
    if len({row for row, _ in right}) < FEWEST_ROWS or not _columns_known(right, wrong):
        return None
    laws = [law for k in range(_count(right)) if (law := _law(right, k)) is not None]
    if len(laws) != _count(right):
        return None
    template = next(iter(right.values()))
    return {place: _filled(template, [base + r * place[0] + c * place[1] for base, r, c in laws])
            for place in wrong}  # fmt: skip


def _columns_known(right: Texts, wrong: Collection[Place]) -> bool:
    """Whether more than one column is seen, or there is one only."""
    columns = {column for _, column in right}
    return len(columns) > 1 or {column for _, column in wrong} == columns


def _law(right: Texts, position: int) -> tuple[int, int, int] | None:
    """``n = base + r row + c column`` with r and c 0 or 1, one of them at most."""
    values = {place: _numbers(text)[position] for place, text in right.items()}
    for r, c in ((0, 0), (1, 0), (0, 1)):
        bases = {n - r * place[0] - c * place[1] for place, n in values.items()}
        if len(bases) == 1:
            return bases.pop(), r, c
    return None


def _one_number(right: Texts, wrong: Texts) -> dict[Place, str] | None:
    """The first number that is the same in all right cells and another one in all wrong cells."""
    if {_blank(t) for t in wrong.values()} != {_blank(t) for t in right.values()}:
        return None
    for position in range(_count(right)):
        values = {_numbers(text)[position] for text in right.values()}
        here = {_numbers(text)[position] for text in wrong.values()}
        if len(values) == 1 and not values & here:
            return {
                place: _filled(
                    text, [*(n := _numbers(text))[:position], *values, *n[position + 1 :]]
                )
                for place, text in wrong.items()
            }
    return None


def _count(texts: Texts) -> int:
    return len(_numbers(next(iter(texts.values()))))


def _numbers(text: str) -> list[int]:
    return [int(n) for n in _NUMBER.findall(text)]


def _blank(text: str) -> str:
    return re.sub(r"\s+", "", _NUMBER.sub("#", text))


def _filled(text: str, numbers: Collection[int]) -> str:
    """The text with these numbers in place of its own."""
    parts = _NUMBER.split(text)
    between = [*map(str, numbers), ""]
    return "".join(a + b for a, b in zip(parts, between, strict=True))
