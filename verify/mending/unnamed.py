r"""An equation in terms of what the author names: intermediates that a formula leaves out, put in.

Where a sheet says ``C = f(x)`` and ``x = \sum_k I_k w_k + b``, whoever writes ``C`` by ``I`` and
``w`` has no ``x``: what is suggested there is ``f(\sum_k I_k w_k + b)``.
"""

from __future__ import annotations

from dataclasses import replace

from derive.equations import Equation, adjoint_of
from derive.expr import accesses
from derive.prove import unfold
from derive.reading.names import head
from derive.reading.surface import Name, walk
from verify.bench import Bench
from verify.mending.stock import Stock
from verify.mending.symbols import meaning

MOST = 3
"""So many intermediates are put in, one after the other."""


def in_named(equation: Equation, stock: Stock, bench: Bench) -> Equation:
    """``equation`` without reads of what the formula of ``stock`` has no symbol for.

    Put in is only what is made of something that it has a symbol for; of what is derived only
    gradients, as a slope ``f'(x)`` is best written so.
    """
    derived = adjoint_of(equation.tensor) is not None
    heads = {head(n) for side in stock.sides for n in walk(side) if isinstance(n, Name)}
    named = {meaning(e) for e in stock.scope.lexicon.entries.values() if e.notation.head in heads}

    def shown(tensor: str) -> bool:
        return tensor in named or adjoint_of(tensor) in named

    for _ in range(MOST):
        reads = dict.fromkeys(a.tensor for a in accesses(equation.rhs))
        unnamed = (n for n in reads if not shown(n) and (adjoint_of(n) or not derived))
        made = (_made(name, bench) for name in unnamed)
        inner = next((e for e in made if e is not None and any(map(shown, e.reads))), None)
        if inner is None:
            return equation
        equation = replace(equation, rhs=unfold(equation.rhs, inner))
    return equation


def _made(tensor: str, bench: Bench) -> Equation | None:
    """What a tensor is made of, a gradient by what was derived; ``None`` for what is given."""
    primal = adjoint_of(tensor)
    if primal is None:
        found = bench.model.by_tensor.get(tensor)
        return found if found is not None and tensor not in found.reads else None
    derived = bench.derivations.get(primal)
    return derived.equation if derived is not None else None
