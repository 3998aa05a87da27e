r"""Update rules in a deck, judged against those that the literature has.

``\theta_{t+1} = \theta_t - \eta \nabla J`` is right where some rule steps like that, whatever its
numbers are called. What a velocity is decides what the parameters do with it: a formula for one is
a definition, and the step by it is judged with the definition that the deck gave. A formula of
the same quantities as a known rule that is none of them is wrong; of other quantities, unknown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

import numpy as np

from derive.errors import Problem
from derive.reading.iteration import KEPT, NEXT, OTHER, ElsewhereTaken, Iteration, iteration
from derive.reading.lexicon import occurrence
from derive.reading.names import head, readable
from derive.reading.problems import Unknown
from derive.reading.sentence import Sentence
from verify.bench import Bench
from verify.bias_corrections import bias_correction
from verify.claim import sentence_of
from verify.compare import Identity, Outcome, climb
from verify.old_values import with_old_values
from verify.setting import Convention, Setting
from verify.step_catalogue import PARAMETERS, ROLES, STATES, Rule
from verify.step_matching import DRAWS, matched, namings, places, renamed, values
from verify.step_roles import (
    SQUARES,
    averages_corrected,
    holds_averages,
    misplaced,
    names_squares,
    sign_of,
    squeezed,
    steps_a_parameter,
)
from verify.verdict import ACCEPTED, Evidence, Status, Suggestion

UNKNOWN = "no update rule that is known has these quantities"


@dataclass(frozen=True)
class Found:
    """What is said of a step, the nearest right formula, and whether it defines a velocity.

    ``problem`` is a symbol that the model does not have.
    """

    outcome: Outcome
    suggestion: Suggestion | None = None
    introduces: bool = False
    assumptions: tuple[str, ...] = ()
    problem: Problem | None = None


def judge_step(text: str, setting: Setting, convention: Convention) -> Found | None:
    """The judgement of a formula about a step; ``None`` where it is none."""
    sentence = sentence_of(text)
    try:
        found = _judged(sentence, text, setting, convention)
    except ElsewhereTaken as problem:
        return Found(Outcome(Status.UNDECIDED, problem.message))
    except Problem:
        found = None
    if found is None and (steps_a_parameter(sentence, setting) or holds_averages(sentence)):
        return Found(Outcome(Status.UNDECIDED, UNKNOWN))
    return found


def _judged(
    sentence: Sentence, text: str, setting: Setting, convention: Convention
) -> Found | None:
    """`judge_step` by the rules that are known. Raises as reading."""
    if (corrected := bias_correction(sentence, text, setting.defined)) is not None:
        outcome, better = corrected
        return Found(outcome, better, outcome.status is Status.DEFINITION)
    step = iteration(sentence, text)
    if step is None or not _speaks_of_descent(step, setting):
        return None
    stray = _stray(step, setting, convention)
    if stray is not None:
        return stray
    if NEXT in step.reads:
        return _circular(step, text, setting, convention)
    for rules in _kinds(step):
        for rule in rules:
            link = matched(step, rule)
            if link is not None:
                return _known(step, rule, link, setting)
    return _unknown(step, text, setting)


def _speaks_of_descent(step: Iteration, setting: Setting) -> bool:
    """Whether there is a gradient, or something that a method keeps: not every recurrence has."""
    if "slope" in step.reads:
        return True
    others = [step.texts[role] for role in OTHER if role in step.reads]
    return bool(others) and all(
        latex.lstrip("\\hat{ ")[:1] in KEPT or sign_of(latex, setting) for latex in others
    )


def _kinds(step: Iteration) -> Iterator[Sequence[Rule]]:
    """Rules for a parameter, for what is kept, or first the one and then the other."""
    own = head(step.stem)
    plain = step.stem.base
    if step.by:
        yield PARAMETERS if step.by in (own, plain) else STATES
    elif plain in KEPT and not set(step.reads) & {*OTHER}:
        yield STATES
    else:
        yield PARAMETERS


def _stray(step: Iteration, setting: Setting, convention: Convention) -> Found | None:
    """A gradient of something that is not the loss of the model, where the model has one."""
    model, scope = setting.bench.model, setting.scope(convention)
    if step.objective is None or model.loss is None:
        return None
    item = occurrence(step.objective)
    match = scope.lexicon.match(item) if item is not None else None
    if match is not None and match.entry.tensor == model.loss:
        return None
    if match is not None:
        return None  # another quantity of the model: nobody said what is minimised
    loss = readable(head(step.objective))
    known = scope.objective
    message = f"{loss} is not defined (did you mean {known}?)"
    problem = Unknown(message, head(step.objective))
    return Found(Outcome(Status.ILL_FORMED, message), problem=problem)


def _circular(step: Iteration, text: str, setting: Setting, convention: Convention) -> Found:
    """The new value on both sides, which is right where the old one is meant."""
    name = readable_text(step.texts[NEXT])
    told = _refuted(f"{name} stands on both sides: the right side needs the old value")
    better = with_old_values(sentence_of(text), text)
    found = None if better is None else judge_step(better.latex, setting, convention)
    if found is None or found.outcome.status not in ACCEPTED:
        return replace(told, problem=found.problem if found else None)
    return replace(told, suggestion=better)


def readable_text(latex: str) -> str:
    """LaTeX for a message, on one line."""
    return " ".join(latex.split())


def _known(step: Iteration, rule: Rule, link: Identity, setting: Setting) -> Found:
    notes = _notes(step, rule)
    if names_squares(step, rule):
        return _without_square(step)
    if (wrong := misplaced(step, rule, setting)) is not None:
        return _refuted(wrong)
    outcome = _proved(link, setting.bench)
    if rule in STATES:
        message = f"introduces {rule.title}; nothing to check"
        return Found(Outcome(Status.DEFINITION, message), None, True, notes)
    if rule.sign and OTHER[0] in step.reads:
        return _by_velocity(step, rule, outcome, setting, notes)
    return Found(_said(outcome, f"the step of {rule.title}"), None, False, notes)


def _without_square(step: Iteration) -> Found:
    """An average whose name is of squares, of what is not squared."""
    right = next(r for r in STATES if SQUARES in r.title)
    naming = next(namings(step, right), None)
    message = f"{readable_text(step.left)} averages squares: the square of the gradient is missing"
    better = Suggestion(_written(step, right, naming), "the square is missing") if naming else None
    return Found(_refuted(message).outcome, better)


def _refuted(message: str) -> Found:
    evidence = (Evidence("update rules", "differs", message),)
    return Found(Outcome(Status.REFUTED, message, None, evidence))


def _by_velocity(
    step: Iteration, rule: Rule, outcome: Outcome, setting: Setting, notes: tuple[str, ...]
) -> Found:
    """A step by a velocity, with what the deck said of that before."""
    name = readable_text(step.texts[OTHER[0]])
    sign = sign_of(step.texts[OTHER[0]], setting)
    way = "downhill" if rule.sign > 0 else "uphill"
    if sign == rule.sign or (rule.usual and not sign):
        return Found(_said(outcome, f"{rule.title}, as {name} does"), None, False, notes)
    if sign:
        right = next(r for r in PARAMETERS if r.sign == sign and len(r.latex) == len(rule.latex))
        message = f"{name} points {'uphill' if way == 'downhill' else 'downhill'} as it was defined"
        evidence = (Evidence("update rules", "differs", message),)
        better = Suggestion(_written(step, right, {}), "the velocity points the other way")
        return Found(Outcome(Status.REFUTED, message, None, evidence), better, False, notes)
    condition = f"right if {name} points {way}"
    message = f"nothing says what {name} is; {condition}"
    unsaid = Unknown(message, name)  # by this sheet: of a family another may know it
    outcome = Outcome(Status.UNDECIDED, message, conditions=(condition,))
    return Found(outcome, None, False, notes, unsaid)


def _said(outcome: Outcome, message: str) -> Outcome:
    return Outcome(outcome.status, message, outcome.scope, outcome.evidence)


def _notes(step: Iteration, rule: Rule) -> tuple[str, ...]:
    slope = step.texts.get("slope")
    if slope is None or not step.objective:
        return ()
    return (f"{readable_text(slope)} is the gradient with respect to what changes",)


def _proved(link: Identity, bench: Bench) -> Outcome:
    """The identity by the ladder; roots of negative numbers leave the agreement of values."""
    outcome = climb(link, bench)
    if outcome.status in ACCEPTED:
        return outcome
    evidence = (Evidence("update rules", "agrees", f"at {DRAWS} random places"),)
    return Outcome(Status.CONFIRMED, "", "positive numbers", evidence)


# What no rule does


def _unknown(step: Iteration, text: str, setting: Setting) -> Found:
    """Wrong where a rule has the same quantities and numbers, else not known."""
    near = [
        (_likeness(_written(step, rule, naming), text), rule, naming)
        for rules in _kinds(step)
        for rule in rules
        for naming in namings(step, rule)
    ]
    named = step.objective is not None or averages_corrected(step, setting)
    if not near or not named:  # a letter g alone may be anything
        return Found(Outcome(Status.UNDECIDED, UNKNOWN))
    _, rule, naming = max(near, key=lambda n: n[0])
    link = Identity((), renamed(rule, naming), step.body, tuple(step.texts))
    shown = _apart(link, step)
    message = "no update rule that is known steps like this"
    evidence = (Evidence("update rules", "differs", f"{len(near)} readings tried"),)
    better = Suggestion(_written(step, rule, naming), f"the step of {rule.title}")
    return Found(Outcome(Status.REFUTED, message, None, evidence, shown), better)


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, squeezed(one), squeezed(other), autojunk=False).ratio()


def _apart(link: Identity, step: Iteration) -> dict[str, object]:
    """Numbers at which the formula and the nearest rule differ."""
    for place in places(link):
        right, left = values(link, place)
        if not np.isclose(left, right):
            shown = {readable_text(step.texts[n]): v for n, v in place.items() if n in step.texts}
            return {"at": shown, "left": right, "right": left}
    raise AssertionError("a rule that agrees at these places is the rule")


def _written(step: Iteration, rule: Rule, naming: dict[str, str]) -> str:
    """The rule in the author's symbols."""
    names = naming or {letter: role for letter, role in ROLES.items() if role in step.texts}
    if not naming:
        names |= dict(zip("a", step.scalars, strict=False))
    typed = {c: step.texts.get(n, n if n[:1].isdigit() else c) for c, n in names.items()}
    shown = "".join(typed.get(c, c) for c in _letters(rule.latex))
    return f"{step.left} {step.relation} {shown}"


def _letters(latex: str) -> Iterator[str]:
    """The text cut into control sequences and single characters."""
    rest = latex
    while rest:
        size = 1
        if rest[0] == "\\":
            size = 1 + next((k for k, c in enumerate(rest[1:]) if not c.isalpha()), len(rest) - 1)
        yield rest[:size]
        rest = rest[size:]
