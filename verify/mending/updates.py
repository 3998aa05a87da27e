r"""What a step of gradient descent may have lost: ``W \leftarrow (1 - \eta\lambda) - \eta \bar W``.

    the old value behind a factor            (1 - \eta\lambda) W
    the decay before the old value           (1 - \eta\lambda) W for W, both symbols at once
    the old value altogether                 W - \eta \bar W for -\eta \bar W

Where none of these makes it right the whole step is put in its place: what it must be is known.
"""

from __future__ import annotations

from collections.abc import Iterator

from derive.reading.lexicon import occurrence
from derive.reading.names import written
from derive.reading.sentence import UPDATES, Sentence
from derive.reading.surface import Name, walk
from derive.reading.terms import terms_of
from verify.claim import sentence_of
from verify.mending.edit import Edit, after, before, typed
from verify.setting import Convention, Setting

COST = 6
WHOLE = 9
"""Beyond every edit of a part."""


def updates(text: str, setting: Setting, convention: Convention) -> Iterator[Edit]:
    """The edits of an update of a parameter, nearest first; none of another formula."""
    sentence = sentence_of(text)
    arrow = set(sentence.operators) <= {*UPDATES, ":="}
    if len(sentence.nodes) != 2 or not (arrow or sentence.kind == "update"):
        return
    left, right = sentence.nodes
    old = typed(left, text)
    terms = list(terms_of(right))
    for term in terms:
        if old not in typed(term, text):
            yield Edit(after(term), f" {old}", f"the factor ${old}$ is missing", COST)
    numbers = list(_numbers(sentence, text, setting, convention))
    for term in (t for t in terms if typed(t, text) == old):
        for rate in numbers:
            for decay in _others(setting, rate):
                factor = f"(1 - {rate} {decay})"
                yield Edit(before(term), f"{factor} ", f"the factor ${factor}$ is missing", COST)
    if old not in typed(right, text):
        sign = " " if typed(right, text).startswith("-") else " + "
        yield Edit(before(right), f"{old}{sign}", f"the old ${old}$ is missing", COST)
    loss = setting.bench.model.loss
    if loss is not None and numbers:
        rate = numbers[0]
        step = rf"{old} - {rate} \frac{{\partial {_loss(setting, loss)}}}{{\partial {old}}}"
        yield Edit(right.span, step, f"a step of gradient descent is ${step}$", WHOLE)


def _numbers(
    sentence: Sentence, text: str, setting: Setting, convention: Convention
) -> Iterator[str]:
    """The symbols on the right that stand for any number: learning rates, as typed."""
    lexicon = setting.scope(convention).lexicon
    shown = (n for n in walk(sentence.nodes[1]) if isinstance(n, Name))
    items = ((n, occurrence(n)) for n in shown)
    found = ((n, lexicon.match(item)) for n, item in items if item is not None)
    known = ((n, match.entry) for n, match in found if match is not None)
    tensors = setting.bench.model.tensors
    free = (n for n, e in known if not e.rank and e.body is None and e.tensor not in tensors)
    yield from dict.fromkeys(typed(n, text) for n in free)


def _others(setting: Setting, rate: str) -> Iterator[str]:
    """Numbers that may be a decay: of the context, and parameters of the sheet."""
    model = setting.bench.model
    given = (model.tensors[n] for n in (*model.inputs, *model.parameters))
    shown = (*setting.context.scalars, *(written(t.notation) for t in given if not t.rank))
    return (s for s in dict.fromkeys(shown) if s != rate)


def _loss(setting: Setting, loss: str) -> str:
    return written(setting.bench.model.tensors[loss].notation)
