"""Verdicts and derivations in a terminal: compiler-like, coloured only where colour is shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from rich.text import Text as Line

from derive.equations import Model
from derive.steps import Derivation
from reports.derivations import derivation_lines
from reports.document import Inlines, Literal
from reports.document import Text as Words
from reports.findings import finding, worded
from reports.formula.layout import boxes
from reports.formula.plain import plain
from reports.mathematics import with_mathematics
from verify.verdict import ACCEPTED, Judgement, Status, Suggestion, Verdict

STYLES = {
    Status.PROVED: "green",
    Status.CONFIRMED: "green",
    Status.REFUTED: "bold red",
    Status.ILL_FORMED: "bold red",
    Status.UNDECIDED: "yellow",
    Status.UNREADABLE: "yellow",
    Status.DEFINITION: "blue",
}

LONGEST = 400
"""Characters of a formula that a diagnostic shows."""


def shown(latex: str) -> str:
    """A formula in one line; what cannot be read stays as it was typed."""
    box = boxes(latex)
    return plain(box) if box is not None else " ".join(latex.split())


def spoken(inlines: Inlines) -> str:
    """Running text in one line."""
    return "".join(i.text if isinstance(i, Words | Literal) else shown(i.latex) for i in inlines)


def diagnostics(judgement: Judgement) -> Iterator[Line]:
    """Every verdict in the order of the deck, then what was skipped, then the count."""
    for verdict in judgement.claims:
        yield from _diagnostic(judgement.deck, verdict)
    yield Line()
    for pair in judgement.contradictions:
        said = spoken(with_mathematics(f"{pair.subject}: {pair.message}"))
        yield Line.assemble(
            f"{pair.first.at(judgement.deck)}: ",
            ("contradicts: ", "bold red"),
            f"{pair.second.lines}, about {said}",
        )
    yield from _summary(judgement)


def _diagnostic(deck: str, verdict: Verdict) -> Iterator[Line]:
    first = verdict.places[0]
    line = Line(f"{first.at(deck)}: ")
    line.append(f"{verdict.status}: ", STYLES[verdict.status])
    line.append(_shortened(" ".join(verdict.latex.split())))
    yield line
    for label, words in finding(verdict).facts:
        if label == "evidence" and verdict.status in ACCEPTED:
            continue
        # A suggestion is there to be pasted into the deck.
        said = _pasted(verdict.suggestion) if label == "instead" else spoken(words)
        yield Line.assemble((f"    {label}: ", "dim"), said)


def _shortened(latex: str) -> str:
    """At most `LONGEST` characters: a diagnostic names a formula, it does not repeat a page."""
    return latex if len(latex) <= LONGEST else latex[: LONGEST - 2] + " …"


def _pasted(suggestion: Suggestion | None) -> str:
    if suggestion is None:
        return ""
    return f"{suggestion.latex}  ({spoken(worded(suggestion.words))})"


def _summary(judgement: Judgement) -> Iterator[Line]:
    for assumption in judgement.assumed:
        yield Line(f"by the deck's own model: {assumption}", "dim")
    skipped = Counter(item.reason for item in judgement.skipped)
    for reason, count in skipped.most_common():
        yield Line(f"not a claim, {count} ×: {reason}", "dim")
    counts = [f"{count} {status}" for status, count in judgement.summary.items() if count]
    noun = "claim" if len(judgement.claims) == 1 else "claims"
    yield Line(f"{judgement.deck}: {len(judgement.claims)} {noun}: {', '.join(counts)}", "bold")


def derivation_text(model: Model, derivation: Derivation) -> Iterator[Line]:
    """The steps of one derivation, then its compact forms."""
    yield Line(f"∂/∂{derivation.tensor}", "bold")
    for line in derivation_lines(model, derivation):
        note = f"  ({spoken(line.note)})" if line.note else ""
        yield Line.assemble("  ", (line.rule, "cyan"), (note, "dim"))
        yield Line(f"    {shown(line.latex)}")
    for compact in derivation.compact:
        yield Line(f"  compact form: {shown(compact.latex)}", "green")
    yield Line()
