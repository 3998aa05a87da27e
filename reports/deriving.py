"""`backproof derive`: every gradient, step by step."""

from __future__ import annotations

from pathlib import Path

from derive.adjoint import gradients
from derive.errors import Problem
from derive.steps import Derivation
from reports.output import deliver, deliver_lines
from reports.sized import load_sized


def derive_gradients(
    name: str, tensors: list[str], form: str, sizes: list[str], output: Path | None
) -> None:
    """Derivations of the named tensors, or of all."""
    model = load_sized(name, sizes)
    chosen = _chosen(gradients(model), tensors)
    if form == "latex":
        from reports.fragment import derivations_fragment

        deliver(derivations_fragment(model, chosen), output)
        return
    from reports.terminal import derivation_text

    lines = (line for derivation in chosen for line in derivation_text(model, derivation))
    deliver_lines(lines, output)


def _chosen(derivations: dict[str, Derivation], tensors: list[str]) -> list[Derivation]:
    for tensor in tensors:
        if tensor not in derivations:
            known = ", ".join(derivations)
            raise Problem(f"no gradient of {tensor!r}", expected=f"one of {known}")
    return [derivations[tensor] for tensor in tensors or derivations]
