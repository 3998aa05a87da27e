r"""The model that a document defines for itself, so that its own claims can be judged.

What the loss is, which symbols are functions and how large things are is recognised where the page
leaves one possibility, and said; else it is asked for, all in one message with front matter to
paste. A sheet's declarations may stand in the front matter of the page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from derive.equations import Model
from derive.errors import Problem
from derive.reading.build_model import Written
from derive.reading.declarations import Front
from derive.reading.declare import single
from derive.reading.document import Document
from derive.reading.layouts import DECLARED
from derive.reading.lexicon import Occurrence, occurrence
from derive.reading.model_roles import NO_NUMBER
from derive.reading.names import head, readable
from derive.reading.own.along import along
from derive.reading.own.asking import Asked, as_front
from derive.reading.own.columns import columns
from derive.reading.own.dependent import without_what_they_depend_on
from derive.reading.own.free_ranges import declared_lengths, with_free_ranges
from derive.reading.own.functions import GENERIC, functions_of, is_catalogued
from derive.reading.own.layers import layered
from derive.reading.own.lone_functions import network_of
from derive.reading.own.network import Network
from derive.reading.own.of_samples import with_samples
from derive.reading.own.ranges import with_ranges
from derive.reading.own.said_values import OF_INPUTS, SHARES, said_values
from derive.reading.own.shapes import (
    bare,
    beside,
    cells,
    guessed,
    numbers,
    said_types,
    shows_matrices,
)
from derive.reading.own.statements import Page, page_of
from derive.reading.sheet import built
from derive.reading.sheet_keys import SHEET_KEYS
from derive.reading.surface import Call, Name, walk
from derive.reading.undeclared import as_typed
from derive.reading.words import joined

VALUES = (3, 4, 2, 5, 6, 7)
"""Sizes that the page leaves open, in order; all different, so that shapes tell them apart."""
INPUTS = frozenset({"x", "X", "y", "Y", "t", "d"})
"""What data are called; all else that is only read is a parameter."""
NUMBERS = frozenset({r"\epsilon", r"\varepsilon", r"\eta", r"\lambda", r"\tau"})
"""What weights, rates and temperatures are called, where matrices stand beside them."""
_OTHERS = frozenset({"title", "variants", "announced"})


@dataclass(frozen=True)
class Own:
    """A model, and where the equations stand that it is made of, as offsets of the document.

    Those that are ``restated`` are read of samples, not as they stand. ``open`` are the functions
    that the page never defines, by LaTeX; ``assumed`` says in words what was recognised.
    """

    model: Model
    definitions: frozenset[int]
    restated: frozenset[int] = frozenset()
    open: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()


def own_model(document: Document, name: str) -> Own:
    """The model that the document's own equations define.

    Raises `Problem`: one message that asks for all that is missing, or the place of what is wrong.
    """
    page = page_of(document)
    typed = without_what_they_depend_on(page.equations, is_catalogued)
    page.equations = with_samples(typed, is_catalogued)
    both = zip(typed, page.equations, strict=True)
    restated = {_place(w) for w, new in both if w.sentence.nodes[0] != new.sentence.nodes[0]}
    declared = {k: v for k, v in document.front.items() if _is_declared(k, v)}
    plain = functions_of(page.equations, frozenset(page.differentiated))
    if (found := layered(document, name, page, plain, declared)) is not None:
        places = map(_place, (*found.chosen, *plain.used))
        return Own(found.model, frozenset(places), open=found.open, assumed=found.assumed)
    ranged = with_ranges(page.equations, document.text, page.ranges)
    ranged, made = with_free_ranges(ranged, page, document.text, {*_told(declared, page)})
    page.equations = [written for written, _ in ranged]
    page.bounds |= dict.fromkeys((*made, *declared_lengths(declared)))
    functions = functions_of(page.equations, frozenset(page.differentiated))
    network = network_of(page, functions, declared)
    if not network.first:
        raise Problem(
            "no model is given, and the document defines none", path=document.path,
            expected="equations such as $$ y_i = … $$, or --model with a built-in name or a sheet",
        )  # fmt: skip
    try:
        built = _Work(document, name, network, declared).built(ranged)
    except Problem as error:
        if "loss" in declared or NO_NUMBER not in error.message or not page.numerators:
            raise
        page.numerators.clear()  # what is differentiated is an array: gradients come from above
        built = _Work(document, name, network, declared).built(ranged)
    return replace(built, restated=frozenset(restated))


def _told(declared: Mapping[str, Any], page: Page) -> Iterator[str]:
    """Letters that have a range, and heads of symbols that have a type."""
    for key in ("time", "families", "sizes"):
        value = declared.get(key)
        yield from map(str, value) if isinstance(value, dict) else ()
    types = declared.get("types")
    for latex in (*(types if isinstance(types, dict) else ()), *page.spaces):
        item = occurrence(joined(single(str(latex))))
        if item is not None:
            yield from (item.head, item.head.lower())
    yield from page.ranges


def _place(written: Written) -> int:
    return written.start + written.sentence.span.start


def _is_declared(key: str, value: object) -> bool:
    """Whether a key of the page's front matter is a sheet's, and no site generator's."""
    if key == "layout":
        return value in DECLARED
    return key in SHEET_KEYS and key not in _OTHERS


