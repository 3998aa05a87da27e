"""`backproof models` and `backproof check`: what is built in, and what a sheet implies."""

from __future__ import annotations

from derive.reading.catalogue import entries


def list_models() -> None:
    """One line for each built-in sheet."""
    known = tuple(entries())
    width = max(len(entry.name) for entry in known)
    for entry in known:
        sizes = ", ".join(f"{size} = {value}" for size, value in entry.sizes.items())
        print(f"{entry.name:<{width}} {entry.title}" + (f" ({sizes})" if sizes else ""))


def check_sheet(sheet: str) -> None:
    """Tensors with shapes and ranges, then the shifts that were assumed."""
    from derive.reading.sheet import load_model
    from reports.output import show
    from reports.sheet_check import sheet_lines

    show(sheet_lines(load_model(sheet)))
