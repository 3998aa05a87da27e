r"""What a deck says of the quantities in a step: where they point, what they average.

``\frac{\hat m_t}{\sqrt{\hat v_t}}`` is Adam's where m averages gradients and v their squares; with
the two exchanged it is the step of nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from derive.errors import Problem
from derive.reading.averages import with_averages
from derive.reading.iteration import OTHER, Iteration, iteration
from derive.reading.names import letter_of, unstyled
from derive.reading.sentence import Sentence
from derive.reading.surface import Binary, Group, Name, Node, Numeral, walk
from verify.bias_corrections import bias_correction
from verify.claim import sentence_of
from verify.setting import Setting
from verify.step_catalogue import STATES, Rule
from verify.step_matching import matched
from verify.verdict import Status

SQUARES = "squared gradients"
_ROOT = re.compile(r"\\sqrt\{([VU])")
_ROLE = {"V": OTHER[0], "U": OTHER[1]}
_SQUARED_NAME = re.compile(r"(?:g|\\nabla[^\]]*|G)\^\{?2\}?[\])}]")


def sign_of(latex: str, setting: Setting) -> int:
    """Where the velocity of this name points, by its definition in the deck; 0 where none is."""
    rule = _defined_as(latex, setting)
    return rule.sign if rule is not None else 0


def _defined_as(latex: str, setting: Setting) -> Rule | None:
    """The rule by which the deck defined a kept quantity of this name; ``None`` where none is."""
    names = (squeezed(latex), _without_hat(squeezed(latex)))
    for text in reversed(setting.defined):
        try:
            step = iteration(sentence_of(text), text)
        except Problem:
            continue
        if step is not None and squeezed(step.left) in names:
            return next((r for r in STATES if matched(step, r) is not None), None)
    return None


def squeezed(latex: str) -> str:
    """Without spaces and braces: ``v_{t}`` and ``v_t`` are one."""
    return re.sub(r"[\s{}]", "", latex)


def _without_hat(latex: str) -> str:
    r"""``\hat m_t`` for m_t: a corrected average points where the average does."""
    return re.sub(r"^\\(?:wide)?hat", "", latex)


def averages_corrected(step: Iteration, setting: Setting) -> bool:
    r"""Whether it steps by ``\hat m`` and ``\hat v`` that the deck defined as corrected averages.

    With nothing beside them that is Adam's step, or nobody's.
    """
    texts = {squeezed(step.texts[role]) for role in OTHER if role in step.reads}
    return len(texts) == len(OTHER) and texts <= set(_corrected(setting))


def holds_averages(sentence: Sentence) -> bool:
    r"""Whether a method's ``E[g^2]_t`` stands somewhere, which is no tensor's symbol."""
    return any(with_averages(node) != node for node in sentence.nodes)


def _corrected(setting: Setting) -> Iterator[str]:
    """The names of what the deck defined by a bias correction."""
    for text in setting.defined:
        try:
            sentence = sentence_of(text)
        except Problem:
            continue
        found = bias_correction(sentence, text, ())
        if found is not None and found[0].status is Status.DEFINITION:
            span = sentence.nodes[0].span
            yield squeezed(text[span.start : span.end])


def misplaced(step: Iteration, rule: Rule, setting: Setting) -> str | None:
    """What stands under a root, or beside it, that the deck defined as something else there."""
    root = _ROOT.search(rule.latex)
    if root is None:
        return None
    for letter, role in _ROLE.items():
        if role not in step.reads or letter not in rule.latex:
            continue
        known = _defined_as(step.texts[role], setting)
        if known is None:
            continue
        name = " ".join(step.texts[role].split())
        under = letter == root[1]
        if under and SQUARES not in known.title:
            return f"{name} stands under the root, but was defined as {known.title}"
        if not under and SQUARES in known.title:
            return f"{name} stands outside the root, but was defined as {known.title}"
    return None


def names_squares(step: Iteration, rule: Rule) -> bool:
    """Whether the name, as ``E[g^2]_t``, is of squares, and the rule averages no squares."""
    averages = rule in STATES and SQUARES not in rule.title
    return averages and _SQUARED_NAME.search(step.left) is not None


def steps_a_parameter(sentence: Sentence, setting: Setting) -> bool:
    r"""Whether ``w_{t+1}`` stands on the left and ``w_t`` on the right, of a parameter w.

    So does an average of it, ``\bar w_{t+1}``.
    """
    left = sentence.nodes[0]
    if len(sentence.nodes) != 2 or not isinstance(left, Name):
        return False
    model = setting.bench.model
    known = {unstyled(model.tensors[n].notation.head) for n in model.parameters}
    before = {_before(item) for item in (*left.sub, *left.sup)} - {None}
    plain = (n for n in walk(sentence.nodes[1]) if isinstance(n, Name) and n.base == left.base)
    scripts = (letter_of(s) for n in plain for s in (*n.sub, *n.sup))
    return left.base in known and bool(before) and any(s in before for s in scripts)


def _before(node: Node) -> str | None:
    """``t`` of ``t + 1``."""
    match node:
        case Binary("+", Name() as time, Numeral(value=value)) if value == 1:
            return letter_of(time)
        case Group(body=body):
            return _before(body)
    return None
