r"""Left sides that say less than they mean: whole vectors, and slopes of functions by elements."""

from __future__ import annotations

from derive.index import Axis, Index
from derive.reading import lengths
from derive.reading.arrays import ArrayValue
from derive.reading.convolution import Shape
from derive.reading.diagonals import slopes_alone
from derive.reading.elaborate import elaborate
from derive.reading.indices import UnboundLetter
from derive.reading.letters import ranges_of
from derive.reading.scope import Scope
from derive.reading.sentence import Sentence
from derive.reading.surface import Node


def left_side(sentence: Sentence, scope: Scope, expected: Shape | None) -> ArrayValue:
    """The left side; of a derivative by elements the slopes alone, where the next side is such."""
    node, *others = sentence.nodes
    left = elaborate(node, scope, expected)
    lengths.require_settled(left, node.span.start)
    slopes = slopes_alone(left, scope) if others else None
    if slopes is None or elaborate(others[0], scope.afresh()).extents != slopes.extents:
        return left
    return slopes


def along_the_left(
    node: Node, left: ArrayValue, unbound: UnboundLetter, scope: Scope
) -> ArrayValue:
    r"""``\frac{\partial L}{\partial b} = \sum_i \delta_{ij}``: j runs along the vector on the left.

    Raises ``unbound`` where the left side is no vector, or the letter may run along another.
    """
    (axis, *others) = left.axes or (None,)
    if axis is None or others or not unbound.letter:
        raise unbound
    mine = Axis(unbound.letter, axis.lo, axis.hi)
    inner = scope.with_letters({unbound.letter: Index.of(mine)})
    ranges = ranges_of(unbound.letter, node, inner)
    value = elaborate(node, inner)
    if value.axes or not ranges or any(r != (axis.lo, axis.hi) for r in ranges):
        raise unbound
    scope.note(f"{unbound.letter} runs along the left side, which is written without it")
    return ArrayValue((mine,), value.body, left.row)
