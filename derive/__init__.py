"""Equations in; adjoint equations and code out.

The names below are loaded when they are first used, so that `import derive` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from derive.adjoint import gradients
    from derive.emit import emit as emit_code
    from derive.equations import Equation, Model, Tensor
    from derive.errors import Problem
    from derive.pipeline import load_model, model_names
    from derive.steps import Derivation

_HOMES = {
    "Derivation": ("derive.steps", "Derivation"),
    "Equation": ("derive.equations", "Equation"),
    "Model": ("derive.equations", "Model"),
    "Problem": ("derive.errors", "Problem"),
    "Tensor": ("derive.equations", "Tensor"),
    "emit_code": ("derive.emit", "emit"),
    "gradients": ("derive.adjoint", "gradients"),
    "load_model": ("derive.pipeline", "load_model"),
    "model_names": ("derive.pipeline", "model_names"),
}

__all__ = [
    "Derivation",
    "Equation",
    "Model",
    "Problem",
    "Tensor",
    "emit_code",
    "gradients",
    "load_model",
    "model_names",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, attribute = _HOMES[name]
    value: object = getattr(import_module(module), attribute)
    globals()[name] = value
    return value
