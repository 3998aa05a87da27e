r"""Letters behind dots that name the last value: ``S_1 k_1 + S_2 k_2 + \dots + S_p k_p``.

A letter that no sum binds, that the left side does not have and that stands only behind the dots
can mean nothing but the end of the range.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from derive.index import Index
from derive.reading.letters import uses
from derive.reading.names import readable
from derive.reading.numbered import with_values
from derive.reading.scope import Scope
from derive.reading.summands import Sum, Summand
from derive.reading.surface import Dots, Matrix, Node


def with_last_letters(left: Node, sums: Iterable[Sum | None], scope: Scope) -> Scope:
    """The scope in which such letters have the last value of the slots that they fill."""
    own = {u.letter for u in uses(left, scope)}
    for total in sums:
        before: set[str] = set()
        ends: dict[str, set[Index]] = {}
        dots = False
        for item in total.items if total is not None else ():
            if not isinstance(item, Summand):
                dots = True
                continue
            for use in uses(item.node, scope):
                if not dots:
                    before.add(use.letter)
                elif use.range is not None:
                    ends.setdefault(use.letter, set()).add(use.range[1])
        for letter, found in ends.items():
            if letter not in own | before and letter not in scope.given and len(found) == 1:
                (end,) = found
                scope.note(f"{readable(letter)} stands for its last value, {end}")
                scope = scope.with_letters({letter: end})
    return scope


def without_general_term(total: Sum | None, left: Node, scope: Scope) -> Sum | None:
    r"""``x_1 + \dots + x_k + \dots + x_n`` without ``x_k``, which only shows the pattern.

    It stands between dots and has an index of its own.
    """
    if total is None or not total.dotted:
        return total
    own = {u.letter for u in uses(left, scope)} | set(scope.given)
    items = list(total.items)
    for k in range(len(items) - 2, 0, -1):
        item = items[k]
        between = isinstance(items[k - 1], Dots) and isinstance(items[k + 1], Dots)
        if between and isinstance(item, Summand):
            letters = {u.letter for u in uses(item.node, scope)} - own
            if letters:
                scope.note(f"the term with {', '.join(sorted(letters))} shows the pattern")
                del items[k : k + 2]
    return replace(total, items=tuple(items))


def with_last_cells(node: Node, scope: Scope) -> Node:
    r"""An array behind whose dots a letter names the last value: ``z_1, z_2, \vdots, z_n``."""
    if not isinstance(node, Matrix) or not has_dotted_cells(node):
        return node
    first = {u.letter for u in uses(node.rows[0][0], scope)}
    values: dict[str, int | None] = {}
    for cell in (c for row in node.rows for c in row):
        for use in uses(cell, scope):
            if use.letter not in first and use.letter not in scope.given and use.range is not None:
                values.setdefault(use.letter, use.range[1].value)
    for letter, value in values.items():
        scope.note(f"{readable(letter)} stands for its last value, {value}")
    rows = tuple(tuple(with_values(c, values) for c in row) for row in node.rows)
    return replace(node, rows=rows) if values else node


def has_dotted_cells(node: Matrix) -> bool:
    """Whether dots stand for cells of the array."""
    return any(isinstance(c, Dots) for row in node.rows for c in row)
