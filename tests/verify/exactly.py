"""Rung 3 on a model with the engine's adjoints, for tests."""

from __future__ import annotations

from derive.equations import Model
from derive.pipeline import gradients
from verify.bench import sized
from verify.compare import Identity
from verify.exact import Exactness, identical
from verify.restrictions import Restriction
from verify.subject import Subject
from verify.trials import Trials


def trials_of(model: Model, *restrictions: Restriction) -> Trials:
    """The model with the engine's adjoints at its sizes."""
    adjoints = {n: sized(d.equation, model.sizes) for n, d in gradients(model).items()}
    sizes = {s.name: n for s, n in model.sizes.items()}
    return Trials(Subject(model.at_sizes(), adjoints, restrictions), sizes)


def found(claim: Identity, trials: Trials) -> Exactness:
    """What rung 3 says of a claim."""
    return identical(claim.left, claim.right, claim.axes, trials, claim.scalars)
