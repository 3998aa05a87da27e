r"""Symbols that a deck uses before it says what they are: "… = X^T M, where M = …".

A definition that stands a few lines behind its first use is judged before that use, where nothing
before it gives the symbol a meaning. Verdicts stay in the order of the deck.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from derive.errors import Problem
from derive.reading.lexicon import Occurrence, occurrence
from derive.reading.scope import Scope
from derive.reading.shown import shown_number
from derive.reading.surface import Node, Numeral, parts
from verify.claim import sentence_of
from verify.claims import Claim
from verify.formulas import LISTED
from verify.setting import Convention, Setting
from verify.verdict import Verdict

NEAR = 6
"""Lines between the first use of a symbol and its definition."""
NUMBERS_NEAR = 1
"""Lines from a use to the number of a symbol, ``k = 0.01`` behind the formula."""


Progress = Callable[[int, int], None]
"""Called with the number of claims judged and their total."""


def judged_by_use(
    claims: Sequence[Claim],
    setting: Setting,
    judge: Callable[[Sequence[Claim]], Iterator[Verdict]],
    progress: Progress | None,
) -> list[Verdict]:
    """The verdicts of ``judge``, which gets each definition before what uses it."""
    order = order_of_judging(claims, setting)
    verdicts: dict[int, Verdict] = {}
    for number, verdict in zip(order, judge([claims[k] for k in order]), strict=True):
        verdicts[number] = verdict
        if progress is not None:
            progress(len(verdicts), len(claims))
    return [verdicts[k] for k in range(len(claims))]


def order_of_judging(claims: Sequence[Claim], setting: Setting) -> list[int]:
    """The numbers of the claims, each definition before what uses it."""
    scope = setting.scope(Convention())
    heads = [_heads(claim, scope) for claim in claims]
    defined = [left for left, _ in heads]
    order = [*range(len(claims))]
    for number, (left, _) in enumerate(heads):
        if left is None or left in defined[:number]:
            continue
        first = next((k for k in range(number) if left in heads[k][1]), None)
        near = NEAR if heads[number][1] else NUMBERS_NEAR
        if first is not None and _line(claims[number]) - _line(claims[first]) <= near:
            order.remove(number)
            order.insert(order.index(first), number)
    return order


def _heads(claim: Claim, scope: Scope) -> tuple[str | None, frozenset[str]]:
    """The unknown symbol that a claim seems to define, and all symbols on its other sides.

    A step, ``w_{t+1} = w_t - v``, defines nothing: it reads what it changes.
    """
    if claim.error is not None or claim.kind in LISTED:
        return None, frozenset()
    try:
        sentence = sentence_of(claim.text)
    except Problem:
        return None, frozenset()
    left, *right = sentence.nodes
    used = frozenset(head for node in right for head in _used(node))
    item = occurrence(left)
    unknown = item is not None and not item.prefix and scope.lexicon.match(item) is None
    number = len(right) == 1 and shown_number(right[0]) is not None
    if item is not None and unknown and number and sentence.kind == "equation":
        return _numbered(item), used  # \eta_0 = 0.1
    defines = sentence.kind == "equation" and unknown and bool(used)
    steps = item is not None and item.head in used
    return (item.head if defines and item is not None and not steps else None), used


def _used(node: Node) -> Iterator[str]:
    """The symbols that stand in ``node``, without those that only count below or above others."""
    item = occurrence(node)
    inner = parts(node) if item is None else item.args or ()
    if item is not None:
        yield item.head
        if item.name.sub and (numbered := _numbered(item)) is not None:
            yield numbered
    for part in inner:
        yield from _used(part)


def _numbered(item: Occurrence) -> str | None:
    """The symbol with the numbers below it; ``None`` where anything else stands there."""
    below = [s.text for s in item.name.sub if isinstance(s, Numeral)]
    return "_".join([item.head, *below]) if len(below) == len(item.name.sub) else None


def _line(claim: Claim) -> int:
    return claim.places[0].line
