"""Array expressions: the closed set of operations that a plan is made of.

Each node knows its shape (polynomials in the size ``batch``, integers otherwise) and the arithmetic
that it costs itself. Nothing here knows the index notation it came from, nor the language it is
printed in.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from math import prod

from derive.index import ONE, ZERO, Index

Shape = tuple[Index, ...]


@dataclass(frozen=True)
class Array:
    """Base of the closed set of nodes."""

    @cached_property
    def shape(self) -> Shape:
        """Length of each dimension."""
        raise NotImplementedError

    @property
    def operands(self) -> tuple[Array, ...]:
        """The arrays that this node reads."""
        return ()

    @property
    def flops(self) -> Index:
        """Floating-point operations of this node alone (a function counts as one)."""
        return ZERO


def size(shape: Shape) -> Index:
    """Number of elements."""
    return prod(shape, start=ONE)


def walk(array: Array) -> Iterator[Array]:
    """Every node, root first."""
    yield array
    for operand in array.operands:
        yield from walk(operand)


@dataclass(frozen=True)
class Name(Array):
    """A variable of the emitted function."""

    name: str
    dims: Shape

    @cached_property
    def shape(self) -> Shape:
        return self.dims


@dataclass(frozen=True)
class Literal(Array):
    """An exact rational number."""

    value: Fraction

    @cached_property
    def shape(self) -> Shape:
        return ()


@dataclass(frozen=True)
class Extent(Array):
    """A number that follows from the sizes, such as ``batch``."""

    index: Index

    @cached_property
    def shape(self) -> Shape:
        return ()


@dataclass(frozen=True)
class Ramp(Array):
    """The consecutive integers ``lo..hi`` in the dtype of the computation."""

    lo: Index
    hi: Index

    @cached_property
    def shape(self) -> Shape:
        return (self.hi - self.lo + 1,)


@dataclass(frozen=True)
class Unary(Array):
    """Base of the nodes with one operand."""

    source: Array

    @property
    def operands(self) -> tuple[Array, ...]:
        return (self.source,)


@dataclass(frozen=True)
class Slice:
    """``start, start + step, …``, ``count`` positions; ``step`` may be negative."""

    start: int
    count: int
    step: int


Cut = Slice | int | str | None
"""What is done to one dimension: a slice, one position, ``ALL``, or a new dimension (None)."""

ALL = ":"


@dataclass(frozen=True)
class Sliced(Unary):
    """Basic indexing: one cut per dimension of the source, and None where a dimension is added."""

    cuts: tuple[Cut, ...]

    @cached_property
    def shape(self) -> Shape:
        old = iter(self.source.shape)
        dims = []
        for cut in self.cuts:
            if cut is None:
                dims.append(ONE)
                continue
            extent = next(old)
            if isinstance(cut, Slice):
                dims.append(Index.of(cut.count))
            elif cut == ALL:
                dims.append(extent)
        return tuple(dims)


@dataclass(frozen=True)
class Reshaped(Unary):
    """The same elements in C order under another shape."""

    dims: Shape

    @cached_property
    def shape(self) -> Shape:
        return self.dims


@dataclass(frozen=True)
class Permuted(Unary):
    """Dimension ``d`` of the result is dimension ``order[d]`` of the source."""

    order: tuple[int, ...]

    @cached_property
    def shape(self) -> Shape:
        return tuple(self.source.shape[d] for d in self.order)


@dataclass(frozen=True)
class Broadcast(Unary):
    """Repeated along dimensions of length one or missing in front."""

    dims: Shape

    @cached_property
    def shape(self) -> Shape:
        return self.dims


@dataclass(frozen=True)
class Padded(Unary):
    """Zeros added: ``(before, after)`` for every dimension.

    They are negative ones, which mark where nothing is, and what is inside has none.
    """

    widths: tuple[tuple[int, int], ...]

    @cached_property
    def shape(self) -> Shape:
        pairs = zip(self.source.shape, self.widths, strict=True)
        return tuple(extent + before + after for extent, (before, after) in pairs)


@dataclass(frozen=True)
class Copied(Unary):
    """The same elements, laid out one after the other."""

    @cached_property
    def shape(self) -> Shape:
        return self.source.shape


@dataclass(frozen=True)
class Reduction(Unary):
    """What becomes of all elements along some dimensions, which disappear."""

    over: tuple[int, ...]

    @cached_property
    def shape(self) -> Shape:
        return tuple(n for d, n in enumerate(self.source.shape) if d not in self.over)

    @property
    def flops(self) -> Index:
        return size(self.source.shape)


@dataclass(frozen=True)
class Summed(Reduction):
    """The sum over some dimensions."""


@dataclass(frozen=True)
class Map(Array):
    """An elementwise operation with broadcasting: an operator or a function of the catalogue."""

    function: str
    arguments: tuple[Array, ...]

    @property
    def operands(self) -> tuple[Array, ...]:
        return self.arguments

    @cached_property
    def shape(self) -> Shape:
        rank = max(len(a.shape) for a in self.arguments)
        dims = [ONE] * rank
        for argument in self.arguments:
            for d, extent in enumerate(reversed(argument.shape), 1):
                dims[-d] = extent if extent != ONE else dims[-d]
        return tuple(dims)

    @property
    def flops(self) -> Index:
        return size(self.shape)


@dataclass(frozen=True)
class MatMul(Array):
    """Matrix product over the last two dimensions, broadcast over those in front.

    An operand of one dimension is a vector, and that dimension disappears. ``padded`` are the
    operands (0, 1) around which `Padded` put zeros: what they meet adds nothing, be it NaN.
    """

    left: Array
    right: Array
    padded: tuple[int, ...] = ()

    @property
    def operands(self) -> tuple[Array, ...]:
        return (self.left, self.right)

    @cached_property
    def shape(self) -> Shape:
        stack = max(self.left.shape[:-2], self.right.shape[:-2], key=len)
        rows = self.left.shape[-2:-1]
        columns = self.right.shape[-1:] if len(self.right.shape) > 1 else ()
        return (*stack, *rows, *columns)

    @property
    def flops(self) -> Index:
        return 2 * size(self.shape) * self.left.shape[-1]


def with_operands(array: Array, operands: tuple[Array, ...]) -> Array:
    """The same operation on other arrays of the same shapes."""
    if isinstance(array, Unary):
        return replace(array, source=operands[0])
    if isinstance(array, Map):
        return replace(array, arguments=operands)
    if isinstance(array, MatMul):
        return replace(array, left=operands[0], right=operands[1])
    return array
