"""What is run in residues, and its equations with the laws put in that a trial uses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from derive.equations import Equation, Model
from derive.exponents import with_exponents
from derive.expr import Apply, Expr, Winner, walk
from derive.laws import exponent_of, with_masks, with_roots
from derive.loops import Loop, NoLoop, blocks, members
from verify.restrictions import CONTINUOUS, Restriction
from verify.tangent import direction_name, tangent


class Law(StrEnum):
    """What is used of functions beyond their values at one argument."""

    EXPONENTS = "exponentials split over sums, logarithms over products"
    ORDER = "masks are 0 or 1, roots are roots"


Laws = frozenset[Law]

_EXPONENTIAL = {"exp", "logistic", "tanh", "log", "log10"}
_MASKED = {"step", "sign", "abs", "relu", "leaky_relu", "maximum", "minimum"}


def laws_of(exprs: Iterable[Expr]) -> Laws:
    """The laws that could matter to these expressions."""
    exprs = tuple(with_roots(e) for e in exprs)
    applied = {n.function for e in exprs for n in walk(e) if isinstance(n, Apply)}
    found = set()
    if applied & _EXPONENTIAL:
        found.add(Law.EXPONENTS)
    if masked(exprs) or any(exponent_of(function) is not None for function in applied):
        found.add(Law.ORDER)
    return frozenset(found)


def masked(exprs: Iterable[Expr]) -> bool:
    """Whether there are masks: of a kinked function, or of a maximum's winner."""
    return any(
        isinstance(n, Winner) or (isinstance(n, Apply) and n.function in _MASKED)
        for e in exprs
        for n in walk(e)
    )


@dataclass(frozen=True)
class Subject:
    """What is run: a model at its sizes, and the engine's equations for its adjoints, last first.

    Inputs hold only what ``restrictions`` allow: shares of 1, and under `Law.ORDER` also exactly
    one 1, or 0 and 1.
    """

    model: Model
    adjoints: Mapping[str, Equation]
    restrictions: tuple[Restriction, ...] = ()
    _prepared: dict[Laws, Prepared] = field(default_factory=dict, compare=False, repr=False)

    @property
    def laws(self) -> Laws:
        """The laws that could matter to the model."""
        found = laws_of(e.rhs for e in self.model.equations)
        bits = any(r.values not in CONTINUOUS for r in self.restrictions)
        return found | {Law.ORDER} if bits else found

    def prepared(self, laws: Laws) -> Prepared:
        """The equations under these laws."""
        if laws not in self._prepared:
            self._prepared[laws] = _prepare(self, laws)
        return self._prepared[laws]


@dataclass(frozen=True)
class Prepared:
    """A subject's equations with laws put in, as they are evaluated.

    ``tangents`` are those of its directions. ``definitions`` are what tensors may be replaced by:
    of a recurrence none, which would never end.
    """

    subject: Subject
    laws: Laws
    forward: tuple[Equation | Loop, ...]
    tangents: tuple[Equation | Loop, ...]
    adjoints: tuple[Equation | Loop, ...]
    definitions: Mapping[str, Equation]

    def expr(self, expr: Expr) -> Expr:
        """A claim's side in the same manner."""
        return _lawful(expr, self.laws, self.definitions)

    @property
    def blocks(self) -> tuple[Equation | Loop, ...]:
        """Of all tensors, then of the adjoints."""
        return (*self.forward, *self.adjoints)


def _prepare(subject: Subject, laws: Laws) -> Prepared:
    forward: list[Equation] = []
    definitions: dict[str, Equation] = {}
    for block in subject.model.blocks:
        for e in members(block):
            forward.append(replace(e, rhs=_lawful(e.rhs, laws, definitions)))
        if not isinstance(block, Loop):
            definitions[block.tensor] = forward[-1]
    tangents = tuple(
        replace(e, tensor=direction_name(e.tensor), rhs=_lawful(tangent(e.rhs), laws, definitions))
        for e in subject.model.equations
    )
    adjoints = tuple(
        replace(e, rhs=_lawful(e.rhs, laws, definitions)) for e in subject.adjoints.values()
    )
    return Prepared(
        subject, laws, blocks(forward), blocks(tangents), _adjoint_blocks(adjoints), definitions
    )


def _adjoint_blocks(adjoints: tuple[Equation, ...]) -> tuple[Equation | Loop, ...]:
    """As they are evaluated; one after the other where what the engine says is no order."""
    try:
        return blocks(adjoints)
    except NoLoop:
        return adjoints


def _lawful(expr: Expr, laws: Laws, definitions: Mapping[str, Equation]) -> Expr:
    expr = with_masks(with_roots(expr), definitions)
    return with_exponents(expr, definitions) if Law.EXPONENTS in laws else expr
