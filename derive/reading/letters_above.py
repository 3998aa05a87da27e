r"""A letter numbers samples above or below, not both: ``x_i^{(j)}`` is none beside ``y^{(i)}``."""

from __future__ import annotations

from collections.abc import Iterable

from derive.errors import IllFormed
from derive.reading.capitals import in_other_case
from derive.reading.letters import occurrences
from derive.reading.lexicon import Occurrence
from derive.reading.names import letter_of, readable
from derive.reading.scope import Scope
from derive.reading.surface import Group, Node
from derive.reading.undeclared import as_typed


def require_letters_above(nodes: Iterable[Node], scope: Scope) -> None:
    """Raise `IllFormed` where an element of a matrix has below what others have above.

    Of a matrix in capitals alone, whose elements tell by no declaration which number is which.
    """
    found = [i for node in nodes for i in occurrences(node)]
    above: dict[str, dict[str, Occurrence]] = {}
    for item in found:
        if (letter := _above(item)) is not None:
            above.setdefault(letter, {}).setdefault(item.head, item)
    for item in found:
        low, high = _below(item), _above(item)
        if low is None or high is None or above[high].keys() != {item.head}:
            continue
        others = [i for head, i in above.get(low, {}).items() if head != item.head]
        if others and _is_element_of_capital(item, scope):
            mine, theirs = readable(as_typed(item)), readable(as_typed(others[0]))
            raise IllFormed(
                f"{low} stands below in {mine}, and above in {theirs}", offset=item.span.start
            )


def _above(item: Occurrence) -> str | None:
    """The letter that stands alone in round brackets above."""
    if len(item.name.sup) != 1 or not isinstance(group := item.name.sup[0], Group):
        return None
    return letter_of(group.body) if group.bracket == "(" else None


def _below(item: Occurrence) -> str | None:
    return letter_of(item.name.sub[0]) if len(item.name.sub) == 1 else None


def _is_element_of_capital(item: Occurrence, scope: Scope) -> bool:
    return scope.lexicon.match(item) is None and in_other_case(item, scope) is not None
