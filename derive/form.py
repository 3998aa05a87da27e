"""The form of a question to SymPy: the same for all that differ in names, ranges and masks alone.

SymPy is exact and slow. Two convolution layers ask it the same question, so a question is put in
one form (tensors are ``t00``, ``t01`` …, axes ``a00`` …, each in the order of their own names, with
ranges between free sizes), answered once, and the answer is filled with each layer's names again.

Brackets and the masks of maxima, constant in every element, are arrays of the form.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from derive.expr import (
    Access,
    Expr,
    Guard,
    Summation,
    Winner,
    children,
    indices_of,
    rebuild,
    refresh,
    substitute,
)
from derive.index import Axis, Index, Size

BRACKET = "[]"
"""The array that stands for a bracket, read at what the bracket asks to be nonnegative."""


@dataclass(frozen=True)
class Form:
    """An expression beside one element, both in blank names, and what the blanks stand for.

    ``axes`` and ``tensors`` are in the order of the blanks; ``masks`` by the arrays for them.
    """

    expr: Expr
    element: Access
    axes: tuple[Axis, ...]
    tensors: tuple[str, ...]
    masks: Mapping[str, Winner]

    def filled(self, answer: Expr) -> Expr:
        """What is true of the form, of the equation; every sum has axes of its own."""
        return self._filled(answer, {blank(k): Index.of(a) for k, a in enumerate(self.axes)})

    def _filled(self, node: Expr, own: Mapping[Axis, Index]) -> Expr:
        match node:
            case Access(tensor, indices):
                return self._element(tensor, tuple(i.substitute(own) for i in indices))
            case Summation(axes, body):
                # What SymPy gives back has the names of the blanks, not the axes themselves.
                fresh = tuple(self.axes[int(a.name[1:])].like() for a in axes)
                inner = dict(zip(axes, map(Index.of, fresh), strict=True))
                return Summation(fresh, self._filled(body, {**own, **inner}))
        parts = tuple(self._filled(part, own) for part in children(node))
        return rebuild(node, parts) if parts else substitute(node, own)

    def _element(self, name: str, indices: tuple[Index, ...]) -> Expr:
        if name == BRACKET:
            return Guard(indices[0])
        if name in self.masks:
            mask = self.masks[name]
            return refresh(substitute(mask, dict(zip(_free(mask), indices, strict=True))))
        return Access(self.tensors[int(name[1:])], indices)


@cache
def blank(number: int) -> Axis:
    """The axis of this number in every form."""
    lo, hi = (Index.of(Size(f"{end}{number:02}", 0)) for end in ("lo", "hi"))
    return Axis(f"a{number:02}", lo, hi)


def form_of(expr: Expr, element: Access) -> Form:
    """The form of ``expr`` beside an ``element`` at axes that occur nowhere in it."""
    expr = _same_sums(expr, {}, 0)
    nodes = [element, *_outside_masks(expr)]
    tensors = sorted({node.tensor for node in nodes if isinstance(node, Access)})
    axes = sorted({a for node in nodes for a in _axes_of(node)}, key=lambda a: (a.name, a.uid))
    masks = dict.fromkeys(node for node in nodes if isinstance(node, Winner))
    blanks = _Blanks(
        {a: blank(k) for k, a in enumerate(axes)},
        {name: f"t{k:02}" for k, name in enumerate(tensors)},
        {mask: f"mask {k}" for k, mask in enumerate(masks)},
    )
    return Form(
        blanks.of(expr),
        blanks.element(element.tensor, element.indices),
        tuple(axes),
        tuple(tensors),
        {name: mask for mask, name in blanks.masks.items()},
    )


@dataclass(frozen=True)
class _Blanks:
    axes: Mapping[Axis, Axis]
    tensors: Mapping[str, str]
    masks: Mapping[Winner, str]

    def of(self, node: Expr) -> Expr:
        match node:
            case Access(tensor, indices):
                return self.element(tensor, indices)
            case Guard(index):
                return Access(BRACKET, (self._index(index),))
            case Winner():
                return Access(self.masks[node], tuple(Index.of(self.axes[a]) for a in _free(node)))
            case Summation(axes, body):
                return Summation(tuple(self.axes[a] for a in axes), self.of(body))
        parts = tuple(map(self.of, children(node)))
        if parts:
            return rebuild(node, parts)
        own = {a: Index.of(self.axes[a]) for index in indices_of(node) for a in index.axes}
        return substitute(node, own)

    def element(self, tensor: str, indices: tuple[Index, ...]) -> Access:
        return Access(self.tensors[tensor], tuple(map(self._index, indices)))

    def _index(self, index: Index) -> Index:
        return index.substitute({a: Index.of(self.axes[a]) for a in index.axes})


def _same_sums(expr: Expr, places: Mapping[Axis, Index], depth: int) -> Expr:
    """``expr`` with one axis for all sums of one name, range and depth: what says the same, is."""
    if isinstance(expr, Summation):
        bound = tuple(_bound(a.name, a.lo, a.hi, depth + k) for k, a in enumerate(expr.axes))
        inner = {**places, **dict(zip(expr.axes, map(Index.of, bound), strict=True))}
        return Summation(bound, _same_sums(expr.body, inner, depth + len(bound)))
    if isinstance(expr, Winner) or not children(expr):
        return substitute(expr, places)
    return rebuild(expr, tuple(_same_sums(part, places, depth) for part in children(expr)))


@lru_cache(maxsize=4096)
def _bound(name: str, lo: Index, hi: Index, depth: int) -> Axis:
    return Axis(name, lo, hi)


def _outside_masks(expr: Expr) -> Iterator[Expr]:
    """Every node, but nothing inside a mask."""
    yield expr
    if not isinstance(expr, Winner):
        for part in children(expr):
            yield from _outside_masks(part)


def _axes_of(node: Expr) -> tuple[Axis, ...]:
    """The axes that a node binds or reads itself."""
    match node:
        case Summation(axes, _):
            return axes
        case Winner():
            return _free(node)
    return tuple(a for index in indices_of(node) for a in index.axes)


def _free(mask: Winner) -> tuple[Axis, ...]:
    return tuple(sorted(mask.free_axes, key=lambda a: a.uid))
