r"""What a layer of a model has: trainable parameters, weights, connections, a shape.

    parameters      the elements of all that its equation reads and training changes
    weights         those without the biases, which nothing multiplies
    connections     what each of its elements reads of them, summed over all its elements

A layer is a tensor of the model with the equations that only apply a function to it, or it is named
by its kind and its number, ``the second convolution``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from derive.equations import Equation, Model
from derive.expr import Access, Expr, accesses, children
from derive.expr import Product as Times
from derive.index import Index


@dataclass(frozen=True)
class Layer:
    """A computed tensor of a model at its sizes, and the equation that makes it."""

    tensor: str
    made_by: Equation
    model: Model

    @property
    def shape(self) -> tuple[int, ...]:
        """The numbers of elements along its axes."""
        return shape_of(self.model, self.tensor)

    @property
    def parameters(self) -> int:
        """All elements that training changes."""
        return sum(math.prod(shape_of(self.model, p)) for p in self._read)

    @property
    def weights(self) -> int:
        """The elements that something is multiplied by."""
        return sum(math.prod(shape_of(self.model, p)) for p in self._read if p not in self.biases)

    @property
    def connections(self) -> int:
        """For every element of the layer the parameters that it reads."""
        return math.prod(self.shape) * sum(self._each(a) for a in self._accesses)

    @property
    def biases(self) -> frozenset[str]:
        """Parameters that are only added."""
        return frozenset(set(self._read) - set(_multiplied(self.made_by.rhs)))

    @property
    def _read(self) -> tuple[str, ...]:
        return tuple(p for p in self.model.parameters if p in self.made_by.reads)

    @property
    def _accesses(self) -> list[Access]:
        return [a for a in accesses(self.made_by.rhs) if a.tensor in self._read]

    def _each(self, access: Access) -> int:
        """How many elements of a parameter one element of the layer reads."""
        mine = set(self.made_by.lhs.indices)
        sides = zip(access.indices, shape_of(self.model, access.tensor), strict=True)
        return math.prod(n for index, n in sides if index not in mine)


def shape_of(model: Model, tensor: str) -> tuple[int, ...]:
    """The numbers of elements along the axes. Raises `ValueError` for one that is no number."""
    return tuple(_count(hi - lo + 1) for lo, hi in model.tensors[tensor].ranges)


def _count(length: Index) -> int:
    if length.value is None:
        raise ValueError(f"{length} is no number")
    return length.value


def _multiplied(body: Expr) -> Iterator[str]:
    """The tensors that stand in products."""
    if isinstance(body, Times):
        yield from (a.tensor for a in accesses(body))
        return
    for part in children(body):
        yield from _multiplied(part)


# Names

_BY_LETTER = re.compile(r"^(?:camada|capa|layer|couche)\s+(?=[A-Za-z]\w?$)", re.IGNORECASE)


def layer_named(name: str, model: Model) -> Layer | None:
    """The layer of this name; ``None`` where there is none, or more than one."""
    plain = re.sub(r"[\W_]", "", _BY_LETTER.sub("", name)).casefold()
    own = [t for t in model.by_tensor if t.casefold().replace("_", "") == plain]
    if len(own) == 1:
        return _layer(own[0], model)
    kind, number = _kind(name)
    found = [] if kind is None else _of_kind(kind, model)
    if kind == "last" or number is None:
        return found[0] if len(found) == 1 else None
    return found[number - 1] if 1 <= number <= len(found) else None


def _layer(tensor: str, model: Model) -> Layer:
    """The layer with the equation before it where its own only applies a function."""
    equation = model.by_tensor[tensor]
    while not set(equation.reads) & set(model.parameters):
        read = {a.tensor for a in accesses(equation.rhs)}
        same = all(a.indices == equation.lhs.indices for a in accesses(equation.rhs))
        if len(read) != 1 or not same or not read <= model.by_tensor.keys():
            break
        equation = model.by_tensor[min(read)]
    return Layer(tensor, equation, model)


_NUMBER = re.compile(r"\d+")
_ORDINALS = (
    "first primeira primeiro primera primer 1ª 1st",
    "second segunda segundo 2ª 2nd",
    "third terceira terceiro tercera tercer 3ª 3rd",
)
_KINDS = {
    "convolution": re.compile(r"conv", re.IGNORECASE),
    "dense": re.compile(r"\bfc|dens|fully|conectad|\blinear", re.IGNORECASE),
    "last": re.compile(r"output|sa[ií]da|salida", re.IGNORECASE),
}


def _kind(name: str) -> tuple[str | None, int | None]:
    """What kind of layer the words name, and which of its kind."""
    digits = _NUMBER.search(name)
    words = {*name.lower().split()}
    ordinal = (k for k, names in enumerate(_ORDINALS, 1) if words & {*names.split()})
    number = next(ordinal, int(digits.group()) if digits else None)
    return next((kind for kind, p in _KINDS.items() if p.search(name)), None), number


def _of_kind(kind: str, model: Model) -> list[Layer]:
    """The layers with parameters of this kind, in order; of the last the last alone."""
    made = [e for e in model.equations if set(e.reads) & set(model.parameters)]
    layers = [Layer(e.tensor, e, model) for e in made if e.place is None]
    if kind == "last":
        return layers[-1:]
    return [layer for layer in layers if _slides(layer) == (kind == "convolution")]


def _slides(layer: Layer) -> bool:
    """Whether the layer reads something at places that move with its own and with a window's."""
    inner = (a for a in accesses(layer.made_by.rhs) if a.tensor not in layer.model.parameters)
    return any(len(index.axes) > 1 for a in inner for index in a.indices)
