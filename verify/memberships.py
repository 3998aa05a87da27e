r"""Sizes written with an element-of sign: ``W \in \mathbb{R}^{10 \times 192}``.

    the extents of the model's array                 proved, at the model's sizes
    letters that the model does not have             a definition of them: they are its extents
    expressions in letters that got theirs           as if numbers stood there
    an array without its label                       any of that letter that fits, and said
    one sample of a batch                            proved, and said
    as many entries in another order or another rank undecided: "right if …"
    any other                                        refuted

A symbol that the model does not have is given its size: a definition.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from math import prod

from derive.errors import IllFormed
from derive.index import Index
from derive.reading.indices import index_of
from derive.reading.left_out_labels import unlabelled
from derive.reading.lexicon import Entry, Lexicon, Match, Occurrence
from derive.reading.names import letter_of
from derive.reading.printing import to_latex
from derive.reading.problems import ByShape
from derive.reading.reals import is_membership, lengths_of, subjects_of
from derive.reading.scope import Scope
from derive.reading.sentence import Sentence
from derive.reading.surface import Node
from verify.claim import sentence_of
from verify.compare import Outcome
from verify.setting import Convention, Setting, index_names
from verify.verdict import ACCEPTED, Evidence, Status

STATED = "stated size"
"""The method of the evidence beside a size that an element-of sign states."""


@dataclass(frozen=True)
class _Length:
    """An extent as typed, with its value where all its letters are sizes of the model.

    A letter alone that the deck gave an extent ``before`` may be given another one.
    """

    node: Node
    value: int | None
    before: int | None = None


@dataclass(frozen=True)
class SizeStated:
    """What a size says: the outcome, the extents that its new letters get, and what was assumed."""

    outcome: Outcome
    letters: Mapping[str, int]
    assumptions: tuple[str, ...] = ()


def judge_membership(sentence: Sentence, setting: Setting, convention: Convention) -> SizeStated:
    """The verdict on a size that an element-of sign states; of several symbols the first wrong."""
    before: dict[str, int] = {}
    for text in setting.defined:
        earlier = sentence_of(text)
        if is_membership(earlier):
            before |= _stated(earlier, setting, convention, before).letters
    return _stated(sentence, setting, convention, before)


def _stated(
    sentence: Sentence, setting: Setting, convention: Convention, letters: Mapping[str, int]
) -> SizeStated:
    factors = lengths_of(sentence.nodes[1])
    assert factors is not None
    scope = setting.scope(convention)
    shown = [_length(f, scope, letters) for f in factors]
    subjects = subjects_of(sentence.nodes[0])
    found = [_of_subject(subject, shown, setting, scope) for subject in subjects]
    worst = next((f for f in found if f.outcome.status not in ACCEPTED), found[0])
    return replace(worst, letters={k: n for f in found for k, n in f.letters.items()})


def _of_subject(
    subject: Occurrence, shown: list[_Length], setting: Setting, scope: Scope
) -> SizeStated:
    """By the array of this symbol, else by the first that fits of those it is without its label."""
    match = scope.lexicon.match(subject)
    if match is not None and match.entry.ranges is not None:
        return _judged(match, shown, setting)
    near: list[str] = []
    for entry, note in _labelled(subject, scope):
        of_that = replace(scope, lexicon=Lexicon.of((entry,))).lexicon.match(subject)
        if of_that is not None and entry.ranges is not None:
            found = _judged(of_that, shown, setting)
            if found.outcome.status in ACCEPTED:
                return replace(found, assumptions=(note,))
            near.append(note)
    if near:
        (name, *_), known = near[0].split(" means "), [n.rpartition(" means ")[2] for n in near]
        condition = f"{name} is another array than {' or '.join(known)}, of another size"
        return SizeStated(_undecided(condition), {})
    message = "says the size of a symbol that the model does not have; nothing to check"
    return SizeStated(Outcome(Status.DEFINITION, message), {})


def _labelled(subject: Occurrence, scope: Scope) -> Iterator[tuple[Entry, str]]:
    asked = unlabelled(subject, scope)
    for reading in asked.readings if asked is not None else ():
        if isinstance(reading, ByShape) and isinstance(reading.declaration, Entry):
            yield reading.declaration, reading.text


def _judged(match: Match, shown: list[_Length], setting: Setting) -> SizeStated:
    whole = _open(match)
    sample = _of_one_sample(match, setting)
    for lengths, note in ((whole, ""), (sample, " of one sample")):
        letters = None if lengths is None else _agree(shown, lengths)
        if lengths is not None and letters is not None:
            again = all(s.value is not None or s.before is not None for s in shown)
            stated = again and all(letters[k] == n for k, n in _before(shown).items())
            return SizeStated(_right(lengths, note, stated), letters)
    wrong = _wrong(shown, whole) if shown else _undecided("each of its elements is meant")
    return SizeStated(wrong, {})


def _length(node: Node, scope: Scope, letters: Mapping[str, int]) -> _Length:
    """A letter that stands alone is given its extent anew; in expressions it has the last one."""
    before = letters.get(letter_of(node) or "")
    named = {} if before is not None else {k: Index.of(n) for k, n in letters.items()}
    known = {**scope.sizes, **named}
    try:
        return _Length(node, index_of(node, known).index.value)
    except IllFormed:
        return _Length(node, None, before)


def _open(match: Match) -> list[int]:
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


def _agree(shown: list[_Length], lengths: list[int]) -> dict[str, int] | None:
    """The new letters with their extents where both are one size, else ``None``.

    Ones are left out of what is a vector: ``n × 1`` is a column.
    """
    if len(lengths) < 2:
        shown, lengths = [s for s in shown if s.value != 1], [n for n in lengths if n != 1]
    if len(shown) != len(lengths):
        return None
    nodes: dict[str, int] = {}
    letters: dict[str, int] = {}
    for length, extent in zip(shown, lengths, strict=True):
        name = to_latex(length.node)
        if (nodes.setdefault(name, extent) if length.value is None else length.value) != extent:
            return None
        if length.value is None and (letter := letter_of(length.node)) is not None:
            letters[letter] = extent
    return letters


def _before(shown: list[_Length]) -> dict[str, int]:
    """The letters that stand alone with the extents that they had before."""
    found = ((letter_of(s.node), s.before) for s in shown)
    return {k: n for k, n in found if k is not None and n is not None}


def _right(lengths: list[int], note: str, stated: bool) -> Outcome:
    size = "×".join(map(str, lengths)) or "a number"
    evidence = Evidence(STATED, "agrees", f"the model's array{note} is {size}")
    if not stated:
        message = f"gives names to sizes; the model has {size}{note}"
        return Outcome(Status.DEFINITION, message, None, (evidence,))
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
