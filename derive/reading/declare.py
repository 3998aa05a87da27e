r"""Symbols that a context or a formula introduces: aliases and definitions as entries.

``\Delta C_{q,\sigma}^2(i,j)`` means ``\partial L / \partial z_q^2(i,j)``: letters of the pattern
that index the target are slots, every other script item is a label. A pattern without arguments
stands for the whole array and takes them afterwards.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import replace

from derive.equations import Model, Notation
from derive.errors import IllFormed
from derive.expr import Access
from derive.index import Axis, Index
from derive.reading.abbreviations import hides_time
from derive.reading.arrays import ArrayValue
from derive.reading.elaborate import elaborate
from derive.reading.letters import uses
from derive.reading.lexicon import Entry, Match, Occurrence, occurrence
from derive.reading.names import (
    ascii_head,
    identifier,
    is_bare,
    label,
    letter_of,
    readable,
    spread,
    whole,
)
from derive.reading.parse import parse
from derive.reading.respell import respelled
from derive.reading.said_marks import MARKS
from derive.reading.scope import Scope
from derive.reading.surface import Group, Juxtaposition, Name, Node, Prefixed
from derive.reading.words import joined


def declare_alias(scope: Scope, pattern: str, target: str) -> Scope:
    """The scope in which the symbol ``pattern`` means the expression ``target`` (both LaTeX).

    Raises `IllFormed` where the pattern is no single symbol, the target means nothing in the scope,
    or an index of the target has no place in the pattern.
    """
    symbol = _marked(joined(respelled(single(pattern), scope)))
    item = occurrence(symbol)
    if item is None:
        raise IllFormed(f"{pattern} is no symbol", expected=r"a symbol such as \Delta \hat{y}")
    node = respelled(single(target), scope)
    if scope.model is not None and hides_time(symbol, node, scope.model.clock):
        return replace(scope, abbreviations={**scope.abbreviations, symbol: node})
    axes = slot_axes(node, scope)
    value = elaborate(node, scope.with_letters({k: Index.of(a) for k, a in axes.items()}))
    entry = entry_for(item, axes, value)
    _require_new(entry, scope)
    return with_alias(scope, entry)


def _require_new(entry: Entry, scope: Scope) -> None:
    """Raise `IllFormed` where a symbol of the model would mean something else."""
    known = scope.lexicon.entries.get(entry.key)
    if scope.model is None or known is None or known.tensor not in scope.model.tensors:
        return
    body = entry.body
    if isinstance(body, Access) and body.tensor == known.tensor:
        return
    raise IllFormed(
        f"{whole(known.notation)} is a symbol of the model already",
        expected="a symbol that the model does not have",
    )


def declare_scalar(scope: Scope, latex: str) -> Scope:
    r"""The scope in which ``latex`` (``\eta``, ``\beta_1``) is a plain number.

    Raises `IllFormed` for what is no symbol, and for an array of the model.
    """
    item = occurrence(single(latex))
    if item is None or item.args is not None or item.prefix:
        raise IllFormed(f"{latex} is no symbol", expected=r"a symbol such as \eta")
    match = scope.lexicon.match(item)
    if match is not None and match.entry.rank and not match.powers:
        raise IllFormed(f"{whole(match.entry.notation)} is an array of the model, no number")
    if match is not None and scope.model is not None and _is_computed(match, scope.model):
        raise IllFormed(
            f"{whole(match.entry.notation)} is computed by the model, no number of the deck's own"
        )
    sub, sup = (tuple(label(n) or "" for n in items) for items in (item.name.sub, item.name.sup))
    name = identifier(ascii_head(latex))
    return scope.declare(Entry(Notation(item.head, sub, sup), 0, name, ranges=()))


def _is_computed(match: Match, model: Model) -> bool:
    return not match.powers and match.entry.body is None and match.entry.tensor in model.by_tensor


def _marked(node: Node) -> Node:
    r"""``d\mathrm{raw}_t`` and ``\delta \mathbf{z}^t``, of no tensor, as one symbol with a mark."""
    if not isinstance(node, Juxtaposition) or len(node.factors) != 2:
        return node
    mark, name = node.factors
    if not isinstance(mark, Name) or not isinstance(name, Name) or not is_bare(mark):
        return node
    return Prefixed(mark.base, name, span=node.span) if mark.base in MARKS else node


def with_alias(scope: Scope, entry: Entry) -> Scope:
    r"""The scope with ``entry``; letters tell it from those that are written alike with others.

    ``\delta_j`` of one layer and ``\delta_k`` of the next are two symbols.
    """
    entries = scope.lexicon.entries
    alike = [e for e in entries.values() if replace(e, strict=False).key == entry.key]
    others = [e for e in alike if any(e.letters) and e.letters != entry.letters]
    if not others or not any(entry.letters):
        return scope.declare(entry)
    kept = {k: e for k, e in entries.items() if e not in others}
    apart = (replace(e, strict=True) for e in (*others, entry))
    return replace(scope, lexicon=replace(scope.lexicon, entries=kept)).declare(*apart)


def single(latex: str) -> Node:
    """The one expression that ``latex`` is. Raises `IllFormed` where there are several."""
    items = parse(latex).items
    if len(items) != 1:
        raise IllFormed(f"{latex} is not one expression")
    return items[0]


def slot_axes(node: Node, scope: Scope) -> dict[str, Axis]:
    """An axis for every letter that fills a slot alone, over that slot's range."""
    axes: dict[str, Axis] = {}
    for use in uses(node, scope):
        if use.range is not None and use.letter not in axes:
            axes[use.letter] = Axis(use.letter, *use.range)
    return axes


def entry_for(item: Occurrence, letters: Mapping[str, Axis], value: ArrayValue) -> Entry:
    """The entry written like ``item`` that means ``value`` over ``letters`` and its own dimensions.

    Raises `IllFormed` for a letter of the value that the symbol does not show.
    """
    order: list[Axis] = []
    shown: list[str] = []
    dims = list(value.axes)

    def slot(node: Node, argument: bool) -> int | str:
        inner = node.body if isinstance(node, Group) else node
        letter = letter_of(inner)
        axis = letters.get(letter) if letter is not None else None
        if axis is None and argument and dims:
            axis = dims.pop(0)
        if axis is None:
            return label(node) or ""
        order.append(axis)
        shown.append(letter or "")
        return len(order) - 1

    sub = tuple(slot(n, False) for n in _items(item.name.sub, letters))
    sup = tuple(slot(n, False) for n in _items(item.name.sup, letters))
    args = tuple(s for n in item.args or () if isinstance(s := slot(n, True), int))
    args += tuple(range(len(order), len(order) + len(dims)))
    order += dims
    if stray := value.body.free_axes - set(order):
        names = ", ".join(sorted(a.name for a in stray))
        raise IllFormed(
            f"{readable(item.head)} does not show the index {names} of its meaning",
            offset=item.span.start,
        )
    return Entry(
        Notation(item.head, sub, sup, args),
        len(order),
        prefix=item.prefix,
        ranges=tuple((a.lo, a.hi) for a in order),
        axes=tuple(order),
        body=value.body,
        row=value.row,
        letters=(*shown, *("" for _ in order[len(shown) :])),
    )


def _items(scripts: tuple[Node, ...], letters: Container[str]) -> tuple[Node, ...]:
    """Script items; ``ij`` is two where both are letters."""
    return tuple(
        part
        for item in scripts
        for part in (
            spread((item,)) if all(letter_of(n) in letters for n in spread((item,))) else (item,)
        )
    )
