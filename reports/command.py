"""The `backproof` program. Nothing heavy is imported before a command needs it."""

from __future__ import annotations

import gc
import os
import sys
from enum import StrEnum
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from derive.errors import Problem
from derive.version import VERSION

app = typer.Typer(
    name="backproof",
    help="Derive, verify and emit backpropagation from the equations on a lecture slide.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class DeriveFormat(StrEnum):
    """Formats of `backproof derive`."""

    TEXT = "text"
    LATEX = "latex"


class VerifyFormat(StrEnum):
    """Formats of `backproof verify`."""

    TEXT = "text"
    JSON = "json"


ModelName = Annotated[str, typer.Argument(metavar="MODEL", help="A built-in name or a sheet.")]
Sizes = Annotated[
    list[str] | None,
    typer.Option("--size", metavar="NAME=VALUE", help="Another value of a size; may be repeated."),
]
Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FILE", help="Write there instead of to the terminal."),
]
ContextName = Annotated[
    str | None,
    typer.Option("--context", metavar="CONTEXT", help="What the deck leaves unsaid: name or path."),
]


UpdateRule = Annotated[
    str | None,
    typer.Option(
        "--update", metavar="RULE", help="Update rule: sgd, momentum, adagrad, adadelta, adam, …"
    ),
]


@app.callback(invoke_without_command=True)
def program(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Derive, verify and emit backpropagation from the equations on a lecture slide."""
    if version:
        typer.echo(f"backproof {VERSION}")
        raise typer.Exit


@app.command()
def models() -> None:
    """List the built-in models."""
    from reports.listing import list_models

    list_models()


@app.command()
def check(sheet: Annotated[str, typer.Argument(metavar="SHEET", help="A name or a path.")]) -> None:
    """Show the shapes and ranges that a sheet's equations imply, and the shifts assumed."""
    from reports.listing import check_sheet

    check_sheet(sheet)


@app.command()
def derive(
    model: ModelName,
    tensors: Annotated[
        list[str] | None,
        typer.Argument(metavar="[TENSOR]...", help="Only these, by their names in code."),
    ] = None,
    format: Annotated[DeriveFormat, typer.Option(help="How to print.")] = DeriveFormat.TEXT,
    size: Sizes = None,
    output: Output = None,
) -> None:
    """Derive the gradient of every tensor, step by step."""
    from reports.deriving import derive_gradients

    derive_gradients(model, tensors or [], format.value, size or [], output)


@app.command()
def code(
    model: ModelName,
    size: Sizes = None,
    update: UpdateRule = None,
    target: Annotated[
        str, typer.Option(metavar="TARGET", help="numpy (and CuPy), numba, torch or jax.")
    ] = "numpy",
    output: Output = None,
) -> None:
    """Emit one module: forward, loss and gradients, update, init, save, load."""
    from reports.coding import emit_code

    emit_code(model, size or [], update, target, output)


@app.command()
def plan(
    model: ModelName,
    size: Sizes = None,
    batch: Annotated[int, typer.Option(min=1, metavar="N", help="Samples in the batch.")] = 64,
) -> None:
    """Show what the emitted code will do: flops, bytes and arrays by step, and the peak memory."""
    from reports.coding import show_plan

    show_plan(model, size or [], batch)


@app.command()
def verify(
    deck: Annotated[str, typer.Argument(metavar="DECK", help="The document to proofread.")],
    model: Annotated[
        str | None,
        typer.Option(
            "--model", metavar="MODEL", help="A name or a sheet; left out: the deck's equations."
        ),
    ] = None,
    context: ContextName = None,
    format: Annotated[VerifyFormat, typer.Option(help="How to print.")] = VerifyFormat.TEXT,
    allow: Annotated[
        str,
        typer.Option(metavar="STATUS,...", help="Statuses that do not fail: undecided,unreadable."),
    ] = "",
    jobs: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            help="Processes that share the claims; left out: all cores where that pays.",
            show_default=False,
        ),
    ] = None,
    output: Output = None,
    fix: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write a corrected copy of the deck there."),
    ] = None,
) -> None:
    """Judge every formula of a deck. Exit 0: all accepted; 1: not all; 2: could not run."""
    from reports.judging import verify_and_fix, verify_deck

    if fix is None:
        accepted = verify_deck(deck, model, context, format.value, allow, jobs, output)
    else:
        accepted = verify_and_fix(deck, model, context, format.value, allow, jobs, output, fix)
    raise typer.Exit(0 if accepted else 1)


@app.command()
def train(
    model: ModelName,
    size: Sizes = None,
    update: UpdateRule = None,
    hyper: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=VALUE", help="A number of the update rule, as in rate=0.1; repeatable."
        ),
    ] = None,
    epochs: Annotated[int, typer.Option(min=1, help="Times that every image is seen.")] = 600,
    batch: Annotated[int, typer.Option(min=1, help="Images a step.")] = 32,
    seed: Annotated[int, typer.Option(min=0, help="The same seed, the same run.")] = 0,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="STEM", help="Writes STEM.npz and STEM.png."),
    ] = None,
) -> None:
    """Train the emitted module on handwritten digits: weights, loss curve, confusion matrix."""
    from reports.train import Options, train_model

    options = Options(update, hyper or [], epochs, batch, seed, output)
    train_model(model, size or [], options)


@app.command()
def report(
    model: ModelName,
    output: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="FILE", help="Ends in .html, .tex, .md or .pdf."),
    ],
    deck: Annotated[
        str | None, typer.Option("--deck", metavar="DECK", help="Judge this deck too.")
    ] = None,
    context: ContextName = None,
    size: Sizes = None,
) -> None:
    """Write equations, derivations, code and verdicts as one document."""
    from reports.reporting import write_report

    write_report(model, output, deck, context, size or [])


COLLECT = (100_000, 200, 20)
"""When garbage is collected: what is read and derived is kept and hardly ever cyclic, and going
through all of it again and again took a tenth of the time."""


def main() -> None:
    """Run the program; a `Problem` is one message and exit status 2, never a traceback."""
    gc.set_threshold(*COLLECT)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # A terminal that lacks a character shows its code instead of failing.
            stream.reconfigure(errors="backslashreplace")
    try:
        app(prog_name="backproof")
    except Problem as problem:
        _stop(str(problem), 2)
    except BrokenPipeError:
        # The reader has gone: nothing is left to say, also not when Python closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)


def _stop(message: str, status: int) -> NoReturn:
    from reports.printable import printable

    print(printable(f"backproof: {message}"), file=sys.stderr)
    sys.exit(status)
