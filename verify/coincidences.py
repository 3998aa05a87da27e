"""What holds only because two sizes of the model happen to be equal, or for the value of one.

At ``n = m = 3`` nobody sees that a sum runs to ``n`` instead of ``m``, at ``N = 1`` nobody sees
that ``1 / N`` is missing, and at ``s = 2`` nobody sees that ``1 / (2 s)`` should be ``1 / s^2``. A
formula that is right as it stands but is not proved for all sizes is tried where these are unequal,
unless it names them by their numbers alone; what it reckons with has other values there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations, islice

from derive.errors import Problem
from derive.evaluate import OutOfRange
from derive.reading.names import head, is_bare, readable
from derive.reading.surface import Big, Name, Numeral, walk
from derive.reading.wide_sums import index_letters
from verify.attempt import Attempt
from verify.bench import Bench
from verify.claim import sentence_of
from verify.compare import Identity, compared
from verify.mending.indices import index_nodes
from verify.pins import before_dots, ends_of_dots, extents_meet, free_sizes
from verify.setting import Setting
from verify.smallest import read_again

SHAPES = 2
MOST_CHOICES = 8
"""Choices of sizes that are tried until so many fit the model."""
Sizes = Mapping[str, int]
Tie = tuple[str, ...]
"""Sizes with one value, or a single one that keeps its own."""


def coincidence(text: str, best: Attempt, setting: Setting) -> str | None:
    """``right if n = m`` where the formula needs it; ``None`` where not, or where nobody knows."""
    model = setting.bench.model
    written = ends_of_dots(text, best, setting)
    near, far = (
        tuple(n for n in names if n not in written) for names in free_sizes(text, best, model)
    )
    own = {s.name: n for s, n in model.sizes.items()}
    ties = list(_ties({n: own[n] for n in (*near, *far)}))
    reckoned = _reckoned(text, own)
    if not (ties or reckoned or extents_meet(model)) or not best.identities:
        return None
    trial = _Trial(text, best, setting, own, frozenset((*near, *far, *reckoned)), reckoned)
    if trial.holds(()) is not False:
        return None  # it holds where all are unequal, or nobody knows
    kept = [(name,) for name in reckoned]
    everything = [*ties, *(tie for tie in kept if tie not in ties)]
    if not trial.holds(everything):
        if not near or _spelled_out(text) or not trial.differs():
            return None  # it tells of these sizes alone, or cannot be read at others
        everything = trial.pinned(everything)
    needed = next(([tie] for tie in (*_single(ties), *kept) if trial.holds([tie])), everything)
    return "right if " + " and ".join(_words(tie, own) for tie in needed)


def _reckoned(text: str, own: Sizes) -> tuple[str, ...]:
    """The sizes that stand as numbers in ``text``, in no index, label or bound."""
    found: dict[str, None] = {}
    for side in sentence_of(text).nodes:
        places = index_nodes(side)
        for node in walk(side):
            if isinstance(node, Name) and is_bare(node) and id(node) not in places:
                found[head(node)] = None
    return tuple(name for name in found if name in own)


def _ties(sizes: Sizes) -> Iterator[Tie]:
    """Groups of equal sizes, and every size that is 1 by itself."""
    groups: dict[int, list[str]] = {}
    for name, value in sizes.items():
        groups.setdefault(value, []).append(name)
    yield from ((name,) for name in groups.pop(1, ()))
    yield from (tuple(names) for names in groups.values() if len(names) > 1)


def _single(ties: Iterable[Tie]) -> Iterator[Tie]:
    """The pairs, and what is 1: what could be the only condition."""
    for tie in ties:
        yield from combinations(tie, 2) if len(tie) > 1 else (tie,)


def _words(tie: Tie, own: Sizes) -> str:
    return " = ".join(map(readable, tie)) if len(tie) > 1 else f"{readable(tie[0])} = {own[tie[0]]}"


def _spelled_out(text: str) -> bool:
    """Whether elements are named by numbers alone, so that only these sizes can be meant."""
    nodes = [part for side in sentence_of(text).nodes for part in walk(side)]
    numbered = any(isinstance(s, Numeral) for n in nodes if isinstance(n, Name) for s in n.sub)
    letters = any(True for side in sentence_of(text).nodes for _ in index_letters(side))
    return numbered and not letters and not any(isinstance(n, Big) for n in nodes)


class _Trial:
    """A formula at sizes that are unequal but for what is tied; ``differed`` if it did in value.

    What is ``reckoned`` with and not tied has another value than its own, where some sizes have.
    """

    def __init__(
        self,
        text: str,
        best: Attempt,
        setting: Setting,
        own: Sizes,
        free: frozenset[str],
        reckoned: tuple[str, ...],
    ) -> None:
        self.text = text
        self.best = best
        self.setting = setting
        self.own = own
        self.free = free
        self.reckoned = reckoned
        self.inner = before_dots(text, best, setting)
        self.differed = False

    def holds(self, ties: Iterable[Tie]) -> bool | None:
        """Whether it holds at `SHAPES` such sizes; ``None`` where none fit the model."""
        ties = tuple(ties)
        tried = (self._holds_at(self._tied(sizes, ties)) for sizes in self._choices(ties))
        found = [*islice((held for held in tried if held is not None), SHAPES)]
        return all(found) if found else None

    def differs(self) -> bool:
        """Whether the sides have other values somewhere, not just places that are not there."""
        return any(
            self._holds_at(self._tied(sizes, ())) is False and self.differed
            for sizes in self._choices(())
        )

    def _choices(self, ties: tuple[Tie, ...]) -> tuple[Sizes, ...]:
        """The sizes that are tried, those first at which every number of the formula changes."""
        moving = [n for n in self.reckoned if (n,) not in ties]
        every = self.setting.bench.unequal
        other = tuple(c for c in every if all(c[n] != self.own[n] for n in moving))
        return (other or every)[:MOST_CHOICES]

    def pinned(self, ties: list[Tie]) -> list[Tie]:
        """The ties with the fewest further sizes that have to keep their own values."""
        rest = [(name,) for name in self.own if name in self.free and (name,) not in ties]
        one = ([*ties, tie] for tie in rest)
        return next((chosen for chosen in one if self.holds(chosen)), [*ties, *rest])

    def _holds_at(self, sizes: Sizes) -> bool | None:
        bench = self._bench(sizes)
        if bench is None or any(element.ends(sizes) for element in self.inner):
            return None
        links = self._links(self.setting.at(bench))
        if len(links) != len(self.best.identities):
            return False  # something is read that is not there
        try:
            found = [compared(link, bench) for link in links]
        except OutOfRange as outside:
            return False if outside.axes else None  # E_3 needs three steps, whatever it says
        differs = any(c.worst.differs and not c.at_kink for c in found)
        self.differed = self.differed or differs
        return not differs

    def _bench(self, sizes: Sizes) -> Bench | None:
        try:
            bench = self.setting.bench.at(sizes)
            return bench if bench.sample else None
        except (Problem, ValueError):
            return None  # these sizes do not fit this model

    def _tied(self, sizes: Sizes, ties: Iterable[Tie]) -> dict[str, int]:
        chosen = {n: sizes[n] if n in self.free else self.own[n] for n in sizes}
        for tie in ties:
            value = self.own[tie[0]] if len(tie) == 1 else max(chosen[n] for n in tie)
            chosen |= dict.fromkeys(tie, value)
        return chosen

    def _links(self, here: Setting) -> tuple[Identity, ...]:
        try:
            return read_again(self.text, self.best.convention, here)
        except Problem:
            return ()
