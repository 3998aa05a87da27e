r"""What no edit at a place can mend, because something elsewhere in the formula stays wrong.

    a letter that nothing binds       in all its places at once, or a sum that binds it
    a problem in two places           in both at once
    the left side reads outside       nowhere: no edit changes the left side
    two terms or cells are wrong      in no term or cell by itself
    terms are missing, none is wrong  nowhere: they were put in, and something else is wrong

Edits that can only fail are not looked at; long displays are read so slowly that it would take
seconds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from derive.errors import IllFormed, Problem
from derive.reading.arrays import ShapeMismatch
from derive.reading.indices import UnboundLetter
from derive.reading.letters import uses
from derive.reading.problems import Undeclared
from derive.reading.respell import respelled
from derive.reading.scope import Scope
from derive.reading.sentence import Sentence
from derive.reading.statement import statement
from derive.reading.surface import Big, Node, Span, parts
from verify.claim import sentence_of
from verify.mending.edit import Edit
from verify.ranges import strays
from verify.setting import Convention, Setting
from verify.understood import Understood, every_tensor, read_afresh, understood

Places = tuple[Span, ...]
SUM = r"\sum"
NUMBER = " 1 "
"""Stands for something that cannot be read."""


@dataclass(frozen=True)
class Lost:
    """``alone``: no edit inside one of these is enough; ``reach``: an edit must reach each.

    So it must the ``bound`` places of a ``letter`` that nothing binds, or put in a sum.
    """

    alone: Places = ()
    reach: Places = ()
    bound: Places = ()
    letter: str = ""

    def at(self, span: Span) -> bool:
        """Whether nothing that is put in the place of ``span``, and binds nothing, is enough."""
        return self._anyway(span) or not all(_touch(span, p) for p in self.bound)

    def beside(self, span: Span) -> bool:
        """Whether nothing that is added to ``span``, which stays as it is, is enough."""
        return bool(self.reach or self.bound) or inside(span, self.alone)

    def is_sure(self, edit: Edit, text: str) -> bool:
        """Whether this edit of ``text`` leaves something wrong."""
        if not self.letter:
            return self._anyway(edit.span)
        old = text[edit.span.start : edit.span.end]
        if edit.new.count(SUM) > old.count(SUM):
            return self._anyway(edit.span)
        letter = rf"(?<![A-Za-z\\]){re.escape(self.letter)}(?![A-Za-z])"
        kept = len(re.findall(letter, edit.new)) >= len(re.findall(letter, old))
        return kept or self.at(edit.span)

    def _anyway(self, span: Span) -> bool:
        return inside(span, self.alone) or not all(_touch(span, p) for p in self.reach)


def inside(span: Span, places: Iterable[Span]) -> bool:
    """Whether ``span`` lies in one of the places, and is not just put at an end of it."""
    if span.start == span.end:
        return any(p.start < span.start and span.end < p.end for p in places)
    return any(p.start <= span.start and span.end <= p.end for p in places)


def _touch(one: Span, other: Span) -> bool:
    return one.start <= other.end and other.start <= one.end


def lost(text: str, setting: Setting, convention: Convention, frames: Places) -> Lost:
    """What is lost in ``text``; ``frames`` are the places of what has a value, smallest first."""
    sentence = sentence_of(text)
    if sentence.kind not in ("equation", "update") or len(sentence.nodes) < 2:
        return Lost()
    try:
        known = understood(text, setting, convention)
    except UnboundLetter as problem:
        return _of_letter(problem, sentence, setting.scope(convention))
    except (ShapeMismatch, Undeclared):
        return Lost()
    except IllFormed as problem:
        return _twice(problem, text, setting, convention, frames)
    except Problem:
        return Lost()
    outside = _left_reads_outside(known, sentence, setting)
    return Lost(tuple(n.span for n in sentence.nodes[1:]) if outside else ())


def _left_reads_outside(known: Understood, sentence: Sentence, setting: Setting) -> bool:
    """Whether the left side itself leaves its tensor for values that the other sides cannot take.

    A letter without a quantifier may have its range from any side.
    """
    left = known.statement.sides[0]
    found = strays(left.body, every_tensor(setting.bench.fixed.tensors))
    if sentence.quantifiers:
        return bool(found)
    letters = {u.letter for u in uses(respelled(sentence.nodes[0], known.scope), known.scope)}
    return any(not letters & {a.name for a in stray.at} for stray in found)


def _twice(
    problem: IllFormed, text: str, setting: Setting, convention: Convention, frames: Places
) -> Lost:
    """The place of the problem and of another, which shows once a number stands in the first."""
    at = _frame(problem, frames)
    if at is None:
        return Lost()
    after = text[at.end :]
    instead = text[: at.start] + NUMBER + after
    try:
        read_afresh(instead, setting, convention)
    except (ShapeMismatch, Undeclared):
        return Lost()
    except IllFormed as other:
        offset = -1 if other.offset is None else other.offset
        moved = offset + (len(text) - len(instead) if offset >= len(instead) - len(after) else 0)
        second = next((f for f in frames if f.start <= moved < f.end), None)
        if second is None or (second.start < at.end and at.start < second.end):
            return Lost()
        if not isinstance(other, UnboundLetter):
            return Lost(reach=(at, second))
        bound = _of_letter(other, sentence_of(text), setting.scope(convention))
        return replace(bound, reach=(at,))
    except Problem:
        pass
    return Lost()


def _frame(problem: Problem, frames: Places) -> Span | None:
    offset = -1 if problem.offset is None else problem.offset
    return next((f for f in frames if f.start <= offset < f.end), None)


def _of_letter(problem: UnboundLetter, sentence: Sentence, scope: Scope) -> Lost:
    """What cannot be without the letter in all its places, or a sum over it."""
    letter = problem.letter
    sides = tuple(respelled(n, scope) for n in sentence.nodes)
    if sentence.quantifiers or _is_whole_vector(sides[0], sentence, scope):
        return Lost()  # the letter may run along the vector, once all else is right
    places = {u.offset for side in sides[1:] for u in uses(side, scope) if u.letter == letter}
    spans = tuple(Span(p, p + len(letter)) for p in sorted(places))
    return Lost(tuple(_beside(sides[1:], places)), (), spans, letter if spans else "")


def _is_whole_vector(left: Node, sentence: Sentence, scope: Scope) -> bool:
    """Whether the left side is written without one index that it has."""
    alone = Sentence("mention", sentence.nodes[:1], (), sentence.quantifiers, sentence.span)
    try:
        read = statement(alone, scope)
    except Problem:
        return True
    letters = {u.letter for u in uses(left, scope)}
    return sum(a.name not in letters for a in read.axes) == 1


def _beside(nodes: Sequence[Node], places: set[int]) -> Iterator[Span]:
    """The nodes outside of which some of the ``places`` are, down to the one that has them all."""
    holding = [n for n in nodes if any(n.span.start <= p < n.span.end for p in places)]
    if not holding:
        return
    if len(holding) > 1:
        yield from (n.span for n in nodes)
        return
    (node,) = holding
    yield from (n.span for n in nodes if n is not node)
    yield from _beside((node.body,) if isinstance(node, Big) else parts(node), places)
