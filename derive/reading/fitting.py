"""Fitting the scripts and arguments of a written symbol to a notation with labels and slots."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

from derive.equations import Notation
from derive.reading.names import head, label, same_label, spread, squeezed, word_of
from derive.reading.surface import Group, Juxtaposition, Name, Node, Numeral

ROTATIONS = ("rot180", r"\pi\pi")
"""Labels that denote an array rotated by 180 degrees."""
TRANSPOSES = frozenset(
    {"T", "Tr", r"\top", r"\intercal", r"\mathrm{T}", r"\mathrm{Tr}", r"\mathsf{T}", r"\mathrm{t}"}
)
"""Superscripts that transpose."""
WHOLE = frozenset({":", r"\cdot", r"\bullet", "*", r"\ast"})
"""What stands in a slot for all of its range: ``X_{n,:}``."""
WORD = 3
"""So many letters that touch are a word, as in ``h_{next}``, and no index."""

Items = tuple[Node, ...]


@dataclass(frozen=True)
class Fitting:
    """``slots`` by axis, ``None`` where omitted; superscripts left over; marks that were seen.

    ``sliced`` are the slots in which a mark for the whole range stands.
    """

    slots: tuple[Node | None, ...]
    powers: Items
    rotated: bool = False
    sliced: frozenset[int] = frozenset()


def fit(
    pattern: Notation,
    rank: int,
    sub: Items,
    sup: Items,
    args: Items | None,
    functions: Container[str],
) -> Fitting | None:
    """How a symbol with these scripts and arguments fits ``pattern``, ``None`` where it does not.

    ``functions`` are heads that can be no index.
    """
    sub, turned_sub = _without_rotation(sub, pattern.sub)
    sup, turned_sup = _without_rotation(sup, pattern.sup)
    if args is not None and not sub and not pattern.args and pattern.sub:
        sub, args = args, None  # W(i, j) for a tensor that is declared as W_{ij}
    if args is not None and len(args) != len(pattern.args):
        return None
    filled: dict[int, Node] = {}
    if not _fit_sub(pattern, sub, filled, args is None, functions):
        return None
    powers = _fit_sup(pattern.sup, sup, filled, functions)
    if powers is None:
        return None
    if args is not None:
        filled.update(zip(pattern.args, args, strict=True))
    rotated = turned_sub or turned_sup
    if rotated and not rank:
        return None
    place = pattern.args if args is not None else tuple(sorted(filled))
    pair = len(place) == 2 and (args is not None or rank == 2)
    if pair and _transposed(powers) and not any(map(is_whole, filled.values())):
        first, second = place  # A^T(i, j) and A_{ij}^T are A(j, i); of A_{i,:} it turns the row
        filled[first], filled[second] = filled[second], filled[first]
        powers = powers[1:]
    sliced = frozenset(k for k, node in filled.items() if is_whole(node))
    slots = tuple(None if k in sliced else filled.get(k) for k in range(rank))
    return Fitting(slots, powers, rotated, sliced)


def is_whole(node: Node) -> bool:
    """True for what stands in a slot for all of its range."""
    return isinstance(node, Name) and node.base in WHOLE


def _fit_sub(
    pattern: Notation,
    items: Items,
    filled: dict[int, Node],
    bare: bool,
    functions: Container[str],
) -> bool:
    if not items:
        return not pattern.sub or any(isinstance(s, int) for s in pattern.sub)
    # W_{ij} for a tensor that is declared with arguments, W(i, j), and x_{nd} for x_n.
    labels = tuple(s for s in pattern.sub if isinstance(s, str))
    if labels and len(labels) < len(pattern.sub) and _fill(labels, items, filled, functions):
        return True  # v_c for a tensor whose elements are v_{c,i}
    whole, apart = pattern.sub + pattern.args, spread(items)
    letters = all(isinstance(item, Name) for item in apart)
    if bare and pattern.args and letters and _fill(whole, apart, filled, functions):
        return True
    for candidate in (items, spread(items)):
        if _fill(pattern.sub, candidate, filled, functions):
            return True
    return bare and _fill(whole, apart, filled, functions)


def _fit_sup(
    pattern: tuple[int | str, ...],
    items: Items,
    filled: dict[int, Node],
    functions: Container[str],
) -> Items | None:
    """What remains of the superscripts, or ``None`` where a label is missing."""
    for candidate in (spread(items), items) if _ends_turned(items) else (items, spread(items)):
        count = len(pattern)
        own = candidate[:count]
        turned = any(_turns(i) and isinstance(s, int) for i, s in zip(own, pattern, strict=False))
        if len(own) == count and not turned and _fill(pattern, own, filled, functions):
            return candidate[count:]
    return items if all(isinstance(s, int) for s in pattern) else None


def _fill(
    pattern: tuple[int | str, ...],
    items: Items,
    filled: dict[int, Node],
    functions: Container[str],
) -> bool:
    if len(pattern) != len(items):
        return False
    found: dict[int, Node] = {}
    for slot, item in zip(pattern, items, strict=True):
        if isinstance(slot, str):
            text = label(item)
            if text is None or not same_label(text, slot):
                return False
        elif _may_be_index(item, functions):
            found[slot] = item
        else:
            return False
    filled.update(found)
    return True


def _may_be_index(item: Node, functions: Container[str]) -> bool:
    inner = item.body if isinstance(item, Group) else item
    if isinstance(inner, Name):
        return head(inner) not in functions and inner.base != r"\top"
    if isinstance(inner, Juxtaposition) and len(word_of(inner.factors)) >= WORD:
        return False
    return not isinstance(inner, Numeral) or inner.value.denominator == 1


def _turns(item: Node) -> bool:
    """A bare T above: a transposition, whatever T may be below or in brackets."""
    return isinstance(item, Name) and item.base == "T"


def _ends_turned(items: Items) -> bool:
    r"""``\langle t \rangle T``: something in brackets, then what transposes."""
    if len(items) != 1 or not isinstance(items[0], Juxtaposition):
        return False
    first, *_, last = items[0].factors
    return isinstance(first, Group) and label(last) in TRANSPOSES


def _transposed(powers: Items) -> bool:
    return bool(powers) and label(powers[0]) in TRANSPOSES


def _without_rotation(items: Items, pattern: tuple[int | str, ...]) -> tuple[Items, bool]:
    """The script items without a label that means rotation, and whether there was one."""
    for count in range(1, min(len(items), 2) + 1):
        text = "".join([label(item) or "?" for item in items[-count:]])
        if squeezed(text) in ROTATIONS:
            own = any(isinstance(s, str) and same_label(s, text) for s in pattern)
            if not own:
                return items[:-count], True
    return items, False
