"""A plan in a terminal: what each step of the emitted code costs, and the memory it takes."""

from __future__ import annotations

from collections.abc import Iterator

from derive.emitting.peak import peak
from derive.plan import Plan, Step
from derive.planning.chunks import DOUBLE, SINGLE
from derive.planning.cost import elements
from derive.planning.memory import moved


def plan_lines(plan: Plan, batch: int) -> Iterator[str]:
    """A table of steps for a batch of this many samples, and the totals.

    Flops count a function as one; bytes are those of float64 that operations read and write.
    """
    samples = plan.at_once(batch, DOUBLE)
    whole, rest = divmod(batch, samples)
    chunks = [samples] * whole + [rest] * (rest > 0)
    yield f"{plan.source.name}: {_samples(batch)}" + (
        f", {samples} at a time" if len(chunks) > 1 else ""
    )
    yield ""
    yield _row("", "Mflop", "MB moved", "largest array (elements)")
    blocks = (("forward", plan.predict), ("loss", plan.score), ("backward", plan.backward))
    flops = total = 0.0
    for title, steps in blocks:
        if steps:
            yield f"{title}:"
        for step in steps:
            work = sum(_flops(step, n) for n in chunks)
            data = sum(moved(step.statements, n) for n in chunks) * DOUBLE
            flops, total = flops + work, total + data
            yield _row(f"  {step.tensor}", _mega(work), _mega(data), _largest(step, samples))
    yield _row("all", _mega(flops), _mega(total), "")
    yield ""
    most = {width: _mega(peak(plan, batch, width)) for width in (DOUBLE, SINGLE)}
    yield f"peak memory beside parameters and inputs: {most[DOUBLE]} MB in float64, " + (
        f"{most[SINGLE]} MB in float32"
    )
    for tensor, form in plan.notes:
        yield f"stable form: {plan.variables[tensor]} ({form})"


def _flops(step: Step, samples: int) -> int:
    return int(step.flops.evaluate(lambda _: samples))


def _samples(batch: int) -> str:
    return f"{batch} sample" + ("s" if batch > 1 else "")


def _row(name: str, flops: str, data: str, largest: str) -> str:
    return f"{name:14} {flops:>10} {data:>10}   {largest}".rstrip()


def _mega(value: float) -> str:
    return f"{value / 1e6:.3f}"


def _largest(step: Step, samples: int) -> str:
    target = step.largest.target
    shape = " x ".join(str(n.evaluate(lambda _: samples)) for n in target.shape)
    return f"{target.name} {shape or 'a number'} ({elements(target.shape, samples)})"
