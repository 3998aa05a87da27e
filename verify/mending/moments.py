r"""Whole arrays of another time as the model reads them: ``c_{t-1}`` beside ``c_t``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from derive.equations import Notation
from derive.reading.lexicon import Entry
from verify.mending.fillings import Letters

Window = tuple[tuple[str, ...], Mapping[str, object]]
"""Index texts of a read, and the spans of their letters."""


def at_other_times(
    entry: Entry, windows: Iterable[Window], letters: Letters
) -> Iterator[tuple[Entry, tuple[str, ...]]]:
    """The entry without its arguments, and what fills its scripts, for every read of the model.

    Only letters in scope with the span that they have there fill a script.
    """
    scripts = _scripts(entry.notation)
    if not scripts or not entry.notation.args:
        return
    bare = replace(entry, notation=replace(entry.notation, args=()))
    for texts, spans in windows:
        filled = tuple(t if k in scripts else "" for k, t in enumerate(texts))
        names = [name for name in spans if any(name in text for text in filled)]
        if names and all(letters.get(name) == spans[name] for name in names):
            yield bare, filled


def _scripts(notation: Notation) -> frozenset[int]:
    return frozenset(k for k in (*notation.sub, *notation.sup) if isinstance(k, int))
