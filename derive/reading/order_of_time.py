r"""``\partial s_t / \partial s_k`` without a range is stated for k up to t: causes come first."""

from __future__ import annotations

from collections.abc import Iterator

from derive.equations import slope_of
from derive.expr import Access, Expr, Guard
from derive.loops import Loop
from derive.reading.bounds import read_bounds
from derive.reading.scope import Scope
from derive.reading.sentence import Sentence


def in_order_of_time(left: Expr, sentence: Sentence, scope: Scope) -> Iterator[Expr]:
    """1 where the derivative of a state is by one that comes no later, else 0.

    Nothing where the author says what the time runs over by which it is taken, or where else it is
    asserted alone: a product from t + 1 to k is meant for k from t on.
    """
    pair = slope_of(left.tensor) if isinstance(left, Access) else None
    if not isinstance(left, Access) or scope.model is None or pair is None or sentence.conditions:
        return
    above, below = pair
    written = {b.letter for q in sentence.quantifiers for b in read_bounds(q, None)}
    rank = scope.model.tensors[above].rank
    for loop in (b for b in scope.model.blocks if isinstance(b, Loop)):
        if not loop.position.keys() >= set(pair):
            continue
        later = left.indices[loop.position[above]]
        earlier = left.indices[rank + loop.position[below]]
        apart = (later - earlier) * loop.step
        free = {a.name for a in earlier.axes} - {a.name for a in later.axes}
        if apart.value is None and free and not free & written and later.axes:
            scope.note(f"stated for {earlier} up to {later}, as what comes later changes nothing")
            yield Guard(apart)
