"""A catalogue function in the place of one that is known only by its derivative.

A sheet that calls its activation generic is derived and judged for every function; code needs one:
``emitted: {f: logistic}``.
"""

from __future__ import annotations

from dataclasses import replace

from derive.equations import Model
from derive.expr import Apply, Expr, rewrite


def concrete(model: Model) -> Model:
    """The model with every function that has a stand-in replaced by it; itself without any."""
    if not model.stand_ins:
        return model

    def rule(node: Expr) -> Expr:
        if isinstance(node, Apply) and node.function in model.stand_ins:
            return Apply(model.stand_ins[node.function], node.arguments)
        return node

    equations = tuple(replace(e, rhs=rewrite(e.rhs, rule)) for e in model.equations)
    functions = {s: model.stand_ins.get(f, f) for s, f in model.functions.items()}
    return replace(model, equations=equations, functions=functions, stand_ins={})
