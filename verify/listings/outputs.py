r"""Layers listed with the size that each gives: ``3x3 conv, 64 (output size: 112)``.

A list is judged by itself: what a layer gives follows from the line above, the window and the step.
A convolution keeps the size or only its inner part; where other lines say steps, no step is 1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from derive.reading.document import Document
from verify.authored import in_file
from verify.verdict import Evidence, Judgement, Place, Status, Verdict
from verify.words_as_math import words_as_math

_OUTPUT = re.compile(
    r"\b(?:output(?: size| shape)?|tamanho da saída|saída)\s*[:=]\s*(?P<size>\d+)\b", re.IGNORECASE
)
_INPUT = re.compile(r"\b(?:input|entrada)\b.*?\b(?:size|tamanho)\s*[:=]\s*(?P<size>\d+)", re.I)
_WINDOW = re.compile(r"\b(?P<window>\d+)\s*[x×]\s*(?P=window)\b")
_STEP = re.compile(
    r"(?<![\w/])/\s*(?P<step>\d+)\b|\b(?:stride|passo)\s*[:=]?\s*(?P<said>\d+)", re.I
)
_CONVOLUTION = re.compile(r"\bconv\w*", re.IGNORECASE)
_POOLING = re.compile(r"\b(?:max|avg|average)?[- ]?pool\w*", re.IGNORECASE)
NEAR = 2
"""Lines from one layer to the next."""
Told = tuple[Status, str]


@dataclass(frozen=True)
class Layer:
    """One line of the list: its number and text, and the size that it says its layer gives."""

    line: int
    text: str
    size: int
    place: Place
    typed: str

    @property
    def window(self) -> int | None:
        """The side of the window that it says."""
        found = _WINDOW.search(self.text)
        return int(found["window"]) if found else None

    @property
    def step(self) -> int | None:
        """The step that it says."""
        found = _STEP.search(self.text)
        return int(found["step"] or found["said"]) if found else None


def with_listed_outputs(judgement: Judgement, document: Document) -> Judgement:
    """The judgement with a verdict on every size that follows from the layer listed above."""
    layers = list(_layers(document))
    steps = any(layer.step is not None for layer in layers)
    found = []
    for before, layer in pairwise(layers):
        told = _told(before.size, layer, steps) if layer.line - before.line <= NEAR else None
        if told is not None:
            found.append(in_file(_verdict(layer, *told), document))
    if not found:
        return judgement
    claims = sorted(
        (*judgement.claims, *found), key=lambda v: (v.places[0].line, v.places[0].column)
    )
    numbered = tuple(replace(v, id=f"c{n}") for n, v in enumerate(claims, start=1))
    return replace(judgement, claims=numbered)


def _layers(document: Document) -> Iterator[Layer]:
    start = 0
    for number, text in enumerate(document.text.splitlines(keepends=True)):
        found = _OUTPUT.search(text) or _INPUT.search(text)
        if found is not None and int(found["size"]):
            at = start + found.start(), start + found.end()
            place = Place(*document.position(at[0]), *document.position(at[1]))
            yield Layer(number, text, int(found["size"]), place, found.group())
        start += len(text)


def _told(before: int, layer: Layer, steps: bool) -> Told | None:
    """The status and why; ``None`` for a layer whose size does not follow."""
    if _POOLING.search(layer.text):
        return _pooled(before, layer)
    if not _CONVOLUTION.search(layer.text) or layer.window is None:
        return None
    step, window = layer.step or 1, layer.window
    kept, inner = -(-before // step), (before - window) // step + 1
    what = f"a {window}×{window} convolution"
    if layer.size in (kept, inner):
        return Status.CONFIRMED, f"{what} of {before} gives {layer.size}"
    gives = f"{what} of {before} gives {' or '.join(map(str, dict.fromkeys((kept, inner))))}"
    other = next((s for s in range(2, before) if -(-before // s) == layer.size), None)
    if layer.step is None and other is not None and not steps:
        return Status.UNDECIDED, f"right if the step is {other}"
    hint = f"; with a step of {other} it gives {layer.size}" if other is not None else ""
    return Status.REFUTED, f"{gives}, not {layer.size}{hint}"


def _pooled(before: int, layer: Layer) -> Told | None:
    step = layer.step or layer.window
    if step is None:
        return None
    window = layer.window or step
    sizes = (before // step, -(-before // step), (before - window) // step + 1)
    if layer.size in sizes:
        return Status.CONFIRMED, f"pooling {before} with a step of {step} gives {layer.size}"
    wide = [w for w in range(1, before + 1) if (before - w) // step + 1 == layer.size]
    if layer.window is None and wide:
        between = "or" if len(wide) == 2 else "to"
        wides = f"{wide[0]} {between} {wide[-1]}" if len(wide) > 1 else f"{wide[0]}"
        return Status.UNDECIDED, f"right if the window is {wides} wide"
    gives = " or ".join(map(str, dict.fromkeys(sizes)))
    return Status.REFUTED, f"pooling {before} with a step of {step} gives {gives}, not {layer.size}"


def _verdict(layer: Layer, status: Status, message: str) -> Verdict:
    outcome = {Status.CONFIRMED: "agrees", Status.REFUTED: "differs"}.get(status, "skipped")
    said = (message,) if status is Status.UNDECIDED else ()
    return Verdict(
        "", (layer.place,), words_as_math(layer.typed), status, message, conditions=said,
        evidence=(Evidence("shapes", outcome, message),),
        counterexample={"shown": str(layer.size)} if status is Status.REFUTED else None,
    )  # fmt: skip
