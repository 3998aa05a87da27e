"""Derivations as sections of a report: the compact forms, the equation, and every step to it."""

from __future__ import annotations

from collections.abc import Mapping

from derive.equations import Model
from derive.latex import equation_latex, latex, solved_latex, tensor_latex
from derive.steps import Derivation, Step
from reports.document import (
    Block,
    Chain,
    Display,
    Formula,
    Inlines,
    Line,
    Paragraph,
    Section,
    Text,
    text,
)


def gradient_sections(model: Model, derivations: Mapping[str, Derivation]) -> tuple[Section, ...]:
    """One section a tensor, in the order in which a backward pass computes them."""
    return tuple(gradient_section(model, d) for d in derivations.values())


def gradient_section(model: Model, derivation: Derivation) -> Section:
    """The adjoint of one tensor: compact forms, index form, steps."""
    tensor = model.tensors[derivation.tensor]
    title = (Text("Adjoint of "), Formula(tensor_latex(tensor)))
    blocks: list[Block] = []
    for compact in derivation.compact:
        blocks.append(Paragraph(text(f"Compact form ({', '.join(compact.operators)}):")))
        blocks.append(Display(compact.latex))
    blocks.append(Paragraph(text("Element by element:")))
    blocks.append(Display(equation_latex(derivation.equation, model)))
    blocks.append(Chain(derivation_lines(model, derivation)))
    return Section(title, f"adjoint-{derivation.tensor}", tuple(blocks))


def derivation_lines(model: Model, derivation: Derivation) -> tuple[Line, ...]:
    """The engine's own steps; only the first line repeats the left side."""
    left = latex(derivation.equation.lhs, model)
    lines = []
    for place, step in enumerate(derivation.steps):
        head = left if place == 0 else ""
        note = _note(model, derivation, step)
        lines.append(Line(step.rule, f"{head} = {latex(step.result, model)}", note))
    return tuple(lines)


def _note(model: Model, derivation: Derivation, step: Step) -> Inlines:
    """Why a step may be, or what a delta was solved for."""
    if step.solved is not None:
        return (Formula(solved_latex(step.solved, derivation.equation.axes, model)),)
    return text(step.note) if step.note else ()
