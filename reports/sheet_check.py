"""What `backproof check` says of a sheet: shapes, ranges, and the shifts that were assumed."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text as Line

from derive.equations import Model, Tensor
from reports.assumed import shift_said
from reports.equations import at_sizes, role, shape_text
from reports.terminal import spoken


def sheet_lines(model: Model) -> Iterator[Line]:
    """One line a tensor, one a shift, one for the sizes."""
    yield Line(f"{model.title or model.name}: {len(model.equations)} equations", "bold")
    width = max(len(name) for name in model.tensors)
    for tensor in model.tensors.values():
        yield Line(_tensor_text(model, tensor, width))
    if model.sizes:
        yield Line("sizes: " + ", ".join(f"{s} = {v}" for s, v in model.sizes.items()))
    for shift in model.shifts:
        yield Line.assemble(("assumed: ", "yellow"), spoken(shift_said(model, shift)))


def _tensor_text(model: Model, tensor: Tensor, width: int) -> str:
    ranges = ", ".join(f"{at_sizes(model, lo)}..{at_sizes(model, hi)}" for lo, hi in tensor.ranges)
    shape = shape_text(model, tensor)
    words = f"{tensor.name:<{width}}  {role(model, tensor.name):<9}  {shape:<14}  {ranges}"
    return words.rstrip()
