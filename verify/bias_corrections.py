r"""Bias corrections of averages: ``\hat m_t = \frac{m_t}{1 - \beta_1^t}`` (Kingma and Ba 2014).

The average up to step t lacks what it began with, ``\beta^t`` of it; that power is what gets lost.
"""

from __future__ import annotations

from dataclasses import replace

from derive.reading.iteration import KEPT, RATES
from derive.reading.names import letter_of, spread
from derive.reading.sentence import Sentence
from derive.reading.step_numbers import LETTERS
from derive.reading.surface import Binary, Fraction_, Group, Name, Node, Numeral
from verify.compare import Outcome
from verify.verdict import Evidence, Status, Suggestion

HATS = ((r"\hat",), (r"\widehat",))
Corrected = tuple[Outcome, Suggestion | None]


def bias_correction(sentence: Sentence, text: str) -> Corrected | None:
    """The judgement of a formula that corrects an average; ``None`` where it does not."""
    if len(sentence.nodes) != 2 or sentence.kind not in ("equation", "update"):
        return None
    left, right = sentence.nodes
    if not isinstance(left, Name) or left.accents not in HATS or left.base not in KEPT:
        return None
    step = next((s for s in (*spread(left.sub), *left.sup) if _letter(s) in LETTERS), None)
    rate = _rate(right, replace(left, accents=()))
    if rate is None or step is None:
        return None
    if rate.sup == (step,):
        return Outcome(Status.DEFINITION, "introduces a corrected average; nothing to check"), None
    if rate.sup:
        return None
    at = rate.span.end - right.span.start
    shown = text[right.span.start : right.span.end]
    power = text[step.span.start : step.span.end]
    head = text[: right.span.start]
    message = f"what an average lacks after {power} steps goes with the power {power}"
    evidence = (Evidence("update rules", "differs", message),)
    better = Suggestion(f"{head}{shown[:at]}^{{{power}}}{shown[at:]}", "the power is missing")
    return Outcome(Status.REFUTED, message, None, evidence), better


def _letter(node: Node) -> str | None:
    inner = node.body if isinstance(node, Group) else node
    return letter_of(inner)


def _rate(right: Node, average: Name) -> Name | None:
    r"""β of ``m / (1 - \beta)``, where m is the average without its hat."""
    match right:
        case Fraction_(top, bottom) | Binary("/", top, bottom):
            inner = bottom.body if isinstance(bottom, Group) else bottom
        case _:
            return None
    match inner:
        case Binary("-", Numeral(text="1"), Name() as rate) if rate.base in RATES:
            return rate if top == average else None
    return None
