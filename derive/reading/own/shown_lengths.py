r"""Lengths that the numbers on a page show: ``y = [0 \quad 0 \quad 1]`` where y has n elements.

A size that the page leaves open is as long as the lists of its vectors, where all have one length.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from derive.equations import Model, Tensor
from derive.index import Index
from derive.reading.document import Document
from derive.reading.own.model import Own, own_model
from derive.reading.own.statements import Page, page_of


def with_shown_lengths(own: Own, document: Document, name: str) -> Own:
    """The model with the lengths that lists of numbers show, where the page leaves them open."""
    if not own.model.sizes:
        return own
    page, declared = page_of(document), document.front.get("sizes") or {}
    said = {*page.numbers, *(declared if isinstance(declared, dict) else ())}
    found: dict[str, set[int]] = {}
    for size, length in _lengths(page, own.model):
        if size not in said:
            found.setdefault(size, set()).add(length)
    lengths = {size: values.pop() for size, values in found.items() if len(values) == 1}
    if not lengths or not isinstance(declared, dict):
        return own
    front = {**document.front, "sizes": {**declared, **lengths}}
    shown = ", ".join(f"{size} = {length}" for size, length in lengths.items())
    again = own_model(replace(document, front=front), name)
    return replace(again, assumed=(*again.assumed, f"{shown}, as lists of numbers show"))


def _lengths(page: Page, model: Model) -> Iterator[tuple[str, int]]:
    """The sizes that lists of numbers tell, with their values."""
    vectors = {t.notation.head: t for t in model.tensors.values() if t.rank == 1}
    for head, length in page.lists:
        told = _told(vectors[head], length, model) if head in vectors else None
        if told is not None:
            yield told


def _told(vector: Tensor, length: int, model: Model) -> tuple[str, int] | None:
    """The one size that the vector's length is, but for a constant."""
    (extent,) = vector.extents
    sizes = {s: v for s, v in model.sizes.items() if extent.substitute({s: Index.of(0)}) != extent}
    if len(sizes) != 1:
        return None
    ((size, value),) = sizes.items()
    one, two = (extent.evaluate(lambda _, v=v: v) for v in (value, value + 1))  # type: ignore[misc]
    fitting = value + length - one
    return (size.name, fitting) if two - one == 1 and fitting >= size.least else None
