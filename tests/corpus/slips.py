"""Slips of the eight kinds that people make in backpropagation, made in right formulas.

They are made by rules of our own on the surface tree, not by the edits with which the judge mends
(`verify.mending.edits`): what is measured must not know how it is measured.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from derive.reading.parse import parse
from derive.reading.surface import (
    Big,
    Binary,
    Call,
    Fraction_,
    Group,
    Juxtaposition,
    Name,
    Node,
    Numeral,
    Prefixed,
    Relation,
    Span,
    Unary,
    parts,
    walk,
)
from tests.corpus.library import Claim, topic

PRODUCTS = frozenset(("\\cdot", "\\times", "*", "\\odot", "\\circ"))
TRANSPOSED = re.compile(r"\^(\{T\}|T|\{\\top\}|\\top)$")
SIGNS = {"+": "-", "-": "+"}


@dataclass(frozen=True)
class Slip:
    """A right formula with a slip of this ``kind`` in it."""

    claim: Claim
    kind: str
    latex: str


@dataclass(frozen=True)
class Place:
    """A node of an asserted side of ``text``.

    ``others`` may stand in a symbol's place (``W``) or in that of its upper label (``W^``);
    ``matrices`` are the places of factors that are whole matrices.
    """

    node: Node
    text: str
    others: Mapping[str, tuple[str, ...]]
    in_index: bool
    matrices: frozenset[Span]

    def typed(self, node: Node) -> str:
        """The node as it stands in the text."""
        return self.text[node.span.start : node.span.end]


Change = tuple[Span, str]
Maker = Callable[[Place], Iterator[Change]]


def dropped_factor(at: Place) -> Iterator[Change]:
    """A product or a quotient without one of its factors."""
    node = at.node
    if at.in_index:
        return
    if isinstance(node, Juxtaposition):
        for gone in node.factors:
            yield node.span, " ".join(at.typed(f) for f in node.factors if f is not gone)
    elif isinstance(node, Binary) and node.operator in PRODUCTS:
        yield node.span, at.typed(node.right)
        yield node.span, at.typed(node.left)
    elif isinstance(node, Fraction_) and not isinstance(node.top, Prefixed):
        yield node.span, at.typed(node.top)


def sign(at: Place) -> Iterator[Change]:
    """Plus for minus between terms; a minus sign lost."""
    node = at.node
    if at.in_index:
        return
    if isinstance(node, Binary) and node.operator in SIGNS:
        yield _operator(at, node)
    elif isinstance(node, Unary) and node.operator == "-":
        yield node.span, at.typed(node.body)


def off_by_one(at: Place) -> Iterator[Change]:
    """An index or the end of a sum one too high or too low."""
    for slot in _slots(at.node):
        bare = isinstance(at.node, Name) and at.text[slot.span.start - 1] == "_"
        for new in _stepped(at, slot):
            yield slot.span, f"{{{new}}}" if bare else new
    if isinstance(at.node, Big) and at.node.upper is not None:
        new = f"{at.typed(at.node.upper)} - 1"
        braced = at.text[at.node.upper.span.start - 1] == "{"
        yield at.node.upper.span, new if braced else f"{{{new}}}"


def _stepped(at: Place, slot: Node) -> Iterator[str]:
    """``i + 1`` and ``i - 1`` for ``i``; in ``ij``, set side by side, with a comma."""
    letters = slot.factors if isinstance(slot, Juxtaposition) else (slot,)
    for moved in letters:
        for step in (" + 1", " - 1"):
            yield ", ".join(at.typed(n) + (step if n is moved else "") for n in letters)


def missing_rotation(at: Place) -> Iterator[Change]:
    """A kernel that is not turned round, by its operator or by the sign of its offset."""
    node = at.node
    if isinstance(node, Call) and at.typed(node.head) == "rot180":
        yield node.span, at.typed(node.args[0])
    elif isinstance(node, Binary) and node.operator == "*" and isinstance(node.right, Name):
        yield node.right.span, f"rot180({at.typed(node.right)})"
    turned = [
        inner
        for slot in _slots(node)
        for inner in walk(slot)
        if isinstance(inner, Binary) and inner.operator in SIGNS and _letters(inner.right)
    ]
    if turned:
        yield _together(at, [_operator(at, inner) for inner in turned])


def transpose(at: Place) -> Iterator[Change]:
    """A transpose lost or too many."""
    own = at.typed(at.node)
    if at.in_index or not isinstance(at.node, Name | Group):
        return
    if isinstance(at.node, Name) and at.node.sup:
        if TRANSPOSED.search(own):
            yield at.node.span, TRANSPOSED.sub("", own)
    elif at.node.span in at.matrices:
        yield at.node.span, own + "^T"


def missing_sum(at: Place) -> Iterator[Change]:
    """A sum, over the batch or otherwise, that is forgotten."""
    if isinstance(at.node, Big) and at.node.operator == r"\sum":
        yield at.node.span, at.typed(at.node.body)


def swapped_indices(at: Place) -> Iterator[Change]:
    """Two neighbouring indices of one symbol exchanged."""
    slots = _slots(at.node)
    if len(slots) == 1 and isinstance(slots[0], Juxtaposition):
        slots = slots[0].factors
    for one, two in pairwise(slots):
        between = at.text[one.span.end : two.span.start]
        yield Span(one.span.start, two.span.end), at.typed(two) + between + at.typed(one)


def wrong_layer(at: Place) -> Iterator[Change]:
    """A symbol of another layer or step: another letter, or another upper label."""
    node = at.node
    if at.in_index or not isinstance(node, Name):
        return
    own = at.typed(node)
    for other in at.others.get(_head(own), ()):
        yield node.span, own.replace(_head(own), other, 1)
    label = re.search(r"\^(\{[^{}]*\}|\w)$", own)
    for other in at.others.get(f"{_head(own)}^", ()) if label else ():
        if label is not None and other != label[1]:
            yield node.span, own[: label.start(1)] + other


KINDS: dict[str, Maker] = {
    "dropped factor": dropped_factor,
    "sign": sign,
    "index off by one": off_by_one,
    "missing rotation": missing_rotation,
    "transpose": transpose,
    "missing sum": missing_sum,
    "swapped indices": swapped_indices,
    "wrong layer": wrong_layer,
}


@cache
def slips(claim: Claim) -> tuple[Slip, ...]:
    """Every slip in ``claim`` once, by kind."""
    tree = parse(claim.latex)
    found: dict[str, Slip] = {}
    others = _others(claim.topic)
    for item in tree.items:
        for side in item.sides[1:] if isinstance(item, Relation) else ():
            inside, matrices = _index_nodes(side), frozenset(_matrices(side, claim.topic))
            for node in walk(side):
                at = Place(node, claim.latex, others, id(node) in inside, matrices)
                for kind, make in KINDS.items():
                    for change in make(at):
                        latex = _changed(claim.latex, change)
                        found.setdefault("".join(latex.split()), Slip(claim, kind, latex))
    found.pop("".join(claim.latex.split()), None)
    return tuple(found.values())


def chosen(claim: Claim, of_a_kind: int) -> tuple[Slip, ...]:
    """At most so many slips of each kind, the same in every run."""
    shuffle = random.Random(claim.latex)
    kinds = {kind: [s for s in slips(claim) if s.kind == kind] for kind in KINDS}
    return tuple(
        slip
        for found in kinds.values()
        for slip in shuffle.sample(found, min(of_a_kind, len(found)))
    )


@cache
def _others(name: str) -> Mapping[str, tuple[str, ...]]:
    """What may be written by mistake for a symbol: tensors of its rank; for its label: others'."""
    alike: dict[int, dict[str, None]] = defaultdict(dict)
    labels: dict[str, dict[str, None]] = defaultdict(dict)
    for tensor in topic(name).model.tensors.values():
        alike[tensor.rank][tensor.notation.head] = None
    for claim in topic(name).only("right"):
        for head, label in re.findall(
            r"(\\?\w+)(?:_\w|_\{[^{}]*\})?\^(\{\(\d\)\}|[a-zLl])", claim.latex
        ):
            labels[f"{head}^"][label] = None
    found = {h: tuple(o for o in heads if o != h) for heads in alike.values() for h in heads}
    return {**found, **{head: tuple(seen) for head, seen in labels.items()}}


