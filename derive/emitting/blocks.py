"""The body of a function: variables unpacked, then each equation as a comment and its statements."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from derive.emitting.layout import assignment, comment
from derive.emitting.text import _cut, shape, text
from derive.errors import IllFormed
from derive.plain import plain
from derive.plan import Plan, Step
from derive.planning.arrays import Array, Name, Placed, with_operands
from derive.planning.book import Statement


@dataclass(frozen=True)
class Block:
    """Steps of a plan in one function; ``sources`` are (variable, dictionary, key) to unpack."""

    plan: Plan
    steps: tuple[Step, ...]
    sources: tuple[tuple[str, str, str], ...]


def block_lines(block: Block) -> list[str]:
    """The lines, indented by four."""
    body = [line for step in block.steps for line in _step(block.plan, step)]
    lines = [f'    {variable} = {home}["{key}"]' for variable, home, key in block.sources]
    used = "\n".join(body)
    if re.search(r"\bbatch\b", used) and (batched := _batched(block)):
        lines.append(f"    batch = {batched}.shape[0]")
    if re.search(r"dtype=dtype", used):
        lines.append(f"    dtype = {block.sources[0][0]}.dtype")
    return [*lines, *body]


def _batched(block: Block) -> str | None:
    """A variable whose first axis is the batch."""
    back = {v: t for t, v in block.plan.variables.items()}
    for variable, _, _ in block.sources:
        tensor = block.plan.model.tensors.get(back.get(variable, ""))
        if tensor and tensor.extents and str(tensor.extents[0]) == "batch":
            return variable
    return None


def _step(plan: Plan, step: Step) -> Iterator[str]:
    yield ""
    yield from comment(plain(step.equation, plan.variables), 4)
    for statement in step.statements:
        yield from _statement(statement)


def _statement(statement: Statement) -> Iterator[str]:
    target, value = statement.target.name, statement.value
    if isinstance(value, Placed):
        yield from _placed(target, value)
        return
    lines = assignment(target, text(value), 4)
    if lines is not None:
        yield from lines
        return
    yield from _taken_apart(statement)


def _placed(target: str, value: Placed) -> Iterator[str]:
    cuts = ", ".join(_cut(c, n) for c, n in zip(value.cuts, value.dims, strict=True))
    yield f"    {target} = xp.zeros({shape(value.dims)}, dtype=dtype)"
    yield from assignment(f"{target}[{cuts}]", text(value.source), 4) or ()


def _taken_apart(statement: Statement) -> Iterator[str]:
    """A statement that is too long for a line: its longest operand first, named after its place."""
    target, value = statement.target, statement.value
    place = max(range(len(value.operands)), key=lambda k: len(text(value.operands[k])), default=0)
    if not value.operands or isinstance(value.operands[place], Name):
        raise IllFormed(f"no line is long enough for {target.name} = {text(value)}")
    suffix = "part" if len(value.operands) == 1 else ("left", "right", "third")[place]
    operands = list(value.operands)
    part = Name(f"{target.name}_{suffix}", operands[place].shape)
    yield from _statement(Statement(part, operands[place]))
    operands[place] = part
    yield from _statement(Statement(target, with_operands(value, tuple(operands))))
