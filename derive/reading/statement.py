r"""Statements: the sentences of a document with their sides in the core, over one set of free axes.

The free axes are the index letters of the left side and its array dimensions. Their ranges come from
quantifiers, else from the slots that they fill, else from the model's equation that reads the same tensor
with the same index.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from derive.equations import adjoint_of
from derive.errors import IllFormed
from derive.expr import Access, Expr, Number, accesses, negative
from derive.index import Axis, Index
from derive.reading.arrays import ArrayValue, ShapeMismatch, aligned
from derive.reading.bounds import make_axis, read_bounds
from derive.reading.declare import entry_for
from derive.reading.elaborate import elaborate
from derive.reading.indices import index_of
from derive.reading.letters import factors, ranges_of, uses
from derive.reading.lexicon import Entry, Occurrence, occurrence
from derive.reading.names import head, identifier, is_bare, readable
from derive.reading.problems import Undeclared, Unknown, Unsupported
from derive.reading.references import gradient_of
from derive.reading.scope import Scope, with_scalar
from derive.reading.sentence import Sentence, extents
from derive.reading.surface import Call, Missing, Name, Node, Span, Unary


@dataclass(frozen=True)
class Statement:
    """A sentence that means something.

    Every side is over the same ``axes``. ``target`` is the tensor or adjoint of which the left side is
    an element with the given ``indices``, if it is one. ``variables`` are numbers (tensors of rank 0) that
    the formula introduces: a learning rate, the argument of a function. ``entry`` is what a definition
    declares; ``law`` a distribution's name and parameters; ``sizes`` a displayed size.
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


def statement(sentence: Sentence, scope: Scope) -> Statement:
    """The meaning of ``sentence``.

    Raises `IllFormed` and its kinds with the offset of the offending part; assumptions made on the way
    are in the result.
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
    scope = _with_quantifiers(sentence, scope)
    scope, variables = _with_variables(sentence, scope)
    if sentence.kind == "distribution":
        return _distribution(sentence, scope)
    if sentence.kind == "size":
        return _size(sentence, scope)
    try:
        return replace(_chain(sentence, scope), variables=variables)
    except (Unknown, Undeclared) as problem:
        defined = _definition(sentence, scope, problem)
        if defined is None:
            raise
        return defined


def _with_quantifiers(sentence: Sentence, scope: Scope) -> Scope:
    for relation in sentence.quantifiers:
        for bounds in read_bounds(relation, None):
            axis = make_axis(bounds, scope, ())
            scope = scope.with_letters({bounds.letter: Index.of(axis)})
    return scope


def _with_variables(sentence: Sentence, scope: Scope) -> tuple[Scope, tuple[str, ...]]:
    """Numbers that the formula itself introduces: arguments of a defined function, rates of an update."""
    names: list[Name] = []
    left = sentence.nodes[0]
    if isinstance(left, Call) and isinstance(left.head, Name) and len(sentence.nodes) > 1:
        if head(left.head) in scope.functions:
            names = [a for a in left.args if isinstance(a, Name) and is_bare(a)]
    if sentence.kind == "update":
        names = [i.name for n in sentence.nodes[1:] for i in factors(n) if _is_rate(i, scope)]
    found: list[str] = []
    for name in names:
        text = head(name)
        tensors = scope.model.tensors if scope.model is not None else {}
        variable = identifier(text) + ("_" if identifier(text) in tensors else "")
        scope.note(f"{readable(text)} is any number")
        scope = with_scalar(scope, text, variable)
        found.append(variable)
    return scope, tuple(dict.fromkeys(found))


def _is_rate(item: Occurrence, scope: Scope) -> bool:
    if item.args is not None or not is_bare(item.name):
        return False
    known = item.head in scope.functions or item.name.base in {"e", *scope.letters}
    return not known and not item.prefix and scope.lexicon.match(item) is None


def _chain(sentence: Sentence, scope: Scope) -> Statement:
    scope, letters = _with_free_letters(sentence, scope)
    left = elaborate(sentence.nodes[0], scope)
    access = left.body if isinstance(left.body, Access) else None
    axes = _ordered((*letters.values(), *left.axes), access)
    slots = left.axes or _argument_axes(sentence.nodes[0], letters, scope)
    shape = tuple(a.extent for a in slots) or None
    sides = [ArrayValue(axes, left.body)]
    for node in sentence.nodes[1:]:
        value = elaborate(node, scope, shape)
        sides.append(ArrayValue(axes, _fitted(value, left, slots, scope, node)))
    return Statement(
        sentence.kind,
        axes,
        tuple(sides),
        sentence.operators,
        sentence.nodes,
        sentence.span,
        target=access.tensor if access is not None else None,
        indices=access.indices if access is not None else (),
        quantifiers=sentence.quantifiers,
        assumptions=tuple(scope.assumptions),
    )


def _ordered(axes: tuple[Axis, ...], access: Access | None) -> tuple[Axis, ...]:
    """The axes in the order of the target's indices."""
    if access is None:
        return axes
    rank = {a: k for k, index in enumerate(access.indices) for a in index.axes}
    return tuple(sorted(axes, key=lambda a: rank.get(a, len(rank))))


