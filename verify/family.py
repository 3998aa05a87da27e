"""A claim is judged against the sheet of a family that its notation fits.

    words in the deck announce a sheet      formulas from there on are of that sheet, up to the
                                            words that announce another
    a symbol that the first sheet lacks     the first of the others that knows every symbol
    none does                               the verdict of the first sheet stands

A sheet that is announced by words judges only where they were met; the first sheet judges what
nothing is announced for, the sheets without words stand beside either.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import product

from derive.equations import Model
from derive.errors import Problem
from derive.given import Given
from derive.reading.context import EMPTY, Context
from derive.reading.document import Document
from derive.reading.family import Member
from derive.reading.meanings import Meaning, with_meanings
from derive.reading.slopes import DECLARED
from verify.bench import Bench
from verify.claims import Claim
from verify.memberships import STATED
from verify.numbers.claims import GIVES_VALUE
from verify.numbers.places import values_of
from verify.setting import Convention, Setting
from verify.verdict import Place, Status, Verdict

Judge = Callable[[Sequence[Claim], Model, Context, bool], list[Verdict]]
"""Judges claims by one model, in order; the last argument says whether others come after it."""


def judge_family(
    claims: Sequence[Claim],
    members: Sequence[Member],
    context: Context,
    document: Document,
    judge: Judge,
) -> list[Verdict]:
    """The verdicts on all claims, each by the member that it fits; one claim for each that fits.

    Raises `Problem` for a context that says something which suits no member.
    """
    contexts = _suited(members, context)
    tasks = _split(claims, members, document)
    found: dict[int, Verdict] = {}

    def turn(mine: Sequence[int], number: int, others: bool) -> None:
        claims_ = [tasks[k].claim for k in mine]
        verdicts = judge(claims_, members[number].model, contexts[number], others) if mine else []
        for k, verdict in zip(mine, verdicts, strict=True):
            told = _noted(verdict, members[number], members)
            if context != EMPTY or not _may_be_meant_elsewhere(found.get(k), told):
                found[k] = _better(found.get(k), told)

    several = len(members) > 1
    for rank, number in product(range(len(members)), range(len(members))):
        mine = [k for k, t in enumerate(tasks) if number in t.at(rank) and not _fits(found.get(k))]
        turn(mine, number, several)
    if several:  # what no sheet knows is told, and mended, by the likeliest
        for number in range(len(members)):
            turn(
                [k for k, t in enumerate(tasks) if _left(found[k]) and t.members[0] == number],
                number,
                False,
            )
    return [replace(found[k], id=f"c{k + 1}") for k in range(len(tasks))]


def _fits(verdict: Verdict | None) -> bool:
    """Whether the sheet of this verdict knows all that the claim speaks of."""
    if verdict is None or verdict.foreign:
        return False
    gives_value = any(e.method in (GIVES_VALUE, STATED) for e in verdict.evidence)
    return gives_value or verdict.status is not Status.DEFINITION


def _left(verdict: Verdict) -> bool:
    """Whether no sheet knew all that the claim speaks of."""
    return verdict.foreign and verdict.status is not Status.DEFINITION


def _may_be_meant_elsewhere(first: Verdict | None, second: Verdict) -> bool:
    """Whether a formula that a sheet leaves open means nothing in another, which is no proof."""
    open_ = first is not None and first.status is Status.UNDECIDED
    return open_ and second.status is Status.ILL_FORMED


def _better(first: Verdict | None, second: Verdict) -> Verdict:
    """One that fits, else one that defines, else the first."""
    if first is None or _fits(second):
        return second
    defines = second.status is Status.DEFINITION
    return first if first.status is Status.DEFINITION or not (defines or _left(first)) else second


def _noted(verdict: Verdict, member: Member, members: Sequence[Member]) -> Verdict:
    if member is members[0] or not _fits(verdict):
        return verdict
    note = f"read as in: {member.model.title}"
    return replace(verdict, assumptions=(*verdict.assumptions, note))


# Announcements


@dataclass(frozen=True)
class _Task:
    """A claim at the places where the same ``members`` may judge it, the likeliest first."""

    claim: Claim
    members: tuple[int, ...]

    def at(self, rank: int) -> tuple[int, ...]:
        """The member that judges in this turn, if there is one."""
        return self.members[rank : rank + 1]


def _split(claims: Sequence[Claim], members: Sequence[Member], document: Document) -> list[_Task]:
    """Every claim, once for each set of members that is in force at some of its places."""
    offsets, announced = _announcements(members, document)
    silent = [k for k, m in enumerate(members) if k and not m.announced]

    def in_force(place: Place) -> tuple[int, ...]:
        at = bisect(offsets, (place.line, place.column))
        return (announced[at - 1] if at else 0, *silent)

    tasks = []
    for claim in claims:
        groups: dict[tuple[int, ...], list[Place]] = {}
        for place in claim.places:
            groups.setdefault(in_force(place), []).append(place)
        tasks += [_Task(replace(claim, places=tuple(p)), m) for m, p in groups.items()]
    return sorted(tasks, key=lambda t: (t.claim.places[0].line, t.claim.places[0].column))


def _announcements(
    members: Sequence[Member], document: Document
) -> tuple[list[tuple[int, int]], list[int]]:
    """Where members are announced in prose, in order, and which."""
    found = sorted(
        (prose.start + match.start(), number)
        for prose in document.segments
        if prose.kind == "prose"
        for number, member in enumerate(members)
        for words in member.announced
        for match in _pattern(words).finditer(prose.text)
    )
    return [document.position(start) for start, _ in found], [number for _, number in found]


def _pattern(words: str) -> re.Pattern[str]:
    """The words with any space between them, not as a part of longer ones."""
    inner = r"\s*".join(map(re.escape, re.findall(r"\w+|[^\w\s]", words)))
    return re.compile(rf"(?<![\w.,]){inner}(?![\w.,]*\w)", re.IGNORECASE)


# Contexts


def _suited(members: Sequence[Member], context: Context) -> list[Context]:
    """For every member what the context says of its symbols.

    Raises `Problem` for a declaration that suits none.
    """
    if len(members) == 1 or context is EMPTY:
        return [context] * len(members)
    own = [_with_own_slopes(context, m, members) for m in members]
    settings = [Setting(Bench(m.model, {}), c) for m, c in zip(members, own, strict=True)]
    found = [_restricted(s, s.context) for s in settings]
    for meaning in context.meanings:
        if not any(meaning in c.meanings for c in found):
            raise _reason(settings, found, replace(context, meanings=(meaning,), given=Given()))
    for pair in context.given.declared:
        if not any(pair in c.given.declared for c in found):
            raise _reason(
                settings, found, replace(context, meanings=(), given=Given(declared=(pair,)))
            )
    for symbol, numbers in context.given.values.items():
        if not any(symbol in c.given.values for c in found):
            part = replace(context, meanings=(), given=Given({symbol: numbers}))
            raise _reason(settings, found, part)
    return found


def _with_own_slopes(context: Context, member: Member, members: Sequence[Member]) -> Context:
    """The context without slopes of functions that only other members have."""
    others = {f for m in members for f in m.model.functions} - member.model.functions.keys()
    kept = {
        mark: f for mark, f in context.operators.items()
        if not (mark.startswith(DECLARED) and f in others)
    }  # fmt: skip
    return replace(context, operators=kept)


def _reason(settings: Sequence[Setting], found: Sequence[Context], part: Context) -> Problem:
    """Why a part of a context suits no member; the first one's reason."""
    for setting, kept in zip(settings, found, strict=True):
        whole = replace(part, meanings=(*kept.meanings, *part.meanings))
        problem = _problem(setting, whole)
        if problem is not None:
            return problem
    raise AssertionError("a part that suits some member was kept there")


