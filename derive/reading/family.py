"""Families of sheets: one system whose documents write it in several ways.

The first sheet names the others, ``variants: [net.batch, net.stride-2]``: a layer over a whole
batch, another stride. A sheet may say by what words a document announces it,
``announced: ['stride = 2', 'stride two']``.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from derive.equations import Model
from derive.errors import Problem
from derive.reading.catalogue import SUFFIX
from derive.reading.declarations import Front
from derive.reading.document import Document
from derive.reading.sheet import model_from_document, sheet_document

VARIANTS = "variants"
ANNOUNCED = "announced"


@dataclass(frozen=True)
class Member:
    """A model and the words that announce it in a document."""

    model: Model
    announced: tuple[str, ...] = ()


def load_family(name_or_path: str | Path) -> tuple[Member, ...]:
    """The sheet of this name or path, then its variants in the order of their declaration.

    A variant is a built-in name, or a path beside the sheet that names it. Raises `Problem` for a
    sheet that is missing or wrong, and for a variant that has variants of its own.
    """
    return family_of(*sheet_document(name_or_path))


def family_of(document: Document, name: str) -> tuple[Member, ...]:
    """The same of a sheet that was read already."""
    first = _member(document, name)
    front = Front(document)
    members = [first]
    for variant in front.texts(VARIANTS):
        beside = _beside(document, variant)
        other, own = sheet_document(variant if beside is None else beside)
        if VARIANTS in other.front:
            raise front.problem(VARIANTS, f"{variant} has variants of its own", "a sheet with none")
        members.append(_member(other, own))
    return tuple(members)


def _member(document: Document, name: str) -> Member:
    return Member(model_from_document(document, name), Front(document).texts(ANNOUNCED))


def _beside(document: Document, variant: str) -> Path | None:
    """The path of a variant of a sheet that is a file; ``None`` where no file has the name."""
    if document.path is None or variant.removesuffix(SUFFIX) == variant:
        return None
    path = Path(document.path).parent / variant
    if not path.exists():
        raise Problem(f"there is no variant {variant!r}", path=document.path)
    return path
