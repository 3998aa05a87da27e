r"""Statements: the sentences of a document with their sides in the core, over one set of free axes.

The free axes are the index letters of the left side and its array dimensions. Their ranges come
from quantifiers, else from the slots that they fill, else from the model's equation that reads the
same tensor with the same index.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from derive.equations import adjoint_of, slope_of
from derive.errors import IllFormed, Problem
from derive.expr import Access, Expr, Number, accesses, negative, product
from derive.index import Axis, Index, greatest, least
from derive.reading import lengths
from derive.reading.along_changes import along_changes
from derive.reading.arrays import ArrayValue, ShapeMismatch, aligned
from derive.reading.bounds import make_axis, read_bounds, with_quantifiers
from derive.reading.conditions import condition
from derive.reading.convolution import Shape
from derive.reading.definitions import definition
from derive.reading.derivatives import takes_derivatives
from derive.reading.einstein import with_sums
from derive.reading.elaborate import elaborate
from derive.reading.empty_products import with_products_meant
from derive.reading.free_letters import with_free_letters
from derive.reading.gradient_shapes import in_own_shape
from derive.reading.in_time import narrowed
from derive.reading.indices import UnboundLetter, index_of
from derive.reading.layouts import settled
from derive.reading.left_sides import along_the_left, left_side
from derive.reading.letters_above import require_letters_above
from derive.reading.lexicon import Entry, occurrence
from derive.reading.names import head, letter_of, readable
from derive.reading.of_what import with_left_alone
from derive.reading.order_of_time import in_order_of_time
from derive.reading.orders import SUMS
from derive.reading.problems import Undeclared, Unknown, Unsupported
from derive.reading.products import total
from derive.reading.reshaped import reshaped
from derive.reading.respell import respelled
from derive.reading.scope import Scope
from derive.reading.sentence import Sentence, extents
from derive.reading.slices import with_flat_vectors
from derive.reading.surface import Call, Missing, Name, Node, Span, Unary
from derive.reading.totals import SUMMED, is_number
from derive.reading.unapplied import with_arguments
from derive.reading.value_ranges import values_compared
from derive.reading.variables import with_variables

UNREAD = "a condition is not read"


@dataclass(frozen=True)
class Statement:
    """A sentence that means something.

    Every side is over the same ``axes``. ``target`` is the tensor or adjoint of which the left side
    is an element with the given ``indices``, if it is one. ``variables`` are numbers (tensors of
    rank 0) that the formula introduces: a learning rate, the argument of a function. ``entry`` is
    what a definition declares; ``law`` a distribution's name and parameters; ``sizes`` a displayed
    size. ``provisos`` are 1 where it is asserted, else 0; the sides are multiplied by them.
    """

    kind: str
    axes: tuple[Axis, ...]
    sides: tuple[ArrayValue, ...]
    operators: tuple[str, ...]
    nodes: tuple[Node, ...]
    span: Span
    target: str | None = None
    indices: tuple[Index, ...] = ()
    variables: tuple[str, ...] = ()
    quantifiers: tuple[Node, ...] = ()
    assumptions: tuple[str, ...] = ()
    entry: Entry | None = None
    law: tuple[str, tuple[Expr, ...]] | None = None
    sizes: tuple[Index, ...] = ()
    provisos: tuple[Expr, ...] = ()


def statement(sentence: Sentence, scope: Scope, expected: Shape | None = None) -> Statement:
    """The meaning of ``sentence``; ``expected`` is the shape that is asked of its left side.

    Raises `IllFormed` and its kinds with the offset of the offending part; assumptions made on the
    way are in the result.
    """
    scope = scope.afresh()
    if sentence.kind == "quantifier":
        return _quantifier(sentence, scope)
    if isinstance(sentence.nodes[0], Missing):
        raise IllFormed(
            "the formula has no left side and continues nothing",
            offset=sentence.span.start,
            expected="a formula before it whose chain it continues",
        )
    sentence = with_left_alone(values_compared(sentence, scope), scope)
    sentence = with_products_meant(sentence)
    if SUMS in scope.operators:
        sentence = with_sums(sentence)
    scope = with_quantifiers(sentence.quantifiers, scope)
    nodes = with_arguments(tuple(respelled(n, scope) for n in sentence.nodes), scope)
    sentence = replace(sentence, nodes=nodes)
    require_letters_above(nodes, scope)
    if changing := along_changes(nodes, scope, lambda s: _chain(sentence, s, expected)):
        return changing
    scope = with_variables(sentence, scope)
    if sentence.kind == "distribution":
        return _distribution(sentence, scope)
    if sentence.kind == "size":
        return _size(sentence, scope)
    try:
        if not any(map(takes_derivatives, nodes)):
            return _chain(sentence, scope, expected)  # no layout is asked for
        return settled(lambda laid: _flat(sentence, laid, expected), scope)
    except (Unknown, Undeclared) as problem:
        defined = definition(sentence, scope, problem)
        if defined is None:
            raise
        entry, axes, value = defined
        return Statement(
            "definition",
            axes,
            (value,),
            sentence.operators,
            sentence.nodes,
            sentence.span,
            quantifiers=sentence.quantifiers,
            assumptions=tuple(scope.assumptions),
            entry=entry,
        )


def _flat(sentence: Sentence, scope: Scope, expected: Shape | None) -> Statement:
    return with_flat_vectors(lambda s: _chain(sentence, s, expected), scope, sentence.nodes)


def _chain(sentence: Sentence, outer: Scope, expected: Shape | None = None) -> Statement:
    before = len(outer.assumptions)
    scope, letters = with_free_letters(sentence, outer)
    left = left_side(sentence, scope, expected)
    access = left.body if isinstance(left.body, Access) else None
    axes = _ordered((*letters.values(), *left.axes), access)
    if access is not None:
        _note_coverage(access, scope)
    slots = left.axes or _argument_axes(sentence.nodes[0], letters, scope)
    shape = tuple(a.extent for a in slots) or None
    sides = [ArrayValue(axes, left.body)]
    for node in sentence.nodes[1:]:
        try:
            value = lengths.settled(elaborate(node, scope, shape), slots)
        except UnboundLetter as unbound:
            value = along_the_left(node, left, unbound, scope)
        lengths.require_settled(value, node.span.start)
        sides.append(ArrayValue(axes, _fitted(value, left, slots, scope, node)))
    if shorter := narrowed(sentence, [s.body for s in sides], letters, outer):
        del outer.assumptions[before:]  # they are made again
        return _chain(sentence, shorter, expected)
    masks = (*_masks(sentence, left, slots, scope), *in_order_of_time(left.body, sentence, scope))
    sides = [ArrayValue(axes, product(*masks, side.body)) for side in sides] if masks else sides
    return Statement(
        sentence.kind,
        axes,
        tuple(sides),
        sentence.operators,
        sentence.nodes,
        sentence.span,
        target=access.tensor if access is not None else None,
        indices=access.indices if access is not None else (),
        variables=_variables(sides, scope),
        quantifiers=sentence.quantifiers,
        assumptions=tuple(scope.assumptions),
        provisos=masks,
    )


def _masks(
    sentence: Sentence, left: ArrayValue, slots: tuple[Axis, ...], scope: Scope
) -> Iterator[Expr]:
    """1 where a condition of the sentence holds, else 0; one that cannot be read is named."""
    for node in sentence.conditions:
        try:
            mask = condition(respelled(node, scope), scope, elaborate)
            yield _fitted(mask, left, slots, scope, node) if mask.axes else mask.body
        except Problem as problem:
            scope.note(f"{UNREAD}: {problem.message}")


def _note_coverage(target: Access, scope: Scope) -> None:
    """Say so where the formula is claimed for fewer indices than the tensor has."""
    name = adjoint_of(target.tensor) or target.tensor
    tensor = scope.model.tensors.get(name) if scope.model is not None else None
    for index, (lo, hi) in zip(target.indices, tensor.ranges if tensor else (), strict=False):
        low, high = least(index), greatest(index)
        timed = scope.model is not None and any(a.name in scope.model.clock for a in index.axes)
        if index.axes and (low, high) != (lo, hi) and not timed:
            scope.note(f"claimed only where the index of {name} lies in {low}..{high}")


def _variables(sides: list[ArrayValue], scope: Scope) -> tuple[str, ...]:
    """Numbers that are read and are no tensors of the model: declared or introduced scalars."""
    known = scope.model.tensors if scope.model is not None else {}
    names = (a.tensor for s in sides for a in accesses(s.body) if not a.indices)
    return tuple(
        dict.fromkeys(n for n in names if not slope_of(n) and (adjoint_of(n) or n) not in known)
    )


def _ordered(axes: tuple[Axis, ...], access: Access | None) -> tuple[Axis, ...]:
    """The axes in the order of the target's indices."""
    if access is None:
        return axes
    rank = {a: k for k, index in enumerate(access.indices) for a in index.axes}
    return tuple(sorted(axes, key=lambda a: rank.get(a, len(rank))))


