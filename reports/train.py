"""`backproof train`: what is shown while a module learns, and what is written in the end."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite, nan
from pathlib import Path
from typing import Any, TypedDict

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from derive.errors import Problem
from derive.optimisers import optimiser, with_update
from reports.files import check_writable, write_atomically, writing
from reports.sized import load_sized
from reports.training import Result, Task, checked_numbers, task, trained
from reports.training_figure import figure_png, figure_possible
from reports.training_rate import GRIDS, heats, raced, searched


@dataclass(frozen=True)
class Options:
    """What the command line says; no ``update`` means the model's own rule."""

    update: str | None
    hyper: list[str]
    epochs: int
    batch: int
    seed: int
    output: Path | None


def train_model(name: str, sizes: list[str], options: Options) -> None:
    """Train, show and write. Raises `Problem` before the first step where something is missing."""
    model = load_sized(name, sizes)
    model = model if options.update is None else with_update(model, options.update)
    work = task(model, f"backproof train {name}")
    numbers = checked_numbers(work, _numbers(options.hyper))
    figure_possible()
    files = _files(options.output or Path(f"{model.name}-digits"))
    for path in files:
        check_writable(path)
    console = Console(highlight=False, soft_wrap=True)
    console.print(_introduction(work))
    started = time.perf_counter()
    with Progress(*_columns(), console=Console(stderr=True), transient=True) as bar:
        result, choice = _learned(work, options, numbers, bar)
    seconds = time.perf_counter() - started
    console.print(_confusion(result))
    if choice:
        console.print(choice)
    times = "1 epoch" if options.epochs == 1 else f"{options.epochs} epochs"
    console.print(f"{times} in {seconds:.1f} s: {_said(result)}")
    _write(work, result, *files)
    for path in files:
        console.print(f"{path}")


def _learned(
    work: Task, options: Options, numbers: dict[str, float], bar: Progress
) -> tuple[Result, str]:
    """The run, and how its rate was chosen."""
    name = searched(work, numbers)
    total = options.epochs
    if name is not None:
        total = sum(runners * length for runners, length in heats(len(GRIDS[name]), options.epochs))
    shown = bar.add_task("learning", total=total, said="")

    def advance(result: Result) -> None:
        bar.update(shown, advance=1, said=_said(result))

    how: _Run = {"epochs": options.epochs, "batch": options.batch, "seed": options.seed}
    if name is None:
        return trained(work, numbers=numbers, progress=advance, **how), _given(numbers)
    value, result = raced(work, name, numbers=numbers, progress=advance, **how)
    grid = GRIDS[name]
    return result, (
        f"{name} = {value:g} learns most of {len(grid)} from {grid[0]:g} to {grid[-1]:g} that "
        f"were tried; --hyper {name}={value:g} saves the search"
    )


def _given(numbers: Mapping[str, float]) -> str:
    return ", ".join(f"{name} = {value:g}" for name, value in numbers.items())


class _Run(TypedDict):
    epochs: int
    batch: int
    seed: int


def _numbers(texts: list[str]) -> dict[str, float]:
    numbers = {}
    for text in texts:
        name, _, value = text.partition("=")
        try:
            numbers[name.strip()] = number = float(value)
        except ValueError:
            number = nan
        if not isfinite(number):
            raise Problem(
                f"--hyper {text!r} is not understood", expected="NAME=VALUE, as in rate=0.1"
            )
    return numbers


def _introduction(work: Task) -> str:
    """Which network learns by which rule."""
    sizes = ", ".join(f"{s.name} = {v}" for s, v in work.model.sizes.items())
    count = sum(_extent(shape) for shape in work.module.PARAMETERS.values())
    rule = optimiser(work.model.update.rule if work.model.update else "sgd")
    return f"{work.model.title} ({sizes}), {count} parameters, {rule.title}"


def _extent(shape: tuple[Any, ...]) -> int:
    count = 1
    for n in shape:
        count *= n
    return count


def _columns() -> tuple[Any, ...]:
    said = TextColumn("{task.fields[said]}")
    return (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), said)


def _said(result: Result) -> str:
    return (
        f"loss {result.training[-1]:.4f}, held back {result.held_back[-1]:.4f} "
        f"and {result.accuracy[-1]:.1%} right"
    )


def _confusion(result: Result) -> Table:
    """Rows are true classes, columns predicted ones."""
    table = Table(title="held back: true classes by row, predicted ones by column")
    table.add_column("")
    for label in range(len(result.confusion)):
        table.add_column(str(label), justify="right")
    for label, row in enumerate(result.confusion):
        cells = (
            f"[bold]{n}[/bold]" if k == label else f"[red]{n}[/red]" if n else "·"
            for k, n in enumerate(row)
        )
        table.add_row(str(label), *cells)
    return table


def _files(stem: Path) -> tuple[Path, Path]:
    """Where the weights and the figure go."""
    return stem.with_name(f"{stem.name}.npz"), stem.with_name(f"{stem.name}.png")


def _write(work: Task, result: Result, weights: Path, figure: Path) -> None:
    with writing(weights):
        work.module.save(weights, result.params)
    write_atomically(figure, figure_png(result, work.model.title))
