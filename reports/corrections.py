"""The corrected copy of a deck: where it may be written, and what is said of it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from rich.text import Text as Line

from derive.errors import Problem
from verify.fixing import Change, Fixed, Left
from verify.verdict import Place


def refuse(copy: Path, sources: Iterable[str | None], output: Path | None) -> None:
    """Raise `Problem` where ``copy`` is, by whatever name, a file that is read or the output."""
    for source in sources:
        if source is not None and same_file(copy, Path(source)):
            raise Problem(
                f"--fix {copy} would overwrite {source}", expected="another file for the copy"
            )
    if output is not None and same_file(copy, output):
        raise Problem(f"--fix and --output both name {copy}", expected="two files")


def same_file(one: Path, two: Path) -> bool:
    """Whether both paths lead to one file, through links of either kind too."""
    try:
        return os.path.samefile(one, two)
    except OSError:  # one of them is not there yet
        return os.path.realpath(one) == os.path.realpath(two)


def correction_lines(fixed: Fixed, copy: Path) -> Iterator[Line]:
    """What was changed where, what could not be, then the count."""
    for change in fixed.changed:
        yield from _changed(change, fixed.before.deck)
    for left in fixed.left:
        yield from _left(left, fixed.before.deck)
    count, kept = len(fixed.changed), len(fixed.left)
    noun = "formula" if count == 1 else "formulas"
    line = f"{copy}: {count} {noun} corrected"
    yield Line(line + (f", {kept} wrong as before" if kept else ""), "bold")


def _changed(change: Change, deck: str) -> Iterator[Line]:
    verdict = change.verdict
    edit = verdict.suggestion.edit if verdict.suggestion is not None else ""
    yield Line.assemble(
        f"{_at(deck, verdict.places)}: ", ("corrected", "green"), f", now {change.status}: {edit}"
    )


def _left(left: Left, deck: str) -> Iterator[Line]:
    where = _at(deck, left.verdict.places)
    yield Line.assemble(f"{where}: ", ("not corrected", "bold red"), f": {left.reason}")


def _at(deck: str, places: tuple[Place, ...]) -> str:
    first, *more = places
    also = f" (also {', '.join(p.brief for p in more)})" if more else ""
    return f"{first.at(deck)}{also}"