def _argument_axes(node: Node, letters: dict[str, Axis], scope: Scope) -> tuple[Axis, ...]:
    """The axes of the letters in the left side's argument list: what a whole array would run over."""
    item = occurrence(node)
    names = [a.base for a in (item.args if item else None) or () if isinstance(a, Name)]
    return tuple(letters[n] for n in names if n in letters)


def _fitted(
    value: ArrayValue, left: ArrayValue, slots: tuple[Axis, ...], scope: Scope, node: Node
) -> Expr:
    """The side's element over the statement's axes; origins are shifted by one step per dimension."""
    at = node.span.start
    if not value.axes:
        if left.axes and not isinstance(value.body, Number):
            raise ShapeMismatch(f"the left side is {left.shape}, this is a number", offset=at)
        return value.body
    if value.rank != len(slots):
        raise ShapeMismatch(f"the left side is {left.shape}, this is {value.shape}", offset=at)
    if left.rank == 1 and left.row != value.row:
        raise ShapeMismatch(
            f"the left side is {left.shape}, this is {value.shape}",
            offset=at,
            advice="a transpose is missing or too many",
        )
    body = aligned(value, slots, "the two sides", at)
    for mine, other in zip(value.axes, slots, strict=True):
        if mine.lo != other.lo:
            scope.note(
                f"index {other.lo} on the left side is index {mine.lo} of the right side's array"
            )
    return body


def _with_free_letters(sentence: Sentence, scope: Scope) -> tuple[Scope, dict[str, Axis]]:
    """The scope with an axis for every index letter of the left side."""
    left = sentence.nodes[0]
    letters: dict[str, Axis] = {}
    open_: dict[str, int] = {}
    for use in uses(left, replace(scope, letters=_sizes(scope))):
        letter = use.letter
        if letter in letters or letter in open_:
            continue
        if letter in scope.letters:
            (letters[letter],) = scope.letters[letter].axes
            continue
        for node in sentence.nodes:
            if found := ranges_of(letter, node, scope):
                letters[letter] = Axis(letter, *found[0])
                break
        else:
            open_[letter] = use.offset
    if open_:
        scope_now = scope.with_letters({k: Index.of(a) for k, a in letters.items()})
        letters |= _from_model(left, open_, scope_now)
    return scope.with_letters({k: Index.of(a) for k, a in letters.items()}), letters


def _sizes(scope: Scope) -> dict[str, Index]:
    return {k: v for k, v in scope.letters.items() if not v.axes}


def _from_model(left: Node, letters: dict[str, int], scope: Scope) -> dict[str, Axis]:
    """Ranges of letters that occur only inside index expressions, as in ``S(i - u)``.

    They are those of the model's equation that reads the same tensor with an index of the same form.
    """
    probes = {k: Axis(k, Index.of(0), Index.of(0)) for k in letters}
    value = elaborate(left, scope.with_letters({k: Index.of(a) for k, a in probes.items()}))
    found: dict[str, Axis] = {}
    for access in accesses(value.body):
        for position, index in enumerate(access.indices):
            mine = {a: index.coefficient(a) for a in index.axes if a in probes.values()}
            if not mine or all(a.name in found for a in mine):
                continue
            twins = _twins(access.tensor, position, mine, scope)
            for probe, twin in twins.items():
                found.setdefault(probe.name, Axis(probe.name, twin.lo, twin.hi))
    for letter, offset in letters.items():
        if letter not in found:
            raise IllFormed(
                f"the range of {letter} is not given and does not follow from its use",
                offset=offset,
                advice=f"write {letter} = 1, ..., n",
            )
        scope.note(f"{letter} runs over {found[letter].lo}..{found[letter].hi}, as in the model")
    return found


