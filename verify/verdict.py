"""What the judge says of a claim: the fields of the JSON face (`reports/verdicts.schema.json`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from html import escape
from typing import Any


class Status(StrEnum):
    """The seven verdicts; `DESIGN.md` says what each means."""

    PROVED = "proved"
    CONFIRMED = "confirmed"
    REFUTED = "refuted"
    ILL_FORMED = "ill-formed"
    UNDECIDED = "undecided"
    UNREADABLE = "unreadable"
    DEFINITION = "definition"


ACCEPTED = frozenset({Status.PROVED, Status.CONFIRMED, Status.DEFINITION})


@dataclass(frozen=True)
class Place:
    """1-based line and column in code points; the end is exclusive.

    They count in ``file``, one that the deck reads in, or in a ``cell`` of a notebook, where given.
    """

    line: int
    column: int
    end_line: int
    end_column: int
    file: str | None = None
    cell: int | None = None

    @property
    def brief(self) -> str:
        """``3:4``, in a notebook ``cell 2:3:4``, in another file ``other.tex:3:4``."""
        within = self.file or (f"cell {self.cell}" if self.cell is not None else "")
        return f"{within}:{self.line}:{self.column}" if within else f"{self.line}:{self.column}"

    @property
    def said(self) -> str:
        """In words: ``cell 2, line 3, column 4``."""
        within = self.file or (f"cell {self.cell}" if self.cell is not None else "")
        return f"{within}{', ' if within else ''}line {self.line}, column {self.column}"

    @property
    def lines(self) -> str:
        """The line, with what it is counted in."""
        return self.brief.rpartition(":")[0]

    def at(self, deck: str) -> str:
        """As a compiler says it: ``deck.md:3:4``."""
        return self.brief if self.file else f"{deck}:{self.brief}"


@dataclass(frozen=True)
class Evidence:
    """One rung: its ``method``, ``outcome`` (``agrees``, ``differs``, ``skipped``) and detail."""

    method: str
    outcome: str
    detail: str = ""


@dataclass(frozen=True)
class Part:
    """A link of a chain, a term of an expansion or a cell of a table."""

    what: str
    status: Status
    message: str = ""


ANEW = "the side is written anew"
"""How the words begin of a suggestion that leaves nothing of a side as it was."""


@dataclass(frozen=True)
class Suggestion:
    """The nearest right formula: its ``latex`` and, in ``words``, the edit that leads to it.

    Mathematics in the words stands between dollar signs. ``plain`` is the formula without the
    author's macros, where it has some.
    """

    latex: str
    words: str
    plain: str = field(default="", repr=False)

    @property
    def anew(self) -> bool:
        """Whether it is no edit of the author's formula, but a side that was derived."""
        return self.words.startswith(ANEW)

    @property
    def edit(self) -> str:
        """The words as plain text, mathematics as LaTeX in it."""
        return self.words.replace("$", "")


@dataclass(frozen=True)
class Stated:
    """What a formula says of a tensor, or of a symbol of the deck: for which entries, by what.

    ``entries`` are the least and the greatest value of each index of the left side; ``reads`` the
    tensors on the right, ``given`` the inputs and parameters among them with the author's names.
    ``steps`` say by how much the indices of each of these move with those of the left side;
    ``of_loss`` tells that another factor of the loss would change it.
    """

    system: str
    kind: str
    subject: str
    name: str
    entries: tuple[tuple[int, int], ...]
    reads: frozenset[str]
    given: tuple[tuple[str, str], ...]
    steps: tuple[tuple[str, tuple[int, ...]], ...] = ()
    of_loss: bool = False


@dataclass(frozen=True)
class Contradiction:
    """Two places of a deck that say of ``subject`` what cannot both be right."""

    subject: str
    first: Place
    second: Place
    message: str


@dataclass(frozen=True)
class Verdict:
    """The judgement of one claim, with everything that was assumed to reach it.

    ``foreign`` says that it speaks of something which the model does not have; ``plain`` is the
    formula without the author's macros, where it has some.
    """

    id: str
    places: tuple[Place, ...]
    latex: str
    status: Status
    message: str
    read_as: str = ""
    target: str | None = None
    scope: str | None = None
    assumptions: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    parts: tuple[Part, ...] = ()
    counterexample: dict[str, Any] | None = None
    suggestion: Suggestion | None = None
    foreign: bool = field(default=False, compare=False, repr=False)
    stated: tuple[Stated, ...] = field(default=(), compare=False, repr=False)
    plain: str = field(default="", compare=False, repr=False)

    def _repr_latex_(self) -> str:
        return rf"$\displaystyle {self.latex}$"

    def _repr_html_(self) -> str:
        """What a notebook shows: status, place and message; the notebook sets the mathematics."""
        place = self.places[0]
        lines = [
            f"<strong>{self.status}</strong> ({place.said}): ${escape(self.latex)}$",
            escape(self.message),
        ]
        if self.suggestion is not None:
            lines.append(f"instead: ${escape(self.suggestion.latex)}$")
        return f"<p>{'<br>'.join(line for line in lines if line)}</p>"


def united(verdicts: Iterable[Verdict]) -> Iterator[Verdict]:
    """Verdicts that say the same of the same formula as one, numbered in order.

    Formulas that show numbers are judged again where the deck has given other values since.
    """
    found: dict[tuple[object, ...], Verdict] = {}
    for v in verdicts:
        key = (v.latex, v.status, v.message, v.read_as, v.assumptions, v.conditions, v.parts)
        same = found.get(key)
        found[key] = v if same is None else replace(same, places=_merged(same.places, v.places))
    for number, verdict in enumerate(found.values(), start=1):
        yield replace(verdict, id=f"c{number}")


def _merged(one: tuple[Place, ...], two: tuple[Place, ...]) -> tuple[Place, ...]:
    """Places in the order of the text."""
    return tuple(sorted((*one, *two), key=lambda p: (p.line, p.column)))


@dataclass(frozen=True)
class Skipped:
    """A stretch of the deck that holds no claim, and why."""

    line: int
    column: int
    reason: str
    file: str | None = None
    cell: int | None = None


@dataclass(frozen=True)
class Judgement:
    """All verdicts on a deck, in order of first place, and all that was skipped.

    ``assumed`` says what was recognised of a model that the deck defines itself,
    ``contradictions`` which places cannot both be right.
    """

    deck: str
    model: str | None
    context: str | None
    claims: tuple[Verdict, ...]
    skipped: tuple[Skipped, ...] = ()
    assumed: tuple[str, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    seconds: float = field(default=0.0, compare=False)

    @property
    def summary(self) -> dict[str, int]:
        """How many claims have each status, every status listed."""
        return {s.value: sum(c.status is s for c in self.claims) for s in Status}

    @property
    def accepted(self) -> bool:
        """True where every claim is proved, confirmed or a definition."""
        return all(c.status in ACCEPTED for c in self.claims)

    def _repr_html_(self) -> str:
        counts = ", ".join(f"{count} {status}" for status, count in self.summary.items() if count)
        shown = "".join(claim._repr_html_() for claim in self.claims)
        return f"<p>{escape(self.deck)}: {counts}</p>{shown}"