def _argument_axes(node: Node, letters: dict[str, Axis], scope: Scope) -> tuple[Axis, ...]:
    """The axes of the letters in the left side's argument list, as a whole array has them."""
    item = occurrence(node)
    names = [letter_of(a) for a in (item.args if item else None) or ()]
    return tuple(letters[n] for n in names if n is not None and n in letters)


def _fitted(
    value: ArrayValue, left: ArrayValue, slots: tuple[Axis, ...], scope: Scope, node: Node
) -> Expr:
    """The side's element over the statement's axes, shifted once per dimension."""
    at = node.span.start
    value = in_own_shape(value, left, scope, at)
    if not value.axes:
        if left.axes and not isinstance(value.body, Number):
            raise ShapeMismatch(f"the left side is {left.shape}, this is a number", offset=at)
        return value.body
    if left.axes == slots and value.extents != left.extents:
        value = reshaped(value, left, scope) or value
    if not slots and isinstance(left.body, Access) and is_number(left.body.tensor, scope):
        scope.note(SUMMED)
        return total(value).body
    differs = f"the left side is {left.shape}, this is {value.shape}"
    if value.rank != len(slots):
        raise ShapeMismatch(differs, offset=at)
    if left.rank == 1 and left.row != value.row:
        raise ShapeMismatch(differs, offset=at, advice="a transpose is missing or too many")
    if not left.axes:
        scope.note(f"the array is read at ({', '.join(a.name for a in slots)})")
    body = aligned(value, slots, "the two sides", at)
    for mine, other in zip(value.axes, slots, strict=True):
        if mine.lo != other.lo:
            scope.note(
                f"index {other.lo} on the left side is index {mine.lo} of the right side's array"
            )
    return body


