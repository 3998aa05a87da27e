"""What is run in residues, and its equations with the laws put in that a trial uses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from derive.equations import Equation, Model
from derive.expr import Apply, Expr, Winner, walk
from derive.laws import exponent_of, with_exponents, with_roots
from verify.tangent import tangent


class Law(StrEnum):
    """What is used of functions beyond their values at one argument."""

    EXPONENTS = "exponentials split over sums, logarithms over products"
    ORDER = "masks are 0 or 1, roots are roots"


Laws = frozenset[Law]

_EXPONENTIAL = {"exp", "logistic", "tanh", "log", "log10"}
_KINKED = {"step", "sign", "abs", "relu", "leaky_relu", "maximum", "minimum", "sqrt"}


def laws_of(exprs: Iterable[Expr]) -> Laws:
    """The laws that could matter to these expressions."""
    found = set()
    for node in (n for e in exprs for n in walk(e)):
        if isinstance(node, Winner):
            found.add(Law.ORDER)
        if isinstance(node, Apply):
            named = with_roots(node) if node.function == "pow" else node
            applied = named.function if isinstance(named, Apply) else node.function
            if applied in _EXPONENTIAL:
                found.add(Law.EXPONENTS)
            if applied in _KINKED or exponent_of(applied) is not None:
                found.add(Law.ORDER)
    return frozenset(found)


@dataclass(frozen=True)
class Subject:
    """What is run: a model at its sizes, and the engine's equations for its adjoints, last first.

    The entries of each tensor of ``normalised`` are drawn so that they add up to 1 along an axis.
    """

    model: Model
    adjoints: Mapping[str, Equation]
    normalised: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Prepared:
    """A subject's equations with laws put in; ``tangents`` are those of its directions."""

    subject: Subject
    laws: Laws
    forward: Mapping[str, Equation]
    tangents: Mapping[str, Equation]
    adjoints: Mapping[str, Equation]

    def expr(self, expr: Expr) -> Expr:
        """A claim's side in the same manner."""
        return _lawful(expr, self.laws, self.forward)

    @property
    def equations(self) -> tuple[Equation, ...]:
        """Of all tensors, then of the adjoints."""
        return (*self.forward.values(), *self.adjoints.values())


def prepared(subject: Subject, laws: Laws) -> Prepared:
    """Put laws into every equation once."""
    forward: dict[str, Equation] = {}
    tangents = {}
    for e in subject.model.equations:
        forward[e.tensor] = replace(e, rhs=_lawful(e.rhs, laws, forward))
    for e in subject.model.equations:
        tangents[e.tensor] = replace(e, rhs=_lawful(tangent(e.rhs), laws, forward))
    adjoints = {
        n: replace(e, rhs=_lawful(e.rhs, laws, forward)) for n, e in subject.adjoints.items()
    }
    return Prepared(subject, laws, forward, tangents, adjoints)


def _lawful(expr: Expr, laws: Laws, definitions: Mapping[str, Equation]) -> Expr:
    expr = with_roots(expr)
    return with_exponents(expr, definitions) if Law.EXPONENTS in laws else expr
