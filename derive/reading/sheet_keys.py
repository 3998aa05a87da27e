"""The declarations that the front matter of a sheet may hold."""

from __future__ import annotations

from derive.reading.layer_families import FAMILIES
from derive.reading.recurrences import TIME
from derive.reading.types import SCALARS

SHEET_KEYS = (
    "title", "loss", "inputs", "batch", "sizes", "functions", "operators", "types", "outside",
    "ties", "layout", "update", "sums", SCALARS,
    "values", "declare", "variants", "announced", "emitted", TIME, FAMILIES,
)  # fmt: skip