def _twins(
    tensor: str, position: int, mine: dict[Axis, Index], scope: Scope
) -> dict[Axis, Axis]:
    """The model's axes in the same roles, by name and coefficient, else by coefficient alone."""
    if scope.model is None:
        return {}
    for equation in scope.model.readers(adjoint_of(tensor) or tensor):
        for access in accesses(equation.rhs):
            if access.tensor != tensor:
                continue
            index = access.indices[position]
            theirs = {a: index.coefficient(a) for a in index.axes}
            pairs = {a: b for a in mine for b in theirs if mine[a] == theirs[b]}
            named = {a: b for a in mine for b in theirs if (a.name, mine[a]) == (b.name, theirs[b])}
            for mapping in (named, pairs):
                if len(mapping) == len(mine) == len(theirs) == len(set(mapping.values())):
                    return mapping
    return {}


def _definition(
    sentence: Sentence, scope: Scope, problem: Unknown | Undeclared
) -> Statement | None:
    """The statement as a definition of its left side, or ``None`` where it defines nothing.

    An unknown symbol is defined by the right side; a gradient prefix only by an explicit gradient.
    """
    item = occurrence(sentence.nodes[0])
    if item is None or sentence.kind != "equation" or problem.offset is None:
        return None
    if not item.span.start <= problem.offset < item.span.end:
        return None
    explicit = [n for n in sentence.nodes[1:] if _explicit(n, scope)]
    if item.prefix and not explicit:
        return None
    node = explicit[0] if explicit else sentence.nodes[1]
    letters = {u.letter: Axis(u.letter, *u.range) for u in uses(node, scope) if u.range is not None}
    running = {k: a for k, i in scope.letters.items() for a in i.axes if Index.of(a) == i}
    inner = scope.with_letters({k: Index.of(a) for k, a in letters.items()})
    value = elaborate(node, inner)
    shown = {k: a for k, a in {**letters, **running}.items() if a in value.body.free_axes}
    return Statement(
        "definition",
        (*shown.values(), *value.axes),
        (value,),
        sentence.operators,
        sentence.nodes,
        sentence.span,
        quantifiers=sentence.quantifiers,
        assumptions=tuple(scope.assumptions),
        entry=entry_for(item, shown, value),
    )


def _explicit(node: Node, scope: Scope) -> bool:
    letters = {u.letter: Axis(u.letter, *u.range) for u in uses(node, scope) if u.range is not None}
    inner = scope.with_letters({k: Index.of(a) for k, a in letters.items()})
    return gradient_of(node, inner) is not None


def _quantifier(sentence: Sentence, scope: Scope) -> Statement:
    axes = tuple(
        make_axis(b, scope, ()) for n in sentence.nodes for b in read_bounds(n, None)
    )
    return Statement("quantifier", axes, (), (), sentence.nodes, sentence.span)


def _distribution(sentence: Sentence, scope: Scope) -> Statement:
    r"""``W \sim U(\pm b)``, ``U(-b, b)``, ``\mathcal{N}(m, v)``."""
    left, right = sentence.nodes
    alone = Sentence("mention", (left,), (), sentence.quantifiers, sentence.span)
    base = _chain(alone, scope)
    laws = {"U": "uniform", r"\mathcal{U}": "uniform", "N": "normal", r"\mathcal{N}": "normal"}
    if not isinstance(right, Call) or not isinstance(right.head, Name):
        raise Unsupported("this distribution is not known", offset=right.span.start)
    law = laws.get(head(right.head))
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
    numbers = tuple(index_of(f, _sizes(scope)).index for f in factors)
    return replace(_chain(alone, scope), kind="size", nodes=sentence.nodes, sizes=numbers)

