"""The smallest counterexample: sizes from the smallest on, then values as simple as they come.

A size is varied only where the formula names no number that could be it, or follow from it.
Choices of sizes, draws and steps are counted, so that a claim takes about a tenth of a second and
the same counterexample is found in every session.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from itertools import islice

import numpy as np

from derive.arithmetic import EXACT
from derive.errors import Problem
from derive.reading.problems import Undeclared
from verify.attempt import Attempt, attempt
from verify.bench import SEED, Bench, Sample
from verify.clock import Clock
from verify.compare import Identity, Outcome, difference
from verify.differing import TOLERANCE, Differing
from verify.draws import drawn
from verify.pins import free_sizes, named_elements, needed_sizes
from verify.pointwise import Pointwise, in_doubles
from verify.precise import FIFTY, NOT_PRECISELY, text_of
from verify.restrictions import Restriction, Values
from verify.setting import Convention, Setting
from verify.shapes import smallest_sizes
from verify.shrink import shrunk
from verify.verdict import Status

MOST_SIZES = 12
"""Choices of sizes that are tried."""
MOST_WORK = 2**20
"""Terms of a model, in all, that is run again and again."""
MOST_DIGITS = 2**14
"""Terms of one that is run beyond double precision."""
STEPS = 60
"""Runs that simplify what was found."""
POOL = tuple(map(Fraction, ("1", "-1", "2", "1/2", "-2", "3", "-1/2")))
POSITIVE = tuple(map(Fraction, ("1", "2", "1/2", "3")))
GRID = 8


@dataclass(frozen=True)
class Found:
    """A counterexample to ``link``: both sides at the index values ``at``.

    ``precise`` are the two values as texts, in ``number``, where they can be had.
    """

    link: Identity
    sample: Sample
    values: Mapping[str, np.ndarray]
    at: tuple[int, ...]
    left: float
    right: float
    precise: tuple[str, str] | None = None
    number: str = "double precision"


def smallest(text: str, best: Attempt, setting: Setting, clock: Clock) -> Found | None:
    """The simplest counterexample to ``text`` as ``best`` read it, ``None`` where none is found."""
    place = _place(best)
    model = setting.bench.model
    named = named_elements(text, best, setting)
    needed = needed_sizes(model, named)
    sizes = smallest_sizes(model, *free_sizes(text, best, model), needed)
    own = {s.name: n for s, n in model.sizes.items()}
    again = partial(read_again, text, best.convention)
    for chosen in (*islice(sizes, MOST_SIZES), own):
        if not clock.left:
            return None
        if not all(element.exists(chosen) for element in named):
            continue  # it would be read out of range
        try:
            here = setting if chosen == own else setting.at(setting.bench.at(chosen))
            link = (best.identities if here is setting else again(here))[place]
            found = _simplest(Pointwise(link, here.bench), clock)
        except (Problem, ValueError, IndexError):
            continue  # these sizes do not fit the formula or the model: the next ones may
        if found is not None:
            return found
    return None


def _place(best: Attempt) -> int:
    """Which link is wrong; parts that follow those of the links are terms and cells."""
    links = best.parts[: len(best.identities)] if len(best.identities) > 1 else ()
    return next((k for k, p in enumerate(links) if p.status is Status.REFUTED), 0)


def read_again(text: str, convention: Convention, setting: Setting) -> tuple[Identity, ...]:
    """The links of ``text`` at the sizes of ``setting``, read as under ``convention``."""
    return attempt(text, setting, moved(convention, text, setting), _unjudged).identities


def _unjudged(_link: Identity, _bench: Bench) -> Outcome:
    return Outcome(Status.UNDECIDED, "not judged")


def moved(convention: Convention, text: str, setting: Setting) -> Convention:
    """The same choices of origins and readings for a model of other sizes."""
    by_place = {(s.tensor, s.equation): s for s in setting.bench.fixed.shifts}
    shifts = tuple(by_place[s.tensor, s.equation] for s in convention.shifts)
    here = replace(convention, shifts=shifts, declared=())
    for chosen in convention.declared:
        try:
            attempt(text, setting, here, _unjudged)
        except Undeclared as problem:
            alike = [r for r in problem.readings if r.text == chosen.text]
            here = replace(here, declared=(*here.declared, *alike[:1]))
    return here


# Values


def _simplest(link: Pointwise, clock: Clock) -> Found | None:
    if link.bench.trials.work > MOST_WORK:
        return None
    differing = Differing(link)
    started = ((v, in_doubles(v)) for v in _starts(link))
    start = next(((v, d) for v, d in started if clock.left and differing.at(d)), None)
    if start is None:
        return None
    fixed = frozenset(r.tensor for r in link.bench.restrictions)
    simple = shrunk(start[1], lambda v: bool(clock.left) and differing.at(v), STEPS, fixed)
    kept = {n: a for n, a in start[0].items() if n in fixed}
    return _confirmed(link, {n: kept[n] if n in kept else _exact(a) for n, a in simple.items()})


def _exact(array: np.ndarray) -> np.ndarray:
    """The fractions that doubles are."""
    return np.asarray(np.frompyfunc(Fraction, 1, 1)(array), dtype=object)


def _starts(link: Pointwise) -> Iterator[Mapping[str, np.ndarray]]:
    """Small fractions for all that is drawn: of both signs, positive, near what is drawn.

    The last are for long sums, which would saturate what they go through. All are as restricted.
    """
    values = {n: np.asarray(a) for n, a in drawn(link.model, SEED).items()}
    values |= {n: np.asarray(1.0) for n in link.link.scalars}
    kept = {r.tensor: _satisfying(r, values[r.tensor]) for r in link.bench.restrictions}
    rng = np.random.default_rng(SEED)
    for pool in (POOL, POSITIVE):
        numbers = np.array(pool, dtype=object)
        places = {n: rng.integers(len(pool), size=a.shape) for n, a in values.items()}
        yield {**{n: np.asarray(numbers[k], dtype=object) for n, k in places.items()}, **kept}
    yield {**{n: np.asarray(_rounded(a), dtype=object) for n, a in values.items()}, **kept}


def _rounded(array: np.ndarray) -> np.ndarray:
    """The nearest multiples of 1/`GRID`."""
    return np.asarray(np.frompyfunc(lambda x: Fraction(round(x * GRID), GRID), 1, 1)(array))


def _satisfying(restriction: Restriction, array: np.ndarray) -> np.ndarray:
    """Rational values as restricted."""
    if restriction.values is Values.NUMBER:
        return restriction.filled(_rounded(array), restriction.number)
    if restriction.values is Values.SYMMETRIC:
        return _rounded(restriction.drawn(array, np.random.default_rng(SEED)))
    if restriction.values is not Values.SUM_TO_ONE:
        bits = restriction.drawn(array, np.random.default_rng(SEED))
        return np.asarray(np.vectorize(lambda x: Fraction(round(x)), otypes=[object])(bits))
    parts = np.vectorize(lambda x: Fraction(1 + round(abs(4 * x))), otypes=[object])(array)
    return np.asarray(parts / np.sum(parts, axis=restriction.axis, keepdims=True))


# The last word


def _confirmed(link: Pointwise, values: Mapping[str, np.ndarray]) -> Found | None:
    """The counterexample where automatic differentiation sees it as well."""
    sample = link.sample(values)
    worst = difference(replace(link.link, scalars=()), sample)
    if not worst.differs:
        return None
    found = Found(link.link, sample, values, worst.at, worst.left, worst.right)
    exact = precisely(link, values, worst.at, (worst.left, worst.right), sample)
    return found if exact is None else replace(found, precise=exact[0], number=exact[1])


def precisely(
    link: Pointwise,
    values: Mapping[str, np.ndarray],
    at: tuple[int, ...],
    doubles: tuple[float, float],
    sample: Sample,
) -> tuple[tuple[str, str], str] | None:
    """Both sides at ``at`` as texts: rationals, else fifty digits; and which of the two.

    ``None`` where neither can be had soon, or ``doubles``, those of the sample, contradict.
    """
    if link.bench.trials.work > MOST_DIGITS:
        return None
    for number in (EXACT, FIFTY):
        try:
            env = link.env(values, number)
            sides = link.sides(env, number)
        except NOT_PRECISELY:
            continue  # fifty digits may do; where a value is not real, nothing does
        place = tuple(n - (a.lo.value or 0) for n, a in zip(at, link.link.axes, strict=True))
        left, right = (np.asarray(side)[place] for side in sides)
        near = all(
            abs(float(a) - b) <= TOLERANCE * max(abs(b), 1.0)
            for a, b in zip((left, right), doubles, strict=True)
        )
        sound = near and link.borne_out(env, sample)
        return ((text_of(left), text_of(right)), number.name) if sound else None
    return None
