"""Chains of arithmetic that run in the memory of an operand that nobody reads afterwards.

``z = reshape(flat) + b`` becomes ``z = reshape(flat)`` and ``z += b``: no new array, and what is
read is still in the cache. Only memory that the function allocated itself is taken over, and only
where this statement is the one reader of the variable, so that no view of it is alive.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from itertools import islice

from derive.planning.arrays import Array, Map, MatMul, Name, Padded, Reshaped, walk
from derive.planning.book import Statement
from derive.planning.step import Step
from derive.planning.windows import AddedWindows, Placed, Spread

COMMUTING = ("+", "*")
ARITHMETIC = (*COMMUTING, "-", "/")


@dataclass(frozen=True)
class Chain:
    """``(((leaf op x) op y) op z)``: the operand that is overwritten, and what is done to it."""

    leaf: Array
    steps: tuple[tuple[str, Array], ...]


def chain_of(statement: Statement) -> Chain | None:
    """The chain of a statement that overwrites a variable."""
    return _chain(statement.value, {statement.over}) if statement.over else None


def overwriting(
    statements: Sequence[Statement], elsewhere: Iterable[Statement], kept: Collection[str]
) -> tuple[Statement, ...]:
    """The statements of one function, with ``over`` set where a variable may be overwritten.

    ``elsewhere`` are the statements of other functions, ``kept`` the variables that are returned.
    """
    reads = Counter(n for s in (*statements, *elsewhere) for n in _read(s))
    fresh: set[str] = set()
    result = []
    for statement in statements:
        found = _chain(statement.value, fresh)
        result.append(replace(statement, over=_root(found.leaf)) if found else statement)
        name = statement.target.name
        if is_fresh(statement.value) and reads[name] == 1 and name not in kept:
            fresh.add(name)
    return tuple(result)


def thrifty(blocks: Sequence[Sequence[Step]], kept: Collection[str]) -> list[tuple[Step, ...]]:
    """The steps of each function with ``over`` set; what runs in a loop is left as it is."""
    result = []
    for block in blocks:
        straight = [s for step in block if type(step) is Step for s in step.statements]
        mine = {id(s) for s in straight}
        everywhere = (s for steps in blocks for step in steps for s in step.statements)
        others = [s for s in everywhere if id(s) not in mine]
        left = iter(overwriting(straight, others, kept))
        result.append(tuple(_again(step, left) for step in block))
    return result


def _again(step: Step, left: Iterator[Statement]) -> Step:
    if type(step) is not Step:
        return step
    return replace(step, statements=tuple(islice(left, len(step.statements))))


def is_fresh(value: Array) -> bool:
    """True for operations that always allocate their result, in the dtype of the operands."""
    if isinstance(value, Map):
        return value.function in ARITHMETIC and bool(value.shape)
    return isinstance(value, MatMul | Padded | AddedWindows | Spread | Placed)


def _read(statement: Statement) -> list[str]:
    return [node.name for node in walk(statement.value) if isinstance(node, Name)]


def _chain(value: Array, free: AbstractSet[str]) -> Chain | None:
    if not isinstance(value, Map) or value.function not in ARITHMETIC or len(value.arguments) != 2:
        return None
    left, right = value.arguments
    ways = [(left, right)] if value.function not in COMMUTING else [(left, right), (right, left)]
    for inner, other in ways:
        if inner.shape != value.shape:
            continue
        if _root(inner) in free:
            return Chain(inner, ((value.function, other),))
        if found := _chain(inner, free):
            return Chain(found.leaf, (*found.steps, (value.function, other)))
    return None


def _root(array: Array) -> str:
    """The variable that an array is, reshaped or not; empty where it is another operation."""
    if isinstance(array, Reshaped):
        return _root(array.source)
    return array.name if isinstance(array, Name) else ""
