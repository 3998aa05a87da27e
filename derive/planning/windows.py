"""Array expressions about windows: views of them, sums over them, and the transposes of both."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from derive.index import Index
from derive.planning.arrays import (
    Array,
    Copied,
    Cut,
    Map,
    Padded,
    Permuted,
    Reshaped,
    Shape,
    Sliced,
    Unary,
    size,
)


@dataclass(frozen=True)
class Window:
    """Positions ``stride*i + dilation*u`` of dimension ``dim``, ``i < count``, ``u < width``."""

    dim: int
    count: int
    width: int
    stride: int
    dilation: int

    @property
    def span(self) -> int:
        """Positions from the first to the last that is read."""
        return self.stride * (self.count - 1) + self.dilation * (self.width - 1) + 1


@dataclass(frozen=True)
class Windows(Unary):
    """A view: offsets u of all windows before the first windowed dimension, i in its place."""

    windows: tuple[Window, ...]

    @cached_property
    def shape(self) -> Shape:
        dims = list(self.source.shape)
        for w in self.windows:
            dims[w.dim] = Index.of(w.count)
        first = self.windows[0].dim
        return (*dims[:first], *(Index.of(w.width) for w in self.windows), *dims[first:])


@dataclass(frozen=True)
class Bands(Unary):
    """Overlapping matrices: at i the matrices ``source[stride*i + dilation*u]`` over each other."""

    window: Window

    @cached_property
    def shape(self) -> Shape:
        _, rows, columns = self.source.shape
        return (Index.of(self.window.count), rows * self.window.width, columns)


@dataclass(frozen=True)
class WindowSum(Unary):
    """Sums over windows: over the offsets u of ``source[…, stride*i + dilation*u, …]``."""

    windows: tuple[Window, ...]

    @cached_property
    def shape(self) -> Shape:
        dims = list(self.source.shape)
        for w in self.windows:
            dims[w.dim] = Index.of(w.count)
        return tuple(dims)

    @property
    def flops(self) -> Index:
        return size(self.source.shape)


@dataclass(frozen=True)
class AddedWindows(Unary):
    """The transpose of `Windows`: each window is added where it was read."""

    windows: tuple[Window, ...]

    @cached_property
    def shape(self) -> Shape:
        first = self.windows[0].dim
        shape = self.source.shape
        dims = [*shape[:first], *shape[first + len(self.windows) :]]
        for w in self.windows:
            dims[w.dim] = Index.of(w.span)
        return tuple(dims)

    @property
    def flops(self) -> Index:
        return size(self.source.shape)


@dataclass(frozen=True)
class Spread(Unary):
    """The transpose of `WindowSum`: element i is added at ``stride*i + dilation*u`` for every u."""

    windows: tuple[Window, ...]

    @cached_property
    def shape(self) -> Shape:
        dims = list(self.source.shape)
        for w in self.windows:
            dims[w.dim] = Index.of(w.span)
        return tuple(dims)

    @property
    def flops(self) -> Index:
        return size(self.shape)


@dataclass(frozen=True)
class Placed(Unary):
    """Zeros of shape ``dims`` with the source written into the slices ``cuts``."""

    cuts: tuple[Cut, ...]
    dims: Shape

    @cached_property
    def shape(self) -> Shape:
        return self.dims


def is_padded(array: Array) -> bool:
    """True for what is read from a `Padded` array, or kept where a bracket holds: marks are there.

    Sums keep them: the negative zero is what a sum without terms is, x + (-0) = x for every x.
    """
    if isinstance(array, Sliced | Reshaped | Permuted | Copied | Windows | Bands | WindowSum):
        return is_padded(array.source)
    return isinstance(array, Padded) or (isinstance(array, Map) and array.function == "kept")
