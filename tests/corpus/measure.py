"""The corpus in figures: ``python -m tests.corpus.measure [--topic T] [--jobs 2]`` prints a table.

``--each N`` takes so many slips of each kind in every formula; ``--show`` lists the wrong verdicts,
what is not proved, and the slips that were not mended; ``--survivors`` judges all one-edit mutants
and writes ``survivors.md``. The exit status is 1 where a verdict is wrong.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter

from joblib import Parallel, delayed
from rich.console import Console
from rich.table import Table

from tests.corpus.figures import BY_HAND, Figures, judged_right, judged_slips, together
from tests.corpus.library import topics
from tests.corpus.slips import KINDS
from tests.corpus.survivors import SURVIVORS, mutated, page
from verify.verdict import ACCEPTED

RIGHT = ("proved", "confirmed", "undecided", "unreadable")


def measured(name: str, of_a_kind: int) -> Figures:
    """Right formulas and slips of one topic."""
    return together((judged_right(name), judged_slips(name, of_a_kind)), name)


def table(found: list[Figures]) -> Table:
    """One line a topic and one for all."""
    shown = Table(title="right formulas | slips in them", title_justify="left")
    shown.add_column("topic")
    columns = "right proved confirmed undecided unreadable refuted".split()
    slips = "wrong equivalent accepted refuted undecided repaired seconds".split()
    for column in (*columns, *slips):
        shown.add_column(column, justify="right")
    for figures in found:
        shown.add_row(figures.name, *_cells(figures), end_section=figures is found[-1])
    shown.add_row("all", *_cells(together(found)))
    return shown


def _cells(figures: Figures) -> list[str]:
    right, wrong = figures.right, Counter(f.status.value for f in figures.slips)
    refuted = right["refuted"] + right["ill-formed"]
    accepted = sum(f.status in ACCEPTED for f in figures.slips)
    mended, of = figures.repaired
    return [
        str(right.total()),
        *(str(right[status]) for status in RIGHT),
        str(refuted),
        str(len(figures.slips)),
        str(len(figures.equivalent)),
        str(accepted),
        str(wrong["refuted"] + wrong["ill-formed"]),
        str(wrong["undecided"] + wrong["unreadable"]),
        f"{mended}/{of}",
        f"{figures.seconds:.0f}",
    ]


def kinds(figures: Figures) -> Table:
    """One line a kind of slip."""
    shown = Table(title="slips by kind", title_justify="left")
    for column in ("kind", "wrong", "accepted", "undecided", "repaired first"):
        shown.add_column(column, justify="left" if column == "kind" else "right")
    for kind in (*KINDS, BY_HAND):
        wrong = [f for f in figures.slips if f.kind == kind]
        counts = Counter(f.status.value for f in wrong)
        mended = sum(f.mended for f in wrong)
        accepted = sum(f.status in ACCEPTED for f in wrong)
        open_ = counts["undecided"] + counts["unreadable"]
        share = f"{mended} ({100 * mended / max(1, len(wrong)):.0f} %)"
        shown.add_row(kind, str(len(wrong)), str(accepted), str(open_), share)
    return shown


def details(figures: Figures) -> list[str]:
    """What to look at: wrong verdicts, right formulas not proved, slips not mended."""
    lines = [f"{f.topic}: {f.wrong_verdict}: {f.latex}" for f in figures.wrong_verdicts]
    unproved = [f for f in figures.of("right") if f.status.value != "proved"]
    lines += [f"{f.topic}: {f.status}: {f.latex} ({f.message})" for f in unproved]
    lines += [f"{f.topic}: {f.kind}, not mended: {f.latex}" for f in figures.slips if not f.mended]
    return lines


def main() -> int:
    """Measure, print, and say by the exit status whether no verdict was wrong."""
    parser = argparse.ArgumentParser(description="The judge on the corpus, in figures.")
    parser.add_argument("--topic", action="append", help="this topic only (may be repeated)")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--each", type=int, default=1, help="slips of a kind in every formula")
    parser.add_argument("--show", action="store_true", help="list what to look at")
    parser.add_argument("--survivors", action="store_true", help="judge all one-edit mutants")
    parser.add_argument("--most", type=int, help="so many mutants of a formula at most")
    chosen = parser.parse_args()
    console = Console(width=180 if not sys.stdout.isatty() else None, soft_wrap=True)
    names = chosen.topic or [t.name for t in topics()]
    spread = Parallel(n_jobs=chosen.jobs)
    if chosen.survivors:
        mutations = spread(delayed(mutated)(name, chosen.most) for name in names)
        wrong = [s for m in mutations for s in m.survivors if not s.holds]
        SURVIVORS.write_text(page(mutations, chosen.most), encoding="utf-8")
        console.print(f"{sum(m.judged for m in mutations)} mutants; {SURVIVORS} written")
    else:
        found = spread(delayed(measured)(name, chosen.each) for name in names)
        whole = together(found)
        wrong = whole.wrong_verdicts
        console.print(table(found), kinds(whole))
        console.print("\n".join(details(whole)) if chosen.show else "", markup=False)
    for finding in wrong:
        console.print(f"WRONG VERDICT: {finding.topic}: {finding.latex}", markup=False)
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