def _quantifier(sentence: Sentence, scope: Scope) -> Statement:
    axes = tuple(make_axis(b, scope, ()) for n in sentence.nodes for b in read_bounds(n, None))
    return Statement("quantifier", axes, (), (), sentence.nodes, sentence.span)


def _distribution(sentence: Sentence, scope: Scope) -> Statement:
    r"""``W \sim U(\pm b)``, ``U(-b, b)``, ``\mathcal{N}(m, v)``."""
    left, right = sentence.nodes
    alone = Sentence("mention", (left,), (), sentence.quantifiers, sentence.span)
    base = _chain(alone, scope)
    laws = {"U": "uniform", r"\mathcal{U}": "uniform", "N": "normal", r"\mathcal{N}": "normal"}
    if not isinstance(right, Call) or not isinstance(right.head, Name):
        raise Unsupported("this distribution is not known", offset=right.span.start)
    law = None if right.head.sub or right.head.sup else laws.get(head(right.head))
    if law is None:
        raise Unsupported(
            f"the distribution {readable(head(right.head))} is not known",
            offset=right.span.start,
            expected="U(-b, b), U(\\pm b) or N(m, v)",
        )
    first = right.args[0]
    if law == "uniform" and len(right.args) == 1 and isinstance(first, Unary):
        bound = elaborate(first.body, scope).body
        parameters: tuple[Expr, ...] = (negative(bound), bound)
    else:
        parameters = tuple(elaborate(a, scope).body for a in right.args)
    return replace(
        base,
        kind="distribution",
        operators=sentence.operators,
        nodes=sentence.nodes,
        law=(law, parameters),
        assumptions=tuple(scope.assumptions),
    )


def _size(sentence: Sentence, scope: Scope) -> Statement:
    left, size = sentence.nodes
    alone = Sentence("mention", (left,), (), sentence.quantifiers, sentence.span)
    factors = extents(size)
    if factors is None:
        raise Unsupported("this is not read as a size", offset=size.span.start)
    numbers = tuple(index_of(f, scope.sizes).index for f in factors)
    return replace(_chain(alone, scope), kind="size", nodes=sentence.nodes, sizes=numbers)
