"""Right sides as models have them, forward and derived, one at a time."""

from __future__ import annotations

from hypothesis import strategies as st

from derive.adjoint import derive_adjoint
from derive.equations import Equation
from derive.steps import Derivation
from tests.strategies import models


@st.composite
def derivations(draw: st.DrawFn) -> Derivation:
    """The derivation of one adjoint of a random model at its sizes."""
    model = draw(models()).at_sizes()
    name = draw(st.sampled_from([n for n in model.tensors if model.readers(n)]))
    return derive_adjoint(model, name, list(model.readers(name)))


@st.composite
def forward_equations(draw: st.DrawFn) -> Equation:
    """One equation of a random model at its sizes."""
    return draw(st.sampled_from(draw(models()).at_sizes().equations))


def right_sides() -> st.SearchStrategy[Equation]:
    """Equations, half of them adjoint ones."""
    return forward_equations() | derivations().map(lambda d: d.equation)
