"""The model's equations and the ranges of its tensors, as sections of a report."""

from __future__ import annotations

from math import prod

from derive.equations import Equation, Model, Tensor
from derive.index import Axis, Index, Symbol
from derive.latex import equation_latex, index_latex, symbol, tensor_latex
from derive.learning import Update
from derive.optimisers import optimiser, optimiser_latex, symbol_latex
from reports.document import (
    Block,
    Display,
    Formula,
    Inline,
    Inlines,
    Literal,
    Paragraph,
    Section,
    Table,
    Text,
    text,
)


def equations_section(model: Model) -> Section:
    """Every equation in order of evaluation, and what the symbols stand for."""
    displays = tuple(Display(equation_latex(e, model)) for e in model.equations if not _names(e))
    return Section(text("Equations"), "equations", (*displays, *_legend(model)))


def _names(equation: Equation) -> bool:
    """Whether this only says that what begins a recurrence is given: both sides look alike."""
    return equation.source is None and equation.place is not None


def _legend(model: Model) -> tuple[Block, ...]:
    lines: list[Inlines] = [_named("Inputs", model, model.inputs)]
    lines.append((*_named("Parameters", model, model.parameters), *_counted(model)))
    lines.append(_named("Loss" if model.loss else "Outputs", model, model.outputs))
    if model.sizes:
        lines.append((Text("Sizes: "), Formula(sizes_said(model)), Text(".")))
    if model.named:
        lines.append((Text("Sizes that follow: "), Formula(_following(model)), Text(".")))
    for written, name in model.functions.items():
        lines.append((Formula(written), Text(" is the function "), Literal(name), Text(".")))
    return tuple(Paragraph(line) for line in lines if line)


def sizes_said(model: Model) -> str:
    """``P = 6, N_1 = 4`` as LaTeX."""
    return r",\; ".join(f"{symbol(s.name)} = {v}" for s, v in model.sizes.items())


def _counted(model: Model) -> Inlines:
    """How many numbers the parameters are."""
    if not model.parameters:
        return ()
    shapes = (model.tensors[n].extents for n in model.parameters)
    count = sum(prod(at_sizes(model, e).value or 0 for e in extents) for extents in shapes)
    return (Text(f" Together {count} {'number' if count == 1 else 'numbers'}."),)


def _following(model: Model) -> str:
    """``M_2 = s N_2 = 8``: what the sheet says of a size, in the sizes before it, and its value."""
    said, names = [], dict[Axis | Index, str]()
    for name, polynomial in model.named.items():
        value = at_sizes(model, polynomial)
        said.append(f"{symbol(name)} = {index_latex(polynomial, names)} = {index_latex(value)}")
        names[polynomial] = name
    return r",\; ".join(said)


def _named(label: str, model: Model, names: tuple[str, ...]) -> Inlines:
    if not names:
        return ()
    inlines: list[Formula | Text] = [Text(f"{label}: ")]
    for place, name in enumerate(names):
        inlines += [Text(", ")] if place else []
        inlines.append(Formula(tensor_latex(model.tensors[name])))
    return (*inlines, Text("."))


def update_section(model: Model) -> Section:
    """The steps of the update rule, its numbers and its source."""
    declared = model.update or Update("sgd")
    rule = optimiser(declared.rule)
    numbers = {**rule.hyper, **declared.hyper}
    said: list[Inline] = [Text(f"One step of {rule.title}, for every parameter θ with gradient g")]
    for name in rule.hyper:
        said += [Text(", "), Formula(f"{symbol_latex(name)} = {float(numbers[name])!r}")]
    said.append(Text(f". {rule.source}."))
    displays = tuple(Display(step) for step in optimiser_latex(rule))
    return Section(text("Update"), "update", (Paragraph(tuple(said)), *displays))


def tensors_section(model: Model) -> Section:
    """Name, role, index ranges and shape of every tensor."""
    rows = tuple(_row(model, tensor) for tensor in model.tensors.values())
    head = ("Tensor", "In code", "Role", "Index ranges", "Shape")
    return Section(text("Tensors"), "tensors", (Table(head, rows),))


def _row(model: Model, tensor: Tensor) -> tuple[Inlines, ...]:
    return (
        (Formula(tensor_latex(tensor)),),
        (Literal(tensor.name),),
        text(role(model, tensor.name)),
        _ranges(model, tensor),
        text(shape_text(model, tensor)),
    )


def role(model: Model, name: str) -> str:
    """What a tensor is for."""
    if name in model.inputs:
        return "input"
    if name in model.parameters:
        return "parameter"
    return "loss" if name == model.loss else "computed"


def _ranges(model: Model, tensor: Tensor) -> Inlines:
    names: dict[Axis | Index, str] = {polynomial: name for name, polynomial in model.named.items()}
    inlines: list[Formula | Text] = []
    for place, (lo, hi) in enumerate(tensor.ranges):
        inlines += [Text(", ")] if place else []
        inlines += [Formula(index_latex(lo, names)), Text(" … "), Formula(index_latex(hi, names))]
    return tuple(inlines) or text("scalar")


def shape_text(model: Model, tensor: Tensor) -> str:
    """``6 × 24 × 24``: extents at the model's sizes."""
    return " × ".join(str(at_sizes(model, e)) for e in tensor.extents) or "1"


def at_sizes(model: Model, index: Index) -> Index:
    """The index with the model's sizes put in."""
    values: dict[Symbol, Index] = {size: Index.of(value) for size, value in model.sizes.items()}
    return index.substitute(values)
