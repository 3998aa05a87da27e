"""How long derivation takes: ``python -m tests.benchmarks.derivation``, from the root of a clone.

Zhang's network at all sizes and at its own, then stacks of n layers (convolution and pooling in
turn, a third of them dense). Processor time after import, which a busy machine changes least: the
first run, the median of five more, in which SymPy remembers what it has seen, and emission.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from statistics import median

from derive.adjoint import gradients
from derive.emit import emit
from derive.equations import Equation, Model, Notation, Tensor
from derive.expr import Apply, Delta, Expr, add, negative, number, power, product, summation
from derive.index import Axis, Index, axis
from derive.reading.sheet import load_model
from tests.models import at, tensor

RUNS = 5
DEPTHS = (2, 5, 10, 20, 50, 100, 200)
CHANNELS, WIDTH = 3, 4


def stack(layers: int) -> Model:
    """``layers`` layers with an activation each, flattened before the dense ones; squared error."""
    return _Stack(layers).model()


class _Stack:
    """Writes one equation after the other; ``source`` is the tensor that comes out last."""

    def __init__(self, layers: int) -> None:
        self.dense = max(1, layers // 3)
        self.spatial = layers - self.dense
        self.tensors: dict[str, Tensor] = {}
        self.equations: list[Equation] = []
        self.parameters: list[str] = []
        self.length = self._input_length()
        self.source = self.tensor("X", CHANNELS, self.length)

    def _input_length(self) -> int:
        """So long that four positions remain after all convolutions and poolings."""
        length = 4
        for k in reversed(range(self.spatial)):
            length = 2 * length if k % 2 else length + WIDTH - 1
        return length

    def tensor(self, name: str, *extents: int) -> str:
        notation = Notation(name, args=tuple(range(len(extents))))
        self.tensors[name] = tensor(name, notation, *((1, n) for n in extents))
        return name

    def parameter(self, name: str, *extents: int) -> str:
        self.parameters.append(name)
        return self.tensor(name, *extents)

    def define(self, name: str, axes: tuple[Axis, ...], rhs: Expr) -> None:
        self.tensor(name, *(a.extent.value or 0 for a in axes))
        self.equations.append(Equation(name, axes, rhs))
        self.source = name

    def model(self) -> Model:
        for k in range(self.spatial):
            write = self.pool if k % 2 else self.convolve
            write(k)
        self.flatten()
        for k in range(self.dense):
            self.connect(k)
        self.lose()
        inputs = ("X", "y")
        name = f"stack{self.spatial + self.dense}"
        parameters = tuple(self.parameters)
        return Model(name, self.tensors, tuple(self.equations), inputs, parameters, loss="L")

    def convolve(self, k: int) -> None:
        """``C(q, i) = tanh(sum_{p, u} source(p, i+u-1) w(p, q, u) + b(q))``."""
        self.length -= WIDTH - 1
        weight = self.parameter(f"w{k}", CHANNELS, CHANNELS, WIDTH)
        bias = self.parameter(f"b{k}", CHANNELS)
        q, i = axis("q", 1, CHANNELS), axis("i", 1, self.length)
        p, u = axis("p", 1, CHANNELS), axis("u", 1, WIDTH)
        read = at(self.source, p, Index.of(i) + u - 1)
        total = add(summation((p, u), product(read, at(weight, p, q, u))), at(bias, q))
        self.define(f"C{k}", (q, i), Apply("tanh", (total,)))

    def pool(self, k: int) -> None:
        """``S(p, i) = 1/2 sum_u source(p, 2i-u)``."""
        self.length //= 2
        p, i, u = axis("p", 1, CHANNELS), axis("i", 1, self.length), axis("u", 0, 1)
        window = summation((u,), at(self.source, p, 2 * Index.of(i) - u))
        self.define(f"S{k}", (p, i), product(number("1/2"), window))

    def flatten(self) -> None:
        p, i = axis("p", 1, CHANNELS), axis("i", 1, self.length)
        place = self.length * (Index.of(p) - 1) + i
        self.length *= CHANNELS
        m = axis("m", 1, self.length)
        self.define("f", (m,), summation((p, i), product(Delta(m - place), at(self.source, p, i))))

    def connect(self, k: int) -> None:
        """``f(i) = tanh(sum_j W(i, j) source(j) + b(i))``."""
        weight = self.parameter(f"W{k}", self.length, self.length)
        bias = self.parameter(f"c{k}", self.length)
        i, j = axis("i", 1, self.length), axis("j", 1, self.length)
        total = add(summation((j,), product(at(weight, i, j), at(self.source, j))), at(bias, i))
        self.define(f"f{k}", (i,), Apply("tanh", (total,)))

    def lose(self) -> None:
        self.tensor("y", self.length)
        i = axis("i", 1, self.length)
        square = power(add(at(self.source, i), negative(at("y", i))), 2)
        self.define("L", (), product(number("1/2"), summation((i,), square)))


def seconds(function: Callable[[Model], object], model: Model) -> float:
    """Processor time of one call."""
    started = time.process_time()
    function(model)
    return time.process_time() - started


def table(models: Iterable[tuple[str, int, Model]]) -> None:
    print(f"{'model':<24}{'layers':>8}{'first':>10}{'again':>10}{'emitted':>10}{'ms a layer':>24}")
    for name, layers, model in models:
        first, *more = (seconds(gradients, model) for _ in range(RUNS + 1))
        times = (first, median(more), seconds(emit, model))
        each = "".join(f"{1000 * t / layers:>8.1f}" for t in times)
        print(f"{name:<24}{layers:>8}" + "".join(f"{t:>9.3f}s" for t in times) + each, flush=True)


def main() -> None:
    zhang = load_model("zhang")
    table([("zhang, all sizes", 5, zhang), ("zhang, its sizes", 5, zhang.at_sizes())])
    print()
    table((f"stack of {n} layers", n, stack(n)) for n in DEPTHS)


if __name__ == "__main__":
    main()
