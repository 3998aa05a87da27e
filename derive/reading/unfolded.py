"""Signs of programs and keyboards that stand for one word or several."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from derive.reading import symbols
from derive.reading.tokens import Word

UNFOLDED = frozenset({"POINTED", "GROUPED", "RAISED", "LOWERED", "TRANSPOSED", "CODE", "QUOTED"})


def unfolded(kind: str, text: str, begin: int, end: int) -> Iterator[Word]:
    """``x²``, ``1.000.000``, ``W.T``, ``.*``, ``np.sum``, ``'full'``: of programs and keyboards."""
    if kind in ("CODE", "QUOTED"):
        yield Word("TEXT", text, begin, end)
    elif kind == "POINTED":  # as in MATLAB
        sign = text[-1] if text[-1] in "/^" else r"\odot"
        yield Word(symbols.KIND_OF[sign], sign, begin, end)
    elif kind == "GROUPED":  # 1.000.000, thousands and thousands of them
        yield Word("NUMBER", "".join(filter(str.isdigit, text)), begin, end)
    elif kind == "TRANSPOSED":
        yield Word("SUP", "^", begin, begin)
        yield Word("NAME", "T" if text == ".T" else r"\top", begin, end)
    else:
        digits = "".join(str(unicodedata.digit(c)) for c in text)
        yield Word("SUP" if kind == "RAISED" else "SUB", "^", begin, begin)
        yield Word("LBRACE", "{", begin, begin)
        yield Word("NUMBER", digits, begin, end)
        yield Word("RBRACE", "}", end, end)
