r"""Where the listings of a deck disagree with its formulas.

the steps, windows and maps of layers       a struct has stride 1, the formula steps by 2
the mean over a batch, and the sum          a listing divides by its size, the loss does not
a bias                                      a listing learns one that no formula has

Beside these stands what words say of a formula of the loss.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from derive.equations import Model
from derive.reading.document import Document
from verify.claims import Claim
from verify.contradictions import contradictions
from verify.formulas import LISTED
from verify.listings.biases import of_biases
from verify.listings.layers import WORDS, Stated, layers_of, listed
from verify.said_aims import of_aims
from verify.verdict import ACCEPTED, Contradiction, Place, Verdict

_DIVIDED = re.compile(
    r"\b(?P<slope>\w*grad\w*)\b\s*\)?\s*\.?/\s*(?P<size>[A-Za-z]\w*)", re.IGNORECASE
)
_OF_BATCH = re.compile(r"batch|lote|num_?(?:imag|samples|exampl|amostras|muestras)", re.IGNORECASE)


def all_contradictions(
    document: Document, claims: Sequence[Claim], verdicts: Sequence[Verdict], model: Model
) -> tuple[Contradiction, ...]:
    """Pairs of formulas, then of a formula and a listing's line, that cannot both be right."""
    found = [
        *_of_layers(document, verdicts, model),
        *_of_batch(claims, verdicts, model),
        *of_biases(claims, verdicts, model),
        *of_aims(document, verdicts),
    ]
    found.sort(key=lambda c: (c.second.line, c.second.column))
    return (*contradictions(verdicts), *found)


def _of_layers(
    document: Document, verdicts: Sequence[Verdict], model: Model
) -> Iterator[Contradiction]:
    programmed = listed(document)
    try:
        own = list(layers_of(model.at_sizes())) if programmed else []
    except ValueError:  # an extent that is no number
        return
    if [s.kind for s in programmed] != [s.kind for s in own]:
        return
    for code, true in zip(programmed, own, strict=True):
        for name in sorted(code.said.keys() & true.said.keys()):
            formula = _formula_of(true, verdicts, model)
            if code.said[name] != true.said[name] and formula is not None:
                yield _pair(document, code, true, name, formula)


def _formula_of(layer: Stated, verdicts: Sequence[Verdict], model: Model) -> Verdict | None:
    """A formula of the deck that makes the layer as the model does, of all of it if there is one.

    Sums and what is done to them make the same layer.
    """
    applied = {e.tensor for e in model.equations if e.reads == (layer.tensor,)}
    names = {layer.tensor, *applied} if "maps" in layer.said else {layer.tensor}
    right = [
        v for v in verdicts
        if v.status in ACCEPTED and any(s.subject in names for s in v.stated)
    ]  # fmt: skip
    whole = (v for v in right if any(a != b for s in v.stated for a, b in s.entries[1:]))
    return next(whole, right[0] if right else None)


def _pair(
    document: Document, code: Stated, true: Stated, name: str, formula: Verdict
) -> Contradiction:
    at = code.offsets[name]
    place = Place(*document.position(at), *document.position(at + 1))
    subject = next(s.name for s in formula.stated)
    said = f"{subject} has {WORDS[name]} of {true.said[name]} in line {formula.places[0].lines}"
    if name == "maps":
        said = f"{subject} has {true.said[name]} maps in line {formula.places[0].lines}"
    words = f"{said}, {code.said[name]} in line {place.lines}"
    first, second = sorted((place, formula.places[0]), key=lambda p: (p.line, p.column))
    return Contradiction(subject, first, second, words)


def _of_batch(
    claims: Sequence[Claim], verdicts: Sequence[Verdict], model: Model
) -> Iterator[Contradiction]:
    """Gradients that a listing divides by the size of a batch over which the loss is summed."""
    if model.batch is None or model.batch.loss != "sum":
        return
    over_samples = re.compile(rf"\\sum_\{{?\s*{re.escape(model.batch.axis)}\b")
    losses = [
        v for v in verdicts
        if v.target == model.loss and v.status in ACCEPTED and over_samples.search(v.latex)
    ]  # fmt: skip
    for claim in claims if losses else ():
        for match in _DIVIDED.finditer(claim.text) if claim.kind in LISTED else ():
            if not _OF_BATCH.search(match["size"]):
                continue
            loss, place = losses[0].places[0], claim.places[0]
            words = (
                f"line {loss.lines} sums over the samples, "
                f"line {place.lines} divides {match['slope']} by {match['size']}"
            )
            first, second = sorted((loss, place), key=lambda p: (p.line, p.column))
            yield Contradiction(match["slope"], first, second, words)
