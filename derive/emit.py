"""NumPy source for a model: one self-contained module that also runs on CuPy.

The face of the module is fixed (``init``, ``forward``, ``loss_and_gradients``, ``update``,
``save``, ``load``); what is computed, and in which order, comes from `derive.plan`.
"""

from __future__ import annotations

from collections.abc import Sequence

from derive.emitting.module import module
from derive.equations import Model
from derive.plan import plan


def emit(model: Model, *, command: str = "", wrt: Sequence[str] | None = None) -> str:
    """The source of a Python module that computes the model and its gradients.

    ``command`` is written into the header. ``wrt`` names the tensors whose gradients are returned;
    the parameters if left out, and then nothing is computed that only the inputs' gradients need.

    Raises `IllFormed` for a model that array code cannot express (a function known only by its
    derivative, say) or a name in ``wrt`` that no output depends on.
    """
    return module(plan(model, wrt), command)
