r"""Letters behind dots that name the last value: ``S_1 k_1 + S_2 k_2 + \dots + S_p k_p``.

A letter that no sum binds, that the left side does not have and that stands only behind the dots
can mean nothing but the end of the range.
"""

from __future__ import annotations

from collections.abc import Iterable

from derive.index import Index
from derive.reading.letters import uses
from derive.reading.names import readable
from derive.reading.scope import Scope
from derive.reading.summands import Sum, Summand
from derive.reading.surface import Node


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
