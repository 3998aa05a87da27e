r"""Functions with labels: ``g^{[1]}`` and ``\sigma_g`` are declared by themselves, or as g.

A label in brackets, ``g^{[l]}``, says of which layer the function is; where only g is declared all
layers have it. A number in round brackets may count derivatives and stays.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Container
from dataclasses import replace
from functools import lru_cache
from typing import TypeVar

from derive.reading.names import head, label, squeezed
from derive.reading.surface import Group, Name, Node, Numeral, changed

N = TypeVar("N", bound=Node)
_WORD = re.compile(r"\\?[^\W_]+")


def with_labels_folded(node: N, functions: Collection[str]) -> N:
    """``node`` with the labels of functions as part of their names, or left out."""
    bases = _bases(tuple(functions))
    if not any(isinstance(n, Name) and (n.sub or n.sup) and n.base in bases for n in node.whole):
        return node
    return _everywhere(node, lambda name: _folded(name, functions))


@lru_cache(maxsize=16)
def _bases(functions: tuple[str, ...]) -> frozenset[str]:
    """What a name may be at the core of one of the functions, labels and accents apart."""
    inner = (f.removeprefix(r"\mathrm{").removesuffix("}") for f in functions)
    return frozenset((*inner, *(word for f in functions for word in _WORD.findall(f))))


def folded(name: Name) -> Name:
    """The symbol with its scripts, which are labels, as part of its name; else itself."""
    below, above = ([label(n) for n in items] for items in (name.sub, name.sup))
    if None in (*below, *above) or not (below or above):
        return name
    marks = (("_", below), ("^", above))
    text = "".join(f"{mark}{squeezed(t or '')}" for mark, texts in marks for t in texts)
    return replace(name, base=name.base + text, sub=(), sup=())


def _folded(name: Name, functions: Container[str]) -> Name:
    whole = folded(name) if name.sub or name.sup else name
    if whole is name:
        return name
    if head(whole).rstrip("'") in functions:
        return whole
    if name.sub or len(name.sup) != 1 or not _names_a_layer(name.sup[0]):
        return name
    plain = replace(name, sub=(), sup=())
    return plain if head(plain).rstrip("'") in functions else name


def _names_a_layer(item: Node) -> bool:
    if not isinstance(item, Group) or item.bracket not in "([<":
        return False
    return item.bracket != "(" or not isinstance(item.body, Numeral)


def _everywhere(node: N, rule: Callable[[Name], Name]) -> N:
    if isinstance(node, Name):
        return rule(node)  # type: ignore[return-value]
    return changed(node, lambda part: _everywhere(part, rule))
