r"""Pages that sum over the samples of a batch, judged by a sheet that has one sample only.

Where the sheet declares a batch and the page writes ``\sum_{n=1}^{N}`` with a letter N that the
sheet lacks, the sheet over N samples stands beside it: ``Y_k(n)`` or ``Y_k^{(n)}`` for ``Y_k``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from derive.batching import batched, samples
from derive.equations import Model, Notation, Shift, Tensor
from derive.errors import Problem
from derive.index import ONE, Index, Size
from derive.pipeline import gradients
from derive.reading.document import Document
from derive.reading.family import Member

SAMPLES = 3
_SUM = re.compile(
    r"\\sum_\{?\s*([A-Za-z])\s*=\s*1\s*\}?\s*\^\s*(?:\{\s*([A-Za-z])\s*\}|([A-Za-z]))"
)


def with_samples(members: Sequence[Member], document: Document) -> tuple[Member, ...]:
    """The members, and the only one over a batch where the document sums over its samples."""
    (first, *others) = members
    found = _letters(first.model, document) if not others else None
    if found is None:
        return tuple(members)
    letter, count = found
    above = re.search(rf"\^\s*\{{\s*\(\s*{letter}\s*\)\s*\}}", document.text)
    behind = re.search(rf"[\w}}]\s*\(\s*{letter}\s*\)", document.text)
    if above is None and behind is None:
        return tuple(members)
    try:
        whole = _over_samples(first.model, letter, count)
        gradients(whole)
    except Problem:
        return tuple(members)  # a sheet whose batch means nothing judges what it can by itself
    return (first, Member(whole if above is None else _with_samples_above(whole, first.model)))


def _letters(model: Model, document: Document) -> tuple[str, str] | None:
    """The letters of a sample and of their number, where the page has a number of its own."""
    if model.batch is None:
        return None
    known = {s.name for s in model.sizes} | {*model.named}
    heads = {t.notation.head for t in model.tensors.values()}
    sums = [(m[1], m[2] or m[3]) for m in _SUM.finditer(document.text)]
    own = Counter(pair for pair in sums if pair[1] not in known | heads)
    return own.most_common(1)[0][0] if own else None


def _over_samples(model: Model, letter: str, count: str) -> Model:
    """The model over a batch of so many samples, the number of each behind its symbol."""
    assert model.batch is not None
    size = Size(count)
    whole = batched(replace(model, batch=replace(model.batch, axis=letter)), size)
    return replace(
        whole,
        batch=None,
        sizes={**model.sizes, size: SAMPLES},
        shifts=tuple(_shifted(s, size) if s.tensor in samples(model) else s for s in model.shifts),
        title=f"{model.title} over {count} samples".strip(),
    )


def _shifted(shift: Shift, count: Size) -> Shift:
    """The origins of the others are changed, that of the samples is not."""
    offsets = (Index.of(0), *shift.offsets)
    return replace(shift, offsets=offsets, read=((ONE, Index.of(count)), *shift.read))


def _with_samples_above(whole: Model, model: Model) -> Model:
    """The same with the number of the sample above each symbol."""
    carrying = samples(model) - {model.loss}
    tensors = {n: _labelled(t) if n in carrying else t for n, t in whole.tensors.items()}
    return replace(whole, tensors=tensors)


def _labelled(tensor: Tensor) -> Tensor:
    """The tensor with the number of the sample above its symbol."""
    old = tensor.notation
    args = tuple(a for a in old.args if a != 0)
    return replace(tensor, notation=Notation(old.head, old.sub, (*old.sup, 0), args, old.bracket))
