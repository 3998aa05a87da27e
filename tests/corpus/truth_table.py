"""What the judge decides and what it does not: ``python -m tests.corpus.truth_table`` writes it.

Every row of ``docs/truth-table.md`` is a case that was run: those of the corpus, judged without
looking for repairs, and the known limits. `tests.test_truth_table` holds the page up to date.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from joblib import Parallel, delayed

from tests.corpus.displays import Displayed, displays
from tests.corpus.judging import SECONDS, decision
from tests.corpus.library import Claim, Topic, topic, topics
from tests.corpus.limits import Limit, limits
from verify.verdict import ACCEPTED, Status

PAGE = Path(__file__).resolve().parents[2] / "docs" / "truth-table.md"
LONGEST = 100
"""Characters of an example; the shortest formula of a topic is shown."""

MEANINGS = {
    Status.PROVED: "holds for all values, away from kinks and poles, at the sizes in its scope",
    Status.CONFIRMED: "agrees with automatic differentiation on every run; no proof was found",
    Status.REFUTED: "false as declared; a counterexample is attached",
    Status.ILL_FORMED: "means nothing as typed: shapes, ranges or symbols do not fit",
    Status.UNDECIDED: "something that nobody declared decides it, or nothing was found either way",
    Status.UNREADABLE: "could not be parsed; the place is named",
}
INTRODUCTION = r"""# What the judge decides, and what it does not

Written by `python -m tests.corpus.truth_table`; every row is a case that the tests run, so that
this page cannot say more than is so. The formulas come from textbooks and papers, the slips are of
the kinds that people make. What is right and what is wrong was decided without the judge, by dense
automatic differentiation at three shapes.

