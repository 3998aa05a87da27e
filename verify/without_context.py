r"""What is open because no context says what the deck leaves unsaid.

A symbol that neither the model nor a context knows may be a slip or a name that the deck gave to
something of the model, and only a context tells which:

    without any context      undecided; "right if c means C" where that would mend the formula
    with one                 ill-formed: the context says what is meant, and not this symbol

So whoever deletes a context turns verdicts into undecided ones, never wrong into right or back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from derive.equations import adjoint_of
from derive.errors import Problem
from derive.expr import accesses
from derive.reading.context import EMPTY
from derive.reading.eulers import E
from derive.reading.indices import UnboundLetter
from derive.reading.letters import bound_letters
from derive.reading.lexicon import Occurrence, occurrence
from derive.reading.names import is_bare, readable
from derive.reading.problems import Unknown
from derive.reading.scope import model_scope
from derive.reading.shown import shown_number
from derive.reading.statement import Statement
from derive.reading.surface import Name, Node, walk
from derive.reading.undeclared import as_typed
from verify.claim import sentence_of
from verify.compare import Outcome
from verify.mending.indices import index_nodes
from verify.readings import Judged
from verify.setting import Setting
from verify.verdict import Status, Verdict

FUNCTION = re.compile(r"(?<![A-Za-z\\])([A-Z]{2,})\s?\(")
"""Capital letters that touch, before a bracket: a function, or a product."""

OWN = "own"
"""The name of what a page's own front matter declares: no context of somebody else's."""


def open_without_context(judged: Judged, text: str, setting: Setting) -> Judged:
    """The judgement, undecided where a symbol is unknown and nothing was declared at all."""
    found = judged.outcome
    if setting.context != EMPTY and setting.context.name != OWN:
        return judged
    if found.status in (Status.ILL_FORMED, Status.REFUTED):
        message, conditions = _open(judged, text, setting), found.conditions
    elif found.status is Status.PROVED and (symbol := _given_in_digits(judged, text, setting)):
        conditions = (f"right if {symbol} means the value that the deck gave it before",)
        message = f"undeclared: {conditions[0]}"
    else:
        return judged
    if message is None:
        return judged
    outcome = Outcome(Status.UNDECIDED, message, None, found.evidence, conditions=conditions)
    return replace(judged, outcome=outcome, conditions=conditions)


def _open(judged: Judged, text: str, setting: Setting) -> str | None:
    """What nobody declared, ``None`` where the formula is wrong whatever a symbol may mean."""
    if is_undeclared(judged.best.problem):
        return f"undeclared: {judged.outcome.message}"
    nodes = judged.best.statement.nodes if judged.best.statement else ()
    scope = setting.scope(judged.best.convention)
    if E not in scope.sizes and any(
        _is_eulers(n) and scope.lexicon.match(Occurrence(n, n.span)) is None
        for node in nodes
        for n in _outside_indices(node)
    ):
        return "undeclared: what e means; as Euler's number it would be wrong"
    word = FUNCTION.search(text)
    if word is not None and _reads_itself(judged.best.statement):
        name = word.group(1)
        return f"undeclared: what {name} means; as a product of letters it makes no sense"
    return None


def _outside_indices(node: Node) -> Iterator[Name]:
    """The names but those in scripts, indices and bounds: of ``W_{rec}`` W alone.

    None where a sum has e for its letter, which is no number anywhere then.
    """
    inside = index_nodes(node)
    if E not in bound_letters(node):
        yield from (n for n in walk(node) if isinstance(n, Name) and id(n) not in inside)


def _is_eulers(name: Name) -> bool:
    """Whether it is a letter e that is no base of a power: another quantity, likely."""
    return name.base == E and is_bare(name)


def _reads_itself(statement: Statement | None) -> bool:
    """Whether a tensor of the model is given as a multiple or a power of itself."""
    if statement is None or statement.target is None:
        return False
    read = {a.tensor for side in statement.sides[1:] for a in accesses(side.body)}
    return statement.target in read and adjoint_of(statement.target) is None


def _given_in_digits(judged: Judged, text: str, setting: Setting) -> str | None:
    r"""The left side where the deck gave it digits, although it looks like a symbol of the model.

    After ``\theta_t = 0.5 - 0.1``, with a θ in the model, ``\theta_t = 0.4`` is right of these
    digits alone; a context would say of what else.
    """
    nodes = sentence_of(text).nodes
    if judged.best.in_numbers is None or len(nodes) != 2 or shown_number(nodes[1]) is None:
        return None
    item = occurrence(nodes[0])
    model = model_scope(setting.bench.fixed).lexicon
    if item is None or model.match(item) is not None:
        return None
    given = setting.scope(judged.best.convention).lexicon.match(item) is not None
    alike = any(e.notation.head == item.head for e in model.close_to(item))
    return readable(as_typed(item)) if given and alike else None


def is_undeclared(problem: Problem | None) -> bool:
    """Whether a symbol, or a label that is a word, stood in the way."""
    letter = problem.letter if isinstance(problem, UnboundLetter) else ""
    return isinstance(problem, Unknown) or (len(letter) > 1 and letter.isalpha())


def with_meaning(verdict: Verdict, problem: Problem | None) -> Verdict:
    """The undecided verdict with the meaning that would make it right, where an edit found one."""
    nearest = verdict.suggestion
    if verdict.status is not Status.UNDECIDED or nearest is None or not is_undeclared(problem):
        return verdict
    if " should be " not in nearest.edit:
        return verdict  # another formula, and no other meaning of what stands there
    condition = f"right if {nearest.edit.replace(' should be ', ' means ')}"
    return replace(
        verdict, message=f"undeclared: {condition}", conditions=(*verdict.conditions, condition)
    )
