"""Claims over processes: the verdicts of judging in order, by joblib or its Dask and Ray backends.

A definition is known to what follows it, so what reads as one is judged first, in order; every
other claim is then sent with the definitions before it. What a claim was judged with and what
stands before it in the end may differ; such claims are judged again, in rounds, until nothing
changes: what comes back is always what judging one by one gives.

Where nothing else is configured the processes are copies of this one (`verify.copies`), which hold
all that was read and derived here already.
"""

from __future__ import annotations

import pickle
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate

from joblib import Parallel, delayed, effective_n_jobs

from derive.equations import Model
from derive.errors import Problem
from derive.index import Axis, Index, number_after
from derive.reading.context import Context
from derive.reading.document import Document
from derive.reading.lexicon import occurrence
from derive.reading.reals import is_membership
from derive.steps import Derivation
from verify.allowance import Allowance
from verify.bench import Bench
from verify.claim import definition_of, sentence_of
from verify.claims import Claim
from verify.copies import copies, held, holding
from verify.formulas import LISTED
from verify.judge import judge_claim
from verify.listings.matlab import of_code
from verify.listings.statements import stated
from verify.numbers.places import definition_in, values_of
from verify.numbers.sides import shows_numbers
from verify.setting import Convention, Displayed, Setting
from verify.step_rules import judge_step
from verify.verdict import Verdict

SHARES = 16
"""Shares for each process: who is done early takes another."""
ROUNDS = 3
"""What is not settled after so many is judged one by one."""
Definitions = tuple[str, ...]


@dataclass(frozen=True)
class Task:
    """A claim and how many of the expected definitions stand before it."""

    claim: Claim
    name: str
    known: int


@dataclass(frozen=True)
class Deck:
    """What every process needs: the setting as data, the deck, what it defines.

    ``newest`` is the number of the newest axis, so that fresh ones in the process come after it.
    """

    model: Model
    adjoints: Mapping[str, Derivation]
    context: Context
    document: Document
    expected: Definitions
    seconds: float
    newest: int
    others: bool
    allowance: Allowance = field(default_factory=Allowance)
    number: int = 0
    """Of the round."""
    shown: tuple[Displayed, ...] = ()


Found = tuple[Verdict, Definitions]
"""A verdict, and the definitions that its formula added."""


@dataclass
class Desk:
    """Where the claims of a deck are judged: what was worked out for one serves the next."""

    deck: Deck
    base: Setting
    _settings: dict[int, Setting] = field(default_factory=dict)
    """By the number of definitions before; all share what they remember of shorter ones."""

    def judged(self, task: Task) -> Found:
        """The verdict on a claim, and what it defines."""
        if task.known not in self._settings:
            before = list(self.deck.expected[: task.known])
            self._settings[task.known] = self.base.after(before)
        setting = self._settings[task.known]
        verdict = judge_claim(task.claim, task.name, setting, self.deck.document, self.deck.seconds)
        added = tuple(setting.defined[task.known :])
        del setting.defined[task.known :]  # no other claim is to see these
        return verdict, added


def spread(
    claims: Sequence[Claim],
    setting: Setting,
    adjoints: Mapping[str, Derivation],
    document: Document,
    seconds: float,
    jobs: int | None,
) -> Iterator[Verdict]:
    """The verdicts on ``claims`` in order, by ``jobs`` processes (-1: one for each core).

    ``None`` is as many where they can be copies of this one, else no other. Raises `Problem` for 0.
    """
    processes = _processes(jobs, len(claims))
    found: dict[int, Verdict] = {}
    judged_with: dict[int, Definitions] = {}
    added: list[Definitions] = [()] * len(claims)
    for k, claim in enumerate(claims):
        if _may_define(claim, setting):
            judged_with[k] = tuple(setting.defined)
            found[k] = judge_claim(claim, _name(k), setting, document, seconds)
            added[k] = tuple(setting.defined[len(judged_with[k]) :])
    newest = Axis("i", Index.of(0), Index.of(0)).uid
    model, context, others = setting.bench.model, setting.context, setting.others
    share = setting.allowance.among(processes)
    deck = Deck(
        model, adjoints, context, document, (), seconds, newest, others, share, shown=setting.shown
    )
    for number in range(ROUNDS):
        before = list(accumulate(added, initial=()))
        left = [k for k in range(len(claims)) if judged_with.get(k) != before[k]]
        if not left:
            break
        fresh = (
            replace(setting, allowance=share)
            if not number
            else Setting(setting.bench, context, [], others, share, setting.shown)
        )
        desk = Desk(replace(deck, expected=before[-1], number=number), fresh)
        tasks = [Task(claims[k], _name(k), len(before[k])) for k in left]
        for k, one in zip(left, _round(tasks, desk, processes), strict=True):
            found[k], added[k] = one
            judged_with[k] = before[k]
    actual = Setting(setting.bench, context, [], others, setting.allowance, setting.shown)
    for k, claim in enumerate(claims):
        if judged_with.get(k) == tuple(actual.defined):
            actual.defined += added[k]
            yield found[k]
        else:
            yield judge_claim(claim, _name(k), actual, document, seconds)


