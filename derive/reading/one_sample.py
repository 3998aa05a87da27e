r"""Symbols of one sample, ``dZ^{[1](i)}``, a part of what their symbol means for all of them."""

from __future__ import annotations

from dataclasses import replace

from derive.reading.lexicon import Occurrence
from derive.reading.names import letter_of, spread
from derive.reading.surface import Group


def of_all_samples(item: Occurrence) -> Occurrence:
    """``dZ^{[1]}`` of ``dZ^{[1](i)}``; itself where no letter in round brackets stands last."""
    above = tuple(spread(item.name.sup))
    last = above[-1] if len(above) > 1 else None
    if isinstance(last, Group) and last.bracket == "(" and letter_of(last.body) is not None:
        return replace(item, name=replace(item.name, sup=above[:-1]))
    return item
