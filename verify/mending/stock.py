r"""What could stand in a formula: elements, arrays and slopes of everything that the scope knows.

All of it is LaTeX in the notation of deck and model. Each tensor comes once, in the notation that
the formula itself uses where it does; gradients as ``\frac{\partial L}{\partial x_i}`` where it
writes any so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice, product

from derive.equations import Model, adjoint_name
from derive.expr import Access, Apply, Expr, accesses
from derive.expr import walk as core_walk
from derive.index import Index
from derive.reading.lexicon import Entry
from derive.reading.names import is_bare
from derive.reading.scope import Scope
from derive.reading.surface import (
    Binary,
    Call,
    Fraction_,
    Group,
    Juxtaposition,
    Name,
    Node,
    Numeral,
    Prefixed,
    Unary,
    walk,
)
from verify.mending.edit import transposition, typed
from verify.mending.exponents import exponents
from verify.mending.fillings import Letters
from verify.mending.frames import is_symbol
from verify.mending.indices import index_nodes, index_slots
from verify.mending.moments import at_other_times
from verify.mending.symbols import marked, meaning
from verify.setting import index_text

MOST_FILLED = 12
"""Ways to fill the slots of one symbol."""
MOST_PLACES = 6
"""Index texts of a formula that are put into slots of other symbols."""
HEAD = re.compile(r"^(\\[a-zA-Z]+\{[^{}]*\}|\\?[a-zA-Z]+)'*")
"""A symbol without its scripts."""
ITS_OWN_SLOPE = frozenset(("exp", "log", "log10", "sqrt"))
"""Functions whose derivatives nobody writes with a prime."""
JOINED = re.compile(r"_\{[a-z]{2,}\}")
GREEK = frozenset(
    "alpha beta gamma delta epsilon eta theta kappa lambda mu nu rho sigma tau phi psi "
    "omega".split()
)


@dataclass(frozen=True)
class Stock:
    """The symbols of a scope as the author of ``text`` writes them."""

    scope: Scope
    model: Model
    fixed: Model
    text: str
    sides: tuple[Node, ...]

    # Symbols

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """One symbol for each tensor, adjoint and definition; those in the text come first."""
        entries = [e for e in self.scope.lexicon.entries.values() if e.ranges is not None]
        entries.sort(key=lambda e: e.notation.head not in self.text)
        found: dict[object, Entry] = {}
        for entry in entries:
            found.setdefault(meaning(entry), entry)
        return tuple(found.values())

    def elements(self, letters: Letters) -> Iterator[str]:
        """Every symbol with the letters in its slots that run over its ranges."""
        for entry in self.entries:
            for text in islice(self._filled(entry, letters), MOST_FILLED):
                yield text
                if self._has_gradient(entry):
                    yield from self._gradients(text)
                    yield from self._derivative(entry, text)

    def in_place_of(self, own: str) -> Iterator[str]:
        """Every other symbol with the scripts and arguments of ``own``."""
        scripts = HEAD.sub("", own, count=1)
        for entry in self.entries:
            if not own.startswith(r"\frac") and not entry.prefix and scripts != own:
                yield entry.notation.head + scripts

    def arrays(self, letters: Letters) -> Iterator[str]:
        """Every symbol as a whole or as one of its maps, its transpose, its rotation."""
        for entry in self.entries:
            for text in islice(self._maps(entry, letters), MOST_FILLED):
                yield text
                if entry.rank in (1, 2):
                    turned = transposition(self.text)
                    yield f"{text}{turned}" if "^" not in text else f"({text}){turned}"
                if self._has_gradient(entry):
                    yield from self._gradients(text)
                    yield from self._derivative(entry, text)

    def _maps(self, entry: Entry, letters: Letters) -> Iterator[str]:
        """The symbol without its arguments; the slots in its scripts empty or filled."""
        yield self.whole(entry)
        for other, texts in at_other_times(entry, self._windows.get(entry.tensor, ()), letters):
            yield self.element(other, texts)
        notation = entry.notation
        scripts = [k for k in (*notation.sub, *notation.sup) if isinstance(k, int)]
        shapes = [(lo.value, hi.value) for lo, hi in entry.ranges or ()]
        if not scripts or not notation.args:
            return
        bare = replace(notation, args=())
        options = [[n for n, r in letters.items() if r == shapes[k]] for k in scripts]
        for texts in product(*options):
            if len(set(texts)) == len(texts):
                at = dict(zip(scripts, texts, strict=True))
                places = tuple(at.get(k, "") for k in range(entry.rank))
                yield self.element(replace(entry, notation=bare), places)

    def _gradients(self, text: str) -> Iterator[str]:
        r"""``\partial L / \partial x`` or ``\nabla_x L`` as the formula writes such."""
        above, nabla = self.above
        if above and not above.endswith(f" {text}"):
            yield rf"\frac{{{above}}}{{\partial {text}}}"
        if nabla:
            yield rf"\nabla_{text} {nabla}" if len(text) == 1 else rf"\nabla_{{{text}}} {nabla}"

    @cached_property
    def _meanings(self) -> frozenset[object]:
        return frozenset(map(meaning, self.entries))

    def _derivative(self, entry: Entry, text: str) -> Iterator[str]:
        r"""``\partial L / \partial x`` where nothing shorter denotes it."""
        unnamed = adjoint_name(entry.tensor) not in self._meanings
        if self.model.loss is not None and unnamed and not any(self.above):
            loss = self.model.tensors[self.model.loss].notation.head
            yield rf"\frac{{\partial {loss}}}{{\partial {text}}}"

    @cached_property
    def above(self) -> tuple[str, str]:
        r"""What stands above the line of a derivative, and behind a ``\nabla``; or nothing."""
        above = nabla = ""
        for node in (n for side in self.sides for n in walk(side)):
            top = node.top if isinstance(node, Fraction_) else None
            if isinstance(top, Prefixed) and top.operator == r"\partial":
                above = above or typed(top, self.text)
            if isinstance(node, Prefixed) and node.operator == r"\nabla":
                nabla = nabla or typed(node.body, self.text)
        return above, nabla

    def _has_gradient(self, entry: Entry) -> bool:
        known = entry.tensor in self.model.tensors and entry.tensor != self.model.loss
        return known and not entry.prefix

    def _filled(self, entry: Entry, letters: Letters) -> Iterator[str]:
        yield from (self.element(entry, texts) for texts in self._read_at(entry.tensor, letters))
        shapes = [(lo.value, hi.value) for lo, hi in entry.ranges or ()]
        known = {*letters, *self.scope.letters}
        others = [t for t, names in self._places if names <= known and t not in letters]
        options = [[*(n for n, r in letters.items() if r == shape), *others] for shape in shapes]
        for texts in product(*options):
            if len(set(texts)) == len(texts):
                yield self.element(entry, texts)

    def _read_at(self, tensor: str, letters: Letters) -> Iterator[tuple[str, ...]]:
        """The windows through which the model reads a tensor, where the letters are in scope."""
        for texts, spans in self._windows.get(tensor, ()):
            if all(letters.get(name) == span for name, span in spans.items()):
                yield texts

    @cached_property
    def _windows(self) -> dict[str, list[tuple[tuple[str, ...], dict[str, object]]]]:
        """Index texts such as ``s i + u`` by tensor, each with the spans of its letters."""
        found: dict[str, list[tuple[tuple[str, ...], dict[str, object]]]] = {}
        for equation, here in zip(self.model.equations, self.fixed.equations, strict=True):
            for access, twin in zip(accesses(equation.rhs), accesses(here.rhs), strict=False):
                axes = [a for i in twin.indices for a in i.axes]
                if any(i.axes and i not in map(Index.of, i.axes) for i in access.indices):
                    texts = tuple(index_text(i) for i in access.indices)
                    spans: dict[str, object] = {a.name: (a.lo.value, a.hi.value) for a in axes}
                    found.setdefault(access.tensor, []).append((texts, spans))
        return found

    @cached_property
    def _places(self) -> tuple[tuple[str, frozenset[str]], ...]:
        """What the formula has for indices, ``i``, ``c``, ``1``, ``i - u``, with their names."""
        inside = {n for side in self.sides for n in index_nodes(side)}
        nodes = (n for side in self.sides for n in walk(side) if id(n) not in inside)
        slots = (s for n in nodes if is_symbol(n, self.scope) for s in index_slots(n))
        inner = (f for s in slots for f in (s.factors if isinstance(s, Juxtaposition) else (s,)))
        found = {
            typed(f, self.text): frozenset(n.base for n in walk(f) if isinstance(n, Name))
            for f in inner
            if all(map(_may_be_index, walk(f)))
        }
        return tuple(islice(found.items(), MOST_PLACES))

    # Text

    def element(self, entry: Entry, indices: tuple[str, ...]) -> str:
        """The symbol with these index texts in its slots."""
        notation = entry.notation
        text = marked(entry)
        text += self._script("_", notation.sub, indices) + self._script("^", notation.sup, indices)
        if notation.args:
            close = {"(": ")", "[": "]"}.get(notation.bracket, ")")
            inner = ", ".join(indices[k] for k in notation.args)
            text += f"{notation.bracket}{inner}{close}"
        return text

    def whole(self, entry: Entry) -> str:
        """The symbol with its labels only."""
        notation = entry.notation
        text = marked(entry)
        for mark, items in (("_", notation.sub), ("^", notation.sup)):
            labels = tuple(item for item in items if isinstance(item, str))
            text += self._script(mark, labels, ())
        return text

    def _script(self, mark: str, items: tuple[int | str, ...], indices: tuple[str, ...]) -> str:
        if not items:
            return ""
        texts = [indices[k] if isinstance(k, int) else k for k in items]
        plain = all(len(t) == 1 for t in texts)
        joined = plain and (JOINED.search(self.text) or "," not in self.text)
        inner = ("" if joined else ",").join(texts)
        return f"{mark}{inner}" if len(inner) == 1 else f"{mark}{{{inner}}}"

    # Numbers and slopes

    def sizes(self) -> Iterator[str]:
        """The sizes as they are written."""
        for name in self.scope.sizes:
            yield rf"\{name}" if name in GREEK else name

    def size_values(self) -> list[tuple[str, int]]:
        """The sizes with their values."""
        values = (index.value for index in self.scope.sizes.values())
        return [(s, v) for s, v in zip(self.sizes(), values, strict=True) if v is not None]

    def constants(self) -> Iterator[str]:
        """2, ½, exponents of the model, and the sizes with their inverses."""
        yield from ("2", r"\frac{1}{2}", *exponents(self.model))
        for size in self.sizes():
            yield from (size, rf"\frac{{1}}{{{size}}}")

    def slopes(self, letters: Letters | None = None) -> Iterator[str]:
        """What the chain rule brings for each activation; of whole arrays without ``letters``."""
        by_tensor: Mapping[str, Entry] = {e.tensor: e for e in self.entries if e.tensor}
        times = " " if letters is not None else r" \odot "
        for equation in self.model.equations:
            if isinstance(equation.rhs, Apply) and len(equation.rhs.arguments) == 1:
                for out in self._texts(by_tensor.get(equation.tensor), letters):
                    plain = letters is not None and "^" not in out
                    square = f"{out}^2" if plain else f"{out}{times}{out}"
                    yield from (f"(1 - {out})", f"{out}{times}(1 - {out})", f"(1 - {square})")
            for function, argument in _applied(equation.rhs):
                head = self._heads.get(function) if function not in ITS_OWN_SLOPE else None
                for inner in self._texts(by_tensor.get(argument), letters) if head else ():
                    if function == "tanh":
                        yield f"(1 - {head}({inner})^2)"
                    yield f"{head}'({inner})"

    @cached_property
    def _heads(self) -> dict[str, str]:
        """How functions are written, as the model does where it says."""
        plain = sorted(self.scope.functions.items(), key=lambda f: "{" not in f[0])
        return {name: latex for latex, name in (*plain, *self.model.functions.items())}

    def _texts(self, entry: Entry | None, letters: Letters | None) -> Iterator[str]:
        if entry is None:
            return
        if letters is None:
            yield self.whole(entry)
        else:
            yield from islice(self._filled(entry, letters), MOST_FILLED)


def _may_be_index(node: Node) -> bool:
    bare = isinstance(node, Name) and is_bare(node) and node.base.isalpha()
    sums = isinstance(node, Binary) and node.operator in ("+", "-", "*", "/")
    return bare or sums or isinstance(node, Numeral | Unary | Juxtaposition | Group | Call)


def _applied(expr: Expr) -> Iterator[tuple[str, str]]:
    """The functions of single elements in an expression, with their tensors."""
    for node in core_walk(expr):
        argument = node.arguments[0] if isinstance(node, Apply) else None
        if isinstance(node, Apply) and isinstance(argument, Access) and len(node.arguments) == 1:
            yield node.function, argument.tensor
