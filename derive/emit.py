"""Source text for a model, in one of several targets: `TARGETS` maps a name to its one function.

The face of every module is the same (``init``, ``forward``, ``loss_and_gradients``, ``update``,
``save``, ``load``). A target is one file under `derive.emitting` with a function
``(model, command, wrt) -> source``, and a line here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from derive.emitting.bridges import JAX, TORCH, bridged
from derive.emitting.module import module
from derive.emitting.numba_module import numba_module
from derive.equations import Model
from derive.errors import IllFormed
from derive.plan import plan, plan_inside

Target = Callable[[Model, str, Sequence[str] | None], str]


def _numpy(model: Model, command: str, wrt: Sequence[str] | None) -> str:
    return module(plan_inside(model, wrt), command)


def _numba(model: Model, command: str, wrt: Sequence[str] | None) -> str:
    return numba_module(plan(model, wrt), command)


def _torch(model: Model, command: str, wrt: Sequence[str] | None) -> str:
    return bridged(model, command, wrt, _numpy, "torch", TORCH)


def _jax(model: Model, command: str, wrt: Sequence[str] | None) -> str:
    return bridged(model, command, wrt, _numpy, "jax", JAX)


TARGETS: Mapping[str, Target] = MappingProxyType(
    {"numpy": _numpy, "numba": _numba, "torch": _torch, "jax": _jax}
)
"""``numpy`` runs on CuPy and array API namespaces as well, ``numba`` compiles loops; ``torch`` and
``jax`` are the NumPy code with a function of theirs around it."""


def emit(
    model: Model,
    *,
    target: str = "numpy",
    command: str = "",
    wrt: Sequence[str] | None = None,
) -> str:
    """The source of a Python module that computes the model and its gradients.

    ``target`` is one of `TARGETS`. ``command`` is written into the header. ``wrt`` names the
    tensors whose gradients are returned; the parameters if left out, and then nothing is computed
    that only the inputs' gradients need.

    Raises `IllFormed` for a target that is not there, a model that array code cannot express (a
    function known only by its derivative, say) or a name in ``wrt`` that no output depends on.
    """
    if target not in TARGETS:
        raise IllFormed(f"no target {target!r}", expected=f"one of {', '.join(TARGETS)}")
    return TARGETS[target](model, command, wrt)
