r"""``\delta_{ij}``: Kronecker's delta where nothing declares it, unless the page means an error."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from derive.reading.indicators import KRONECKER
from derive.reading.letters import occurrences
from derive.reading.lexicon import Entry, Occurrence
from derive.reading.names import spread
from derive.reading.problems import Reading
from derive.reading.undeclared import undeclared
from verify.claim import sentence_of
from verify.variants.variant import Case, Standing, Variant, declaring


def errors_for_kroneckers(case: Case) -> Iterator[Variant]:
    r"""``\delta_{ij}`` is the gradient by something that has two indices."""
    for item in _kroneckers(case):
        asked = undeclared(item, case.scope)
        for reading in asked.readings if asked is not None else ():
            entry = reading.declaration
            if isinstance(entry, Entry) and entry.rank == 2:
                meant = Reading(reading.text, replace(entry, letters=(), strict=False))
                yield Variant(meant.text, Standing.OPEN, convention=declaring(meant))
        return


def _kroneckers(case: Case) -> Iterator[Occurrence]:
    """The deltas with two indices below that no declaration knows."""
    if KRONECKER not in case.text:
        return
    for node in sentence_of(case.text).nodes:
        for item in occurrences(node):
            plain = item.head == KRONECKER and not (item.prefix or item.name.sup or item.args)
            if plain and len(spread(item.name.sub)) == 2 and case.scope.lexicon.match(item) is None:
                yield item
