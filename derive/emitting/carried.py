"""Which functions of the runtime a module uses, and their source."""

from __future__ import annotations

import ast
import inspect
import re
from functools import cache

from derive.emitting import runtime, runtime_chunks, runtime_padding, runtime_windows


@cache
def functions() -> dict[str, str]:
    """The source of every function of the runtime, in order."""
    found: dict[str, str] = {}
    for module in (runtime, runtime_windows, runtime_padding, runtime_chunks):
        source = inspect.getsource(module)
        lines = source.splitlines()
        for node in ast.parse(source).body:
            if isinstance(node, ast.FunctionDef):
                found[node.name] = "\n".join(lines[_first_line(node) - 1 : node.end_lineno])
    return found


def _first_line(node: ast.FunctionDef) -> int:
    return min([node.lineno, *(d.lineno for d in node.decorator_list)])


def carried(source: str) -> tuple[list[str], list[str]]:
    """Lines of imports and type names, and lines of the functions that ``source`` needs."""
    needed: dict[str, str] = {}
    queue = [source]
    while queue:
        text = queue.pop()
        for name, code in functions().items():
            if name not in needed and re.search(rf"\b{name}\(|@{name}\b", text):
                needed[name] = code
                queue.append(code)
    kept = [code for name, code in functions().items() if name in needed]
    everything = "\n".join([source, *kept])
    return _imports(everything), ("\n\n\n".join(kept)).splitlines()


TYPES = {
    "Array": "Array = Any  # of NumPy, CuPy or another array namespace",
    "Arrays": "Arrays = dict[str, Array]",
    "State": "State = dict[str, Any]",
    "Ints": "Ints = tuple[int, ...]",
    "Slices": "Slices = tuple[slice, ...]",
    "Shapes": "Shapes = dict[str, tuple[int | str, ...]]",
}


MODULES = "functools itertools math os tempfile threading types".split()
"""Of the standard library, in order."""


def _imports(source: str) -> list[str]:
    modules = [m for m in MODULES if re.search(rf"\b{re.escape(m)}\.", source)]
    lines = ["from __future__ import annotations", "", *(f"import {m}" for m in modules)]
    if generic := [n for n in ("Callable", "Iterable", "Iterator") if f"{n}[" in source]:
        lines.append(f"from collections.abc import {', '.join(generic)}")
    lines += ["from typing import Any", "", "import numpy as np", ""]
    return [*lines, *(t for name, t in TYPES.items() if re.search(rf"\b{name}\b", source)), ""]
