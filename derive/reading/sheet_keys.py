"""The declarations that the front matter of a sheet may hold."""

from __future__ import annotations

from derive.reading.layer_families import FAMILIES
from derive.reading.recurrences import TIME

SHEET_KEYS = (
    "title", "loss", "inputs", "batch", "sizes", "functions", "operators", "types", "outside",
    "ties", "layout", "update", "sums",
    "values", "declare", "variants", "announced", "emitted", TIME, FAMILIES,
)  # fmt: skip
