"""Random small models of the convolution / pooling / dense family.

A `Network` says what is drawn, readably; `model_of` writes its equations in the core. Hypothesis
shrinks towards one layer, one channel, extents of one.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from hypothesis import strategies as st

from derive.equations import Equation, Model, Notation, Range, Tensor
from derive.expr import (
    Access,
    Apply,
    Delta,
    Expr,
    Guard,
    Number,
    Summation,
    add,
    negative,
    number,
    power,
    product,
)
from derive.index import Axis, Index, axis
from derive.learning import Batch

ACTIVATIONS = ("logistic", "tanh", "softplus", "relu", "leaky_relu", "sin")


@dataclass(frozen=True)
class Slide:
    """A window along one image axis: ``stride*i ± dilation*u``, ``padding`` zeros at either end."""

    width: int
    stride: int = 1
    dilation: int = 1
    padding: int = 0

    @property
    def reach(self) -> int:
        """Pixels from the first to the last that a window covers."""
        return self.dilation * (self.width - 1) + 1

    def positions(self, extent: int) -> int:
        """Places of the window on an axis of this extent."""
        return (extent + 2 * self.padding - self.reach) // self.stride + 1


@dataclass(frozen=True)
class Layer:
    """``kind`` is (true) convolution, correlation or (mean) pooling; ``channels`` come out."""

    kind: str
    slides: tuple[Slide, ...]
    channels: int = 1
    activation: str = ""
    bias: bool = True


@dataclass(frozen=True)
class Network:
    """An image with or without a channel axis, layers, a flattening, a dense layer, a loss.

    ``origin`` is where every range starts; ``batch`` is ``sum``, ``mean`` or nothing; ``samples``
    is how many are run.
    """

    image: tuple[int, ...]
    channels: int | None
    layers: tuple[Layer, ...]
    outputs: int
    column_major: bool
    loss: str
    batch: str
    samples: int
    origin: int


@st.composite
def slides(draw: st.DrawFn, extent: int, kind: str) -> Slide:
    """A window that fits an axis of this extent at least once."""
    width = draw(st.integers(1, extent))
    reach = max(1, (extent - 1) // max(1, width - 1)) if width > 1 else 1
    dilation = draw(st.integers(1, min(3, reach)))
    stride = draw(st.integers(1, 4))
    padding = 0 if kind == "pooling" else draw(st.integers(0, min(2, width - 1)))
    return Slide(width, stride, dilation if kind != "pooling" else 1, padding)


@st.composite
def networks(draw: st.DrawFn) -> Network:
    """Any network of the family, a few pixels and channels wide."""
    rank = draw(st.integers(1, 2))
    image = tuple(draw(st.integers(1, 7)) for _ in range(rank))
    channels = draw(st.none() | st.integers(1, 3))
    extents, layers = image, []
    for _ in range(draw(st.integers(1, 3))):
        kind = draw(st.sampled_from(["convolution", "correlation", "pooling"]))
        windows = tuple(draw(slides(extent, kind)) for extent in extents)
        extents = tuple(s.positions(n) for s, n in zip(windows, extents, strict=True))
        if kind == "pooling":
            layers.append(Layer(kind, windows))
        else:
            width = draw(st.integers(1, 3))
            layers.append(
                Layer(kind, windows, width, draw(st.sampled_from(ACTIVATIONS)), draw(st.booleans()))
            )
    return Network(
        image=image,
        channels=channels,
        layers=tuple(layers),
        outputs=draw(st.integers(1, 3)),
        column_major=draw(st.booleans()),
        loss=draw(st.sampled_from(["squared", "decayed", ""])),
        batch=draw(st.sampled_from(["sum", "mean", ""])),
        samples=draw(st.integers(1, 3)),
        origin=draw(st.integers(-2, 2)),
    )


def models() -> st.SearchStrategy[Model]:
    """The models of `networks`."""
    return networks().map(model_of)


def model_of(network: Network) -> Model:
    """The equations of a network."""
    return _Writer(network).model()


class _Writer:
    """Writes one equation after the other; ``current`` is the tensor that comes out last."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.tensors: dict[str, Tensor] = {}
        self.equations: list[Equation] = []
        self.parameters: list[str] = []
        extents = (network.channels, *network.image) if network.channels else network.image
        self.has_channels = bool(network.channels)
        self.current = self.tensor("X", extents)

    def tensor(self, name: str, extents: tuple[int, ...]) -> str:
        """A new tensor whose ranges all start at the origin."""
        lo = self.network.origin
        ranges: tuple[Range, ...] = tuple((Index.of(lo), Index.of(lo + n - 1)) for n in extents)
        self.tensors[name] = Tensor(name, ranges, Notation(name, args=tuple(range(len(extents)))))
        return name

    def parameter(self, name: str, extents: tuple[int, ...]) -> str:
        self.parameters.append(name)
        return self.tensor(name, extents)

    def extents(self, name: str) -> tuple[int, ...]:
        return tuple(n.value or 0 for n in self.tensors[name].extents)

    def axes(self, name: str, letters: str) -> tuple[Axis, ...]:
        return tuple(axis(c, *r) for c, r in zip(letters, self.tensors[name].ranges, strict=True))

    def define(self, name: str, axes: tuple[Axis, ...], rhs: Expr) -> None:
        self.equations.append(Equation(name, axes, rhs))
        self.current = name

    def model(self) -> Model:
        network = self.network
        for position, layer in enumerate(network.layers, 1):
            if layer.kind == "pooling":
                self.pooling(position, layer)
            else:
                self.convolution(position, layer)
        self.flatten()
        self.dense()
        inputs = ["X"]
        if network.loss:
            inputs.append(self.tensor("y", (network.outputs,)))
            self.loss()
        batch = Batch("n", tuple(inputs), network.batch) if network.batch else None
        return Model(
            name="random_network",
            tensors=self.tensors,
            equations=tuple(self.equations),
            inputs=tuple(inputs),
            parameters=tuple(self.parameters),
            loss="L" if network.loss else None,
            batch=batch,
        )

    def image_letters(self) -> str:
        return "ij"[: len(self.network.image)]

    def convolution(self, position: int, layer: Layer) -> None:
        source = self.current
        pixels = self.extents(source)[-len(layer.slides) :]
        places = tuple(s.positions(n) for s, n in zip(layer.slides, pixels, strict=True))
        widths = tuple(s.width for s in layer.slides)
        inner = self.axes(source, "p" + self.image_letters())[:1] if self.has_channels else ()
        target = self.tensor(f"C{position}", (layer.channels, *places))
        extents = (*(a.extent.value or 0 for a in inner), layer.channels, *widths)
        kernel = self.parameter(f"k{position}", extents)
        free = self.axes(target, "q" + self.image_letters())
        bounds = self.tensors[kernel].ranges[-len(widths) :]
        offsets = tuple(axis(c, *r) for c, r in zip("uv", bounds, strict=False))
        at, guards = self.window(source, layer, free[1:], offsets)
        image = Access(source, (*map(Index.of, inner), *at))
        weight = Access(kernel, tuple(Index.of(a) for a in (*inner, free[0], *offsets)))
        total: Expr = Summation((*inner, *offsets), product(*guards, image, weight))
        if layer.bias:
            bias = self.parameter(f"b{position}", (layer.channels,))
            total = add(total, Access(bias, (Index.of(free[0]),)))
        self.define(target, free, Apply(layer.activation, (total,)))
        self.has_channels = True

    def window(
        self, source: str, layer: Layer, free: tuple[Axis, ...], offsets: tuple[Axis, ...]
    ) -> tuple[tuple[Index, ...], tuple[Guard, ...]]:
        """Indices into the source, counted from the origin, and guards where zeros surround it."""
        indices, guards = [], []
        ranges = self.tensors[source].ranges[-len(free) :]
        for s, i, u, (lo, hi) in zip(layer.slides, free, offsets, ranges, strict=True):
            start, offset = Index.of(i) - i.lo, Index.of(u) - u.lo
            if layer.kind == "convolution":
                offset = u.hi - u
            index = lo - s.padding + s.stride * start + s.dilation * offset
            indices.append(index)
            if s.padding:
                guards += [Guard(index - lo), Guard(hi - index)]
        return tuple(indices), tuple(guards)

    def pooling(self, position: int, layer: Layer) -> None:
        source = self.current
        extents = self.extents(source)
        pixels = extents[-len(layer.slides) :]
        channels = extents[: -len(layer.slides)]
        places = tuple(s.positions(n) for s, n in zip(layer.slides, pixels, strict=True))
        target = self.tensor(f"S{position}", (*channels, *places))
        free = self.axes(target, "p" * len(channels) + self.image_letters())
        offsets = tuple(axis(c, 0, s.width - 1) for c, s in zip("uv", layer.slides, strict=False))
        at, _ = self.window(source, layer, free[len(channels) :], offsets)
        window = Access(source, (*map(Index.of, free[: len(channels)]), *at))
        count = Fraction(1)
        for s in layer.slides:
            count /= s.width
        self.define(target, free, product(Number(count), Summation(offsets, window)))

    def flatten(self) -> None:
        source = self.current
        extents = self.extents(source)
        length = 1
        for n in extents:
            length *= n
        target = self.tensor("f", (length,))
        (m,) = self.axes(target, "m")
        letters = "p" + self.image_letters() if self.has_channels else self.image_letters()
        bound = self.axes(source, letters)
        digits = [*bound[:-2], bound[-1], bound[-2]] if self.swaps(bound) else list(bound)
        place, unit = Index.of(m.lo), 1
        for a in reversed(digits):
            place = place + unit * (Index.of(a) - a.lo)
            unit *= a.extent.value or 1
        values = product(Delta(m - place), Access(source, tuple(map(Index.of, bound))))
        self.define(target, (m,), Summation(bound, values))

    def swaps(self, axes: tuple[Axis, ...]) -> bool:
        return self.network.column_major and len(axes) > 1

    def dense(self) -> None:
        source = self.current
        target = self.tensor("yhat", (self.network.outputs,))
        weight = self.parameter("W", (self.network.outputs, *self.extents(source)))
        bias = self.parameter("b", (self.network.outputs,))
        (i,) = self.axes(target, "i")
        (j,) = self.axes(source, "j")
        at_i, at_j = Index.of(i), Index.of(j)
        total = Summation((j,), product(Access(weight, (at_i, at_j)), Access(source, (at_j,))))
        rhs = Apply("tanh", (add(total, Access(bias, (at_i,))),))
        self.define(target, (i,), rhs)

    def loss(self) -> None:
        self.tensor("L", ())
        (i,) = self.axes("yhat", "i")
        here = (Index.of(i),)
        error = add(Access("yhat", here), negative(Access("y", here)))
        total: Expr = product(number("1/2"), Summation((i,), power(error, 2)))
        if self.network.loss == "decayed":
            r, c = self.axes("W", "rc")
            weight = Access("W", (Index.of(r), Index.of(c)))
            total = add(total, product(number("1/20"), Summation((r, c), power(weight, 2))))
        self.define("L", (), total)
