"""Symbols to core: an occurrence with its slots filled.

Whose gradient is it? An explicit ∂ or ∇; a declared prefix, accent or alias on a known symbol
(these are entries of the lexicon); otherwise `Undeclared`, with the readings that would fit.
"""

from __future__ import annotations

from dataclasses import replace

from derive.equations import Model, Range, Tensor
from derive.errors import IllFormed
from derive.expr import Expr, accesses
from derive.index import Axis, Index
from derive.reading.arrays import ArrayValue
from derive.reading.indices import index_of
from derive.reading.lexicon import Entry, Match, Occurrence
from derive.reading.names import is_bare, label, readable, written
from derive.reading.problems import Reading, Undeclared, Unknown
from derive.reading.scope import Scope, adjoint_entry

GRADIENT_PREFIXES = (r"\Delta", r"\delta", "d", r"\mathrm{d}")
_SLOT_NAMES = "ijklmnopqr"


def resolve(item: Occurrence, scope: Scope) -> Match:
    """The entry that ``item`` denotes. Raises `Undeclared` or `Unknown`, saying what is close."""
    match = scope.lexicon.match(item)
    if match is not None:
        return match
    if item.prefix in GRADIENT_PREFIXES:
        raise _undeclared(item, scope)
    raise unknown(item, scope)


def fill(match: Match, scope: Scope) -> ArrayValue:
    """The element, or the array over the omitted slots, with a rotated array turned.

    Raises `NotAnIndex` for a slot that holds no index, `IllFormed` where the range of an omitted
    slot is not known.
    """
    entry = match.entry
    indices: list[Index] = []
    axes: list[Axis] = []
    places = []
    for position, slot in enumerate(match.slots):
        home = match.home(position)
        if slot is None:
            axes.append(_whole_axis(entry, home, len(axes)))
            index = Index.of(axes[-1])
        else:
            places.append(index_of(slot, scope.letters, home))
            if home is None and not places[-1].exact:
                raise _unknown_shape(entry, "at a rounded index", slot.span.start)
            index = places[-1].index
        indices.append(-index if position in match.turned else index)
    body: Expr = entry.element(tuple(indices))
    for place in places:
        body = place.around(body)
    return ArrayValue(tuple(axes), body, row=entry.row and len(axes) == 1)


def _whole_axis(entry: Entry, home: Range | None, count: int) -> Axis:
    if home is None:
        raise _unknown_shape(entry, "as a whole", None)
    return Axis(_SLOT_NAMES[count % len(_SLOT_NAMES)], *home)


def _unknown_shape(entry: Entry, where: str, offset: int | None) -> IllFormed:
    name = readable(entry.notation.head)
    shape = {1: "column n", 2: "matrix m n"}.get(entry.rank, "tensor m n …")
    return IllFormed(
        f"the shape of {name} is not known where it is read {where}",
        offset=offset,
        advice=f"declare it in the front matter, as in types: {{{name}: '{shape}'}}",
    )


def unknown(item: Occurrence, scope: Scope) -> Unknown:
    """The error for a symbol that nothing defines, with the known ones that look like it."""
    text = readable(as_typed(item))
    known = [written(e.notation, prefix=e.prefix) for e in scope.lexicon.close_to(item)]
    known = list(dict.fromkeys(known))[:3]
    letter = is_bare(item.name) and item.args is None
    message = f"{text} is not defined"
    if letter and scope.letters:
        message = f"{text} is neither a known symbol nor an index of the left side"
    advice = f"did you mean {' or '.join(readable(k) for k in known)}?" if known else ""
    return Unknown(message, as_typed(item), item.span.start, advice)


def as_typed(item: Occurrence) -> str:
    """The symbol's LaTeX without its arguments, labels and indices as far as they are simple."""
    text = (
        item.prefix
        + (" " if item.prefix[-1:].isalpha() and item.head[:1].isalpha() else "")
        + item.head
    )
    for mark, items in (("_", item.name.sub), ("^", item.name.sup)):
        if items:
            inner = ",".join(label(i) or "…" for i in items)
            text += mark + (inner if len(inner) == 1 else f"{{{inner}}}")
    return text


def _undeclared(item: Occurrence, scope: Scope) -> Undeclared | Unknown:
    """A prefix that nothing declares on something that is, or looks like, a known tensor."""
    plain = replace(item, prefix="")
    match = scope.lexicon.match(plain) or _without_foreign_labels(plain, scope)
    if match is None or scope.model is None or match.entry.body is not None:
        return unknown(item, scope)
    tensor = scope.model.tensors.get(match.entry.tensor)
    if tensor is None:
        return unknown(item, scope)
    readings = tuple(
        Reading(f"{readable(as_typed(item))} means ∂L/∂{_spelled(match, t)}", entry)
        for t in (tensor, *feeders(scope.model, tensor.name))
        if (entry := _pattern(item, match, t, scope)) is not None
    )
    if not readings or any(label(n) is None for n in (*item.name.sub, *item.name.sup)):
        return unknown(item, scope)
    return Undeclared(
        f"nothing declares what {readable(as_typed(item))} means",
        as_typed(item),
        readings,
        item.span.start,
    )


def _spelled(match: Match, target: Tensor) -> str:
    """How the target is written with the indices of the occurrence."""
    texts = tuple("·" if s is None else label(s) or "…" for s in match.slots)
    notation = replace(target.notation, args=())
    return readable(written(notation, texts if len(texts) == target.rank else None))


def _without_foreign_labels(item: Occurrence, scope: Scope) -> Match | None:
    """The match when one script item that is in the way is left out."""
    for position in reversed(range(len(item.name.sub))):
        sub = item.name.sub[:position] + item.name.sub[position + 1 :]
        match = scope.lexicon.match(replace(item, name=replace(item.name, sub=sub)))
        if match is not None:
            return match
    return None


def _pattern(item: Occurrence, match: Match, target: Tensor, scope: Scope) -> Entry | None:
    """An entry written like ``item`` that denotes the adjoint of ``target``, slot by slot."""
    source = match.entry
    if source.rank != target.rank:
        return None
    slots = {id(node): k for k, node in enumerate(match.slots) if node is not None}
    sub = tuple(slots.get(id(n), label(n) or "") for n in item.name.sub)
    sup = tuple(slots.get(id(n), label(n) or "") for n in item.name.sup)
    notation = replace(source.notation, sub=sub or source.notation.sub, sup=sup)
    plain = scope.lexicon.entries
    home = next((e for e in plain.values() if e.tensor == target.name and not e.prefix), None)
    if home is None:
        return None
    return replace(adjoint_entry(home), notation=notation, prefix=item.prefix)


def feeders(model: Model, tensor: str) -> tuple[Tensor, ...]:
    """The computed tensors that the equation of ``tensor`` reads at its own indices only."""
    equation = model.by_tensor.get(tensor)
    if equation is None or not equation.axes:
        return ()
    own = equation.lhs.indices
    reads: dict[str, set[tuple[Index, ...]]] = {}
    for access in accesses(equation.rhs):
        reads.setdefault(access.tensor, set()).add(access.indices)
    return tuple(
        model.tensors[name]
        for name, places in reads.items()
        if places == {own} and name in model.by_tensor
    )
