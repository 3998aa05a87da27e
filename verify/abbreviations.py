r"""A ``\delta`` that is no gradient: ``\epsilon = 10^{-8}``, ``\delta = 2 + e^x``.

Such a letter is asked about, as it may be an error that is sent back. Where no reading makes the
formula right, and none could, it may give a symbol of the deck its value: a number is no gradient,
and without a loss every gradient has one from above as a factor.
"""

from __future__ import annotations

from collections.abc import Sequence

from derive.equations import adjoint_of
from derive.expr import accesses
from derive.reading.lexicon import Entry, Occurrence, occurrence
from derive.reading.names import readable
from derive.reading.undeclared import as_typed
from verify.attempt import Attempt
from verify.claim import definition_of, sentence_of
from verify.compare import Outcome
from verify.link import INTRODUCES
from verify.setting import Convention, Setting
from verify.verdict import Status

OPEN = "it is no gradient, which would have one from above as a factor"


def abbreviation(text: str, attempts: Sequence[Attempt], setting: Setting) -> Attempt | None:
    """The formula as a definition, or open whether it is; ``None`` where a gradient is meant."""
    sentence = sentence_of(text)
    if sentence.kind != "equation" or len(sentence.nodes) != 2:
        return None
    left = occurrence(sentence.nodes[0])
    if left is None or not all(_is_asked(tried, left) for tried in attempts):
        return None
    entry = definition_of(text, setting.scope(Convention()))
    if entry is None or entry.body is None:
        return None
    read = {a.tensor for a in accesses(entry.body)}
    if entry.rank and not read:  # an array of numbers may be that of an error
        return None
    upstream = any(adjoint_of(name) is not None for name in read)
    if read and (setting.bench.model.loss is not None or upstream):
        return None
    outcome = Outcome(Status.DEFINITION, INTRODUCES)
    if read:
        name = readable(as_typed(left))
        outcome = Outcome(Status.UNDECIDED, f"nothing declares what {name} means; {OPEN}")
    return Attempt(Convention(), outcome, introduced=True)


def _is_asked(tried: Attempt, left: Occurrence) -> bool:
    """Whether what was asked is the meaning of the left side."""
    asked = [r.declaration for r in tried.convention.declared]
    entries = [e for e in asked if isinstance(e, Entry)]
    return any(e.notation.head == left.head and e.prefix == left.prefix for e in entries)
