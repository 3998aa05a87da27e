r"""The equations of a page as a network: the first for every symbol, the loss, what it needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from derive.reading.build_model import Written
from derive.reading.function_names import STANDARD_ARRAY_FUNCTIONS, STANDARD_FUNCTIONS
from derive.reading.learn import Learner
from derive.reading.letters import occurrences
from derive.reading.lexicon import Entry, Lexicon, Occurrence, occurrence
from derive.reading.names import ascii_name, is_bare, spread
from derive.reading.order import tensors_read
from derive.reading.own.functions import Functions
from derive.reading.own.statements import Page
from derive.reading.recurrences import TIME
from derive.reading.surface import Numeral
from derive.reading.whole_arrays import without_whole


def _keys(declared: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = declared.get(key)
    return tuple(map(str, value)) if isinstance(value, dict) else ()


def without_cells(equations: Sequence[Written]) -> list[Written]:
    """The equations without those of single elements of what another one gives as a whole."""
    lefts = [occurrence(w.sentence.nodes[0]) for w in equations]
    wholes = {i.head for i in lefts if i is not None and is_bare(replace(i.name, accents=()))}

    def is_cell(item: Occurrence | None) -> bool:
        if item is None or item.head not in wholes or not item.name.sub:
            return False
        return all(isinstance(n, Numeral) for n in spread(item.name.sub))

    return [w for w, item in zip(equations, lefts, strict=True) if not is_cell(item)]


LOSSES = frozenset(
    {"L", "J", "E", "C", r"\ell", r"\mathcal{L}", r"\mathcal{J}", r"\mathcal{E}", r"\mathscr{L}",
     r"\mathrm{loss}", r"\mathrm{Loss}", r"\mathrm{cost}", r"\mathrm{Cost}"}
)  # fmt: skip
"""What a loss is usually called; only asked where nothing is differentiated."""


class Network:
    """``first`` holds the first equation for every symbol, by the symbol's name in code.

    ``declared`` are the sizes, times and types of the page's front matter.
    """

    def __init__(self, page: Page, functions: Functions, declared: Mapping[str, Any]) -> None:
        self.page = page
        self.functions = functions
        aside = (*functions.used, *functions.strange)
        equations = without_cells([w for w in page.equations if w not in aside])
        names = {*STANDARD_FUNCTIONS, *STANDARD_ARRAY_FUNCTIONS, *functions.names}
        sizes = (*page.sizes, *_keys(declared, "sizes"))
        learner = Learner(names, sizes, page.plain, _keys(declared, TIME))
        entries: dict[str, Entry] = {}
        written = [w.sentence for w in equations]
        ranks = {latex: len(lengths) for latex, lengths in page.spaces.items()}
        for notation in without_whole(learner.notations(written), written, ranks):
            key = ascii_name(notation, entries)
            rank = sum(isinstance(s, int) for s in (*notation.sub, *notation.sup, *notation.args))
            entries[key] = Entry(notation, rank, key)
        self.lexicon = Lexicon.of(entries.values(), names)
        self.first: dict[str, Written] = {}
        for equation in equations:
            if (tensor := self.defined_by(equation)) is not None:
                self.first.setdefault(tensor, equation)

    def tensor(self, item: Occurrence | None) -> str | None:
        """The symbol in code of an occurrence."""
        match = self.lexicon.match(item) if item is not None else None
        return match.entry.tensor if match is not None else None

    def defined_by(self, written: Written) -> str | None:
        """The symbol that an equation defines."""
        return self.tensor(occurrence(written.sentence.nodes[0]))

    def head(self, tensor: str) -> str:
        """How the page writes a symbol, without indices."""
        return next(e.notation.head for e in self.lexicon.entries.values() if e.tensor == tensor)

    def reads(self, written: Written) -> frozenset[str]:
        """The symbols on the right of an equation."""
        return frozenset(tensors_read(written.sentence.nodes[1], self.lexicon))

    def losses(self) -> list[str]:
        """What may be the loss: defined, read by nothing, and differentiated.

        Where nothing is differentiated by name, what has a usual name for a loss. Elements of one
        array, ``O_{11}`` and ``O_{12}``, are no losses.
        """
        read = frozenset().union(*(self.reads(w) for w in self.first.values()))
        numbers = {e.tensor for e in self.lexicon.entries.values() if not e.rank}
        heads = {t: self.head(t) for t in self.first if t not in read and t in numbers}
        found = [t for t, h in heads.items() if h in self.page.numerators]
        if found or self.page.numerators:
            cells = len(found) > 1 and len({heads[t] for t in found}) == 1
            return [] if cells else found
        return [t for t, h in heads.items() if h in LOSSES]

    def needed(self, loss: str | None) -> list[Written]:
        """The equations that the loss rests on, or all where there is none."""
        if loss is None:
            return [*self.first.values()]
        wanted, pending = {loss}, [loss]
        while pending:
            for tensor in self.reads(self.first[pending.pop()]) & self.first.keys() - wanted:
                wanted.add(tensor)
                pending.append(tensor)
        return [w for t, w in self.first.items() if t in wanted]

    def only_read(self, chosen: Sequence[Written]) -> Iterator[Occurrence]:
        """The first occurrence of every symbol that some equations read and none defines."""
        seen = {self.defined_by(w) for w in chosen}
        for item in (i for w in chosen for i in occurrences(w.sentence.nodes[1])):
            tensor = self.tensor(item)
            if tensor is not None and tensor not in seen:
                seen.add(tensor)
                yield item
