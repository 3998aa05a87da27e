r"""``\partial E / \partial u_j = y_j - t_j := e_j``: what a formula ends in is given a name."""

from __future__ import annotations

from dataclasses import dataclass

from derive.reading.lexicon import occurrence
from derive.reading.sentence import Sentence
from derive.reading.surface import Name

NAMES = frozenset({":=", r"\triangleq", r"\coloneqq", r"\equiv", "=:", r"\doteq"})
"""Signs behind which a chain may name what stands before them."""


@dataclass(frozen=True)
class Named:
    """What is claimed, and the definition of the name behind it, each as a formula."""

    claim: str
    definition: str


def named_behind(sentence: Sentence, text: str) -> Named | None:
    """The claim and the definition of a chain that ends in a name; ``None`` for any other."""
    if len(sentence.nodes) < 3 or sentence.operators[-1] not in NAMES:
        return None
    *_, value, name = sentence.nodes
    item = occurrence(name)
    if item is None or item.prefix or isinstance(value, Name):
        return None
    shown = text[value.span.start : value.span.end]
    behind = text[name.span.end :]
    return Named(
        text[: value.span.end] + behind,
        f"{text[name.span.start : name.span.end]} = {shown}{behind}",
    )
