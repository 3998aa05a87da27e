"""Sheets: documents whose equations define a model.

Displays hold the equations; prose and inline mathematics are ignored. The front matter says what
mathematics cannot: the loss, the inputs, sizes, functions, operators, types of tensors that are
only used whole. Ranges of what is only read are inferred.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from derive.equations import Model
from derive.errors import Problem, Unreadable
from derive.reading.build_model import ModelBuilder, Written
from derive.reading.catalogue import SUFFIX, model_names, shipped
from derive.reading.declarations import Front
from derive.reading.document import Document, document_from_text, read_document
from derive.reading.fixed_sizes import with_fixed_sizes
from derive.reading.inverses import NeedsNumbers
from derive.reading.layer_families import families, layer_sentences, with_layers
from derive.reading.named_losses import without_mere_name
from derive.reading.parse import parse
from derive.reading.sentence import Sentence, sentences
from derive.reading.sums_over_layers import with_sums_written_out


def load_model(name_or_path: str | Path) -> Model:
    """The built-in model of this name, or the one that the sheet at this path defines.

    Raises `Problem` with path, line and column for a sheet that is missing, unreadable or wrong.
    """
    return model_from_document(*sheet_document(name_or_path))


def sheet_document(name_or_path: str | Path) -> tuple[Document, str]:
    """The document of a built-in sheet or of the one at a path, and the model's name.

    Raises `Problem` for a document that is missing or cannot be cut.
    """
    name = str(name_or_path)
    if isinstance(name_or_path, str) and (text := shipped(name + SUFFIX)) is not None:
        return document_from_text(text, name + SUFFIX), name
    path = Path(name_or_path)
    if not path.exists() and not path.suffix and "/" not in name:
        known = ", ".join(model_names())
        raise Problem(
            f"there is no model {name!r}", expected=f"one of {known}, or the path of a sheet"
        )
    return read_document(path), path.name.removesuffix(path.suffix)


def model_from_text(text: str, name: str, path: str | None = None) -> Model:
    """The model that a sheet given as text defines; raises as `load_model`."""
    return model_from_document(document_from_text(text, path or f"{name}{SUFFIX}"), name)


def model_from_document(document: Document, name: str) -> Model:
    """The model that a document defines; raises as `load_model`."""
    written = written_sentences(document)
    front = without_mere_name(Front(document), [w.sentence for w in written])
    for family in families(front):
        written = [
            replace(w, sentence=sentence)
            for w in written
            for sentence, _ in layer_sentences(with_sums_written_out(w.sentence, family), family)
        ]
        front = with_layers(front, family, (w.sentence for w in written))
        return replace(built(front, name, written), layers=family)
    return built(front, name, written)


def built(front: Front, name: str, written: list[Written], plain: Iterable[str] = ()) -> Model:
    """The model; with numbers for its sizes where it has inverses or determinants."""
    try:
        return ModelBuilder(front, name, plain).build(written)
    except NeedsNumbers:
        return ModelBuilder(with_fixed_sizes(front), name, plain).build(written)


def written_sentences(document: Document) -> list[Written]:
    """The sentences of all displays, each with its LaTeX and place.

    Raises `Unreadable` with the place in the document.
    """
    found: list[Written] = []
    previous: Sentence | None = None
    for segment in document.formulas():
        if segment.kind != "display":
            continue
        if (fault := document.fault(segment.outer_start, segment.outer_end)) is not None:
            raise document.located(Unreadable(fault.message), fault.start)
        try:
            tree = parse(segment.text)
        except Unreadable as error:
            raise placed(error, document, segment.start) from error
        for sentence in sentences(tree, previous):
            latex = segment.text[sentence.span.start : sentence.span.end]
            found.append(Written(sentence, latex, segment.start))
            previous = sentence
    return found


def placed(error: Problem, document: Document, start: int) -> Problem:
    """The same problem with the place in the document of the formula that begins at ``start``."""
    return document.located(error, start + (error.offset or 0))
