r"""``loss: \ell`` where no equation has an ℓ: the name of what gradients from above are of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from derive.reading.declarations import Front
from derive.reading.declare import single
from derive.reading.lexicon import occurrence
from derive.reading.names import head
from derive.reading.sentence import Sentence
from derive.reading.surface import Call, Name, walk

USUAL = frozenset(
    {"L", "J", "E", "C", r"\ell", r"\mathcal{L}", r"\mathcal{J}", r"\mathcal{E}", r"\mathscr{L}"}
)
"""What a loss is called that has no equation; anything else that occurs nowhere is a slip."""


def without_mere_name(front: Front, sentences: Iterable[Sentence]) -> Front:
    """The front matter without a loss that is a name alone.

    Where an equation defines what has such a name, or is a slip, it stays, to be complained of.
    """
    latex = front.text("loss")
    item = occurrence(single(latex)) if latex else None
    if item is None or item.head not in USUAL:
        return front
    found = list(sentences)
    names = {head(n) for s in found for node in s.nodes for n in walk(node) if isinstance(n, Name)}
    lefts = (s.nodes[0] for s in found)
    defined = {head(n) for n in (c.head if isinstance(c, Call) else c for c in lefts)
               if isinstance(n, Name)}  # fmt: skip
    if item.head in names or defined & USUAL:
        return front
    rest = {k: v for k, v in front.document.front.items() if k != "loss"}
    return Front(replace(front.document, front=rest))
