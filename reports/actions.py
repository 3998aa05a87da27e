"""What each subcommand does, once its arguments are read."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.text import Text as Line

from derive.adjoint import gradients
from derive.emit import emit
from derive.equations import Model
from derive.errors import Problem
from derive.optimisers import with_update
from derive.pipeline import load_model, model_names
from derive.plan import plan_inside
from derive.steps import Derivation
from reports.content import model_report
from reports.corrections import correction_lines, refuse
from reports.files import write_atomically
from reports.fragment import derivations_fragment
from reports.plan_text import plan_lines
from reports.printable import printable, printable_line
from reports.sheet_check import sheet_lines
from reports.terminal import derivation_text, diagnostics
from reports.verdict_json import as_text, fixed_to_json, to_json
from reports.write import render, suffix_of
from verify.fixing import fix
from verify.judge import judge_deck
from verify.verdict import ACCEPTED, Judgement, Status


def list_models() -> None:
    """One line for each built-in sheet."""
    for name in model_names():
        model = load_model(name)
        sizes = ", ".join(f"{size} = {value}" for size, value in model.sizes.items())
        print(f"{name:<14} {model.title}" + (f" ({sizes})" if sizes else ""))


def check_sheet(sheet: str) -> None:
    """Tensors with shapes and ranges, then the shifts that were assumed."""
    _show(sheet_lines(load_model(sheet)))


def derive_gradients(
    name: str, tensors: list[str], form: str, sizes: list[str], output: Path | None
) -> None:
    """Derivations of the named tensors, or of all."""
    model = sized(load_model(name), sizes)
    chosen = _chosen(gradients(model), tensors)
    if form == "latex":
        _deliver(derivations_fragment(model, chosen), output)
        return
    lines = (line for derivation in chosen for line in derivation_text(model, derivation))
    _deliver_lines(lines, output)


def _chosen(derivations: dict[str, Derivation], tensors: list[str]) -> list[Derivation]:
    for tensor in tensors:
        if tensor not in derivations:
            known = ", ".join(derivations)
            raise Problem(f"no gradient of {tensor!r}", expected=f"one of {known}")
    return [derivations[tensor] for tensor in tensors or derivations]


def emit_code(
    name: str, sizes: list[str], update: str | None, target: str, output: Path | None
) -> None:
    """The module's source, with the named update rule or else the model's own."""
    model = sized(load_model(name), sizes)
    model = model if update is None else with_update(model, update)
    chosen = [f"--update {update}"] if update is not None else []
    chosen += [f"--target {target}"] if target != "numpy" else []
    command = " ".join(["backproof code", name, *(f"--size {size}" for size in sizes), *chosen])
    _deliver(emit(model, target=target, command=command), output)


def show_plan(name: str, sizes: list[str], batch: int) -> None:
    """What each step of the emitted NumPy code costs for a batch of this many samples."""
    made = plan_inside(sized(load_model(name), sizes))
    _show(map(Line, plan_lines(made, batch if made.model.batch else 1)))


def verify_deck(
    deck: str,
    model: str | None,
    context: str | None,
    form: str,
    allow: str,
    jobs: int | None,
    output: Path | None,
) -> bool:
    """Print the verdicts; true where every claim is accepted or of an allowed status."""
    allowed = ACCEPTED | _statuses(allow)
    judgement = _judged(deck, model, context, jobs)
    return _told(judgement, form, to_json(judgement), allowed, output)


def verify_and_fix(
    deck: str,
    model: str | None,
    context: str | None,
    form: str,
    allow: str,
    jobs: int | None,
    output: Path | None,
    copy: Path,
) -> bool:
    """`verify_deck`, and a corrected copy; what was changed is said on the standard error."""
    allowed = ACCEPTED | _statuses(allow)
    refuse(copy, (deck, model, context), output)
    with progress_bar(f"judging {Path(deck).name}") as advance:
        fixed = fix(deck, model, context, progress=advance, jobs=jobs)
    stated = fixed_to_json(fixed, str(copy))
    accepted = _told(fixed.before, form, stated, allowed, output)
    write_atomically(copy, fixed.data)
    _show(correction_lines(fixed, copy), Console(stderr=True, highlight=False, soft_wrap=True))
    return accepted


def _told(
    judgement: Judgement,
    form: str,
    stated: dict[str, Any],
    allowed: frozenset[Status],
    output: Path | None,
) -> bool:
    """Print the verdicts, as JSON what is ``stated``; true where all are of an allowed status."""
    if not judgement.claims:
        skipped = len(judgement.skipped)
        raise Problem(f"{judgement.deck}: no formula to judge; {skipped} stretches skipped")
    if form == "json":
        _deliver(as_text(stated) + "\n", output)
    else:
        _deliver_lines(diagnostics(judgement), output)
    return all(claim.status in allowed for claim in judgement.claims)


def _statuses(allow: str) -> frozenset[Status]:
    words = [word.strip() for word in allow.split(",") if word.strip()]
    for word in words:
        if word not in {status.value for status in Status}:
            raise Problem(f"--allow {word!r} is no status", expected=", ".join(Status))
    return frozenset(map(Status, words))


def write_report(
    name: str, output: Path, deck: str | None, context: str | None, sizes: list[str]
) -> None:
    """The document, and a line that says what is in it."""
    suffix = suffix_of(str(output))
    model = sized(load_model(name), sizes)
    judgement = _judged(deck, name, context) if deck is not None else None
    document = model_report(model, judgement)
    write_atomically(output, render(document, suffix))
    if judgement is not None:
        _show(diagnostics(judgement))
    print(printable(f"{output}: {document.title}"))


def _judged(
    deck: str, model: str | None, context: str | None, jobs: int | None = None
) -> Judgement:
    with progress_bar(f"judging {Path(deck).name}") as advance:
        return judge_deck(deck, model, context, progress=advance, jobs=jobs)


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[int, int], None] | None]:
    """A bar on the standard error where that is a terminal; elsewhere there is none to advance."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    # No thread that refreshes it, so that the process can be copied (`verify.copies`).
    with Progress(*columns, console=console, transient=True, auto_refresh=False) as bar:
        task = bar.add_task(what, total=None)

        def advance(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total, refresh=True)

        yield advance


def sized(model: Model, sizes: list[str]) -> Model:
    """The model with ``NAME=VALUE`` put in. Raises `Problem` for what it does not have."""
    values = {}
    for text in sizes:
        name, _, value = text.partition("=")
        if not value.strip().isdecimal():
            raise Problem(f"--size {text!r} is not understood", expected="NAME=VALUE, as in P=3")
        values[name.strip()] = int(value)
    try:
        return model.resized(**values)
    except ValueError as error:
        raise Problem(str(error)) from error


def _deliver(text: str, output: Path | None) -> None:
    if output is None:
        sys.stdout.write(text)
    else:
        write_atomically(output, text)


def _deliver_lines(lines: Iterable[Line], output: Path | None) -> None:
    if output is None:
        _show(lines)
    else:
        write_atomically(output, "".join(f"{line.plain}\n" for line in lines))


def _show(lines: Iterable[Line], console: Console | None = None) -> None:
    console = console or Console(highlight=False, soft_wrap=True)
    for line in lines:
        console.print(printable_line(line))
