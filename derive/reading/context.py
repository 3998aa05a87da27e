r"""Contexts: what a deck leaves open, declared in front matter. A context never states a result.

``meanings`` gives symbols a meaning, ``gradients`` the prefix or accent that marks an adjoint,
``slopes`` the marked functions that are derivatives of others, ``outside`` what is zero outside
its ranges, ``scalars`` plain numbers, ``values`` the numbers of inputs and parameters, ``declare``
what these satisfy, ``code`` the symbols that names of a listing stand for. Definitions
may stand in the body as displays too: ``$$ \Delta\hat y = \partial L / \partial z $$``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from derive.equations import Model, Notation
from derive.errors import IllFormed, Problem
from derive.given import NOTHING, Given
from derive.reading import declarations
from derive.reading.catalogue import CONTEXT_SUFFIX, shipped
from derive.reading.declarations import Front
from derive.reading.declare import declare_scalar
from derive.reading.document import Document, document_from_text, read_document
from derive.reading.given import given
from derive.reading.meanings import with_meanings
from derive.reading.printed import REFERENCE, symbol
from derive.reading.scope import (
    Origins,
    Scope,
    model_scope,
    numeric_scope,
    with_accent,
    with_prefix,
)
from derive.reading.sheet import written_sentences
from derive.reading.slopes import DECLARED
from derive.reading.symbols import ACCENTS, STYLES

DERIVATIVES = "derivatives"
THROUGH = ("total", "partial", "immediate")
"""Derivatives in a recurrence: through every path, or through one step alone, or this only by what
is no state of it."""
CONTEXT_KEYS = (
    "title", "gradients", "meanings", "operators", "functions", "scalars", "outside",
    "values", "declare",
    "layout", "slopes", "code", "sums", DERIVATIVES,
)  # fmt: skip


@dataclass(frozen=True)
class Context:
    """Declarations of meaning. ``meanings`` maps the LaTeX of a symbol to that of what it means.

    ``said`` are those prefixes that the deck itself says of some symbol, and may mean of others.
    """

    name: str
    prefixes: tuple[str, ...] = ()
    accents: tuple[str, ...] = ()
    meanings: tuple[tuple[str, str], ...] = ()
    operators: dict[str, str] = field(default_factory=dict)
    functions: dict[str, str] = field(default_factory=dict)
    scalars: tuple[str, ...] = ()
    outside: frozenset[str] = frozenset()
    given: Given = NOTHING
    code: dict[str, str] = field(default_factory=dict)
    derivatives: str = ""
    path: str = ""
    places: Mapping[str, tuple[int, int]] = field(default_factory=dict, compare=False)
    """Line and column of every key of the front matter."""
    said: tuple[str, ...] = ()

    @contextmanager
    def named(self, key: str) -> Iterator[None]:
        """Whatever is wrong inside is told at the place of ``key``, unless it has its own."""
        try:
            yield
        except Problem as error:
            if error.path is None and key in self.places:
                error.path = self.path or None
                error.line, error.column = self.places[key]
            raise

    @property
    def gradients_zero_outside(self) -> bool:
        """Whether adjoints are zero outside their ranges."""
        return bool(self.outside & {"all", "gradients"})

    @property
    def tensors_zero_outside(self) -> bool:
        """Whether every tensor is zero outside its ranges."""
        return "all" in self.outside


EMPTY = Context("none")


def load_context(name_or_path: str | Path) -> Context:
    """The built-in context of this name, or the one at this path.

    Raises `Problem` with path, line and column for a context that is missing or wrong.
    """
    name = str(name_or_path)
    if isinstance(name_or_path, str) and (text := shipped(name + CONTEXT_SUFFIX)) is not None:
        return context_from_document(document_from_text(text, name + CONTEXT_SUFFIX), name)
    path = Path(name_or_path)
    if not path.exists() and not path.suffix and "/" not in name:
        raise Problem(f"there is no context {name!r}", expected="a built-in name or a path")
    return context_from_document(read_document(path), path.name.split(".")[0])


def context_from_document(document: Document, name: str) -> Context:
    """The context that a document declares; raises as `load_context`."""
    front = Front(document)
    front.only(CONTEXT_KEYS)
    front.text("title")
    gradients = front.mapping("gradients")
    if stray := set(gradients) - {"prefix", "accent"}:
        raise front.problem("gradients", f"{', '.join(stray)} is not known", "prefix or accent")
    meanings = front.mapping("meanings")
    if wrong := [k for k, v in meanings.items() if not isinstance(v, str)]:
        raise front.problem(
            "meanings", f"{wrong[0]} is given no LaTeX", r"'\partial L / \partial z'"
        )
    code = _code(front)
    return Context(
        name,
        _marks(front, gradients.get("prefix"), _is_prefix, r"'\Delta'"),
        _marks(front, gradients.get("accent"), _is_accent, r"'\bar'"),
        (*meanings.items(), *_definitions(document), *_references(code)),
        {**declarations.operators(front), **_slopes(front)},
        declarations.functions(front),
        _scalars(front),
        _outside(front),
        given(front),
        code,
        _derivatives(front),
        document.path or "",
        document.front_places,
    )


def _marks(
    front: Front, value: object, known: Callable[[str], bool], expected: str
) -> tuple[str, ...]:
    marks = value if isinstance(value, list) else [] if value is None else [value]
    if not all(isinstance(m, str) and known(m) for m in marks):
        raise front.problem("gradients", f"{value!r} is no mark", expected)
    return tuple("d" if m == r"\mathrm{d}" else str(m) for m in marks)


def _is_prefix(mark: str) -> bool:
    r"""``d``, ``\Delta``, ``\mathbf{d}``."""
    return re.fullmatch(r"[A-Za-z]+|\\[A-Za-z]+(\{[A-Za-z]+\})?", mark) is not None


def _is_accent(mark: str) -> bool:
    return mark in ACCENTS | STYLES


def _scalars(front: Front) -> tuple[str, ...]:
    found = front.texts("scalars")
    for latex in found:
        declarations.symbol_head(front, "scalars", latex)
    return found


def _slopes(front: Front) -> dict[str, str]:
    r"""``slopes: {'\dot{f}': f}``: marked functions that are derivatives of others at a place."""
    pairs = front.choices("slopes", bool, "the function whose slope it is")
    return {
        DECLARED + declarations.symbol_head(front, "slopes", mark): declarations.symbol_head(
            front, "slopes", function
        )
        for mark, function in pairs.items()
    }


def _code(front: Front) -> dict[str, str]:
    r"""``code: {Wd: w, 'cnn.layers{2}.k': 'k^2'}``: symbols by names of a listing."""
    pairs = front.choices("code", bool, "the LaTeX of a symbol")
    return {"".join(name.split()): latex for name, latex in pairs.items()}


def _references(code: dict[str, str]) -> list[tuple[str, str]]:
    """What references to parts, ``model.w.grad``, mean where a program prints them."""
    return [(symbol(name), latex) for name, latex in code.items() if REFERENCE.match(name)]


def _derivatives(front: Front) -> str:
    """``derivatives: partial``, ``immediate`` or ``total``; empty where nothing is declared."""
    declared = front.text(DERIVATIVES) or ""
    if declared and declared not in THROUGH:
        raise front.problem(
            DERIVATIVES, f"{declared!r} is not known", f"one of {', '.join(THROUGH)}"
        )
    return declared


def _outside(front: Front) -> frozenset[str]:
    found = declarations.outside(front)
    if stray := found - {*declarations.OUTSIDE}:
        raise front.problem(
            "outside", f"{', '.join(stray)} is not known", "zero, or {gradients: zero}"
        )
    return found


def _definitions(document: Document) -> list[tuple[str, str]]:
    found = []
    for written in written_sentences(document):
        nodes = written.sentence.nodes
        if written.sentence.kind != "equation" or len(nodes) != 2:
            message = "a context holds declarations and definitions only"
            error = Problem(message, expected="symbol = meaning")
            raise document.located(error, written.start)
        origin = written.sentence.span.start
        left, right = (written.latex[n.span.start - origin : n.span.end - origin] for n in nodes)
        found.append((left, right))
    return found


def apply_context(scope: Scope, context: Context) -> Scope:
    """The scope with everything that the context declares.

    Raises `IllFormed` for a meaning that says nothing in this scope (an unknown symbol, say).
    """
    scope = replace(
        scope,
        functions={**scope.functions, **context.functions},
        operators={**scope.operators, **context.operators},
        outside=context.outside,
        one_step="" if context.derivatives == "total" else context.derivatives,
    )
    with context.named("slopes"):
        _require_functions(context, scope)
    with context.named("functions"):
        _require_no_numbers(context, scope)
    for latex in context.scalars:
        with context.named("scalars"):
            scope = declare_scalar(scope, latex)
    for accent in context.accents:
        scope = with_accent(scope, accent)
    for prefix in context.prefixes:
        scope = with_prefix(scope, prefix)
    with context.named("meanings"):
        return with_meanings(scope, context.meanings, context.name)


def _require_functions(context: Context, scope: Scope) -> None:
    """Raise `IllFormed` for the slope of what is no function of the sheet or the context."""
    for mark, function in context.operators.items():
        if mark.startswith(DECLARED) and function not in scope.functions:
            raise IllFormed(
                f"slopes: {function} is no function",
                expected="a function, as in functions: {f: generic}",
            )


def _require_no_numbers(context: Context, scope: Scope) -> None:
    """Raise `IllFormed` for a function that is a number of the model."""
    for entry in scope.lexicon.entries.values():
        head = entry.notation.head
        bare = not entry.prefix and not entry.rank and entry.notation == Notation(head)
        if bare and entry.body is None and entry.tensor and head in context.functions:
            raise IllFormed(
                f"functions: {head} is a number of the model, no function",
                expected="a symbol that the model applies, or that it does not have",
            )


def reading_scope(
    model: Model, context: Context = EMPTY, origins: Origins | None = None, numeric: bool = True
) -> Scope:
    """The scope in which a deck's formulas are read: the model's symbols and the context's.

    ``origins`` as in `model_scope`; ``numeric`` puts in the values of the sizes.
    """
    base = numeric_scope(model, origins) if numeric else model_scope(model, origins)
    return apply_context(base, context)
