"""Derivations, verdicts and code for people: terminal, HTML, LaTeX, Markdown, PDF, JSON."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reports.content import model_report
    from reports.verdict_json import to_json
    from reports.write import render

_HOMES = {
    "model_report": "reports.content",
    "render": "reports.write",
    "to_json": "reports.verdict_json",
}

__all__ = ["model_report", "render", "to_json"]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value
