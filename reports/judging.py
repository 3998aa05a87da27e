"""`backproof verify`: the verdicts on a deck, shown, written down and acted upon."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from derive.errors import Problem
from reports.corrections import correction_lines, refuse
from reports.files import write_atomically
from reports.output import deliver, deliver_lines, show
from reports.terminal import diagnostics
from reports.verdict_json import as_text, fixed_to_json, to_json
from verify.fixing import fix
from verify.judge import judge_deck
from verify.verdict import ACCEPTED, Judgement, Status


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
    judgement = judged(deck, model, context, jobs)
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
    show(correction_lines(fixed, copy), Console(stderr=True, highlight=False, soft_wrap=True))
    return accepted


def judged(deck: str, model: str | None, context: str | None, jobs: int | None = None) -> Judgement:
    """The verdicts on a deck, with a progress bar meanwhile."""
    with progress_bar(f"judging {Path(deck).name}") as advance:
        return judge_deck(deck, model, context, progress=advance, jobs=jobs)


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
        deliver(as_text(stated) + "\n", output)
    else:
        deliver_lines(diagnostics(judgement), output)
    return all(claim.status in allowed for claim in judgement.claims)


def _statuses(allow: str) -> frozenset[Status]:
    words = [word.strip() for word in allow.split(",") if word.strip()]
    for word in words:
        if word not in {status.value for status in Status}:
            raise Problem(f"--allow {word!r} is no status", expected=", ".join(Status))
    return frozenset(map(Status, words))


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
