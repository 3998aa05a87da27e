"""Entries of the symbol table as a formula has them: how they begin, and which mean the same."""

from __future__ import annotations

from derive.expr import Access
from derive.reading.lexicon import Entry


def marked(entry: Entry) -> str:
    r"""``dW``, ``\Delta W``: the symbol without its scripts."""
    apart = entry.prefix[-1:].isalpha() and entry.prefix.startswith("\\")
    return entry.prefix + (" " if apart else "") + entry.notation.head


def meaning(entry: Entry) -> object:
    """Equal for symbols that denote the same."""
    if isinstance(entry.body, Access) and len(entry.body.indices) == entry.rank:
        return entry.body.tensor
    return entry.tensor or (entry.prefix, entry.notation)
