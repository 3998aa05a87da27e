"""The whole way: a sheet in (`load_model`), adjoints (`gradients`), a Python module out (`emit`).

    sheet -> Model -> {tensor: Derivation} -> source text

`jacobians` gives the derivatives of one tensor by every other that feeds it;
`definitions` lists all equations, forward and adjoint, least dependent first, as proofs use them.
"""

from __future__ import annotations

from derive.adjoint import gradients
from derive.emit import emit
from derive.jacobian import jacobians
from derive.prove import definitions
from derive.reading.catalogue import model_names
from derive.reading.sheet import load_model

__all__ = ["definitions", "emit", "gradients", "jacobians", "load_model", "model_names"]
