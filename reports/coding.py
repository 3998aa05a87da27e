"""`backproof code` and `plan`: the module that computes a model, and what that costs."""

from __future__ import annotations

from pathlib import Path

from rich.text import Text as Line

from derive.emit import emit
from derive.optimisers import with_update
from derive.plan import plan_inside
from reports.output import deliver, show
from reports.plan_text import plan_lines
from reports.sized import load_sized


def emit_code(
    name: str, sizes: list[str], update: str | None, target: str, output: Path | None
) -> None:
    """The module's source, with the named update rule or else the model's own."""
    model = load_sized(name, sizes)
    model = model if update is None else with_update(model, update)
    chosen = [f"--update {update}"] if update is not None else []
    chosen += [f"--target {target}"] if target != "numpy" else []
    command = " ".join(["backproof code", name, *(f"--size {size}" for size in sizes), *chosen])
    deliver(emit(model, target=target, command=command), output)


def show_plan(name: str, sizes: list[str], batch: int) -> None:
    """What each step of the emitted NumPy code costs for a batch of this many samples."""
    made = plan_inside(load_sized(name, sizes))
    show(map(Line, plan_lines(made, batch if made.model.batch else 1)))