class _Work:
    """Puts the front matter of a sheet together, then builds."""

    def __init__(
        self, document: Document, name: str, network: Network, declared: Mapping[str, Any]
    ) -> None:
        self.document = document
        self.name = name
        self.network = network
        self.front = dict(declared)
        self.assumed: list[str] = []
        self.asked: list[str] = []
        self.hints: dict[str, Any] = {}

    def built(self, ranged: Sequence[tuple[Written, tuple[str, ...]]]) -> Own:
        """The model, with what was said of the ranges of its equations. Raises `Problem`."""
        chosen = self.network.needed(self._loss())
        told = (line for written, lines in ranged if written in chosen for line in lines)
        self.assumed += dict.fromkeys(told)
        functions = self.network.functions
        used = {n: m for n, m in functions.names.items() if _occurs(n, chosen)}
        sides = dict(along(self.document.text, chosen))
        self._declare("functions", used | sides)
        self.assumed += (f"{readable(n)} is {m}, as the page says" for n, m in sides.items())
        self._declare("types", said_types(self.network.page, chosen))
        self._declare("types", cells(self.network.only_read(chosen)))
        self._columns(chosen)
        self._declare("sizes", self._sizes())
        self.front.setdefault("inputs", self._inputs(chosen))
        self._shares(chosen)
        self._shapes(chosen)
        self._require()
        model = self._model(chosen)
        if "declare" not in self.document.front and "declare" in self.front:
            arrays = [n for n in self.front["declare"]["one-hot"] if model.tensors[n].rank]
            self.front["declare"]["one-hot"] = arrays
            model = self._model(chosen)
        places = map(_place, (*chosen, *functions.used))
        declared = self.document.front.get("functions") or {}
        openly = tuple(n for n, m in used.items() if m == GENERIC and n not in declared)
        return Own(model, frozenset(places), open=openly, assumed=tuple(self.assumed))

    def _columns(self, chosen: Sequence[Written]) -> None:
        """Lengths of vectors of which the page says nothing but their products."""
        made = columns(self.network, chosen, self.front["types"])
        for latex, kind in made.items():
            self.network.page.bounds.setdefault(kind.split()[1])
            self.assumed.append(f"{readable(latex)} is a {kind}, as a factor of a product w^T x")
        self._declare("types", made)

    def _model(self, chosen: Sequence[Written]) -> Model:
        front = {k: v for k, v in self.front.items() if v not in ({}, [], None)}
        sheet = replace(self.document, front=front)
        try:
            return built(Front(sheet), self.name, [*chosen], self.network.page.plain)
        except Problem as error:
            error.advice = error.advice or "or give the model as a sheet, --model sheet.md"
            raise

    def _declare(self, key: str, more: Mapping[str, Any]) -> None:
        """What was recognised; a declaration of the page comes first."""
        said = self.front.get(key)
        self.front[key] = {**more, **said} if isinstance(said, dict) else said or dict(more)

    def _loss(self) -> str | None:
        """The symbol in code of the loss; ``None`` where gradients come from above."""
        if isinstance(said := self.front.get("loss"), str):
            heads = {self.network.head(t): t for t in self.network.first}
            return heads.get(said, said if said in self.network.first else None)
        found = self.network.losses()
        heads = {t: self.network.head(t) for t in found}
        if len(found) == 1:
            self.front["loss"] = found[0]
            self.assumed.append(f"the loss is {readable(heads[found[0]])}")
            return found[0]
        if found:
            names = " or ".join(readable(h) for h in heads.values())
            self.asked.append(f"which of {names} is the loss")
            self.hints["loss"] = heads[found[0]]
        return None

    def _sizes(self) -> dict[str, int]:
        """The numbers of the sizes, the page's own where it says some."""
        page = self.network.page
        said = {n: v for n, v in page.numbers.items() if n in page.sizes}
        free = [n for n in page.sizes if n not in said and n not in (self.front.get("sizes") or {})]
        values = {name: VALUES[k % len(VALUES)] + k // len(VALUES) for k, name in enumerate(free)}
        if values:
            shown = ", ".join(f"{name} = {value}" for name, value in values.items())
            self.assumed.append(f"numbers are tried at {shown}, which the page leaves open")
        return {**said, **values}

    def _inputs(self, chosen: Sequence[Written]) -> list[str]:
        items = self.network.only_read(chosen)
        given = INPUTS | (NUMBERS - self.network.page.differentiated)
        return [t for i in items if i.head in given and (t := self.network.tensor(i)) is not None]

    def _shares(self, chosen: Sequence[Written]) -> None:
        r"""What the page says of the values of what it does not compute."""
        read = {i.head: self.network.tensor(i) for i in self.network.only_read(chosen)}
        said = {
            kind: [(text, name) for head, text in found if (name := read.get(head))]
            for kind, found in said_values(self.network.page, self.document.text).items()
        }
        if not any(said.values()) or "declare" in self.front:
            return
        if not isinstance(self.front["inputs"], list):
            return
        names = (name for kind in OF_INPUTS for _, name in said[kind])
        self.front["inputs"] = [*dict.fromkeys((*self.front["inputs"], *names))]
        self.front["declare"] = {
            kind: [text if kind == SHARES else name for text, name in pairs]
            for kind, pairs in said.items()
        }
        for kind, pairs in said.items():
            if shown := ", ".join(readable(text) for text, _ in pairs):
                self.assumed.append(f"{kind}, as the page says: {shown}")

    def _shapes(self, chosen: Sequence[Written]) -> None:
        """Types of what has neither indices nor a type, or a question."""
        missing = bare(self.network, chosen, self.front["types"])
        if not missing or not shows_matrices(self.network.page, missing):
            if shown := ", ".join(readable(i.head) for i in missing):
                self.assumed.append(f"numbers, as they have no indices: {shown}")
            return
        while missing and not self.asked:
            model, heads = self._model(chosen), [i.head for i in missing]
            found = {**beside(model, chosen, heads), **numbers(model, chosen, heads)}
            if not found:
                break
            self._declare("types", found)
            for name, kind in found.items():
                said = "number" if kind == "scalar" else kind
                self.assumed.append(f"{readable(name)} is a {said}, as what stands beside it")
            missing = [i for i in missing if i.head not in found]
        if usual := [i for i in missing if i.head in NUMBERS]:
            self._declare("types", {as_typed(i): "scalar" for i in usual})
            shown = ", ".join(readable(as_typed(i)) for i in usual)
            self.assumed.append(f"numbers, as usual: {shown}")
        self._ask_shapes([i for i in missing if i not in usual])

    def _ask_shapes(self, missing: Sequence[Occurrence]) -> None:
        if missing:
            self.asked.append(f"the shapes of {', '.join(readable(as_typed(i)) for i in missing)}")
            self.hints["types"] = dict(guessed(missing))

    def _require(self) -> None:
        """Ask for all that is missing in one message."""
        if not self.asked:
            return
        lines = as_front(self.hints, self.document.path)
        raise Asked(
            f"no model is given, and the document does not say {' and '.join(self.asked)}",
            path=self.document.path, line=1, column=1,
            expected=f"at its head, corrected where it is otherwise:\n{lines}",
        )  # fmt: skip


def _occurs(function: str, chosen: Sequence[Written]) -> bool:
    nodes = (n for w in chosen for node in w.sentence.nodes for n in walk(node))
    return any(isinstance(n, Call) and _head(n) == function for n in nodes)


def _head(call: Call) -> str | None:
    return head(call.head) if isinstance(call.head, Name) else None
