"""Which sizes a formula names by their numbers, and which it leaves open.

``sum over u from -2 to 2`` names every size whose value is 2, or of which 2 follows; at other sizes
the formula would say something else.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from derive.equations import Model, adjoint_of
from derive.expr import Summation, accesses, indices_of, walk
from derive.index import Index, Size
from derive.reading.letters import occurrences
from derive.reading.respell import respelled
from derive.reading.surface import Big, Dots, Name, Node, Numeral, Relation, Scripted, parts
from derive.reading.surface import walk as surface_walk
from verify.attempt import Attempt
from verify.claim import sentence_of
from verify.setting import Setting

Names = tuple[str, ...]


def free_sizes(text: str, best: Attempt, model: Model) -> tuple[Names, Names]:
    """The sizes that ``text`` names by no number: of the tensors that it reads, and others."""
    sentence = sentence_of(text)
    nodes = (*sentence.nodes, *sentence.quantifiers)
    shown = {abs(n) for n in (*numerals(nodes), *_counted(sentence.nodes))} - {0, 1}
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


@dataclass(frozen=True)
class Element:
    """What a formula names by a number: the place ``index`` between two bounds in sizes."""

    index: int
    lo: Index
    hi: Index

    def exists(self, sizes: Mapping[str, int]) -> bool:
        """Whether the tensor has it at these sizes."""
        lo: int = self.lo.evaluate(lambda s: sizes[s.name])
        hi: int = self.hi.evaluate(lambda s: sizes[s.name])
        return lo <= self.index <= hi

    def ends(self, sizes: Mapping[str, int]) -> bool:
        """Whether it is the tensor's last at these sizes, or beyond that."""
        hi: int = self.hi.evaluate(lambda s: sizes[s.name])
        return self.index >= hi


def named_elements(text: str, best: Attempt, setting: Setting) -> frozenset[Element]:
    """The elements of the model's tensors that ``text`` names by numbers, read as ``best``.

    None of a tensor that is zero outside its ranges, which has a value there too.
    """
    scope, model = setting.scope(best.convention), setting.bench.model
    found = set()
    for node in sentence_of(text).nodes:
        for item in occurrences(respelled(node, scope)):
            match = scope.lexicon.match(item)
            if match is None or match.entry.body is not None or match.rotated:
                continue
            name = match.entry.tensor
            base = adjoint_of(name) or name
            if base not in model.tensors or _is_zero_outside(name, best, setting):
                continue
            for position, slot in enumerate(match.slots):
                if isinstance(slot, Numeral) and slot.value.denominator == 1:
                    offset = match.entry.offsets[position] if match.entry.offsets else Index.of(0)
                    if offset.value is not None:
                        bounds = model.tensors[base].ranges[position]
                        found.add(Element(int(slot.value) + offset.value, *bounds))
    return frozenset(found)


def ends_of_dots(text: str, best: Attempt, setting: Setting) -> frozenset[str]:
    r"""The sizes whose last elements ``text`` names by numbers, where dots lead up to them.

    ``I_1 k_1 + \dots + I_3 k_3`` says that there are three.
    """
    if not _has_dots(text):
        return frozenset()
    values = {s: Index.of(n) for s, n in setting.bench.model.sizes.items()}
    last = (
        element.hi
        for element in named_elements(text, best, setting)
        if element.index > 1 and element.index == element.hi.substitute(values).value
    )
    return frozenset(size.name for end in last for size in end.sizes)


def before_dots(text: str, best: Attempt, setting: Setting) -> frozenset[Element]:
    r"""The elements that ``text`` names by numbers and that are not the last of their tensors.

    Where dots stand for what follows them, so they are at all sizes that ``text`` can be about:
    ``S_1 + S_2 + \dots + S_p`` says nothing of two maps. None where there are no dots.
    """
    if not _has_dots(text):
        return frozenset()
    own = {s.name: n for s, n in setting.bench.model.sizes.items()}
    return frozenset(e for e in named_elements(text, best, setting) if not e.ends(own))


def _has_dots(text: str) -> bool:
    nodes = sentence_of(text).nodes
    return any(isinstance(n, Dots) for node in nodes for n in surface_walk(node))


def needed_sizes(model: Model, named: Collection[Element]) -> dict[str, int]:
    """How large each size has to be, beside the others as they are, for the elements to exist."""
    own = {s.name: n for s, n in model.sizes.items()}

    def least(size: Size) -> int:
        tried = range(size.least, own[size.name])
        there = (n for n in tried if all(e.exists({**own, size.name: n}) for e in named))
        return next(there, own[size.name])

    return {size.name: least(size) for size in model.sizes}


def _is_zero_outside(name: str, best: Attempt, setting: Setting) -> bool:
    return name in best.convention.outside or setting.zero_outside(name)


def numerals(nodes: Iterable[Node]) -> Iterator[int]:
    """Whole numbers that stand in a formula, but no exponents and no labels of symbols."""
    for node in nodes:
        if isinstance(node, Numeral) and node.value.denominator == 1:
            yield int(node.value)
        elif isinstance(node, Scripted):
            yield from numerals((node.body, *node.sub))
        elif not isinstance(node, Name):
            yield from numerals(tuple(parts(node)))


def _counted(nodes: Iterable[Node]) -> Iterator[int]:
    """How many terms sums between two numbers have: from 0 to 1 they are two."""
    for big in (n for node in nodes for n in surface_walk(node) if isinstance(n, Big)):
        for item in big.lower:
            match item, big.upper:
                case Relation(sides=(_, Numeral(value=lo))), Numeral(value=hi):
                    if lo.denominator == hi.denominator == 1:
                        yield int(hi - lo) + 1


def _pinned(shown: set[int], model: Model) -> set[str]:
    """The sizes that stand in a bound or an index with one of these values."""
    values = {s: Index.of(n) for s, n in model.sizes.items()}
    found = {s.name for s, n in model.sizes.items() if n in shown}
    for bound in _bounds(model):
        if abs(bound.substitute(values).value or 0) in shown:
            found |= {s.name for s in bound.sizes}
    return found


def extents_meet(model: Model) -> bool:
    """Whether two lengths that sizes give differently are equal here: ``n - k + 1`` and ``k``."""
    values = {s: Index.of(n) for s, n in model.sizes.items()}
    lengths = {e for t in model.tensors.values() for e in t.extents if e.sizes}
    return len({e.substitute(values).value for e in lengths}) < len(lengths)


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
