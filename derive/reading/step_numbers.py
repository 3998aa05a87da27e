r"""The numbers of steps that scripts carry: ``\theta_{t+1}``, ``w^{new}``, ``v^{(k)}``."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from derive.reading.names import is_bare, label
from derive.reading.surface import Binary, Call, Group, Name, Node, Numeral, changed, walk

LETTERS = frozenset({"t", "k", "n", "s", r"\tau", "i"})
BEFORE = {
    "new": "old", "next": "prev", "novo": "antigo", "nova": "antiga",
    "nuevo": "anterior", "nueva": "anterior",
}  # fmt: skip
"""The words of what a step gives, each with that of what it begins with."""
_NEW = frozenset(BEFORE)
_OLD = frozenset({*BEFORE.values(), "velho", "velha"})


@dataclass(frozen=True)
class Time:
    """A name without its step number, and that: ``t + 1`` is ``("t", 1)``."""

    stem: Name
    letter: str
    offset: int


def with_numbers_below(node: Node, letter: str) -> Node:
    """``w(t + 1)`` as ``w_{t+1}``, where t is ``letter``."""
    if isinstance(node, Call) and isinstance(node.head, Name) and len(node.args) == 1:
        read = _step_number(node.args[0])
        if read is not None and read[0] == letter:
            return replace(node.head, sub=(*node.head.sub, node.args[0]), span=node.span)
    return changed(node, lambda part: with_numbers_below(part, letter))


def letter_of_calls(left: Node) -> str | None:
    """The letter t of a left side ``w(t + 1)``; ``None`` for any other."""
    called = isinstance(left, Call) and isinstance(left.head, Name) and len(left.args) == 1
    read = _step_number(left.args[0]) if called and isinstance(left, Call) else None
    return read[0] if read is not None and read[1] else None


def left_time(left: Name, right: Node, assigns: bool) -> Time | None:
    """What of the left side counts its steps; ``None`` where the right side has no other step."""
    names = [n for n in walk(right) if isinstance(n, Name)]
    found = times(left)
    for time in found:
        others = [t for n in names for t in times(n) if t.letter == time.letter]
        if any(t.stem == time.stem and t.offset < time.offset for t in others):
            return time
        if time.letter == "new" and others:
            return time
    if assigns and any(n == left for n in names):
        return Time(left, "", 1)
    return None


def times(name: Name) -> list[Time]:
    """Every way to take a script item for the number of the step."""
    found = []
    for place in ("sub", "sup"):
        items: tuple[Node, ...] = getattr(name, place)
        for at, item in enumerate(items):
            read = _step_number(item)
            if read is not None:
                rest = (*items[:at], *items[at + 1 :])
                changes: dict[str, Any] = {place: rest}
                found.append(Time(replace(name, **changes), *read))
    return found


def steps_before(argument: Node, new: Time) -> int | None:
    r"""How many steps before the new value ``\theta_t`` of ``\nabla J(\theta_t)`` is.

    ``None`` where the argument is not what changes, or has no step number.
    """
    if not isinstance(argument, Name):
        return None
    found = (t for t in times(argument) if (t.stem, t.letter) == (new.stem, new.letter))
    return next((new.offset - time.offset for time in found), None)


def _step_number(item: Node) -> tuple[str, int] | None:
    if isinstance(item, Group):
        return _step_number(item.body)
    word = (label(item) or "").removeprefix(r"\mathrm{").removesuffix("}").lower()
    if word in _NEW | _OLD:
        return "new", int(word in _NEW)
    if isinstance(item, Name) and is_bare(item) and item.base in LETTERS:
        return item.base, 0
    if isinstance(item, Binary) and item.operator in "+-" and isinstance(item.right, Numeral):
        inner = _step_number(item.left)
        value = item.right.value
        if inner is not None and inner[0] != "new" and value.denominator == 1:
            return inner[0], inner[1] + (int(value) if item.operator == "+" else -int(value))
    return None
