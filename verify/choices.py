"""Claims about a tensor as a whole: its displayed size."""

from __future__ import annotations

from derive.index import Index
from derive.reading.lexicon import Entry, occurrence
from derive.reading.scope import Scope
from derive.reading.statement import Statement
from verify.compare import Outcome
from verify.verdict import Evidence, Status


def judge_size(read: Statement, scope: Scope) -> Outcome:
    """A displayed size against the dimensions left open by the symbol; ``n × 1`` is a column."""
    item = occurrence(read.nodes[0])
    match = scope.lexicon.match(item) if item is not None else None
    if match is None or match.entry.ranges is None:
        return Outcome(Status.UNDECIDED, "the shape of this symbol is not known")
    open_ = [k for k, slot in enumerate(match.slots) if slot is None]
    lengths = [hi - lo + 1 for lo, hi in (match.entry.ranges[k] for k in open_)]
    shown = list(read.sizes)
    one = Index.of(1)
    if len(lengths) < 2:
        shown = [s for s in shown if s != one] or [one] * bool(lengths)
        lengths = [n for n in lengths if n != one] or [one] * bool(lengths)
    text = "×".join(str(n) for n in read.sizes)
    if shown == lengths and (laid := _laid_out(read, match.entry)) is not None:
        said = (f"right if {laid}",)
        turned = Evidence("shapes", "skipped", f"the model has {text} or its transpose")
        return Outcome(Status.UNDECIDED, said[0], None, (turned,), conditions=said)
    if shown == lengths:
        evidence = Evidence("shapes", "agrees", f"the model's array is {text}")
        return Outcome(
            Status.PROVED, f"the model has this size, {text}", "the model's sizes", (evidence,)
        )
    true = "×".join(str(n) for n in lengths) or "a number"
    evidence = Evidence("shapes", "differs", f"the model's array is {true}")
    message = f"the size shown is {text}, the model has {true}"
    return Outcome(Status.REFUTED, message, None, (evidence,), {"shown": text, "model": true})


def _laid_out(read: Statement, entry: Entry) -> str | None:
    """What a vector has to be for a size that shows it the other way round; ``None`` as it is."""
    one = Index.of(1)
    if entry.rank != 1 or len(read.sizes) != 2 or read.sizes[0] == read.sizes[1]:
        return None
    if (read.sizes[0] == one) is entry.row:
        return None
    return f"it is a {'column' if entry.row else 'row'}"
