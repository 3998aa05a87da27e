"""The shown terms of a sum, each found among those that the sum should have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, islice, product

from derive.equations import Equation, adjoint_of
from derive.errors import LimitExceeded
from derive.expr import Expr, accesses, refresh, substitute, summation
from derive.index import Axis, Index
from verify.expansion.items import Family, families, finer
from verify.expansion.order import DOTS, Entry, Term
from verify.expansion.prints import Print, family_prints
from verify.trial import Trial

MOST_CHOICES = 32
MOST_SPLIT = 6
"""Running indices of one family of which every part is tried as the terms' own."""


@dataclass(frozen=True)
class Whole:
    """All terms of a sum: the families they come from, and the print of each."""

    families: tuple[Family, ...]
    along: tuple[tuple[Axis, ...], ...]
    prints: Mapping[Term, Print]

    def body(self, term: Term) -> Expr:
        """The expression of one term."""
        number, values = term
        family, along = self.families[number], self.along[number]
        at = {a: Index.of(n) for a, n in zip(along, values, strict=True)}
        inner = tuple(a for a in family.axes if a not in along)
        return refresh(summation(inner, substitute(family.body, at)))

    def choices(self, shown: Sequence[Print | None]) -> Iterator[tuple[Entry, ...]]:
        """For each shown print (``None`` for dots) its term, ``None`` where it is none left.

        Where a term is shown too often every way to say which one it is counts, `MOST_CHOICES` at
        most.
        """
        own: dict[Print, list[Term]] = {}
        for term, mark in sorted(self.prints.items()):
            own.setdefault(mark, []).append(term)
        places: dict[Print, list[int]] = {}
        for place, shown_mark in enumerate(shown):
            if shown_mark is not None and shown_mark in own:
                places.setdefault(shown_mark, []).append(place)
        ways = [list(combinations(at, min(len(at), len(own[m])))) for m, at in places.items()]
        for way in islice(product(*ways), MOST_CHOICES):
            found: list[Entry] = [DOTS if m is None else None for m in shown]
            for mark, chosen in zip(places, way, strict=True):
                for place, term in zip(chosen, own[mark], strict=False):
                    found[place] = term
            yield tuple(found)

    def has(self, mark: Print) -> bool:
        """Whether this is the print of a term, shown before or not."""
        return mark in self.prints.values()


def whole_sum(
    reference: Expr,
    shown: Mapping[Expr, Print],
    axes: tuple[Axis, ...],
    trial: Trial,
    equations: Mapping[str, Equation],
) -> Whole | None:
    """``reference`` as terms of the kind that is shown, ``None`` where there are none such.

    Its factors are expanded as far as the shown terms are. Where none of these is a term of it,
    there must be as many.
    """
    marks = Counter(shown.values())
    best: tuple[tuple[int, int], Whole] | None = None
    as_many: Whole | None = None
    for expr in _levels(reference, shown, equations):
        try:
            whole = _whole(families(expr), marks, axes, trial)
        except LimitExceeded:
            continue
        common = (Counter(whole.prints.values()) & marks).total()
        if as_many is None and len(whole.prints) == marks.total():
            as_many = whole
        score = (common, -len(whole.prints))
        if common and (best is None or score > best[0]):
            best = (score, whole)
        if common == marks.total() == len(whole.prints):
            break
    return best[1] if best else as_many


def _levels(
    reference: Expr, shown: Mapping[Expr, Print], equations: Mapping[str, Equation]
) -> Iterator[Expr]:
    """The reference, then with gradients put in that no shown term has, then other tensors too."""
    keep = {a.tensor for body in shown for a in accesses(body)}
    forward = {n for n in equations if adjoint_of(n) is None}
    yield reference
    expr = reference
    for kept in (keep | forward, keep | forward, keep, keep):
        new = finer(expr, kept, equations)
        if new != expr:
            expr = new
            yield expr


def _whole(
    found: list[Family], marks: Counter[Print], axes: tuple[Axis, ...], trial: Trial
) -> Whole:
    prints: dict[Term, Print] = {}
    split = []
    for number, family in enumerate(found):
        along, terms = _split(family, marks, axes, trial)
        split.append(along)
        prints.update({(number, at): mark for at, mark in terms.items()})
    return Whole(tuple(found), tuple(split), prints)


def _split(
    family: Family, marks: Counter[Print], axes: tuple[Axis, ...], trial: Trial
) -> tuple[tuple[Axis, ...], dict[tuple[int, ...], Print]]:
    """The running indices that tell the shown terms apart; the others are summed in each."""
    whole = family_prints(trial, family, axes, family.axes)
    if any(mark in marks for mark in whole.values()) or len(family.axes) > MOST_SPLIT:
        return family.axes, whole
    for count in range(len(family.axes) - 1, -1, -1):
        for along in combinations(family.axes, count):
            terms = family_prints(trial, family, axes, along)
            if any(mark in marks for mark in terms.values()):
                return along, terms
    return family.axes, whole
