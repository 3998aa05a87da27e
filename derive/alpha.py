"""Equality of expressions up to the names of their bound axes."""

from __future__ import annotations

from collections.abc import Mapping

from derive.expr import Access, Apply, Expr, Number, Summation, Winner, children, indices_of
from derive.index import Axis, Index, Size


def alpha_key(expr: Expr, names: Mapping[Axis, str] | None = None) -> str:
    """A text that is equal for expressions equal up to the names of their bound axes."""
    return _serialise(expr, dict(names or {}))


def _serialise(expr: Expr, names: dict[Axis, str]) -> str:
    if isinstance(expr, Summation | Winner):
        bound, outer = [], names
        for a in expr.axes:
            names = {**names, a: f"${len(names)}"}
            bound.append(f"{names[a]}:{a.lo}..{a.hi}")
        head = "sum"
        if isinstance(expr, Winner):
            head = f"{expr.tie}[{','.join(_index_key(i, outer) for i in expr.at)}]"
        return f"{head}({','.join(bound)};{_serialise(expr.body, names)})"
    indices = ",".join([_index_key(i, names) for i in indices_of(expr)])
    inner = ",".join([_serialise(p, names) for p in children(expr)])
    label = type(expr).__name__
    if isinstance(expr, Number):
        label = str(expr.value)
    elif isinstance(expr, Access):
        label = expr.tensor
    elif isinstance(expr, Apply):
        label = expr.function
    return f"{label}[{indices}]({inner})"


def _index_key(index: Index, names: Mapping[Axis, str]) -> str:
    def name(symbol: Axis | Size) -> str:
        if isinstance(symbol, Axis):
            return names[symbol] if symbol in names else repr(symbol)
        return symbol.name

    return "+".join(sorted([f"{c}*{'*'.join(sorted(map(name, m)))}" for m, c in index.terms]))