def _problem(setting: Setting, part: Context) -> Problem | None:
    """Why this part of a context means nothing to the setting's model."""
    tried = Setting(setting.bench, part)
    try:
        tried.scope(Convention())
        tried.restricted()
        values_of(tried)
    except Problem as problem:
        return problem
    return None


def _meaningful(
    setting: Setting, bare: Context, meanings: Sequence[Meaning]
) -> tuple[Meaning, ...]:
    """The meanings that say something beside those before them that do."""
    if _problem(setting, bare) is not None:
        return ()
    scope, kept = Setting(setting.bench, bare).scope(Convention()), list[Meaning]()
    for meaning in meanings:
        try:
            scope = with_meanings(scope, (meaning,), bare.name)
        except Problem:
            continue
        kept.append(meaning)
    return tuple(kept)


def _restricted(setting: Setting, context: Context) -> Context:
    """What suits the setting's model; a meaning may rest on those before it that do."""
    kept = replace(context, meanings=(), given=Given())
    meanings = _meaningful(setting, kept, context.meanings)
    kept = replace(kept, meanings=meanings)
    declared = tuple(
        d
        for d in context.given.declared
        if _problem(setting, replace(kept, given=Given(declared=(d,)))) is None
    )
    values = {
        symbol: numbers
        for symbol, numbers in context.given.values.items()
        if _problem(setting, replace(kept, given=Given({symbol: numbers}))) is None
    }
    return replace(kept, given=Given(values, declared))
