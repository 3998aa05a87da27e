r"""How long judging takes: ``python -m tests.benchmarks.judging [JOBS]``, from the root of a clone.

A hundred claims of slide size on one model (Zhang's network: forward equations, gradients in
several forms, updates, and slips in them), then a hundred of the corpus on its small models. Wall
clock after import and with derivation, what a user waits for, and the processor's time, here and
in the processes that were started, which a busy machine changes less. For one process also where
the time goes: seconds inside each stage and not in another one.
"""

from __future__ import annotations

import gc
import os
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from derive.equations import Model
from derive.pipeline import load_model
from derive.reading.context import Context, load_context
from derive.reading.document import document_from_text
from derive.reading.parse import parse
from reports.command import COLLECT
from tests.corpus.library import Claim, topics
from verify.judge import judge_document
from verify.mending.edits import edits
from verify.verdict import Judgement

SEED = 7
CLAIMS = 100
SHARES = {"right": 50, "wrong": 40, "when": 10}
"""Of the corpus."""

D = r"\frac{\partial L}{\partial "
SLOPE_1 = r"C_p^1(i, j) (1 - C_p^1(i, j))"
SLOPE_2 = r"C_q^2(i, j) (1 - C_q^2(i, j))"
ERROR = r"(\hat y(i) - y(i))\, \hat y(i) (1 - \hat y(i))"
ZHANG = (
    r"z_p^1(i, j) = \sum_{u=-2}^{2} \sum_{v=-2}^{2} I(i-u, j-v)\, k_{1,p}^1(u, v) + b_p^1",
    r"z_p^1 = I * k_{1,p}^1 + b_p^1",
    r"C_p^1(i, j) = \sigma(z_p^1(i, j))",
    r"C_p^1 = \sigma(I * k_{1,p}^1 + b_p^1)",
    r"S_p^1(i, j) = \frac14 \sum_{u=0}^{1} \sum_{v=0}^{1} C_p^1(2i - u, 2j - v)",
    r"z_q^2 = \sum_{p=1}^{6} S_p^1 * k_{p,q}^2 + b_q^2",
    r"C_q^2 = \sigma\left(\sum_{p=1}^{6} S_p^1 * k_{p,q}^2 + b_q^2\right)",
    r"S_q^2(i, j) = \frac14 \sum_{u=0}^{1} \sum_{v=0}^{1} C_q^2(2i - u, 2j - v)",
    r"f = F(\{S_q^2\}_{q=1,\dots,12})",
    r"z = W \times f + b",
    r"z(i) = \sum_{j=1}^{192} W(i, j) f(j) + b(i)",
    r"\hat y = \sigma(W \times f + b)",
    r"L = \frac12 \sum_{i=1}^{10} (\hat y(i) - y(i))^2",
    D + r"\hat y(i)} = \hat y(i) - y(i)",
    r"\Delta \hat y(i) = " + ERROR,
    D + r"W(i, j)} = " + ERROR + r"\, f(j)",
    D + r"W(i, j)} = " + D + r"z(i)} f(j)",
    r"\Delta W = \Delta \hat y \times f^T",
    D + r"b(i)} = " + ERROR,
    r"\Delta b = \Delta \hat y",
    r"\Delta f = W^T \times \Delta \hat y",
    r"\Delta f(j) = \sum_{i=1}^{10} W(i, j) " + ERROR,
    r"\Delta f(j) = \sum_{i=1}^{10} \Delta \hat y(i)\, W(i, j)",
    r"\{\Delta S_q^2\}_{q=1,\dots,12} = F^{-1}(\Delta f)",
    r"\Delta C_q^2(i, j) = \frac14 \Delta S_q^2(\lceil i/2 \rceil, \lceil j/2 \rceil)",
    r"\Delta C_{q,\sigma}^2(i, j) = \Delta C_q^2(i, j)\, " + SLOPE_2,
    r"\Delta C_{q,\sigma}^2(i, j) = \frac14 \Delta S_q^2(\lceil i/2 \rceil, \lceil j/2 \rceil)\, "
    + SLOPE_2,
    D + r"C_q^2(i, j)} = \frac14 " + D + r"S_q^2(\lceil i/2 \rceil, \lceil j/2 \rceil)}",
    r"\Delta k_{p,q}^2(u, v) = \sum_{i=1}^{8} \sum_{j=1}^{8} "
    r"\Delta C_{q,\sigma}^2(i, j)\, S_p^1(i-u, j-v)",
    r"\Delta k_{p,q}^2(u, v) = \sum_{i=1}^{8} \sum_{j=1}^{8} \Delta C_q^2(i, j)\, "
    + SLOPE_2 + r"\, S_p^1(i-u, j-v)",
    r"\Delta k_{p,q}^2 = S_{p,rot180}^1 * \Delta C_{q,\sigma}^2",
    r"\Delta b_q^2 = \sum_{i=1}^{8} \sum_{j=1}^{8} \Delta C_{q,\sigma}^2(i, j)",
    r"\Delta b_q^2 = \sum_{i,j} \Delta C_q^2(i, j)\, " + SLOPE_2,
    r"\Delta S_p^1(i, j) = \sum_{q=1}^{12} \sum_{u=-2}^{2} \sum_{v=-2}^{2} "
    r"\Delta C_{q,\sigma}^2(i+u, j+v)\, k_{p,q}^2(u, v)",
    r"\Delta S_p^1 = \sum_{q=1}^{12} \Delta C_{q,\sigma}^2 * k_{p,q,rot180}^2",
    r"\Delta C_p^1(i, j) = \frac14 \Delta S_p^1(\lceil i/2 \rceil, \lceil j/2 \rceil)",
    r"\Delta C_{p,\sigma}^1(i, j) = \Delta C_p^1(i, j)\, " + SLOPE_1,
    r"\Delta C_{p,\sigma}^1(i, j) = \frac14 \Delta S_p^1(\lceil i/2 \rceil, \lceil j/2 \rceil)\, "
    + SLOPE_1,
    r"\Delta k_{1,p}^1(u, v) = \sum_{i=1}^{24} \sum_{j=1}^{24} "
    r"\Delta C_{p,\sigma}^1(i, j)\, I(i-u, j-v)",
    r"\Delta k_{1,p}^1(u, v) = \sum_{i=1}^{24} \sum_{j=1}^{24} \Delta C_p^1(i, j)\, "
    + SLOPE_1 + r"\, I(i-u, j-v)",
    r"\Delta k_{1,p}^1 = I_{rot180} * \Delta C_{p,\sigma}^1",
    r"\Delta b_p^1 = \sum_{i=1}^{24} \sum_{j=1}^{24} \Delta C_{p,\sigma}^1(i, j)",
    r"\Delta b_p^1 = \sum_{i=1}^{24} \sum_{j=1}^{24} \Delta C_p^1(i, j)\, " + SLOPE_1,
    r"k_{1,p}^1 \leftarrow k_{1,p}^1 - \alpha \cdot \Delta k_{1,p}^1",
    r"k_{p,q}^2 \leftarrow k_{p,q}^2 - \alpha \cdot \Delta k_{p,q}^2",
    r"b_q^2 \leftarrow b_q^2 - \alpha \cdot \Delta b_q^2",
    r"b_p^1 \leftarrow b_p^1 - \alpha \cdot \Delta b_p^1",
    r"W \leftarrow W - \alpha \cdot \Delta W",
    r"b \leftarrow b - \alpha \cdot \Delta b",
)  # fmt: skip
"""Right formulas of Zhang's network, under its context."""

