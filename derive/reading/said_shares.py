r"""What a deck or a page says sums to one: ``\sum_k y_k = 1``."""

from __future__ import annotations

from derive.reading.bounds import read_bounds
from derive.reading.sentence import Sentence
from derive.reading.surface import Big, Name, Numeral


def share_of(sentence: Sentence) -> tuple[Name, str] | None:
    r"""The symbol and the letter of ``\sum_k y_k = 1``; ``None`` for any other sentence."""
    match sentence.nodes:
        case (Big(operator=r"\sum", body=Name() as name) as total, Numeral(text="1")):
            letters = [b.letter for item in total.lower for b in read_bounds(item, total.upper)]
            return (name, letters[0]) if len(letters) == 1 else None
    return None