**Trust it so far:** no wrong formula of this corpus was `proved` or `confirmed`, no right one
`refuted`. `confirmed` is weaker than `proved`: numbers agree on every run, and a difference that no
run meets would be missed. A verdict holds for the sheet as it was read: look at "read as" and at
what was assumed. What is not in these tables is not known to work.
"""
FALSE = frozenset({Status.REFUTED, Status.ILL_FORMED})
TRUTHS = ("right", "wrong", "when")


@dataclass(frozen=True)
class Row:
    """A kind of formula: what became of the right ones and of the slips, with an example each."""

    title: str
    right: tuple[Status, ...]
    wrong: tuple[Status, ...]
    when: tuple[Status, ...]
    examples: tuple[tuple[Claim, Status, str], ...]

    @property
    def faultless(self) -> bool:
        """Whether no right formula is refuted and no slip accepted."""
        return not (FALSE & set(self.right) or ACCEPTED & set(self.wrong))


def row(name: str) -> Row:
    """Judge a topic."""
    subject = topic(name)
    judged = [(c, decision(name, c.latex, SECONDS)) for c in subject.claims]
    right, wrong, when = (tuple(o.status for c, o in judged if c.truth == t) for t in TRUTHS)
    examples = []
    for truth in TRUTHS:
        short = min(
            ((c, o) for c, o in judged if c.truth == truth and len(c.latex) <= LONGEST),
            key=lambda found: len(found[0].latex),
            default=None,
        )
        if short is not None:
            examples.append((short[0], short[1].status, short[1].message))
    return Row(subject.title, right, wrong, when, tuple(examples))


def page(rows: Iterable[Row], known: Iterable[Limit]) -> str:
    """The whole page; displays and limits stand in it as they are declared."""
    known = list(known)
    parts = [
        INTRODUCTION,
        *_statuses(known),
        *_decided(list(rows)),
        *_examples(list(rows)),
        *_displays(),
        *_limits(known),
    ]
    return "\n".join(parts) + "\n"


def _statuses(known: list[Limit]) -> Iterator[str]:
    yield "## The verdicts\n\n| verdict | means |\n| --- | --- |"
    yield from (f"| `{status}` | {meaning} |" for status, meaning in MEANINGS.items())


def _decided(rows: list[Row]) -> Iterator[str]:
    right = sum(len(r.right) for r in rows)
    wrong = sum(len(r.wrong) for r in rows)
    yield "\n## Kinds of formula\n"
    yield f"{right} right formulas and {wrong} slips in them, written by hand.\n"
    yield "| kind, and source | right | proved | confirmed | slips | refuted | ill-formed | open |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- |"
    for r in rows:
        counts = (
            len(r.right), r.right.count(Status.PROVED), r.right.count(Status.CONFIRMED),
            len(r.wrong), r.wrong.count(Status.REFUTED), r.wrong.count(Status.ILL_FORMED),
            sum(s not in FALSE | ACCEPTED for s in (*r.right, *r.wrong)),
        )  # fmt: skip
        yield f"| {r.title} | {' | '.join(map(str, counts))} |"


def _examples(rows: list[Row]) -> Iterator[str]:
    yield "\n## One example of each\n"
    yield "| formula | is | verdict | because |\n| --- | --- | --- | --- |"
    for r in rows:
        for claim, status, message in r.examples:
            truth = claim.note if claim.truth == "wrong" else claim.truth
            truth = f"right if {claim.note}" if claim.truth == "when" else truth
            yield f"| {_code(claim.latex)} | {truth} | `{status}` | {_text(message)} |"


def _displays() -> Iterator[str]:
    yield "\n## Sums written out, chains and arrays"
    yield "\nEach with its sheet in `tests/corpus/displays.yaml`; a wrong place is named."
    for truth in TRUTHS[:2]:
        yield f"\n### {truth.capitalize()}\n"
        yield "| formula | the model | verdict | because |\n| --- | --- | --- | --- |"
        yield from (display_row(d) for d in displays() if d.truth == truth)


def display_row(display: Displayed) -> str:
    """The line of the page that tells of a display."""
    told = f" (“{display.tells.strip(' :=')}”)" if display.tells else ""
    model = _model(display.sheet)
    because = _text(display.because + told)
    return f"| {_code(display.formula)} | {_code(model)} | `{display.said}` | {because} |"


def _limits(known: list[Limit]) -> Iterator[str]:
    tables = {
        "Right, and accepted with less than a proof, or with a smaller scope": ("right", ACCEPTED),
        "Right, and not accepted": ("right", frozenset(Status) - ACCEPTED),
        "Wrong, and not refuted": ("wrong", frozenset(Status)),
    }
    yield "\n## Known limits\n\nEach with its sheet in `tests/corpus/limits.yaml`."
    for title, (truth, statuses) in tables.items():
        yield f"\n### {title}\n"
        yield "| formula | the model | verdict | because |\n| --- | --- | --- | --- |"
        for limit in known:
            if limit.truth == truth and limit.said in statuses:
                yield limit_row(limit)


def limit_row(limit: Limit) -> str:
    """The line of the page that tells of a limit."""
    model = _model(limit.sheet)
    return f"| {_code(limit.formula)} | {_code(model)} | `{limit.said}` | {limit.because} |"


def _model(sheet: str) -> str:
    """The equations of a sheet in one line."""
    return " ".join(sheet.split("---")[2].replace("$$", "").split())


def _code(latex: str) -> str:
    return f"`{' '.join(latex.split())}`".replace("|", r"\|")


def _text(message: str) -> str:
    return message.replace("|", r"\|").replace("\n", " ")


def kinds_of(subjects: Iterable[Topic]) -> list[str]:
    """The titles that the page has to have."""
    return [subject.title for subject in subjects]


def main() -> int:
    """Write the page; the exit status is 1 where a verdict of the corpus is wrong."""
    rows = Parallel(n_jobs=2)(delayed(row)(t.name) for t in topics())
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(rows, limits()), encoding="utf-8")
    print(f"{PAGE}: {len(rows)} kinds, {len(limits())} limits")
    return int(not all(r.faultless for r in rows))


if __name__ == "__main__":
    sys.exit(main())
