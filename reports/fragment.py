"""Derivations as LaTeX to be pasted into a document that loads amsmath."""

from __future__ import annotations

from collections.abc import Iterable

from derive.equations import Model
from derive.steps import Derivation
from reports.derivations import derivation_lines
from reports.document import Line
from reports.formula.tex import tex_text


def derivations_fragment(model: Model, derivations: Iterable[Derivation]) -> str:
    """One ``align*`` environment a derivation: the steps, each with its rule."""
    return "\n".join(_aligned(derivation_lines(model, d)) for d in derivations)


def _aligned(lines: tuple[Line, ...]) -> str:
    rows = []
    for line in lines:
        left, _, right = line.latex.partition(" = ")
        rows.append(f"{left} &= {right} && \\text{{{tex_text(line.rule)}}}")
    return "\\begin{align*}\n" + " \\\\\n".join(rows) + "\n\\end{align*}\n"
