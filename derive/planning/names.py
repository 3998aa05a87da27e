"""Names of variables for tensors and their adjoints, safe in Python and free of clashes."""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Mapping
from itertools import chain, count

from derive.equations import Model, adjoint_name

OWN = frozenset(
    "np xp os math params inputs inside part whole grads state tensors cache batch dtype rng path "
    "hyper rate "
    "forward loss_and_gradients update init save load loss gradients "
    "INPUTS PARAMETERS INSIDE CHUNK OUTPUTS".split()
)
"""Names that the emitted module uses itself."""

RESERVED = (
    OWN | frozenset(keyword.kwlist) | frozenset(keyword.softkwlist) | frozenset(dir(builtins))
)


def variable_names(model: Model) -> Mapping[str, str]:
    """A variable for every tensor (its own name where possible) and every adjoint (``dT``)."""
    names: dict[str, str] = {}
    taken = set(RESERVED)
    for tensor in model.tensors:
        names[tensor] = _fresh(tensor, taken)
    for tensor in model.tensors:
        names[adjoint_name(tensor)] = _fresh(f"d{tensor}", taken)
    return names


def _fresh(name: str, taken: set[str]) -> str:
    clean = re.sub(r"\W", "_", name, flags=re.ASCII)
    if not clean or clean[0].isdigit() or clean.startswith("_"):
        clean = f"t{clean}"
    while clean in taken:
        clean += "_"
    taken.add(clean)
    return clean


def fresh_name(hint: str, taken: set[str]) -> str:
    """``hint``, or ``hint_2``, ``hint_3``, … where that is taken; taken from now on."""
    name = next(n for n in chain([hint], (f"{hint}_{k}" for k in count(2))) if n not in taken)
    taken.add(name)
    return name
