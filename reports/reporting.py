"""`backproof report`: equations, derivations, code and verdicts as one document."""

from __future__ import annotations

from pathlib import Path

from reports.content import model_report
from reports.files import write_atomically
from reports.judging import judged
from reports.output import show
from reports.printable import printable
from reports.sized import load_sized
from reports.terminal import diagnostics
from reports.write import render, suffix_of


def write_report(
    name: str, output: Path, deck: str | None, context: str | None, sizes: list[str]
) -> None:
    """The document, and a line that says what is in it."""
    suffix = suffix_of(str(output))
    model = load_sized(name, sizes)
    judgement = judged(deck, name, context) if deck is not None else None
    document = model_report(model, judgement)
    write_atomically(output, render(document, suffix))
    if judgement is not None:
        show(diagnostics(judgement))
    print(printable(f"{output}: {document.title}"))
