r"""What a deck says of its inputs: ``\sum_k y_k = 1``, which is declared from then on.

It is the author's own word for what the values are, as ``declare`` of a context is; of what a model
computes, or learns, it is a claim like any other.
"""

from __future__ import annotations

from collections.abc import Iterable

from derive.equations import Model
from derive.errors import Problem
from derive.reading.printing import to_latex
from derive.reading.said_shares import share_of
from derive.reading.scope import Scope, model_scope
from derive.reading.sentence import Sentence
from verify.restrictions import Values, declared

Pair = tuple[str, str]


def shares_of(sentences: Iterable[Sentence]) -> tuple[Pair, ...]:
    """What sums to one over which letter, as front matter says it."""
    found = (share for s in sentences if (share := share_of(s)) is not None)
    pairs = ((Values.SUM_TO_ONE, f"{to_latex(name)} over {letter}") for name, letter in found)
    return tuple(dict.fromkeys(pairs))


def of_inputs(shares: Iterable[Pair], model: Model) -> tuple[Pair, ...]:
    """Those that are of the model's inputs."""
    scope = model_scope(model)
    return tuple(pair for pair in shares if _is_of_input(pair, model, scope))


def _is_of_input(pair: Pair, model: Model, scope: Scope) -> bool:
    try:
        return bool(declared(model, scope, [pair]))
    except Problem:
        return False
