r"""Two small models with values, for the tests of displayed numbers."""

from __future__ import annotations

from functools import cache

from derive.equations import Model
from derive.reading.context import EMPTY, Context, context_from_document
from derive.reading.document import document_from_text
from derive.reading.sheet import model_from_text
from verify.judge import judge_document
from verify.verdict import Verdict

CHAIN = r"""---
loss: E
inputs: [u, t]
functions: {\phi: logistic}
values: {u: 1, t: 1, v_1: -0.5, v_2: 0.5}
---
$$ p = v_1 u $$
$$ h = \phi(p) $$
$$ q = v_2 h $$
$$ o = \phi(q) $$
$$ E = \tfrac12 (t - o)^2 $$
"""
"""h = 0.3775407, q = 0.1887703, o = 0.5470529, E = 0.1025805, ∂E/∂v_2 = -0.0423729."""

FILTER = r"""---
inputs: [X]
sizes: {n: 4}
functions: {R: relu}
types: {X: matrix n n, K: matrix 2 2}
---
$$ Z(i, j) = \sum_{a=1}^{2} \sum_{b=1}^{2} X(i + a - 1, j + b - 1)\, K(a, b) + c,
   \quad i, j = 1, \dots, 3 $$
$$ Y(i, j) = R(Z(i, j)) $$
"""
FILTERED = """$X$

1\t2\t0\t1
0\t1\t3\t2
2\t0\t1\t1
1\t1\t0\t2

$K$

1\t-1
0\t2

$c = -1$

"""
"""X filtered by K is 1 8 3 / -1 0 3 / 4 -1 4; Z is one less."""


@cache
def model(sheet: str = CHAIN) -> Model:
    """The model of a sheet."""
    return model_from_text(sheet, "numbers")


def context(front: str) -> Context:
    """A context from its front matter."""
    return context_from_document(document_from_text(f"---\n{front}\n---\n"), "meant")


def judged(deck: str, sheet: str = CHAIN, under: Context = EMPTY) -> tuple[Verdict, ...]:
    """The verdicts on a deck, given as text or as formulas without delimiters."""
    text = deck if "$" in deck else f"$$ {deck} $$"
    return judge_document(document_from_text(text), model(sheet), under).claims


def one(formula: str, sheet: str = CHAIN, under: Context = EMPTY) -> Verdict:
    """The verdict on the one formula."""
    (verdict,) = judged(formula, sheet, under)
    return verdict
