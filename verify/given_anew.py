r"""A symbol of the deck that is worked out again: ``w_2 = 1.7 - 0.24``, later ``w_2 = 1.7 - 0.51``.

What the deck alone gives a value may get another one in another example: the arithmetic is judged
by itself, and the verdict says that the value is a new one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from derive.reading.shown import shown_number, shown_table
from verify.claims import Claim
from verify.plain_values import of_numbers, symbol_of_numbers
from verify.setting import Setting
from verify.verdict import Verdict


def given_anew(
    setting: Setting, judge: Callable[[Claim, Setting], Verdict]
) -> Callable[[Claim], Verdict]:
    """``judge`` without the value that the deck gave a symbol before it is worked out again."""

    def judged(claim: Claim) -> Verdict:
        name = _worked_out(claim.text)
        before = [t for t in setting.defined if name is not None and symbol_of_numbers(t) == name]
        if not before:
            return judge(claim, setting)
        apart = setting.without(before)
        known = len(apart.defined)
        verdict = judge(claim, apart)
        setting.defined += apart.defined[known:]
        note = f"worked out anew; before it was {' '.join(before[-1].split())}"
        return replace(verdict, assumptions=(note, *verdict.assumptions))

    return judged


def _worked_out(text: str) -> str | None:
    """The symbol that arithmetic alone gives a value."""
    sentence = of_numbers(text)
    if sentence is None or all(shown_number(n) or shown_table(n) for n in sentence.nodes[1:]):
        return None
    return symbol_of_numbers(text)
