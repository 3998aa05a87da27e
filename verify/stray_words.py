"""Reads outside of ranges: what is said of them, and what would excuse them."""

from __future__ import annotations

from collections.abc import Iterable

from derive.reading.scope import Scope
from verify.ranges import Stray, strays, zero_outside
from verify.setting import Setting, authors_text, index_text, offsets_of
from verify.understood import every_tensor


def stray_text(stray: Stray, scope: Scope) -> str:
    """``S_p^1(0, j) is read for i = 1, u = 1, but S_p^1 starts at 1``, as the author counts."""
    access = stray.access
    added = offsets_of(scope, access.tensor, len(access.indices))
    shown = [index_text(i - o) for i, o in zip(access.indices, added, strict=True)]
    at = {a: n for a, n in stray.at.items() if a in access.indices[stray.position].axes}
    offset = added[stray.position].value or 0
    shown[stray.position] = str(stray.value - offset)
    element = authors_text(scope, access.tensor, tuple(shown))
    where = ", ".join(f"{a.name} = {n}" for a, n in sorted(at.items(), key=lambda p: p[0].uid))
    verb = "starts" if stray.below else "ends"
    name = _array_of(element, shown[stray.position]) or authors_text(scope, access.tensor)
    read = f"{element} is read" + (f" for {where}" if where else "")
    return f"{read}, but {name} {verb} at {stray.bound - offset}"


def _array_of(element: str, outside: str) -> str:
    """``I_k`` of ``I_k(-1, j)``, where what lies outside stands in the brackets."""
    name, bracket, _ = element.rpartition("(")
    return name if bracket and element.endswith(")") and outside not in name else ""


def excusing(found: Iterable[Stray], scope: Scope, setting: Setting) -> frozenset[str]:
    """The tensors whose zero outside would excuse every stray read, or none."""
    known = every_tensor(setting.bench.fixed.tensors)
    names = frozenset(s.access.tensor for s in found)
    for stray in found:
        access = stray.access
        offsets = {access.tensor: offsets_of(scope, access.tensor, len(access.indices))}
        guarded = zero_outside(access, known, names, offsets)
        if strays(guarded, known):
            return frozenset()
    return names
