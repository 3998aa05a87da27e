r"""What a deck or a page says is its own transpose: ``A = A^T``."""

from __future__ import annotations

from derive.reading.fitting import TRANSPOSES
from derive.reading.names import head, label
from derive.reading.sentence import Sentence
from derive.reading.surface import Name


def symmetric_of(sentence: Sentence) -> Name | None:
    """The matrix of ``A = A^T`` or ``A^T = A``; ``None`` for any other sentence."""
    match sentence.nodes:
        case (Name() as one, Name() as other) if sentence.kind == "equation":
            plain, turned = (other, one) if one.sup else (one, other)
            same = head(plain) == head(turned) and plain.sub == turned.sub == plain.sup == ()
            once = len(turned.sup) == 1 and label(turned.sup[0]) in TRANSPOSES
            return plain if same and once else None
    return None
