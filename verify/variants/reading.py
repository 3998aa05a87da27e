"""Conventions about reading: marks, operators, logarithms, origins, rows and columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from derive.equations import adjoint_name, adjoint_of
from derive.expr import Access, accesses
from derive.reading.derivatives import takes_derivatives
from derive.reading.gradient_shapes import LAYOUT
from derive.reading.layouts import ROWS
from derive.reading.letters import occurrences
from derive.reading.lexicon import Entry, Match, occurrence
from derive.reading.names import is_bare, readable, written
from derive.reading.problems import Reading
from derive.reading.scope import OPERATOR_MEANINGS
from derive.reading.surface import Juxtaposition, Name, walk
from verify.claim import sentence_of
from verify.manners import (
    Manner,
    counted_from_zero,
    deltas_mark_gradients,
    gradients_are_rows,
    logarithms_are_decimal,
    matrices_are_transposed,
    vectors_are_rows,
)
from verify.setting import Convention, Setting, authors_text, index_names
from verify.variants.variant import Case, Standing, Variant, declaring
from verify.wholes import has_whole

MATRIX = 2
SEVERAL_PRODUCTS = ("@", "*", r"\ast", r"\star")
"""Signs of products that have no meaning of their own in mathematics."""


def marks(case: Case) -> Iterator[Variant]:
    """A mark that is declared for one tensor's adjoint, meant for its neighbour's."""
    if case.tried.statement is None:
        return
    seen = set()
    for node in case.tried.statement.nodes:
        for item in occurrences(node):
            match = case.scope.lexicon.match(item)
            marked = _marked(match) if match is not None else None
            if match is None or marked is None or match.entry.key in seen:
                continue
            seen.add(match.entry.key)
            for other in _neighbours(marked, case):
                yield _meaning(match.entry, marked, other, case)


DELTAS = "δ before a symbol means the gradient by it"


def _with_deltas(convention: Convention) -> Convention:
    """The convention without what δ by itself was taken for."""
    declared = tuple(r for r in convention.declared if not r.text.startswith("δ means"))
    manners = (*convention.manners, deltas_mark_gradients)
    return replace(convention, declared=declared, manners=manners)


def delta_marks(case: Case) -> Iterator[Variant]:
    r"""``\delta h_t`` is the gradient by h_t, where nothing declares what δ means."""
    if r"\delta" not in case.text or case.setting.context.prefixes or case.setting.context.accents:
        return
    known = case.scope.lexicon.match
    for node in (n for side in sentence_of(case.text).nodes for n in walk(side)):
        for mark, behind in pairwise(node.factors) if isinstance(node, Juxtaposition) else ():
            item = occurrence(behind)
            bare = isinstance(mark, Name) and is_bare(mark) and mark.base == r"\delta"
            if bare and item is not None and known(item) is not None:
                yield Variant(DELTAS, Standing.OPEN, convention=_with_deltas)
                return


def _marked(match: Match) -> str | None:
    """The tensor of whose adjoint the symbol is an element."""
    body = match.entry.body
    return adjoint_of(body.tensor if isinstance(body, Access) else match.entry.tensor)


def _neighbours(tensor: str, case: Case) -> Iterator[str]:
    """Tensors of the same ranges that ``tensor`` is computed from, or that are computed from it."""
    model = case.setting.bench.fixed
    ranges = model.tensors[tensor].ranges
    equation = model.by_tensor.get(tensor)
    near = [*(equation.reads if equation is not None else ())]
    near += [e.tensor for e in model.readers(tensor)]
    for name in dict.fromkeys(near):
        if name in model.by_tensor and model.tensors[name].ranges == ranges and ranges:
            yield name


def _meaning(entry: Entry, declared: str, tensor: str, case: Case) -> Variant:
    if isinstance(entry.body, Access):
        meant = replace(entry, body=Access(adjoint_name(tensor), entry.body.indices))
    else:
        meant = replace(entry, tensor=adjoint_name(tensor))
    names = index_names(case.setting.bench.model, declared)
    known = names if len(names) == entry.rank else None
    mark = readable(written(replace(entry.notation, args=()), known, entry.prefix))
    text = f"{mark} means ∂{case.scope.objective}/∂{authors_text(case.scope, tensor)}"
    reading = Reading(text, meant)
    return Variant(text, Standing.SETTLED, convention=declaring(reading))


def operators(case: Case) -> Iterator[Variant]:
    """An operator that is declared a convolution, meant as a correlation, and back."""
    for operator, meaning in case.scope.operators.items():
        if operator not in case.text or not meaning.endswith(("convolution", "correlation")):
            continue
        pair = ("convolution", "correlation")
        old, new = pair if meaning.endswith(pair[0]) else pair[::-1]
        reading = Reading(
            f"{operator} means {meaning.replace(old, new)}", (operator, meaning.replace(old, new))
        )
        yield Variant(reading.text, Standing.SETTLED, convention=declaring(reading))


def undeclared_products(case: Case) -> Iterator[Variant]:
    """A sign that decks use for several products, where neither model nor context declares it."""
    declared = {**case.setting.bench.model.operators, **case.setting.context.operators}
    for operator in SEVERAL_PRODUCTS:
        if operator in declared or operator not in case.text or not _matrix_notation(case):
            continue
        for meaning in OPERATOR_MEANINGS:
            reading = Reading(f"{operator} means {meaning}", (operator, meaning))
            yield Variant(reading.text, Standing.OPEN, convention=declaring(reading))


def logarithms(case: Case) -> Iterator[Variant]:
    r"""``\log`` is decimal; open where neither model nor context declares it."""
    declared = {**case.setting.bench.model.functions, **case.setting.context.functions}
    if r"\log" in case.text and declared.get(r"\log") in (None, "log"):
        standing = Standing.SETTLED if r"\log" in declared else Standing.OPEN
        yield _written("log is the decimal logarithm", standing, logarithms_are_decimal)


def origins(case: Case) -> Iterator[Variant]:
    """Indices counted from 0, where the model counts from 1."""
    yield _written("indices are counted from 0", Standing.SETTLED, counted_from_zero)


def own_shapes(case: Case) -> Iterator[Variant]:
    """In numerator layout, a gradient by a matrix in the shape of the matrix."""
    read = case.tried.statement
    if case.scope.operators.get(LAYOUT) != "numerator" or read is None or read.target is None:
        return
    name = adjoint_of(read.target)
    if name is not None and case.setting.bench.fixed.tensors[name].rank == MATRIX:
        reading = Reading("gradients by matrices have the shape of the matrix", (LAYOUT, "rows"))
        yield Variant(reading.text, Standing.OPEN, convention=declaring(reading))


def rows_of_gradients(case: Case) -> Iterator[Variant]:
    """Errors that the deck defined as derivatives by vectors are rows, where no layout is said."""
    defined = (sentence_of(text) for text in case.setting.defined)
    if LAYOUT in case.scope.operators or case.tried.statement is not None:
        return
    if any(takes_derivatives(node) for sentence in defined for node in sentence.nodes):
        yield _written(ROWS["rows"], Standing.OPEN, gradients_are_rows)


def layouts(case: Case) -> Iterator[Variant]:
    """Vectors as rows, matrices the other way round."""
    if _matrix_notation(case):
        standing = Standing.SETTLED if case.setting.bench.writes_vectors else Standing.OPEN
        yield _written("vectors are rows", standing, vectors_are_rows)
        words = transposed_text(case.setting)
        yield _written(words, Standing.SETTLED, matrices_are_transposed)


def transposed_text(setting: Setting) -> str:
    """``samples are columns`` where the model has them in rows; else that all are transposed."""
    batch = setting.bench.model.batch
    for tensor in batch.over if batch is not None else ():
        for access in (
            a
            for e in setting.bench.model.readers(tensor)
            for a in accesses(e.rhs)
            if a.tensor == tensor and len(a.indices) == 2
        ):
            names = [str(i) for i in access.indices]
            if batch is not None and batch.axis in names:
                return f"samples are {'columns' if names.index(batch.axis) == 0 else 'rows'}"
    return "every matrix is laid out the other way round (its transpose)"


def _written(words: str, standing: Standing, manner: Manner) -> Variant:
    return Variant(
        words,
        standing,
        convention=lambda c: replace(c, manners=(*c.manners, manner)),
    )


def _matrix_notation(case: Case) -> bool:
    """Whether the formula has an array as a whole."""
    return any(has_whole(node, case.scope, 1) for node in sentence_of(case.text).nodes)
