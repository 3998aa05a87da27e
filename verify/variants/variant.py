"""One convention that a formula may have been written under, as a change of what is judged."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from derive.equations import adjoint_of
from derive.expr import Expr, accesses
from derive.reading.problems import Reading
from derive.reading.scope import Scope
from verify.attempt import Attempt
from verify.bench import Bench
from verify.setting import Convention, Setting


class Standing(StrEnum):
    """Whether a convention is left open, or settled otherwise by declarations or the model."""

    OPEN = "undeclared"
    SETTLED = "settled otherwise"


@dataclass(frozen=True)
class Variant:
    """One convention: ``words`` complete "right if …"; the three changes default to none.

    ``weaker`` are variants that ask for less and are told instead where they suffice.
    """

    words: str
    standing: Standing
    bench: Callable[[Bench], Bench] | None = None
    convention: Callable[[Convention], Convention] | None = None
    sides: Callable[[Expr], Expr] | None = None
    weaker: tuple[Variant, ...] = ()


def declaring(reading: Reading) -> Callable[[Convention], Convention]:
    """The change of a convention that declares the reading, too."""

    def declared(convention: Convention) -> Convention:
        return replace(convention, declared=(*convention.declared, reading))

    return declared


@dataclass(frozen=True)
class Case:
    """A formula that is wrong as ``tried`` in ``setting``."""

    text: str
    setting: Setting
    tried: Attempt

    @property
    def scope(self) -> Scope:
        """The scope in which the formula was read."""
        return self.setting.scope(self.tried.convention)

    @property
    def read(self) -> set[str]:
        """The tensors that the formula reads, of adjoints the tensor."""
        sides = [s for i in self.tried.identities for s in (i.left, i.right)]
        return {adjoint_of(a.tensor) or a.tensor for s in sides for a in accesses(s)}


Maker = Callable[[Case], Iterator[Variant]]
