"""The variables of a plan: what has been computed already is named once and used again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from derive.planning.arrays import (
    Array,
    Copied,
    Map,
    MatMul,
    Name,
    Padded,
    Permuted,
    Reshaped,
    Sliced,
    walk,
    with_operands,
)
from derive.planning.maxima import Winners
from derive.planning.names import fresh_name
from derive.planning.windows import AddedWindows, Placed, Spread, Windows


@dataclass(frozen=True)
class Statement:
    """``target = value``, computed in the memory of the variable ``over`` where one is named."""

    target: Name
    value: Array
    over: str = ""


@dataclass
class Book:
    """Assigns unique variable names and remembers the array behind each."""

    taken: set[str] = field(default_factory=set)
    known: dict[Array, Name] = field(default_factory=dict)
    statements: list[Statement] = field(default_factory=list)

    def bind(self, name: str, value: Array, subject: str = "") -> Name:
        """The variable that holds ``value``: an old one where it was computed before.

        Windows, paddings and matrix products inside get variables of their own, called after the
        ``subject`` that is computed, so that a line of the emitted code does one thing.
        """
        if isinstance(value, Name):
            return value
        if value not in self.known:
            lighter = self._lighter(subject or name, value)
            target = Name(fresh_name(name, self.taken), value.shape)
            self.known[value] = target
            self.statements.append(Statement(target, lighter))
        return self.known[value]

    def assign(self, name: str, value: Array) -> None:
        """``name = value`` for a name that is taken already: that of a tensor."""
        target = Name(name, value.shape)
        self.statements.append(Statement(target, self._lighter(name, value)))

    def _lighter(self, subject: str, value: Array) -> Array:
        named = tuple(self._named(subject, part, value) for part in value.operands)
        return with_operands(value, named)

    def _named(self, subject: str, part: Array, user: Array) -> Array:
        name = _name_for(subject, part, user)
        return self.bind(name, part, subject) if name else self._lighter(subject, part)

    def forget(self, names: Iterable[str]) -> None:
        """Compute these anew where they are needed: another function has them."""
        gone = set(names)
        self.known = {value: n for value, n in self.known.items() if n.name not in gone}

    def copy(self) -> Book:
        """A book to try something in."""
        return Book(set(self.taken), dict(self.known), list(self.statements))

    def adopt(self, other: Book) -> None:
        """Take over what was written in a copy."""
        self.taken, self.known, self.statements = other.taken, other.known, other.statements

    def turn_page(self) -> tuple[Statement, ...]:
        """The statements since the last call."""
        page, self.statements = tuple(self.statements), []
        return page


def _name_for(subject: str, part: Array, user: Array) -> str | None:
    """The name that a part deserves, if it deserves one."""
    match part, user:
        case Windows(), _:
            return f"{root(part)}_windows"
        case Copied(), _:
            return f"{root(part)}_copy"
        case Winners(), _:
            return f"{root(part)}_winners"
        case Padded(), _:
            return f"{root(part)}_padded"
        case Reshaped(Permuted() | Sliced()), MatMul() | Permuted():
            return f"{root(part)}_matrix"
        case Reshaped(MatMul()), AddedWindows() | Sliced():
            return f"{subject}_windows"
        case MatMul(), _ if not isinstance(user, Map):
            return f"{subject}_flat"
        case AddedWindows() | Spread() | Placed(), _:
            return f"{subject}_placed"
    return None


def root(array: Array) -> str:
    """The first variable that an array expression reads."""
    return next((node.name for node in walk(array) if isinstance(node, Name)), "values")
