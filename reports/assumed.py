"""What a report rests on beside the equations: listed as openly as its results."""

from __future__ import annotations

from collections.abc import Iterator

from derive.equations import Model, Range, Shift
from derive.latex import index_latex, tensor_latex
from reports.document import Formula, Inlines, Literal, Text
from verify.verdict import Judgement


def assumed(model: Model, judgement: Judgement | None) -> tuple[Inlines, ...]:
    """Shifted origins, values of sizes, conventions of the batch and of functions, and what the
    verdicts of a deck assumed."""
    return tuple(_assumptions(model, judgement))


def _assumptions(model: Model, judgement: Judgement | None) -> Iterator[Inlines]:
    for shift in model.shifts:
        yield shift_said(model, shift)
    if model.sizes:
        values = ", ".join(f"{size.name} = {value}" for size, value in model.sizes.items())
        yield (Text(f"Shapes and code are for the sizes {values}; the derivations hold for all."),)
    if model.loss is None:
        yield (Text("There is no loss: the outputs carry a generic upstream gradient."),)
    if model.batch is not None:
        over = ", ".join(model.batch.over)
        yield (
            Text(f"Over a batch the loss is the {model.batch.loss} of the samples' losses; "),
            Text(f"the batch axis {model.batch.axis} stands on {over}."),
        )
    for symbol, name in model.functions.items():
        yield (Formula(symbol), Text(" is the function "), Literal(name), Text("."))
    if judgement is not None:
        said = dict.fromkeys(a for claim in judgement.claims for a in claim.assumptions)
        yield from ((Text(assumption),) for assumption in said)


def shift_said(model: Model, shift: Shift) -> Inlines:
    """``S is defined on 1..12, 1..12; the equation of z reads it on -1..10, -1..10: index k there
    means element k + 2``."""
    tensor, reader = model.tensors[shift.tensor], model.tensors[shift.equation]
    offsets = tuple(o for o in shift.offsets if o.value != 0)
    offset = ", ".join(dict.fromkeys(f"k + {index_latex(o)}" for o in offsets))
    return (
        Formula(tensor_latex(tensor)),
        Text(" is defined on "),
        _ranges(tensor.ranges),
        Text("; the equation of "),
        Formula(tensor_latex(reader)),
        Text(" reads it on "),
        _ranges(shift.read),
        Text(": an index "),
        Formula("k"),
        Text(" there is taken to mean element "),
        Formula(offset),
        Text("."),
    )


def _ranges(ranges: tuple[Range, ...]) -> Formula:
    return Formula(
        r" \times ".join(rf"\{{{index_latex(lo)}, \dots, {index_latex(hi)}\}}" for lo, hi in ranges)
    )
