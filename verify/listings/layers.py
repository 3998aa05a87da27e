r"""Layers as programs list them, beside those of a model: maps, windows and steps.

    struct('type', 'c', 'filters', 6, 'stride', 1, 'size', 2)       records with a type
    convolution2dLayer(5, 6, 'Stride', 1)   nn.Conv2d(3, 6, 5, stride=1)   AveragePooling2D(2)

A list counts where its layers are of the same kinds, in the same order, as those of the model.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from derive.equations import Equation, Model
from derive.expr import accesses
from derive.reading.document import Document
from verify.layer_counts import shape_of

CONVOLUTION, POOLING = "convolution", "pooling"
WORDS = {"stride": "steps", "window": "windows", "maps": "maps"}
_RECORD = re.compile(r"\bstruct\s*\((?P<inside>[^()]*)\)")
_CALL = re.compile(
    r"\b(?:\w+\.)*(?P<name>conv2d|convolution2dLayer|(?:max|avg|average)_?pool(?:ing)?_?2d(?:Layer)?)"
    r"\s*\((?P<inside>(?:[^()]|\([^()]*\))*)\)",
    re.IGNORECASE,
)
_FIELD = re.compile(r"'(?P<key>\w+)'\s*,\s*(?P<value>'\w*'|\[[^\]]*\]|[\d.]+)")
_KEYS = {
    "stride": re.compile(r"strid|passo|paso|step", re.IGNORECASE),
    "maps": re.compile(r"num_?filt|filters$|maps|mapas|out_?channels|numFil", re.IGNORECASE),
    "window": re.compile(r"dim|size|kernel|scale|janela|ventana|tam", re.IGNORECASE),
}
_TYPE = re.compile(r"t[iy]p[eo]|kind", re.IGNORECASE)


@dataclass(frozen=True)
class Stated:
    """One layer: its kind and what is said of it; ``at`` are the offsets of that in a document."""

    kind: str
    said: Mapping[str, int]
    at: int = 0
    tensor: str = ""
    offsets: Mapping[str, int] = field(default_factory=dict)


def listed(document: Document) -> list[Stated]:
    """The layers that the code of a document lists, in order."""
    records = [s for m in _RECORD.finditer(document.text) if (s := _of_record(m)) is not None]
    return records or [_of_call(m) for m in _CALL.finditer(document.text)]


def _of_record(match: re.Match[str]) -> Stated | None:
    said: dict[str, int] = {}
    offsets: dict[str, int] = {}
    kind = None
    for pair in _FIELD.finditer(match["inside"]):
        key, value = pair["key"], pair["value"].strip("'")
        if _TYPE.search(key):
            kind = {"c": CONVOLUTION, "p": POOLING, "s": POOLING}.get(value[:1].lower())
        name = next((n for n, pattern in _KEYS.items() if pattern.search(key)), None)
        if name is not None and value.isdigit():
            said[name] = int(value)
            offsets[name] = match.start("inside") + pair.start()
    return Stated(kind, said, match.start(), offsets=offsets) if kind and said else None


_NAMED = re.compile(r"'(\w+)'\s*,\s*\[?(\d+)|(\w+)\s*=\s*[\[(]?\s*(\d+)")


def _of_call(match: re.Match[str]) -> Stated:
    """A layer of a library: sizes by place come first, the rest has names."""
    name, inside = match["name"], match["inside"]
    kind = POOLING if "pool" in name.lower() else CONVOLUTION
    plain = [p for p in re.split(r",(?![^(\[]*[)\]])", inside) if "=" not in p]
    numbers = [int(d[0]) for p in plain if "'" not in p and (d := re.findall(r"\d+", p))]
    said = dict(zip(_places(name, kind), numbers, strict=False))
    for text in _NAMED.finditer(inside):
        key, value = text[1] or text[3], int(text[2] or text[4])
        found = next((n for n, pattern in _KEYS.items() if pattern.search(key)), None)
        if found is not None:
            said[found] = value
    said.pop("", None)
    return Stated(kind, said, match.start(), offsets=dict.fromkeys(said, match.start()))


def _places(name: str, kind: str) -> Sequence[str]:
    """What stands first, second and third in the brackets; channels of the input are left out."""
    if kind == POOLING:
        return ("window", "stride")
    if name.endswith("Layer"):
        return ("window", "maps")
    return ("", "maps", "window", "stride") if name == "Conv2d" else ("maps", "window")


# The model's


def layers_of(model: Model) -> Iterator[Stated]:
    """The convolutions and poolings of a model at its sizes, in order."""
    for equation in model.equations:
        sliding = _window(equation, model)
        if sliding is None:
            continue
        stride, window = sliding
        trained = bool(set(equation.reads) & set(model.parameters))
        said = {"stride": stride, "window": window}
        if trained:
            said["maps"] = _maps(equation, model)
        yield Stated(CONVOLUTION if trained else POOLING, said, tensor=equation.tensor)


def _window(equation: Equation, model: Model) -> tuple[int, int] | None:
    """The step and the extent of the window along an axis that slides."""
    mine = set(equation.axes)
    for access in accesses(equation.rhs):
        for index in access.indices if access.tensor not in model.parameters else ():
            inner = [a for a in index.axes if a not in mine]
            steps = [abs(index.coefficient(a).value or 0) for a in index.axes if a in mine]
            if len(inner) == len(steps) == 1:
                extent = (inner[0].hi - inner[0].lo + 1).value
                return None if extent is None else (steps[0], extent)
    return None


def _maps(equation: Equation, model: Model) -> int:
    """The extent along the axis of the left side that no window slides along."""
    sliding = {
        a for access in accesses(equation.rhs) for i in access.indices if len(i.axes) > 1
        for a in i.axes
    }  # fmt: skip
    shape = shape_of(model, equation.tensor)
    return next((n for a, n in zip(equation.axes, shape, strict=True) if a not in sliding), 1)
