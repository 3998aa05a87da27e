"""Which sizes a formula names by their numbers, and which it leaves open.

``sum over u from -2 to 2`` names every size whose value is 2, or of which 2 follows; at other sizes
the formula would say something else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from derive.equations import Model, adjoint_of
from derive.expr import Summation, accesses, indices_of, walk
from derive.index import Index
from derive.reading.surface import Name, Node, Numeral, Scripted, parts
from verify.attempt import Attempt
from verify.claim import sentence_of

Names = tuple[str, ...]


def free_sizes(text: str, best: Attempt, model: Model) -> tuple[Names, Names]:
    """The sizes that ``text`` names by no number: of the tensors that it reads, and others."""
    sentence = sentence_of(text)
    shown = {abs(n) for n in numerals((*sentence.nodes, *sentence.quantifiers))} - {0, 1}
    pinned = _pinned(shown, model)
    free = [s.name for s in model.sizes if s.name not in pinned]
    read = {
        adjoint_of(a.tensor) or a.tensor
        for link in best.identities
        for side in (link.left, link.right)
        for a in accesses(side)
    }
    spans = [b for n in read & model.tensors.keys() for r in model.tensors[n].ranges for b in r]
    near = {s.name for bound in spans for s in bound.sizes}
    return tuple(n for n in free if n in near), tuple(n for n in free if n not in near)


def numerals(nodes: Iterable[Node]) -> Iterator[int]:
    """Whole numbers that stand in a formula, but no exponents and no labels of symbols."""
    for node in nodes:
        if isinstance(node, Numeral) and node.value.denominator == 1:
            yield int(node.value)
        elif isinstance(node, Scripted):
            yield from numerals((node.body, *node.sub))
        elif not isinstance(node, Name):
            yield from numerals(tuple(parts(node)))


def _pinned(shown: set[int], model: Model) -> set[str]:
    """The sizes that stand in a bound or an index with one of these values."""
    values = {s: Index.of(n) for s, n in model.sizes.items()}
    found = {s.name for s, n in model.sizes.items() if n in shown}
    for bound in _bounds(model):
        if abs(bound.substitute(values).value or 0) in shown:
            found |= {s.name for s in bound.sizes}
    return found


def _bounds(model: Model) -> Iterator[Index]:
    """Everything that depends on sizes alone: ends of ranges, extents, derived sizes, constants."""
    yield from model.named.values()
    for tensor in model.tensors.values():
        yield from (b for r in tensor.ranges for b in r)
        yield from tensor.extents
    for node in (n for e in model.equations for n in walk(e.rhs)):
        if isinstance(node, Summation):
            yield from (b for a in node.axes for b in (a.lo, a.hi, a.extent))
        yield from (i.constant for i in indices_of(node))