def _name(k: int) -> str:
    return f"c{k + 1}"


def _round(tasks: Sequence[Task], desk: Desk, processes: int) -> list[Found]:
    """What is found of every task, by processes beside each other."""
    if processes == 1:
        return [desk.judged(task) for task in tasks]
    count = min(processes * SHARES, len(tasks))
    shares = [tasks[k::count] for k in range(count)]  # neighbours cost alike
    context = copies()
    if context is None:
        packed = pickle.dumps(desk.deck)
        work = [delayed(judge_share)(packed, share) for share in shares]
        results = Parallel(n_jobs=processes, batch_size=1)(work)
    else:
        _ = desk.base.bench.known_here  # what every copy would have to find out
        with holding(desk) as number:
            work = [delayed(judge_held)(number, share) for share in shares]
            results = Parallel(n_jobs=processes, batch_size=1, backend=context)(work)
    return [results[k % count][k // count] for k in range(len(tasks))]


def judge_held(number: int, tasks: Sequence[Task]) -> list[Found]:
    """What is found of some claims, in a copy of the process that holds their desk."""
    desk: Desk = held(number)
    return [desk.judged(task) for task in tasks]


def judge_share(packed: bytes, tasks: Sequence[Task]) -> list[Found]:
    """What is found of some claims of a packed `Deck`, in any process."""
    desk = _unpacked(packed)
    return [desk.judged(task) for task in tasks]


_last = threading.local()
"""What this thread unpacked last: all shares of a deck ask for the same."""


def _unpacked(packed: bytes) -> Desk:
    """The deck on a desk, which remembers what was computed for earlier shares."""
    if getattr(_last, "packed", None) != packed:
        deck: Deck = pickle.loads(packed)
        number_after(deck.newest)
        bench = Bench(deck.model, dict(deck.adjoints))
        _last.packed = packed
        base = Setting(bench, deck.context, [], deck.others, deck.allowance, deck.shown)
        _last.desk = Desk(deck, base)
    desk: Desk = _last.desk
    return desk


def _may_define(claim: Claim, setting: Setting) -> bool:
    """Whether a formula, as it reads, introduces a symbol or gives a tensor its value."""
    if claim.error is not None:
        return False
    if claim.kind in LISTED:
        return _gives_a_value_in_code(claim, setting)
    scope = setting.scope(Convention())
    try:
        sentence = sentence_of(claim.text)
        step = judge_step(claim.text, setting, Convention())
    except Problem:
        return False
    if is_membership(sentence):
        return True
    if step is not None:
        return step.introduces
    if _gives_a_value(claim.text, setting):
        return True
    item = occurrence(sentence.nodes[0])
    known = item is None or (scope.lexicon.match(item) is not None and not setting.defined)
    return not known and definition_of(claim.text, scope) is not None


def _gives_a_value(text: str, setting: Setting) -> bool:
    shows = shows_numbers(sentence_of(text))
    return shows and definition_in(text, setting, values_of(setting)) is not None


def _gives_a_value_in_code(claim: Claim, setting: Setting) -> bool:
    """Whether the formula that a statement of a listing states gives a tensor its value."""
    try:
        formula = stated(claim, setting)
        return isinstance(formula, Claim) and _gives_a_value(formula.text, of_code(setting))
    except Problem:
        return False


def _processes(jobs: int | None, claims: int) -> int:
    if jobs is None:
        jobs = -1 if copies() is not None else 1
    if not jobs:
        raise Problem("0 jobs judge nothing", expected="a number of processes, or -1 for all")
    return max(1, min(int(effective_n_jobs(jobs)), claims))
