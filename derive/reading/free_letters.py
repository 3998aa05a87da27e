"""The index letters of a left side, each with the range that it runs over.

A range comes from a quantifier, else from the slot that the letter fills alone, else from the
model's equation that reads the same tensor with an index of the same form.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from derive.equations import Range, adjoint_of
from derive.expr import accesses, walk
from derive.index import Axis, Index
from derive.reading.elaborate import elaborate
from derive.reading.indices import NotAnIndex, index_of
from derive.reading.letters import ranges_of, uses
from derive.reading.lexicon import occurrence
from derive.reading.names import letter_of
from derive.reading.problems import Foreign
from derive.reading.scope import Scope
from derive.reading.sentence import Sentence
from derive.reading.surface import Call, Node, Relation, Scripted
from derive.reading.surface import walk as surface_walk


def with_free_letters(sentence: Sentence, scope: Scope) -> tuple[Scope, dict[str, Axis]]:
    """The scope with an axis for every index letter of the left side."""
    left = sentence.nodes[0]
    letters: dict[str, Axis] = {}
    open_: dict[str, int] = {}
    for use in uses(left, scope):
        letter = use.letter
        if letter in letters or letter in open_:
            continue
        if letter in scope.given:
            letters[letter] = scope.given[letter]
            continue
        for node in sentence.nodes:
            if found := ranges_of(letter, node, scope):
                letters[letter] = Axis(letter, *found[0])
                break
        else:
            open_[letter] = use.offset
    for letter, home in _of_values(left, scope):
        if letter not in open_ and letter not in scope.letters:
            letters.setdefault(letter, scope.given.get(letter) or Axis(letter, *home))
    if open_:
        scope_now = scope.with_letters({k: Index.of(a) for k, a in letters.items()})
        letters |= _from_model(left, open_, scope_now)
    scope = scope.with_letters({k: Index.of(a) for k, a in letters.items()})
    return replace(scope, nonnegative=(*_orders(sentence, scope),)), letters


def _orders(sentence: Sentence, scope: Scope) -> Iterator[Index]:
    r"""``t - k`` for a condition ``k \le t`` under which the sentence is asserted."""
    for node in sentence.conditions:
        match node:
            case Relation((low, high), (r"\le" | r"\leq" | "<=",)):
                ends = low, high
            case Relation((high, low), (r"\ge" | r"\geq" | ">=",)):
                ends = low, high
            case _:
                continue
        try:
            less, more = (index_of(e, scope.letters) for e in ends)
        except NotAnIndex:
            continue
        yield more.index - less.index


def _of_values(left: Node, scope: Scope) -> Iterator[tuple[str, Range]]:
    r"""The letters of elements of what functions make of vectors, ``\sigma(z)_i``, with ranges."""
    for node in surface_walk(left):
        if not isinstance(node, Scripted) or not isinstance(node.body, Call) or len(node.sub) != 1:
            continue
        letter, arguments = letter_of(node.sub[0]), node.body.args
        item = occurrence(arguments[0]) if len(arguments) == 1 else None
        match = scope.lexicon.match(item) if item is not None else None
        if letter is None or match is None or match.entry.ranges is None:
            continue
        if match.omitted == match.entry.rank == 1:
            yield letter, match.entry.ranges[0]


def _from_model(left: Node, letters: dict[str, int], scope: Scope) -> dict[str, Axis]:
    """Ranges of letters that occur only inside index expressions, as in ``S(i - u)``.

    They are those of the model's equation that reads the same tensor with an index of the same
    form, else of the letter of that name that the model's sums run over.
    """
    probes = {k: Axis(k, Index.of(0), Index.of(0)) for k in letters}
    value = elaborate(left, scope.with_letters({k: Index.of(a) for k, a in probes.items()}))
    found: dict[str, Axis] = {}
    for access in accesses(value.body):
        for position, index in enumerate(access.indices):
            mine = {a: index.coefficient(a) for a in index.axes if a in probes.values()}
            if not mine or all(a.name in found for a in mine):
                continue
            tensor = adjoint_of(access.tensor) or access.tensor
            twins = _twins(tensor, position, mine, scope)
            for probe, twin in twins.items():
                found.setdefault(probe.name, Axis(probe.name, twin.lo, twin.hi))
    for letter, offset in letters.items():
        if letter not in found and (axis := _namesake(letter, scope)) is not None:
            found[letter] = axis
        if letter not in found:
            raise Foreign(
                f"the range of {letter} is not given and does not follow from its use",
                offset=offset,
                advice=f"write {letter} = 1, ..., n",
            )
        scope.note(f"{letter} runs over {found[letter].lo}..{found[letter].hi}, as in the model")
    return {letter: found[letter] for letter in letters}


def _namesake(letter: str, scope: Scope) -> Axis | None:
    """The axis of that name in the model's sums and maxima, where all have one range."""
    equations = scope.model.equations if scope.model is not None else ()
    axes = [a for e in equations for n in walk(e.rhs) for a in getattr(n, "axes", ())]
    ranges = {(a.lo, a.hi) for a in axes if a.name == letter}
    return Axis(letter, *ranges.pop()) if len(ranges) == 1 else None


def _twins(
    tensor: str, position: int, mine: Mapping[Axis, Index], scope: Scope
) -> dict[Axis, Axis]:
    """The model's axes in the same roles, by name and coefficient, else by coefficient alone."""
    if scope.model is None:
        return {}
    for equation in scope.model.readers(tensor):
        for access in accesses(equation.rhs):
            if access.tensor != tensor:
                continue
            index = access.indices[position]
            theirs = {a: index.coefficient(a) for a in index.axes}
            pairs = {a: b for a in mine for b in theirs if mine[a] == theirs[b]}
            named = {a: b for a in mine for b in theirs if (a.name, mine[a]) == (b.name, theirs[b])}
            if len(named) == len(mine):
                return named
            if len(pairs) == len(mine) == len(theirs) == len(set(pairs.values())):
                return pairs
    return {}
