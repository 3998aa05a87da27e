"""What a report rests on beside the equations: listed as openly as its results."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath

from derive.equations import Model, Range, Shift
from derive.index import Index
from derive.latex import tensor_latex
from reports.document import Formula, Inlines, Literal, Text
from reports.equations import at_sizes, sizes_said
from reports.mathematics import with_mathematics
from verify.verdict import Judgement


def assumed(model: Model, judgement: Judgement | None) -> tuple[Inlines, ...]:
    """Shifted origins, values of sizes, conventions of the batch and of functions, and what the
    verdicts of a deck assumed."""
    return tuple(_assumptions(model, judgement))


def _assumptions(model: Model, judgement: Judgement | None) -> Iterator[Inlines]:
    for shift in model.shifts:
        yield shift_said(model, shift)
    if model.sizes:
        yield (
            Text("Shapes and code are for the sizes "),
            Formula(sizes_said(model)),
            Text("; the derivations hold for all."),
        )
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
        yield from _assumed_for_claims(judgement)


def _assumed_for_claims(judgement: Judgement) -> Iterator[Inlines]:
    """Each assumption once, with the lines of the deck whose verdicts rest on it."""
    lines: dict[str, list[str]] = {}
    for claim in judgement.claims:
        for assumption in claim.assumptions:
            lines.setdefault(assumption, []).append(claim.places[0].lines)
    for assumption, found in lines.items():
        places = ", ".join(dict.fromkeys(found))
        yield (
            Text(f"For {PurePath(judgement.deck).name}, line {places}: "),
            *with_mathematics(assumption),
            Text("."),
        )


def shift_said(model: Model, shift: Shift) -> Inlines:
    """``S is defined on 1..12; the equation of z reads it on -1..10: k means element k + 2``.

    At the model's sizes; axes that are not shifted are left out.
    """
    tensor, reader = model.tensors[shift.tensor], model.tensors[shift.equation]
    moved = [n for n, offset in enumerate(shift.offsets) if offset.value != 0]
    offsets = dict.fromkeys(str(at_sizes(model, Index.of(shift.offsets[n]))) for n in moved)
    said = " and ".join(f"k + {offset}".replace("+ -", "- ") for offset in offsets)
    return (
        Formula(tensor_latex(tensor)),
        Text(f" is defined on {_span(model, [tensor.ranges[n] for n in moved])}; the equation of "),
        Formula(tensor_latex(reader)),
        Text(f" reads it on {_span(model, [shift.read[n] for n in moved])}: "),
        Text(f"an index k there is taken to mean element {said}."),
    )


def _span(model: Model, ranges: list[Range]) -> str:
    """``1..12``, or ``1..12, 1..10`` where the axes differ."""
    texts = (f"{at_sizes(model, lo)}..{at_sizes(model, hi)}" for lo, hi in ranges)
    return ", ".join(dict.fromkeys(texts))
