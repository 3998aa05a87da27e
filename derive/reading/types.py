"""``types:`` of front matter: shapes that no equation tells.

``W: 'matrix m n'``, ``x: 'column n'``, ``r: 'row n'``, ``K: 'tensor P -1..1 -1..1'``, ``c:
scalar``. A length n stands for the range 1..n; words in brackets are comments. A ``symmetric matrix
n n`` is its own transpose.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from derive.equations import Range
from derive.errors import Problem
from derive.index import Index
from derive.reading.declarations import Front
from derive.reading.indices import index_of
from derive.reading.parse import parse

LABEL = "index"
SCALARS = "scalars"
SYMMETRIC = "symmetric"
DIMENSIONS = {"scalar": 0, "column": 1, "row": 1, "vector": 1, "matrix": 2, "tensor": None,
              LABEL: None}  # fmt: skip


@dataclass(frozen=True)
class Declared:
    """The ranges of a typed tensor, and whether it is a row.

    ``of_each`` says that it may be the type of one of several.
    """

    ranges: tuple[Range, ...]
    row: bool
    of_each: bool = False


def declared_types(front: Front, letters: Mapping[str, Index]) -> dict[str, Declared]:
    """The types by the LaTeX of what they are of. Raises `Problem` at the line of ``types``.

    What stands under ``scalars`` is a number.
    """
    types = {
        latex: _declared(front, latex, text, letters)
        for latex, text in front.mapping("types").items()
    }
    return types | {latex: Declared((), row=False) for latex in front.texts(SCALARS)}


def label_heads(front: Front) -> tuple[str, ...]:
    """The symbols that are class labels, ``index C``."""
    types = front.mapping("types").items()
    return tuple(k for k, text in types if isinstance(text, str) and text.split()[:1] == [LABEL])


def symmetric(front: Front) -> tuple[str, ...]:
    """The symbols of symmetric matrices, ``symmetric matrix n n``."""
    types = front.mapping("types").items()
    return tuple(k for k, text in types if isinstance(text, str) and SYMMETRIC in text.split())


def _declared(front: Front, latex: str, text: object, letters: Mapping[str, Index]) -> Declared:
    words = re.sub(r"\([^()]*\)\s*$", "", text).split() if isinstance(text, str) else []
    expected = "scalar, column n, row n, [symmetric] matrix m n, tensor n1 n2 … or index C"
    if SYMMETRIC in words and "matrix" in words:
        words.remove(SYMMETRIC)
    if not words or words[0] not in DIMENSIONS:
        raise front.problem("types", f"{latex}: {text!r} is no type", expected)
    count = DIMENSIONS[words[0]]
    if count is not None and len(words) - 1 != count:
        raise front.problem(
            "types", f"{latex}: a {words[0]} has {count} length(s), not {len(words) - 1}"
        )
    ranges = tuple(_range(front, latex, word, letters) for word in words[1:])
    return Declared(ranges, words[0] == "row", words[0] not in ("tensor", LABEL))


def _range(front: Front, latex: str, word: str, letters: Mapping[str, Index]) -> Range:
    low, dots, high = word.rpartition("..")
    return (
        _length(front, latex, low, letters) if dots else Index.of(1),
        _length(front, latex, high, letters),
    )


def _length(front: Front, latex: str, text: str, letters: Mapping[str, Index]) -> Index:
    try:
        items = parse(text).items
        return index_of(items[0], letters).index
    except Problem as error:
        raise front.problem("types", f"{latex}: {text!r} is no length: {error.message}") from error
