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
    yield f"    {target}[{cuts}] = {text(value.source)}"


def _taken_apart(statement: Statement) -> Iterator[str]:
    """A statement that is too long for a line: its longest operand first, under the same name."""
    target, value = statement.target, statement.value
    longest = max(value.operands, key=lambda a: len(text(a)), default=None)
    if longest is None or isinstance(longest, Name):
        raise IllFormed(f"no line is long enough for {target.name} = {text(value)}")
    part = Name(f"{target.name}_part", longest.shape)
    yield from _statement(Statement(part, longest))
    operands = tuple(part if a is longest else a for a in value.operands)
    yield from _statement(Statement(target, with_operands(value, operands)))
