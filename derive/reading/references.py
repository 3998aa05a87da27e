"""Symbols to core: an occurrence with its slots filled.

Whose gradient is it? An explicit ∂ or ∇; a declared prefix, accent or alias on a known symbol
(these are entries of the lexicon); otherwise `Undeclared`, with the readings that would fit.
"""

from __future__ import annotations

from derive.equations import Range
from derive.errors import IllFormed
from derive.expr import Expr
from derive.index import Axis, Index
from derive.reading.arrays import ArrayValue
from derive.reading.capitals import in_other_case, part_of_meant
from derive.reading.indices import index_of
from derive.reading.left_out_labels import unlabelled
from derive.reading.letters import holds_tensor
from derive.reading.lexicon import Entry, Match, Occurrence
from derive.reading.names import readable
from derive.reading.primed import primed
from derive.reading.problems import Undeclared
from derive.reading.scope import Scope
from derive.reading.slices import flat
from derive.reading.surface import Group, Node, Numeral
from derive.reading.undeclared import as_typed, undeclared, unknown

_SLOT_NAMES = "ijklmnopqr"


def resolve(item: Occurrence, scope: Scope) -> Match:
    """The entry that ``item`` denotes. Raises `Undeclared` or `Unknown`, saying what is close."""
    match = scope.lexicon.match(item)
    if match is not None and not any(map(_is_label, match.powers)):
        return match
    raise (
        (in_other_case(item, scope) if item.prefix in scope.lexicon.prefixes else None)
        or part_of_meant(item, scope)
        or undeclared(item, scope)
        or either(unlabelled(item, scope), in_other_case(item, scope))
        or primed(item, scope)
        or _function(item, scope)
        or unknown(item, scope)
    )


def _is_label(script: Node) -> bool:
    """A number in brackets, ``X^{[1]}``, is no power."""
    return isinstance(script, Group) and isinstance(script.body, Numeral)


def either(first: Undeclared | None, second: Undeclared | None) -> Undeclared | None:
    """One question with the readings of both."""
    if first is None or second is None:
        return first or second
    readings = (*first.readings, *second.readings)
    return Undeclared(second.message, second.symbol, readings, second.offset)


def _function(item: Occurrence, scope: Scope) -> Undeclared | None:
    """That nobody declares a function, where an unknown symbol has values for arguments."""
    if item.prefix or not any(holds_tensor(a, scope) for a in item.args or ()):
        return None
    text = as_typed(item)
    if any(e.notation.head == item.head for e in scope.lexicon.close_to(item)):
        return None
    return Undeclared(f"nothing declares the function {readable(text)}", text, (), item.span.start)


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
    return ArrayValue(tuple(axes), body, row=len(axes) == 1 and _is_row(match, scope))


def _is_row(match: Match, scope: Scope) -> bool:
    """Whether what one open slot leaves is a row: ``X_{n,:}`` of a matrix is one."""
    if match.sliced and match.entry.rank == 2:
        return match.sliced == {1} and not flat(scope)
    return match.entry.row


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