STAGES = {
    "derive the adjoints": ("verify.judge.gradients",),
    "read": ("verify.understood.read_afresh", "verify.scopes.read_statement"),
    "ranges": ("verify.understood.strays",),
    "run the model": ("verify.bench.take_sample", "verify.trials.take_trial"),
    "trust the adjoints": ("verify.bench._passes",),
    "numbers": ("verify.compare.difference", "verify.conditions.plainly_differs",
                "verify.mending.repair.plainly_differs"),
    "modulo primes": ("verify.compare.identical",),
    "normal forms": ("verify.compare.proves_equal", "verify.scopes.proves_equal"),
    "differences": ("verify.scopes.against_differences",),
    "conditions": ("verify.readings.conditions",),
    "repair": ("verify.judge.repair_for_targets",),
}  # fmt: skip
"""Where each is called, as the name that is looked up there."""


@dataclass(frozen=True)
class Deck:
    """Formulas to be judged together."""

    model: Model
    context: Context
    formulas: tuple[str, ...]

    def judged(self, jobs: int) -> Judgement:
        """As `backproof verify` does it."""
        document = document_from_text("\n\n".join(f"$$ {f} $$" for f in self.formulas))
        return judge_document(document, self.model, self.context, jobs=jobs)


@dataclass
class Watch:
    """Seconds of every stage without those of the stages that it calls."""

    own: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    calls: Counter[str] = field(default_factory=Counter)
    _open: list[float] = field(default_factory=list)

    def timed(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """``function``, whose time counts for ``stage``."""

        def run(*args: Any, **options: Any) -> Any:
            self._open.append(0.0)
            started = time.perf_counter()
            try:
                return function(*args, **options)
            finally:
                whole = time.perf_counter() - started
                self.own[stage] += whole - self._open.pop()
                self.calls[stage] += 1
                if self._open:
                    self._open[-1] += whole

        return run

    @contextmanager
    def watching(self) -> Iterator[None]:
        """All `STAGES` are timed inside."""
        with ExitStack() as stack:
            for stage, names in STAGES.items():
                for name in names:
                    module, attribute = name.rsplit(".", 1)
                    function = getattr(sys.modules[module], attribute)
                    stack.enter_context(patch(name, self.timed(stage, function)))
            yield


def zhang(right: bool = True, wrong: bool = True) -> list[Deck]:
    """The right formulas, slips in them up to `CLAIMS`, or both."""
    model, context = load_model("zhang"), load_context("zhang")
    shuffle = random.Random(SEED)
    slips: list[str] = []
    while len(slips) < CLAIMS - len(ZHANG):
        typed = ZHANG[len(slips) % len(ZHANG)]
        slip = shuffle.choice(list(edits(typed, parse(typed)))).apply(typed)
        if slip not in (*slips, *ZHANG):
            slips.append(slip)
    return [Deck(model, context, (*(ZHANG if right else ()), *(slips if wrong else ())))]


def corpus() -> list[Deck]:
    """Formulas of the corpus in the mix of `SHARES`, a deck for every model."""
    claims = [c for topic in topics() for c in topic.claims]
    shuffle = random.Random(SEED)
    chosen: list[Claim] = []
    for truth, count in SHARES.items():
        chosen += shuffle.sample([c for c in claims if c.truth == truth], count)
    return [
        Deck(topic.model, topic.context, tuple(c.latex for c in chosen if c.topic == topic.name))
        for topic in topics()
        if any(c.topic == topic.name for c in chosen)
    ]


def _busy() -> float:
    """Processor time of this process and of those that it started and that have ended."""
    spent = os.times()
    return sum(spent[:4])


def row(name: str, decks: Iterable[Deck], jobs: int, watch: Watch | None = None) -> None:
    """One line: what was judged, in which time, with which verdicts."""
    summary: Counter[str] = Counter()
    started, busy = time.perf_counter(), _busy()
    for deck in decks:
        summary.update(v.status.value for v in deck.judged(jobs).claims)
    seconds, busy = time.perf_counter() - started, _busy() - busy
    verdicts = ", ".join(f"{n} {status}" for status, n in sorted(summary.items()))
    print(f"{name:<24}{jobs:>5}{summary.total():>8}{seconds:>8.2f}s{busy:>8.2f}s   {verdicts}")
    if watch is not None:
        for stage, own in sorted(watch.own.items(), key=lambda item: -item[1]):
            print(f"    {stage:<20}{watch.calls[stage]:>8}{own:>8.2f}s")
        print(f"    {'all else':<28}{seconds - sum(watch.own.values()):>8.2f}s")


def main(jobs: int) -> None:
    """The table, with stages where there is one process only."""
    gc.set_threshold(*COLLECT)  # as the program does
    print(f"{'':<24}{'jobs':>5}{'claims':>8}{'seconds':>9}{'cpu':>9}")
    corpus_ = corpus()
    for name, decks in (
        ("zhang", zhang()),
        ("  right formulas only", zhang(wrong=False)),
        ("  slips only", zhang(right=False)),
        (f"corpus, {len(corpus_)} models", corpus_),
    ):
        watch = Watch()
        if jobs > 1:
            row(name, decks, jobs)
            continue
        with watch.watching():
            row(name, decks, jobs, watch)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
