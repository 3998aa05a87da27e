r"""Bias corrections of averages: ``\hat m_t = \frac{m_t}{1 - \beta_1^t}`` (Kingma and Ba 2014).

The average up to step t lacks what it began with, ``\beta^t`` of it; that power is what gets lost,
or the β is that of another average than the deck defined.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from derive.errors import Problem
from derive.reading.iteration import KEPT, RATES
from derive.reading.lexicon import Occurrence
from derive.reading.names import letter_of, readable, spread
from derive.reading.sentence import Sentence
from derive.reading.step_numbers import LETTERS
from derive.reading.surface import Binary, Fraction_, Group, Name, Node, Numeral, walk
from derive.reading.undeclared import as_typed
from verify.claim import sentence_of
from verify.compare import Outcome
from verify.verdict import Evidence, Status, Suggestion

HATS = ((r"\hat",), (r"\widehat",))
Corrected = tuple[Outcome, Suggestion | None]


def bias_correction(sentence: Sentence, text: str, defined: Iterable[str]) -> Corrected | None:
    """The judgement of a formula that corrects an average; ``None`` where it does not.

    ``defined`` are the formulas by which the deck introduced symbols so far.
    """
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
        if (other := _rate_of(replace(left, accents=()), rate, defined)) is not None:
            return _of_another(rate, other, text)
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


def _rate_of(average: Name, rate: Name, defined: Iterable[str]) -> Name | None:
    """The one rate in the definition of ``average``, where it is not this one."""
    for known in reversed(tuple(defined)):
        try:
            sentence = sentence_of(known)
        except Problem:
            continue
        if sentence.nodes[0] == average:
            named = (n for side in sentence.nodes[1:] for n in walk(side) if isinstance(n, Name))
            rates = {replace(n, sup=()) for n in named if n.base in RATES}
            other = rates.pop() if len(rates) == 1 else None
            return None if other == replace(rate, sup=()) else other
    return None


def _of_another(rate: Name, other: Name, text: str) -> Corrected:
    mine, theirs = readable(_typed(rate)), readable(_typed(other))
    message = f"the average was defined with {theirs}, not with {mine}"
    evidence = (Evidence("update rules", "differs", message),)
    start, end = rate.span.start, rate.sup[0].span.start
    power = text[start:end].rfind("^")
    better = f"{text[:start]}{_typed(other)}{text[start + power :]}"
    what = f"${_typed(rate)}$ should be ${_typed(other)}$"
    return Outcome(Status.REFUTED, message, None, evidence), Suggestion(better, what)


def _typed(name: Name) -> str:
    """The name without what stands above it."""
    return as_typed(Occurrence(replace(name, sup=()), name.span))


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
