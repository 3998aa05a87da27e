r"""The words of a formula: what a scanner gives and the grammar reads.

``kind`` is a terminal of `grammar.lark`; ``text`` what the tree keeps of it (a bracket's kind, an
operator as typed); ``start`` and ``end`` its place in the formula.
"""

from __future__ import annotations

from typing import NamedTuple


class Word(NamedTuple):
    kind: str
    text: str
    start: int
    end: int

    def as_kind(self, kind: str, text: str | None = None) -> Word:
        """The same place, read as something else."""
        return Word(kind, self.text if text is None else text, self.start, self.end)


ENDS_OPERAND = frozenset(
    "NUMBER NAME FUNC PREFIX PRIME RBRACE RPAR RFENCE DOTS END TEXT EVAL".split()
)
STARTS_OPERAND = frozenset(
    "NUMBER NAME FUNC PREFIX BIG ACCENT WRAP FRAC SQRT LBRACE LPAR LFENCE DOTS MATRIX CASES"
    " TEXT".split()
)
