r"""``\Delta w = -\eta \frac{\partial E}{\partial w}``: by how much a step changes a parameter.

Where nothing declares the mark, such a formula is the step ``w \leftarrow w + \dots`` that it is
part of, if that is one of gradient descent; with the other sign it is right where the change is
subtracted. A gradient alone, and anything else, leaves open what the mark means
(`derive.reading.undeclared`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from derive.reading.derivatives import quotient_parts
from derive.reading.lexicon import occurrence
from derive.reading.names import readable
from derive.reading.scope import Scope
from derive.reading.sentence import Sentence
from derive.reading.surface import Node, Prefixed
from verify.compare import Outcome
from verify.numbers.claims import Plain
from verify.setting import Convention, Setting
from verify.verdict import ACCEPTED, Part, Status, Suggestion

MARK = r"\Delta"
CLIMBS = "the step climbs: the minus sign is missing"


@dataclass(frozen=True)
class Increment:
    """What is said of the step, its links where there are several, and the right formula."""

    outcome: Outcome
    note: str
    parts: tuple[Part, ...] = ()
    suggestion: Suggestion | None = None


def increment(
    sentence: Sentence,
    text: str,
    setting: Setting,
    convention: Convention,
    judge: Callable[[str], Plain | None],
) -> Increment | None:
    """The judgement of a change of a parameter; ``None`` where it is none or no step at all."""
    first = sentence.nodes[0]
    if not isinstance(first, Prefixed) or first.operator != MARK or len(sentence.nodes) < 2:
        return None
    scope = setting.scope(convention)
    if sentence.kind != "equation" or MARK in scope.lexicon.prefixes:
        return None
    if not _is_parameter(first, scope):
        return None
    if quotient_parts(sentence.nodes[1]) is not None:
        return None
    symbol, change = _source(first.body, text), _source(sentence.nodes[1], text)
    condition = text[sentence.nodes[-1].span.end :]
    note = f"{_source(first, text)} is the change of {symbol} by a step"
    step = judge(rf"{symbol} \leftarrow {symbol} + ({change}){condition}")
    if step is not None and step.outcome.status in ACCEPTED:
        return _with_links(Increment(step.outcome, note), sentence, text, judge)
    back = judge(rf"{symbol} \leftarrow {symbol} - ({change}){condition}")
    if back is None or back.outcome.status not in ACCEPTED:
        return None
    start = sentence.nodes[1].span
    turned = change.removeprefix("-") if change.startswith("-") else f"-{_bracketed(change)}"
    better = None
    if len(sentence.nodes) == 2:
        better = Suggestion(text[: start.start] + turned + text[start.end :], CLIMBS)
    subtracted = f"right if {readable(_source(first, text))} is subtracted"
    message = f"{CLIMBS}; {subtracted}"
    outcome = Outcome(Status.UNDECIDED, message, conditions=(subtracted,))
    return Increment(outcome, note, suggestion=better)


def _with_links(
    found: Increment, sentence: Sentence, text: str, judge: Callable[[str], Plain | None]
) -> Increment:
    """The step with the links behind it, ``\\Delta w = -\\eta \\nabla E = \\dots``."""
    if len(sentence.nodes) < 3:
        return found
    rest = judge(text[sentence.nodes[1].span.start :])
    if rest is None:
        message = "a link behind the step cannot be read"
        return replace(found, outcome=Outcome(Status.UNDECIDED, message))
    shown = text[: sentence.nodes[1].span.end]
    parts = (
        Part(shown, found.outcome.status, found.outcome.message),
        Part(text[sentence.nodes[1].span.start :], rest.outcome.status, rest.outcome.message),
    )
    outcome = found.outcome if rest.outcome.status in ACCEPTED else rest.outcome
    return replace(found, outcome=outcome, parts=parts)


def _is_parameter(marked: Prefixed, scope: Scope) -> bool:
    item = occurrence(marked.body)
    match = None if item is None else scope.lexicon.match(item)
    return (
        match is not None
        and scope.model is not None
        and match.entry.tensor in set(scope.model.parameters)
    )


def _source(node: Node, text: str) -> str:
    return text[node.span.start : node.span.end]


def _bracketed(change: str) -> str:
    return f"({change})" if "+" in change or "-" in change else change
