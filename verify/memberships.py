r"""Sizes written with an element-of sign: ``W \in \mathbb{R}^{10 \times 192}``.

    the extents of the model's array                 proved, at the model's sizes
    letters that the model does not have             a definition of them
    one sample of a batch                            proved, and said
    as many entries in another order or another rank undecided: "right if …"
    any other                                        refuted

A symbol that the model does not have is given its size: a definition.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from derive.errors import IllFormed
from derive.index import Index
from derive.reading.indices import index_of
from derive.reading.lexicon import Entry, Match, Occurrence
from derive.reading.reals import lengths_of, subjects_of
from derive.reading.scope import Scope
from derive.reading.sentence import Sentence
from derive.reading.surface import Node
from verify.compare import Outcome
from verify.setting import Convention, Setting, index_names
from verify.verdict import ACCEPTED, Evidence, Status

STATED = "stated size"
"""The method of the evidence beside a size that an element-of sign states."""


@dataclass(frozen=True)
class _Length:
    """An extent as typed, with its value where all its letters are sizes of the model."""

    node: Node
    value: int | None


def judge_membership(sentence: Sentence, setting: Setting, convention: Convention) -> Outcome:
    """The verdict on a size that an element-of sign states; of several symbols the first wrong."""
    factors = lengths_of(sentence.nodes[1])
    assert factors is not None
    found = [_judged(s, factors, setting, convention) for s in subjects_of(sentence.nodes[0])]
    return next((f for f in found if f.status not in ACCEPTED), found[0])


def _judged(
    subject: Occurrence, factors: tuple[Node, ...], setting: Setting, convention: Convention
) -> Outcome:
    scope = setting.scope(convention)
    match = scope.lexicon.match(subject)
    if match is None or match.entry.ranges is None:
        message = "says the size of a symbol that the model does not have; nothing to check"
        return Outcome(Status.DEFINITION, message)
    shown = [_length(f, scope) for f in factors]
    whole = _open(match, scope)
    sample = _of_one_sample(match, setting)
    for lengths, note in ((whole, ""), (sample, " of one sample")):
        if lengths is not None and _agree(shown, lengths):
            return _right(shown, lengths, note)
    return _wrong(shown, whole) if shown else _undecided("each of its elements is meant")


def _length(node: Node, scope: Scope) -> _Length:
    try:
        return _Length(node, index_of(node, scope.sizes).index.value)
    except IllFormed:
        return _Length(node, None)


def _open(match: Match, scope: Scope) -> list[int]:
    """The extents of the dimensions that the symbol leaves open."""
    return [_extent(match.entry, k) for k, slot in enumerate(match.slots) if slot is None]


def _extent(entry: Entry, position: int) -> int:
    assert entry.ranges is not None
    low, high = entry.ranges[position]
    return (high - low + Index.of(1)).value or 0


def _of_one_sample(match: Match, setting: Setting) -> list[int] | None:
    """The same without the dimension of the batch, where the array has one."""
    model = setting.bench.fixed
    batch, entry = model.batch, match.entry
    if batch is None or entry.tensor not in model.tensors or entry.body is not None:
        return None
    names = index_names(model, entry.tensor)
    open_ = [k for k, slot in enumerate(match.slots) if slot is None]
    if batch.axis not in names or len(names) != entry.rank:
        return None
    return [_extent(entry, k) for k in open_ if names[k] != batch.axis]


def _agree(shown: list[_Length], lengths: list[int]) -> bool:
    """Whether both are one size; ones are left out of what is a vector, ``n × 1`` is a column."""
    if len(lengths) < 2:
        shown, lengths = [s for s in shown if s.value != 1], [n for n in lengths if n != 1]
    if len(shown) != len(lengths):
        return False
    letters: dict[Node, int] = {}
    return all(
        (letters.setdefault(s.node, n) if s.value is None else s.value) == n
        for s, n in zip(shown, lengths, strict=True)
    )


def _right(shown: list[_Length], lengths: list[int], note: str) -> Outcome:
    size = "×".join(map(str, lengths)) or "a number"
    if any(s.value is None for s in shown):
        return Outcome(Status.DEFINITION, f"gives names to sizes; the model has {size}{note}")
    evidence = Evidence(STATED, "agrees", f"the model's array{note} is {size}")
    message = f"the model has this size, {size}{note}"
    return Outcome(Status.PROVED, message, "the model's sizes", (evidence,))


def _wrong(shown: list[_Length], lengths: list[int]) -> Outcome:
    known = [s.value for s in shown if s.value is not None]
    size = "×".join(map(str, lengths)) or "a number"
    if len(known) < len(shown):
        return Outcome(Status.UNDECIDED, f"the model has {size}, which fits no reading of this")
    text = "×".join(map(str, known)) or "a number"
    if len(known) > 2 and sorted(known) == sorted(lengths):
        return _undecided("the dimensions are listed in another order")
    if len(known) != len(lengths) and prod(known) == prod(lengths):
        return _undecided("the entries are laid out in another shape")
    evidence = Evidence(STATED, "differs", f"the model's array is {size}")
    return Outcome(
        Status.REFUTED, f"the size shown is {text}, the model has {size}", None, (evidence,),
        {"shown": text, "model": size},
    )  # fmt: skip


def _undecided(condition: str) -> Outcome:
    words = f"right if {condition}"
    return Outcome(Status.UNDECIDED, f"undeclared: {words}", None, (), None, (words,))