def _index_nodes(side: Node) -> set[int]:
    """Identities of all nodes in scripts, argument lists of arrays, and bounds."""
    found: set[int] = set()
    for node in walk(side):
        inner = [*_slots(node)]
        if isinstance(node, Name):
            inner += node.sup
        if isinstance(node, Big):
            inner += [*node.lower, *((node.upper,) if node.upper else ())]
        for part in inner:
            found |= {id(n) for n in walk(part)}
    return found


def _slots(node: Node) -> tuple[Node, ...]:
    """Lower scripts that are indices; arguments of an array, not of a function."""
    if isinstance(node, Call) and isinstance(node.head, Name) and len(node.args) > 1:
        return node.args
    return node.sub if isinstance(node, Name) else ()


def _matrices(node: Node, name: str) -> Iterator[Span]:
    """Places of factors of products that are matrices of the topic as they stand."""
    tensors = topic(name).model.tensors.values()
    heads = {t.notation.head for t in tensors if t.rank == 2}
    for inner in walk(node):
        factors: tuple[Node, ...] = ()
        if isinstance(inner, Juxtaposition):
            factors = inner.factors
        elif isinstance(inner, Binary) and inner.operator in PRODUCTS:
            factors = (inner.left, inner.right)
        for factor in factors:
            if isinstance(factor, Name) and not factor.sub and factor.base in heads:
                yield factor.span


def _letters(node: Node) -> bool:
    return any(not isinstance(n, Numeral) for n in parts(node)) or isinstance(node, Name)


def _head(typed: str) -> str:
    """The symbol without its scripts: ``w'`` of ``w'_{ij}``."""
    return re.split(r"[_^]", typed, maxsplit=1)[0]


def _operator(at: Place, node: Binary) -> Change:
    span = Span(node.left.span.end, node.right.span.start)
    return span, at.text[span.start : span.end].replace(node.operator, SIGNS[node.operator])


def _together(at: Place, changes: list[Change]) -> Change:
    """Several changes inside one node as one of the whole node."""
    new = at.typed(at.node)
    for span, text in sorted(changes, key=lambda c: -c[0].start):
        start, end = span.start - at.node.span.start, span.end - at.node.span.start
        new = new[:start] + text + new[end:]
    return at.node.span, new


def _changed(text: str, change: Change) -> str:
    span, new = change
    return text[: span.start] + new + text[span.end :]
