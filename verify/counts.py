"""Verdicts on the numbers of parameters and the shapes that a deck gives to layers of a model.

What names no layer of the model is said of something else and is no claim.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import permutations

from derive.equations import Model
from derive.reading.document import Document
from derive.reading.family import Member
from verify.authored import in_file
from verify.count_mentions import TOTAL, Mention, mentions
from verify.layer_counts import Layer, layer_named, shape_of
from verify.verdict import Evidence, Judgement, Place, Skipped, Status, Verdict


def with_counts(judgement: Judgement, document: Document, members: Sequence[Member]) -> Judgement:
    """The judgement with a verdict on every number that is said of a layer of a member's model."""
    judged = list(_judged(document, [m.model.at_sizes() for m in members]))
    if not judged:
        return judgement
    tables = {document.position(m.table) for m, _ in judged if m.table is not None}
    claims = sorted(
        (*judgement.claims, *(in_file(v, document) for _, v in judged)),
        key=lambda v: (v.places[0].line, v.places[0].column),
    )
    numbered = (replace(v, id=f"c{n}") for n, v in enumerate(claims, start=1))
    places = [v.places[0] for _, v in judged]
    skipped = (
        s for s in judgement.skipped
        if (s.line, s.column) not in tables and not any(_holds(p, s) for p in places)
    )  # fmt: skip
    return replace(judgement, claims=tuple(numbered), skipped=tuple(skipped))


def _holds(place: Place, skipped: Skipped) -> bool:
    return place.line == skipped.line and place.column <= skipped.column <= place.end_column


def _judged(document: Document, models: Sequence[Model]) -> Iterator[tuple[Mention, Verdict]]:
    for mention in mentions(document):
        for model in models:
            try:
                found = _verdict(mention, model, document)
            except ValueError:  # an extent that is no number
                continue
            if found is not None:
                yield mention, found
                break


def _verdict(mention: Mention, model: Model, document: Document) -> Verdict | None:
    """The verdict by one model; ``None`` where it has no such layer."""
    layer = None if mention.layer == TOTAL else layer_named(mention.layer, model)
    if layer is None and mention.layer != TOTAL:
        return None
    if mention.what == "shape":
        true: tuple[int, ...] = layer.shape if layer is not None else ()
        right = _same_shape(mention.numbers, true)
        said = "×".join(map(str, true)) or "no shape"
    else:
        counts = _counts(mention.what, layer, model)
        right = any(_rounds_to(mention, n) for n in counts)
        true, said = counts, f"{counts[0]} {mention.what}"
    elsewhere = layer is None and mention.table is None and not right
    place = Place(*document.position(mention.start), *document.position(mention.end))
    text = document.text[mention.start : mention.end].strip()
    named = TOTAL if layer is None else mention.layer
    outcome = "agrees" if right else "differs"
    evidence = Evidence("shapes", outcome, f"by the model's sizes {named} has {said}")
    if elsewhere:
        message = f"this may be said of another network; the model has {said}"
        return Verdict("", (place,), text, Status.UNDECIDED, message, evidence=(evidence,))
    return Verdict(
        "",
        (place,),
        text,
        Status.PROVED if right else Status.REFUTED,
        f"{named} has {said} in the model" + ("" if right else f", not {text}"),
        scope="the model's sizes" if right else None,
        evidence=(evidence,),
        counterexample=None if right else {"shown": text, "model": said},
    )


def _counts(what: str, layer: Layer | None, model: Model) -> tuple[int, ...]:
    """What may be meant: weights are often said to have the biases among them."""
    if layer is None:
        return (sum(math.prod(shape_of(model, p)) for p in model.parameters),)
    if what == "weights":
        return layer.weights, layer.parameters
    return (layer.parameters if what == "parameters" else layer.connections,)


def _rounds_to(mention: Mention, true: int) -> bool:
    (shown,) = mention.numbers
    return abs(shown * mention.unit - true) * 2 <= (mention.unit if mention.unit > 1 else 0)


def _same_shape(shown: tuple[int, ...], true: tuple[int, ...]) -> bool:
    """Maps come first or last; a single map is often left out."""
    true = tuple(n for n in true if n != 1) if len(true) > len(shown) else true
    shown = tuple(n for n in shown if n != 1) if len(shown) > len(true) else shown
    orders = {true, (*true[1:], *true[:1]), (*true[-1:], *true[:-1])}
    return shown in orders or (len(set(true)) == 1 and shown in permutations(true))
