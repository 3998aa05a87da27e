"""What a vertical bar does: open, close, stand between (``p(y | x)``), evaluate (``f |_{x=0}``)."""

from __future__ import annotations

from derive.errors import Unreadable
from derive.reading.tokens import ENDS_OPERAND, Word


def settle_bars(words: list[Word], bars: list[int]) -> None:
    """Give the bars of one bracket level, at the indices ``bars``, their terminals.

    Empties ``bars``. Raises `Unreadable` at a bar that opens and is never closed.
    """
    open_: list[int] = []
    for number, i in enumerate(bars):
        word = words[i]
        after_operand = i > 0 and words[i - 1].kind in ENDS_OPERAND
        scripted = i + 1 < len(words) and words[i + 1].kind in ("SUB", "SUP")
        partner = any(words[j].text == word.text for j in bars[number + 1 :])
        if open_ and after_operand:
            left = open_.pop()
            words[left] = words[left].as_kind("LFENCE")
            words[i] = word.as_kind("RFENCE", words[left].text)
        elif not after_operand or (partner and not scripted):
            open_.append(i)
        elif scripted:
            words[i] = word.as_kind("EVAL")
        else:
            words[i] = word.as_kind("REL", r"\mid" if word.text == "|" else r"\parallel")
    bars.clear()
    if open_:
        word = words[open_[-1]]
        raise Unreadable(
            f"this {word.text} is never closed", offset=word.start,
            expected=f"a second {word.text}", advice="unbalanced bars",
        )  # fmt: skip
