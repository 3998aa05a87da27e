"""Chains of elementwise arithmetic as functions of their own: CuPy makes one kernel of each.

On a GPU every operation on arrays is a kernel, which reads its operands from memory and writes its
result there; `cupy.fuse` turns a function of arrays into a single one. Inside, it knows operators
and elementwise functions of arrays and numbers, and no others: so what a chain reads is computed
before and handed over. NumPy calls the same functions; those that may write into their first
argument do so. Chains that differ in their operands alone share a function.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

from derive.plan import Plan
from derive.planning.arrays import (
    ALL,
    Array,
    Literal,
    Map,
    Name,
    Sliced,
    with_operands,
)
from derive.planning.book import Statement
from derive.planning.elementwise import is_number
from derive.planning.names import fresh_name
from derive.planning.overwriting import Chain, chain_of
from derive.planning.recurrent import AtPlace, Branch, Recurrence
from derive.planning.step import Step

APART = frozenset({"indicator"})
"""Elementwise functions that have to be computed outside: they change the dtype."""

LETTERS = "xyzuvwabcdefghjkmnpqrst"


class Called(Map):
    """An elementwise operation that is a fused function; ``function`` is its name."""


@dataclass
class Fused:
    """A function ``name`` of ``letters``: its value, or what is done to the first argument.

    ``users`` are the variables that are computed with it.
    """

    name: str
    letters: tuple[str, ...]
    body: Array | Chain
    users: list[str] = field(default_factory=list)


def fused(plan: Plan, taken: AbstractSet[str]) -> tuple[Plan, tuple[Fused, ...]]:
    """The plan with a call in place of every chain, and the functions; ``taken`` are no names."""
    found = _Functions(set(taken))
    made = replace(
        plan,
        predict=found.block(plan.predict),
        score=found.block(plan.score),
        backward=found.block(plan.backward),
    )
    return made, tuple(found.known.values())


class _Functions:
    """The functions made so far, by their body."""

    def __init__(self, taken: set[str]) -> None:
        self.taken = taken
        self.known: dict[Array | Chain, Fused] = {}

    def block(self, steps: Iterable[Step]) -> tuple[Step, ...]:
        return tuple(self.step(step) for step in steps)

    def step(self, step: Step) -> Step:
        if isinstance(step, Recurrence):
            begin, places = (self.places(parts) for parts in (step.begin, step.places))
            return replace(step, begin=begin, places=places)
        return replace(step, statements=self.statements(step.statements))

    def places(self, parts: Iterable[AtPlace]) -> tuple[AtPlace, ...]:
        def branches(part: AtPlace) -> Iterator[Branch]:
            for branch in part.branches:
                yield replace(branch, statements=self.statements(branch.statements))

        return tuple(replace(part, branches=tuple(branches(part))) for part in parts)

    def statements(self, statements: Iterable[Statement]) -> tuple[Statement, ...]:
        return tuple(self.statement(s) for s in statements)

    def statement(self, statement: Statement) -> Statement:
        target, value = statement.target.name, statement.value
        chain = chain_of(statement)
        if chain is None:
            return replace(statement, value=self.rewritten(value, target, target))
        if _operations(value) < 2:
            return statement
        inside = _Arguments(self, target)
        leaf = inside.argument(chain.leaf)
        body = Chain(leaf, tuple((operation, inside.of(x)) for operation, x in chain.steps))
        return replace(statement, value=self.called(body, inside, target, target), over="")

    def rewritten(self, value: Array, name: str, user: str) -> Array:
        """The value with calls in place of its chains."""
        if isinstance(value, Map) and _operations(value) > 1:
            inside = _Arguments(self, user)
            return self.called(inside.of(value), inside, name, user)
        parts = tuple(self.rewritten(part, f"{user}_terms", user) for part in value.operands)
        return with_operands(value, parts)

    def called(self, body: Array | Chain, inside: _Arguments, name: str, user: str) -> Called:
        if body not in self.known:
            made = fresh_name(f"_{name}", self.taken)
            self.known[body] = Fused(made, tuple(n.name for n in inside.known.values()), body)
        found = self.known[body]
        found.users += [user] if user not in found.users else []
        return Called(found.name, tuple(inside.known))


class _Arguments:
    """What a chain reads, with a letter for each."""

    def __init__(self, functions: _Functions, user: str) -> None:
        self.functions, self.user = functions, user
        self.known: dict[Array, Name] = {}

    def of(self, value: Array) -> Array:
        """The value as the function computes it, from its arguments."""
        value = _opened(value)
        if isinstance(value, Literal):
            return value
        if _inside(value):
            return with_operands(value, tuple(self.of(part) for part in value.operands))
        return self.argument(value)

    def argument(self, value: Array) -> Name:
        """The letter of what is computed before."""
        before = self.functions.rewritten(value, f"{self.user}_part", self.user)
        if before not in self.known:
            place = len(self.known)
            letter = LETTERS[place] if place < len(LETTERS) else f"x{place}"
            self.known[before] = Name(letter, ())  # without shape: chains of all shapes are alike
        return self.known[before]


def _inside(value: Array) -> bool:
    """True for an operation that a chain may have."""
    return isinstance(value, Map) and value.function not in APART and not is_number(value)


def _opened(value: Array) -> Array:
    """Dimensions added to an operation, as dimensions added to its operands."""
    if not isinstance(value, Sliced) or {*value.cuts} - {None, ALL} or not _inside(value.source):
        return value
    operation = value.source
    if any(x.shape not in ((), operation.shape) for x in operation.operands):
        return value
    parts = (replace(value, source=x) if x.shape else x for x in operation.operands)
    return with_operands(operation, tuple(parts))


def _operations(value: Array) -> int:
    """How many kernels a chain would be; a number is not worth a function."""
    value = _opened(value)
    if not value.shape:
        return 0
    return 1 + sum(map(_operations, value.operands)) if _inside(value) else 0
