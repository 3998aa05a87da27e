r"""Vectors of a page that says no lengths: w and x of ``w^T x`` are columns of one length.

Small letters alone: ``W^T x`` may have any shapes that fit, and is asked about.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from derive.reading.build_model import Written
from derive.reading.declare import single
from derive.reading.fitting import TRANSPOSES
from derive.reading.lexicon import Occurrence, occurrence
from derive.reading.names import label, unstyled
from derive.reading.own.network import Network
from derive.reading.surface import Juxtaposition, Name, Node, walk
from derive.reading.undeclared import as_typed

LENGTHS = ("n", "d", "p")
"""What made-up lengths are called, as far as the page has no symbol of that name."""


def columns(
    network: Network, chosen: Sequence[Written], types: Mapping[str, str]
) -> dict[str, str]:
    """Types of the vectors in products ``w^T x`` that have none, by LaTeX."""
    typed = {item.head for latex in types if (item := occurrence(single(latex))) is not None}
    classes: list[dict[str, None]] = []
    for pair in _products(chosen):
        if any(item.head in typed or _is_computed(item, network) for item in pair):
            continue
        names = dict.fromkeys(as_typed(item) for item in pair)
        near = [c for c in classes if c.keys() & names.keys()]
        classes = [c for c in classes if c not in near]
        classes.append({k: None for c in (*near, names) for k in c})
    taken = {*network.page.bounds, *network.page.running}
    taken |= {e.notation.head for e in network.lexicon.entries.values()}
    free = (name for name in LENGTHS if name not in taken)
    return {k: f"column {size}" for size, c in zip(free, classes, strict=False) for k in c}


def _is_computed(item: Occurrence, network: Network) -> bool:
    tensor = network.tensor(item)
    return tensor is None or tensor in network.first


def _products(chosen: Sequence[Written]) -> Iterator[tuple[Occurrence, Occurrence]]:
    """The factors of every ``w^T x`` of small letters, without the transposition."""
    for node in (n for w in chosen for side in w.sentence.nodes for n in walk(side)):
        for left, right in pairwise(node.factors) if isinstance(node, Juxtaposition) else ():
            turned, plain = _small(left), _small(right)
            if turned is None or plain is None or not _is_turned(left) or _is_turned(right):
                continue
            yield turned, plain


def _small(node: Node) -> Occurrence | None:
    """The symbol without a transposition, where it is no capital."""
    if not isinstance(node, Name) or unstyled(node.base)[:1].isupper():
        return None
    kept = tuple(s for s in node.sup if label(s) not in TRANSPOSES)
    return occurrence(replace(node, sup=kept))


def _is_turned(node: Node) -> bool:
    return isinstance(node, Name) and any(label(s) in TRANSPOSES for s in node.sup)
