r"""Two places of a deck that cannot both be right, whichever of them is.

What a deck says of one tensor of the model, or of a symbol of its own, is compared place by place:

    an array that one place reads and the other leaves out     the bias there and gone
    the steps of a window                                      2 there, 1 here
    a range, or a size, given twice                            5×5 there, 10×10 here
    a gradient of the loss, and one of another loss            its mean over a batch, or its sum
    data given twice                                           0.8 there, 8.0 here

A wrong formula is told beside the nearest right one of the same entries; two wrong ones only where
one holds an array that the other has lost. A deck of several systems is compared system by system.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from derive.equations import adjoint_of
from derive.errors import Problem
from derive.expr import accesses
from derive.index import Axis, Index
from derive.reading.lexicon import Occurrence, occurrence
from derive.reading.names import readable
from derive.reading.scope import Scope
from derive.reading.statement import Statement
from derive.reading.surface import Name, walk
from derive.reading.undeclared import as_typed
from verify.attempt import Attempt
from verify.given_twice import given_twice
from verify.setting import Setting, authors_text
from verify.verdict import Contradiction, Place, Stated, Status, Verdict

WRONG = frozenset({Status.REFUTED, Status.ILL_FORMED})
RIGHT = frozenset({Status.PROVED, Status.CONFIRMED})
LOSS = "right if the loss is "
Interval = tuple[int, int]


def stated_by(tried: Attempt, setting: Setting) -> Stated | None:
    """What a formula says of what; ``None`` where it is about no one tensor or symbol."""
    read = tried.statement
    if read is None or read.kind not in ("equation", "size") or tried.in_numbers is not None:
        return None
    scope = setting.scope(tried.convention)
    item = occurrence(read.nodes[0])
    if read.target is not None:
        name = authors_text(scope, read.target)
    elif item is not None:
        name = readable(as_typed(item))
    else:
        return None
    known = setting.bench.fixed
    inputs = {*known.inputs, *known.parameters}
    read_here = {a.tensor for side in read.sides[1:] for a in accesses(side.body)}
    return Stated(
        setting.bench.model.title,
        read.kind,
        read.target or name,
        name,
        _entries(read),
        frozenset(read_here),
        tuple((t, _typed(read, t, scope)) for t in sorted(read_here & inputs)),
        tuple(sorted(_steps(read, lambda tensor: authors_text(scope, tensor)).items())),
        read.target == known.loss or adjoint_of(read.target or "") is not None,
    )


def _typed(read: Statement, tensor: str, scope: Scope) -> str:
    """How the formula itself writes a tensor that it reads."""
    for node in (n for side in read.nodes[1:] for n in walk(side) if isinstance(n, Name)):
        item = Occurrence(node, node.span)
        match = scope.lexicon.match(item)
        if match is not None and match.entry.tensor == tensor:
            return readable(as_typed(item))
    return authors_text(scope, tensor)


def _steps(read: Statement, named: Callable[[str], str]) -> dict[str, tuple[int, ...]]:
    """How far each index of what is read moves when one of the left side moves by one."""
    found: dict[str, tuple[int, ...]] = {}
    for access in (a for side in read.sides[1:] for a in accesses(side.body)):
        steps = (max((abs(_factor(i, a)) for a in read.axes), default=0) for i in access.indices)
        found[named(access.tensor)] = tuple(steps)
    return {name: steps for name, steps in found.items() if any(steps)}


def _factor(index: Index, axis: Axis) -> int:
    return index.coefficient(axis).value or 0


def _entries(read: Statement) -> tuple[Interval, ...]:
    """For each index of the left side the least and the greatest value that it takes."""
    try:
        return tuple(_interval(index) for index in read.indices)
    except (Problem, TypeError, ValueError):
        return ()


def _interval(index: Index) -> Interval:
    low = high = index
    for axis in index.axes:
        ends = (_number(axis.lo, axis), _number(axis.hi, axis))
        positive = (index.coefficient(axis).value or 0) > 0
        first, last = ends if positive else ends[::-1]
        low, high = (
            low.substitute({axis: Index.of(first)}),
            high.substitute({axis: Index.of(last)}),
        )
    return (low.value or 0, high.value or 0)


def _number(bound: Index, axis: Axis) -> int:
    if bound.value is None:
        raise ValueError(f"the range of {axis.name} is no number")
    return bound.value


# Pairs


@dataclass(frozen=True)
class _Said:
    """One verdict with what it states."""

    verdict: Verdict
    stated: Stated

    @property
    def place(self) -> Place:
        return self.verdict.places[0]


def contradictions(verdicts: Sequence[Verdict]) -> tuple[Contradiction, ...]:
    """The pairs of places that disagree, in the order of the deck, one for each wrong formula."""
    groups: dict[tuple[str, str, str], list[_Said]] = defaultdict(list)
    for verdict in verdicts:
        for stated in verdict.stated:
            groups[stated.system, stated.kind, stated.subject].append(_Said(verdict, stated))
    found = [pair for group in groups.values() for pair in _pairs(group)]
    found += _of_losses([said for group in groups.values() for said in group])
    found += given_twice(verdicts)
    once = {(c.subject, c.message): c for c in reversed(found)}
    return tuple(sorted(once.values(), key=lambda c: (c.second.line, c.second.column)))


def _pairs(group: Sequence[_Said]) -> Iterator[Contradiction]:
    for said in group:
        if said.verdict.status not in WRONG:
            continue
        others = [o for o in group if o is not said and _overlap(o.stated, said.stated)]
        for other in sorted(others, key=lambda o: abs(o.place.line - said.place.line)):
            words = _words(other, said)
            if words is not None:
                yield _pair(other, said, words)
                break


def _of_losses(group: Sequence[_Said]) -> Iterator[Contradiction]:
    """Gradients of one loss beside those of another: half of it, its mean over the batch."""
    for said in group:
        found = [c for c in said.verdict.conditions if c.startswith(LOSS)]
        if said.verdict.status not in WRONG or not found:
            continue
        right = [o for o in group if o.stated.of_loss and o.stated.system == said.stated.system
                 and o.verdict.status in RIGHT]  # fmt: skip
        for other in sorted(right, key=lambda o: o.stated.subject != said.stated.subject)[:1]:
            words = f"{_line(other)} is right as it stands, {_line(said)} only if {found[0][9:]}"
            yield _pair(other, said, words)


def _pair(other: _Said, said: _Said, words: str) -> Contradiction:
    first, second = sorted((other.place, said.place), key=lambda p: (p.line, p.column))
    return Contradiction(said.stated.name, first, second, words)


def _overlap(one: Stated, two: Stated) -> bool:
    """Whether both say something of the same entries."""
    if not one.entries or not two.entries or len(one.entries) != len(two.entries):
        return one.entries == two.entries
    pairs = zip(one.entries, two.entries, strict=True)
    return all(a <= d and c <= b for (a, b), (c, d) in pairs)


def _words(other: _Said, wrong: _Said) -> str | None:
    """How the two disagree, ``None`` where nothing tells."""
    one, two = other.stated, wrong.stated
    if left_out := _left_out(other, wrong) or _left_out(wrong, other):
        return left_out
    if other.verdict.status not in RIGHT:
        return None
    for name, a, b in _moved_otherwise(one, two):
        return f"{name} is read in steps of {a} in {_line(other)}, of {b} in {_line(wrong)}"
    if wrong.verdict.status is Status.ILL_FORMED and _reaches_further(one, two):
        return f"{_line(other)} is for {_ranges(one)}, {_line(wrong)} for {_ranges(two)}"
    return None


def _left_out(holds: _Said, lacks: _Said) -> str | None:
    """An input or a parameter that the first formula has and the second one has lost."""
    more, less = holds.stated.reads, lacks.stated.reads
    given = dict(holds.stated.given)
    gone = more - less
    if not less < more or len(gone) != 1 or not gone <= given.keys():
        return None
    return f"{given[min(gone)]} stands in {_line(holds)}, and not in {_line(lacks)}"


def _reaches_further(one: Stated, two: Stated) -> bool:
    """Whether the second is for entries that the first leaves out; a single one has no range."""
    pairs = zip(one.entries, two.entries, strict=True)
    return any(a != b and (c < a or d > b) for (a, b), (c, d) in pairs)


def _moved_otherwise(one: Stated, two: Stated) -> Iterator[tuple[str, int, int]]:
    """What both read, its indices moving by other steps."""
    steps = dict(two.steps)
    for name, here in one.steps:
        for a, b in zip(here, steps.get(name, ()), strict=False):
            if 0 < a != b > 0:
                yield name, a, b


def _ranges(stated: Stated) -> str:
    return " × ".join(f"{a}..{b}" if a != b else str(a) for a, b in stated.entries)


def _line(said: _Said) -> str:
    return f"line {said.place.lines}"
