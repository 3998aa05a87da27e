"""What the other verdicts of a deck say of one: a right formula, numbers from which it follows."""

from __future__ import annotations

from collections.abc import Sequence

from derive.reading.document import Document
from verify.named_cases import as_cases
from verify.rest_is_zero import as_the_words_say
from verify.right_elsewhere import with_own_formulas
from verify.shown_steps import with_shown_steps
from verify.verdict import Verdict


def looked_over(verdicts: Sequence[Verdict], document: Document) -> tuple[Verdict, ...]:
    """The verdicts of a deck, in its order, each seen beside the others."""
    told = [as_the_words_say(v, document) for v in with_own_formulas(verdicts)]
    return as_cases(with_shown_steps(told), document)
