r"""What a formula may be that says nothing of the model as it stands.

a step of a method       ``\theta_{t+1} = \theta_t - \eta \nabla J``
a change by such a step  ``\Delta w = -\eta \nabla_w J``
a name behind a chain    ``\frac{\partial E}{\partial u_j} = y_j - t_j := e_j``
one of many layers       ``\delta^{(L)} = \frac{\partial J}{\partial z^{(L)}}``
a function of its own    ``\varphi(x) = 2x``
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from derive.errors import IllFormed, Problem
from derive.reading.own_functions import defines_function
from derive.reading.problems import Foreign, Undeclared
from verify.claim import sentence_of
from verify.compare import Outcome
from verify.increments import increment
from verify.layer_marks import asked_of_all
from verify.layers import Instance, instances
from verify.named_behind import named_behind
from verify.numbers.claims import Plain
from verify.numbers.suggestions import corrected, moved
from verify.setting import Convention, Setting
from verify.step_rules import judge_step
from verify.verdict import ACCEPTED, Part, Status, Suggestion

_WORST_FIRST = (
    Status.REFUTED, Status.ILL_FORMED, Status.UNREADABLE, Status.UNDECIDED, Status.CONFIRMED,
    Status.PROVED, Status.DEFINITION,
)  # fmt: skip

_NO_LAYER = Outcome(Status.ILL_FORMED, "the formula reads what no layer of the sheet has")


@dataclass(frozen=True)
class Other:
    """What is said of the other reading; ``introduces`` that it gives something its meaning."""

    outcome: Outcome
    parts: tuple[Part, ...] = ()
    assumptions: tuple[str, ...] = ()
    suggestion: Suggestion | None = None
    introduces: bool = False
    problem: Problem | None = None


def other_reading(
    text: str,
    setting: Setting,
    convention: Convention,
    judge: Callable[[str], Plain],
    ask: Callable[[str], Plain | None],
) -> Other | None:
    """The first other reading that there is; ``judge`` tells what it cannot read.

    ``ask`` gives nothing for that, and raises `Undeclared` for what needs a reading first.
    """
    try:
        sentence_of(text)
    except IllFormed:
        return None  # an edit has made several formulas of one
    step = judge_step(text, setting, convention)
    if step is not None:
        return Other(
            step.outcome, (), step.assumptions, step.suggestion, step.introduces, step.problem
        )
    change = increment(sentence_of(text), text, setting, convention, ask)
    if change is not None:
        return Other(change.outcome, change.parts, (change.note,), change.suggestion)
    if (named := named_behind(sentence_of(text), text)) is not None:
        claimed = ask(named.claim)
        if claimed is not None and claimed.outcome.status is not Status.ILL_FORMED:
            return Other(claimed.outcome, introduces=claimed.outcome.status in ACCEPTED)
    scope = setting.scope(convention)
    layered = _for_each_layer(text, setting, convention, judge)
    if layered is not None:
        return layered
    if defines_function(sentence_of(text), scope):
        return Other(Outcome(Status.DEFINITION, "introduces a function; nothing to check"))
    return None


def _for_each_layer(
    text: str, setting: Setting, convention: Convention, judge: Callable[[str], Plain]
) -> Other | None:
    """A formula for a layer l, judged for every layer that has all its symbols.

    Raises `Undeclared` for a mark that nothing declares.
    """
    scope, family = setting.scope(convention), setting.bench.model.layers
    layers = instances(sentence_of(text), text, scope)
    if family is not None and (asked := asked_of_all(layers, family, scope)) is not None:
        raise asked
    tried = [(layer, judge(layer.text)) for layer in layers]
    known = [(layer, one) for layer, one in tried if not _is_unread(one)]
    if not known:
        return _unread(tried[len(tried) // 2]) if family is not None and tried else None
    read = [(layer, one.outcome) for layer, one in known]
    read += [(layer, _NO_LAYER) for layer, one in tried if _is_unread(one) and layer.stated]
    layer, worst = min(read, key=lambda pair: _WORST_FIRST.index(pair[1].status))
    numbers = ", ".join(str(other.number) for other, _ in read)
    if worst.status not in ACCEPTED:
        worst = replace(worst, message=f"{layer.letter} = {layer.number}: {worst.message}")
    parts = tuple(Part(other.text, one.status, one.message) for other, one in read)
    note = f"{layer.letter} stands for the layers {numbers} of the sheet"
    if family is not None:
        layers_ = "1 layer" if family.last == 1 else f"{family.last} layers"
        note = f"judged for {layer.letter} = {numbers}, in a family of {layers_}"
    defines = family is not None and worst.status is Status.DEFINITION
    notes = dict.fromkeys((note, *(a for _, one in known for a in one.assumptions)))
    digits = moved(known[0][1].right, known[0][0].text, text) if len(known) == 1 else ()
    return Other(worst, parts, tuple(notes), corrected(text, digits), introduces=defines)


def _is_unread(one: Plain) -> bool:
    return isinstance(one.problem, Foreign | Undeclared)


def _unread(pair: tuple[Instance, Plain]) -> Other:
    """What stands in the way in one of the middle layers, which has neighbours on both sides."""
    layer, one = pair
    message = f"{layer.letter} = {layer.number}: {one.outcome.message}"
    return Other(replace(one.outcome, message=message), problem=one.problem)
