"""The body of a function: variables unpacked, then equations as comments and their statements."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from derive.emitting.layout import assignment, comment, quoted
from derive.emitting.text import cut, shape, text
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
    lines = [f"    {variable} = {home}[{quoted(key)}]" for variable, home, key in block.sources]
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
        yield from _Writer(statement.target.name).lines(statement)


class _Writer:
    """Writes one statement; what does not fit in a line is taken apart into named parts."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.parts = 0

    def lines(self, statement: Statement) -> Iterator[str]:
        target, value = statement.target.name, statement.value
        if isinstance(value, Placed):
            yield f"    {target} = xp.zeros({shape(value.dims)}, dtype=dtype)"
            cuts = ", ".join(cut(c, n) for c, n in zip(value.cuts, value.dims, strict=True))
            target, value = f"{target}[{cuts}]", value.source
        found = assignment(target, text(value), 4)
        if found is None and any(not isinstance(a, Name) for a in value.operands):
            part, lighter = self.split(value)
            yield from self.lines(part)
            yield from self.lines(Statement(Name(target, value.shape), lighter))
            return
        yield from found or [f"    {target} = {text(value)}"]

    def split(self, value: Array) -> tuple[Statement, Array]:
        """The longest operand as a statement of its own, and the value that reads it."""
        place = max(range(len(value.operands)), key=lambda k: len(text(value.operands[k])))
        longest = value.operands[place]
        self.parts += 1
        suffix = f"_part_{self.parts}" if self.parts > 1 else "_part"
        part = Name(self.name + suffix, longest.shape)
        operands = (*value.operands[:place], part, *value.operands[place + 1 :])
        return Statement(part, longest), with_operands(value, operands)
