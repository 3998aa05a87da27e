"""Sizes that are their values: what is written out for a number of rows holds for that number."""

from __future__ import annotations

from dataclasses import replace

from derive.reading.declarations import Front


def with_fixed_sizes(front: Front) -> Front:
    """The front matter in which every size is the number that it has."""
    values = dict(front.values)
    values["sizes"] = {name: _fixed(size) for name, size in front.mapping("sizes").items()}
    return Front(replace(front.document, front=values))


def _fixed(size: object) -> object:
    value = size["value"] if isinstance(size, dict) and "value" in size else size
    return str(value) if isinstance(value, int) else size
