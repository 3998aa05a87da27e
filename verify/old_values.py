r"""The old value where the new one stands on both sides: ``w_{new} = w_{new} - v``."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from derive.reading.names import label
from derive.reading.sentence import Sentence
from derive.reading.step_numbers import BEFORE
from derive.reading.surface import Name, walk
from verify.mending.edit import typed
from verify.numbers.suggestions import Edit, corrected
from verify.verdict import Suggestion


def with_old_values(sentence: Sentence, text: str) -> Suggestion | None:
    """``text`` with the word for the old value in each place on the right that has the new one.

    ``None`` where the left side carries no such word.
    """
    left, *right = sentence.nodes
    same = (n for n in chain.from_iterable(map(walk, right)) if isinstance(n, Name) and n == left)
    places = [edit for name in same for edit in _older(name, text)]
    found = corrected(text, places)
    if found is None or not isinstance(left, Name):
        return None
    own, (first,) = typed(left, text), [*_older(left, text)][:1]
    start = first.span.start - left.span.start
    older = own[:start] + first.new + own[first.span.end - left.span.start :]
    return Suggestion(found.latex, f"${own}$ on the right should be ${older}$")


def _older(name: Name, text: str) -> Iterator[Edit]:
    for script in (*name.sub, *name.sup):
        word = (label(script) or "").removeprefix(r"\mathrm{").removesuffix("}")
        own = typed(script, text)
        if word in BEFORE and word in own:
            yield Edit(script.span, own.replace(word, BEFORE[word]))
