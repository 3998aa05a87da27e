"""The source of the functions that an emitted Numba module needs, read from the two runtimes."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

from derive.emitting.carried import MODULES, TYPES

RUNTIMES = ("numba_runtime.py", "runtime.py")
ALWAYS = ("LANES", "_ONE", "_MOST_PARTS", "_CACHE", "_compiled", "_jit", "_exact", "_TURN")
"""Assignments that every module has."""


@cache
def definitions() -> tuple[dict[str, str], dict[str, str]]:
    """The source of every function and of every assignment of the runtimes."""
    functions: dict[str, str] = {}
    assignments: dict[str, str] = {}
    for file in RUNTIMES:
        source = Path(__file__).with_name(file).read_text(encoding="utf-8")
        lines = source.splitlines()
        for node in ast.parse(source).body:
            if isinstance(node, ast.FunctionDef):
                first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
                functions.setdefault(node.name, "\n".join(lines[first - 1 : node.end_lineno]))
            elif isinstance(node, ast.Assign):
                name = ast.unparse(node.targets[0]).strip("()").split(",")[0]
                assignments.setdefault(name, "\n".join(lines[node.lineno - 1 : node.end_lineno]))
    return functions, assignments


def carried(source: str) -> tuple[list[str], list[str]]:
    """Lines of imports, types and decorators, and lines of the functions that are needed."""
    functions, assignments = definitions()
    needed: set[str] = set()
    queue = [source]
    while queue:
        text = queue.pop()
        for name, code in functions.items():
            if name not in needed and re.search(rf"\b{name}\(", text):
                needed.add(name)
                queue.append(code)
    if "_exp" in needed:  # what gives it its meaning is never called by name
        needed |= {"_exp_by_dtype", "_exp_single", "_exp_double"}
    kept = [code for name, code in functions.items() if name in needed]
    decorators = [assignments[name] for name in ALWAYS]
    everything = "\n".join([source, *kept, *decorators])
    helpers = "\n\n\n".join(["\n".join(decorators), *kept])
    return _imports(everything), helpers.splitlines()


def _imports(source: str) -> list[str]:
    modules = [m for m in MODULES if re.search(rf"\b{m}\.", source)]
    lines = ["from __future__ import annotations", "", *(f"import {m}" for m in modules)]
    if generic := [n for n in ("Iterable", "Iterator") if f"{n}[" in source]:
        lines.append(f"from collections.abc import {', '.join(generic)}")
    lines += ["from typing import Any", "", "import numba", "import numpy as np"]
    if "@overload(" in source:
        lines.append("from numba.extending import overload")
    return [
        *lines,
        "",
        *(t for name, t in TYPES.items() if re.search(rf"\b{name}\b", source)),
        "",
    ]
