r"""A place left open in a formula, and a quick look at whether something fits there.

The formula is read once with a symbol of its own, `HOLE`, at the place. Where the sides depend on
it linearly, as products and sums do,

    left = rest + sum over the bound axes of weight * hole,

and what is put there only has to be multiplied by the weight: numbers on the bench's sample, at one
element first. Where it stands inside a function, it is put in and both sides are evaluated.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container
from dataclasses import dataclass, replace
from math import prod

import numpy as np

from derive.errors import LimitExceeded, Problem
from derive.expr import (
    ZERO,
    Access,
    Add,
    Expr,
    Product,
    Summation,
    accesses,
    add,
    children,
    product,
    walk,
)
from derive.index import Axis
from derive.reading.arrays import ShapeMismatch
from derive.reading.lexicon import Entry
from derive.reading.problems import Reading, Undeclared
from verify.bench import Sample
from verify.claim import identities
from verify.compare import Identity
from verify.mending.fillings import Filling, Letters, span
from verify.mending.hole import NAME
from verify.mending.links import Linear, Link, Nested, close
from verify.setting import Convention, Setting
from verify.understood import every_tensor, read_afresh, reads_shifted

LARGEST = 2**21
"""Most elements of a weight."""


@dataclass(frozen=True)
class Gap:
    """A formula with a hole: its links that have it, and the letters in scope there.

    ``shared`` are the names of several axes there; ``shifted`` says that another choice of origins
    would change it.
    """

    links: tuple[Link, ...]
    letters: Letters
    shared: frozenset[str] = frozenset()
    shifted: bool = False

    def fits(self, filling: Filling) -> bool:
        """Whether every link holds, as far as numbers tell."""
        return all(link.fits(filling) for link in self.links)

    def may_fit(self, letters: Container[str]) -> bool:
        """Whether some number that depends on ``letters`` alone could stand there."""
        return all(isinstance(link, Nested) or link.may_fit(letters) for link in self.links)

    @property
    def read_everywhere(self) -> bool:
        """Whether no factor beside the hole is 0 anywhere."""
        return all(isinstance(link, Nested) or np.all(link.weight) for link in self.links)


def open_gap(text: str, entry: Entry, setting: Setting, convention: Convention) -> Gap | None:
    """The formula ``text``, which has `HOLE` in it; ``None`` where nothing can make it right.

    Raises `ShapeMismatch` where it has no meaning with a hole of this shape.
    """
    open_ = replace(convention, declared=(*convention.declared, Reading("", entry)))
    try:
        links = _links(text, setting, open_)
        sample = setting.bench.sample
        found = [_link(link, sample) for link in links if _open(link) or not _holds(link, sample)]
    except ShapeMismatch:
        raise
    except (Problem, Undeclared):
        return None
    kept = tuple(link for link in found if link is not None)
    if not kept or None in found:
        return None
    # Where an array's own axis has the name of a letter, the name alone says nothing.
    spans = [{(a.name, *span(a)) for a in link.axes} for link in kept]
    names = Counter(name for name, *_ in set().union(*spans))
    shared = frozenset(name for name, times in names.items() if times > 1)
    axes = [axis for link in kept for axis in link.axes if axis.name not in shared]
    shifted = reads_shifted((s for link in links for s in (link.left, link.right)), setting)
    return Gap(kept, {a.name: span(a) for a in axes}, shared, shifted)


def _links(text: str, setting: Setting, convention: Convention) -> tuple[Identity, ...]:
    """What ``text`` asserts of elements; nothing where it reads what is not there."""
    read = read_afresh(text, setting, convention)
    if read.strays or read.statement.kind in ("size", "distribution"):
        return ()
    return identities(read.statement, {*every_tensor(setting.bench.fixed.tensors), NAME})


def _open(link: Identity) -> bool:
    return _reads(link.left) or _reads(link.right)


def _holds(link: Identity, sample: Sample) -> bool:
    """Whether a link without the hole holds, as far as numbers tell."""
    sample = sample.with_scalars(link.scalars)
    return close(*(sample.values(side, link.axes) for side in (link.left, link.right)))


def _link(link: Identity, sample: Sample) -> Link | None:
    """The link for looking at fillings, ``None`` where nothing can make it hold."""
    if not _open(link):
        return None
    sample = sample.with_scalars(link.scalars)
    sides = [_reads(side) for side in (link.left, link.right)]
    if all(sides):
        return Nested(sample, link, _inner(link.left) + _inner(link.right))
    here, other = (link.left, link.right) if sides[0] else (link.right, link.left)
    term = _term(here)
    if term is None:
        return Nested(sample, link, _inner(here))
    axes = (*link.axes, *term.axes)
    if prod(a.extent.value or 0 for a in axes) > LARGEST:
        raise LimitExceeded("the weight of a hole is too large")
    with np.errstate(invalid="ignore"):  # of two infinities the difference is no number
        wanted = sample.values(other, link.axes) - sample.values(term.rest, link.axes)
    weight = sample.values(term.weight, axes)
    return Linear(sample, axes, len(link.axes), wanted, weight, term.access.indices)


def _reads(expr: Expr) -> bool:
    return any(a.tensor == NAME for a in accesses(expr))


def _inner(expr: Expr) -> tuple[Axis, ...]:
    """Axes that are bound around the hole."""
    sums = (n for n in walk(expr) if isinstance(n, Summation) and _reads(n.body))
    return tuple(axis for node in sums for axis in node.axes)


@dataclass(frozen=True)
class _Term:
    """``expr = rest + sum over axes of weight * access``."""

    access: Access
    weight: Expr
    axes: tuple[Axis, ...] = ()
    rest: Expr = ZERO


def _term(expr: Expr) -> _Term | None:
    """The expression as a linear function of the hole, ``None`` where it is none."""
    if isinstance(expr, Access):
        return _Term(expr, product())
    if not isinstance(expr, Add | Product | Summation):
        return None
    parts = children(expr)
    inside = [part for part in parts if _reads(part)]
    found = _term(inside[0]) if len(inside) == 1 else None
    if found is None:
        return None
    others = tuple(part for part in parts if part is not inside[0])
    if isinstance(expr, Add):
        return replace(found, rest=add(found.rest, *others))
    if isinstance(expr, Product):
        rest = ZERO if found.rest == ZERO else product(*others, found.rest)
        return replace(found, weight=product(*others, found.weight), rest=rest)
    rest = ZERO if found.rest == ZERO else Summation(expr.axes, found.rest)
    return replace(found, axes=(*expr.axes, *found.axes), rest=rest)
