"""Where a command's text goes: the file that `--output` names, or the terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from rich.console import Console
from rich.text import Text as Line

from reports.files import write_atomically
from reports.printable import printable_line


def deliver(text: str, output: Path | None) -> None:
    """The text as it is."""
    if output is None:
        sys.stdout.write(text)
    else:
        write_atomically(output, text)


def deliver_lines(lines: Iterable[Line], output: Path | None) -> None:
    """Lines that are coloured in a terminal and plain in a file."""
    if output is None:
        show(lines)
    else:
        write_atomically(output, "".join(f"{line.plain}\n" for line in lines))


def show(lines: Iterable[Line], console: Console | None = None) -> None:
    """Lines on the standard output, or on another ``console``."""
    console = console or Console(highlight=False, soft_wrap=True)
    for line in lines:
        console.print(printable_line(line))
