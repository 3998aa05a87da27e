"""What is wrong with a displayed sum, term by term, and how it should read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import groupby

from verify.expansion.displays import Display
from verify.expansion.order import Term
from verify.expansion.words import Words
from verify.verdict import Part, Status, Suggestion

MOST_SPELLED = 4
"""Missing terms that are named; of more only the number is said."""
MOST_PARTS = 60


@dataclass(frozen=True)
class Slip:
    """``what`` is amiss with the shown term ``number``, or behind it; ``text`` mends it.

    ``sure`` says that the slip is in the numbers of the term, its sign, or its absence.
    """

    number: int
    what: str
    text: str | None = None
    missing: bool = False
    sure: bool = True


@dataclass(frozen=True)
class Findings:
    """The slips of one display."""

    display: Display
    words: Words
    slips: tuple[Slip, ...]

    @property
    def message(self) -> str:
        """All of them in words."""
        return "; ".join(s.what for s in self.slips)

    @property
    def clear(self) -> bool:
        """Whether a term was recognised, or every wrong one mended by its numbers.

        Without dots a sum that lacks more terms than it has was never meant as these terms.
        """
        known = sum(isinstance(e, tuple) for e in self.display.entries)
        lost = len(self.display.placed.missing)
        if not self.display.dotted and lost > max(known, MOST_SPELLED):
            return False
        return known > 0 or all(s.text is not None for s in self.slips)

    @property
    def sure(self) -> bool:
        """Whether every slip can be told from another way to group the terms."""
        return all(s.sure for s in self.slips)

    def parts(self) -> tuple[Part, ...]:
        """Every shown term, and what is missing, in order."""
        found = []
        order = {s.number: s for s in self.slips if not s.missing}
        for k, item in enumerate(self.display.items[:MOST_PARTS]):
            if item is None:
                continue
            slip = order.get(k)
            status = Status.REFUTED if slip else Status.PROVED
            found.append(Part(self.words.shown(k), status, slip.what if slip else ""))
        for slip in self.slips:
            if slip.missing and slip.text is not None:
                found.append(Part(slip.text, Status.REFUTED, "missing"))
        return tuple(found)

    def suggestion(self) -> Suggestion | None:
        """The formula with every slip mended; ``None`` where one cannot be spelled out."""
        if not self.slips or any(s.text is None for s in self.slips):
            return None
        text = self.words.text
        for slip in sorted(self.slips, key=lambda s: (s.number, not s.missing), reverse=True):
            item = self.display.items[slip.number] if slip.number >= 0 else None
            if item is None:
                return None
            span = item.span
            if slip.missing:
                text = f"{text[: span.end]} + {slip.text}{text[span.end :]}"
            else:
                text = f"{text[: span.start]}{slip.text}{text[span.end :]}"
        return Suggestion(text, self.message)


@lru_cache(maxsize=8)  # every convention under which a formula reads alike asks for them
def findings(display: Display, text: str) -> Findings:
    """What is wrong with the display in the formula ``text``."""
    words = Words(display, text)
    instead = dict(display.placed.instead)
    missing = list(display.placed.missing)
    slips = []
    for number in display.wrong:
        slip, taken = _wrong(words, number, instead.get(number), missing)
        missing = [m for m in missing if m[1] != taken]
        slips.append(slip)
    slips += _missing(words, missing)
    return Findings(display, words, tuple(slips))


def _place(display: Display, number: int) -> str:
    count = sum(i is not None for i in display.items[: number + 1])
    return f"term {count}"


def _wrong(
    words: Words, number: int, right: Term | None, missing: list[tuple[int, Term]]
) -> tuple[Slip, Term | None]:
    """One shown term that is none of the sum, or is a second time; the term that belongs there."""
    where, shown = _place(words.display, number), words.shown(number)
    if words.sign_is_wrong(number):
        return Slip(number, f"{where}, {shown}, has the wrong sign"), None
    text, taken = None, right
    if right is not None:
        # Where no term of its kind is right, its numbers follow from nothing: others tell more.
        first = partial(words.spelled, like=number)
        then = partial(_spelled, words, instead_of=number)
        ways = (first, then) if words.like_others(number) else (then, first)
        text = next((t for way in ways if (t := way(right)) is not None), None)
    else:
        for _, term in missing:
            text = words.spelled(term, number)
            if text is not None:
                taken = term
                break
    again = words.repeats(number)
    what = f"{where} repeats {shown}" if again else f"{where}, {shown}, is no term of this sum"
    if text is not None:
        what = f"{where} repeats {shown}, it" if again else where
        what += f" should be {text}" if again else f" should be {text}, not {shown}"
    return Slip(
        number, what, text, sure=text is not None or again or words.like_others(number)
    ), taken


def _missing(words: Words, missing: list[tuple[int, Term]]) -> Iterator[Slip]:
    """Missing terms: each by itself where they are few, else as runs."""
    for after, group in groupby(missing, key=lambda pair: pair[0]):
        terms = [term for _, term in group]
        behind = f" behind {_place(words.display, after)}" if after >= 0 else ""
        if len(terms) > MOST_SPELLED:
            ends = _spelled(words, terms[0]), _spelled(words, terms[-1])
            span = f", {ends[0]} to {ends[1]}, " if all(ends) else " "
            what = f"{len(terms)} terms{span}are missing{behind}"
            yield Slip(after, what, _with_dots(words, after, ends[1]), missing=True)
            continue
        for term in terms:
            text = _spelled(words, term) or words.plain(term)
            yield Slip(after, f"{text} is missing{behind}", text, missing=True)


def _with_dots(words: Words, after: int, last: str | None) -> str | None:
    """Dots for what is missing behind a shown term, with the last of it where nothing follows."""
    if after < 0 or last is None:
        return None
    follows = any(item is not None for item in words.display.items[after + 1 :])
    return r"\dots" if follows else rf"\dots + {last}"


def _spelled(words: Words, term: Term, instead_of: int | None = None) -> str | None:
    """The term written like the nearest shown one of its kind.

    Where it stands ``instead_of`` a wrong one, only like one that differs from that in scripts.
    """
    entries = words.display.entries
    alike = [k for k, e in enumerate(entries) if isinstance(e, tuple) and e[0] == term[0]]
    if instead_of is not None:
        alike = [k for k in alike if words.differs_in_scripts(instead_of, k)]
    texts = (words.spelled(term, number) for number in alike[:2])
    return next((text for text in texts if text is not None), None)
