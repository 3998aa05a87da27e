"""The body of a function: variables unpacked, then equations as comments and their statements."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from derive.emitting.layout import WIDTH, assignment, comment, quoted
from derive.emitting.recurrent import recurrence_lines
from derive.emitting.text import cut, shape, text
from derive.plain import plain
from derive.plan import Plan, Step
from derive.planning.arrays import Array, Name, with_operands
from derive.planning.book import Statement
from derive.planning.names import fresh_name
from derive.planning.overwriting import Chain, chain_of
from derive.planning.recurrent import AtPlace, Recurrence
from derive.planning.windows import Placed


@dataclass(frozen=True)
class Block:
    """Steps of a plan in one function; ``sources`` are (variable, dictionary, key) to unpack."""

    plan: Plan
    steps: tuple[Step, ...]
    sources: tuple[tuple[str, str, str], ...]


def block_lines(block: Block) -> list[str]:
    """The lines, indented by four."""
    taken = set(block.plan.names)
    body = [line for step in block.steps for line in _step(block.plan, step, taken)]
    lines = [f"    {variable} = {home}[{quoted(key)}]" for variable, home, key in block.sources]
    code = "\n".join(line for line in body if not line.lstrip().startswith("#"))
    if re.search(r"\bbatch\b", code):
        last = -1 if block.plan.orders else 0
        lines.append(f"    batch = {_batched(block)}.shape[{last}]")
    if "dtype=dtype" in code:
        lines.append(f"    dtype = {_any_array(block)}.dtype")
    return [*lines, *body]


def _batched(block: Block) -> str:
    """An array that carries samples: its first axis is the batch, the last one where it moved."""
    model, back = block.plan.model, {v: t for t, v in block.plan.variables.items()}

    def has_batch(tensor: str) -> bool:
        extents = model.tensors[tensor].extents if tensor in model.tensors else ()
        return bool(extents) and extents[0].value is None

    unpacked = (v for v, _, _ in block.sources if has_batch(back.get(v, "")))
    given = (f"inputs[{quoted(name)}]" for name in model.inputs if has_batch(name))
    return next(chain(unpacked, given))


def _any_array(block: Block) -> str:
    """An array that is at hand."""
    unpacked = (v for v, _, _ in block.sources)
    given = (f"inputs[{quoted(name)}]" for name in block.plan.model.inputs)
    held = (f"params[{quoted(name)}]" for name in block.plan.model.parameters)
    return next(chain(unpacked, given, held))


def _step(plan: Plan, step: Step, taken: set[str]) -> Iterator[str]:
    if isinstance(step, Recurrence):

        def write(statement: Statement, indent: int) -> Iterator[str]:
            return Writer(statement.target.name, taken, indent).lines(statement)

        def said(part: AtPlace) -> str:
            return plain(part.equation, plan.variables)

        yield from recurrence_lines(step, said, write)
        return
    yield ""
    yield from comment(plain(step.equation, plan.variables), 4)
    for statement in step.statements:
        yield from Writer(statement.target.name, taken).lines(statement)


class Writer:
    """Writes one statement; what does not fit in a line is taken apart into named parts."""

    def __init__(self, name: str, taken: set[str], indent: int = 4) -> None:
        self.name = name
        self.taken = taken
        self.indent = indent

    def lines(self, statement: Statement) -> Iterator[str]:
        if (chained := chain_of(statement)) is not None:
            yield from self.in_place(statement.target, chained)
            return
        target, value, pad = statement.target.name, statement.value, " " * self.indent
        if isinstance(value, Placed):
            yield f"{pad}{target} = xp.zeros({shape(value.dims)}, dtype=dtype)"
            cuts = ", ".join(cut(c, n) for c, n in zip(value.cuts, value.dims, strict=True))
            target, value = f"{target}[{cuts}]", value.source
        found = assignment(target, text(value), self.indent)
        if found is None and any(not isinstance(a, Name) for a in value.operands):
            part, lighter = self.split(value)
            yield from self.lines(part)
            yield from self.lines(Statement(Name(target, value.shape), lighter))
            return
        yield from found or [f"{pad}{target} = {text(value)}"]

    def in_place(self, target: Name, found: Chain) -> Iterator[str]:
        """The operand under the new name, and every operation on it."""
        pad = " " * self.indent
        yield from self.lines(Statement(target, found.leaf))
        for operation, operand in found.steps:
            line = f"{pad}{target.name} {operation}= {text(operand)}"
            if len(line) <= WIDTH:
                yield line
                continue
            part = Name(fresh_name(f"{self.name}_part", self.taken), operand.shape)
            yield from self.lines(Statement(part, operand))
            yield f"{pad}{target.name} {operation}= {part.name}"

    def split(self, value: Array) -> tuple[Statement, Array]:
        """The longest operand as a statement of its own, and the value that reads it."""
        place = max(range(len(value.operands)), key=lambda k: len(text(value.operands[k])))
        longest = value.operands[place]
        part = Name(fresh_name(f"{self.name}_part", self.taken), longest.shape)
        operands = (*value.operands[:place], part, *value.operands[place + 1 :])
        return Statement(part, longest), with_operands(value, operands)
