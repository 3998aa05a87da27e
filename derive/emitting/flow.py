"""What the functions of an emitted module hand to each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from derive.plan import Plan, Step
from derive.planning.arrays import Extent, Name, walk
from derive.planning.chunks import WHOLE


def own_tensors(plan: Plan, steps: Iterable[Step]) -> list[str]:
    """The tensors of the model (not of its stages) that the steps compute."""
    known = {*plan.source.tensors, plan.model.loss}
    return [tensor for step in steps for tensor in step.tensors if tensor in known]


def read_variables(steps: Iterable[Step]) -> list[str]:
    """Variables that the steps read before they assign them, in order."""
    assigned: set[str] = set()
    found: dict[str, None] = {}
    for step in steps:
        for statement in step.statements:
            for node in walk(statement.value):
                if isinstance(node, Name) and node.name not in assigned:
                    found[node.name] = None
            assigned.add(statement.target.name)
    return list(found)


def needs_whole(steps: Iterable[Step]) -> bool:
    """True where the steps read the number of samples of the whole batch."""
    values = (s.value for step in steps for s in step.statements)
    return any(
        WHOLE in node.index.sizes for v in values for node in walk(v) if isinstance(node, Extent)
    )


def cached(plan: Plan) -> list[str]:
    """Variables of the forward pass, other than the model's tensors, that come back later."""
    own = {plan.variables[n] for n in own_tensors(plan, (*plan.predict, *plan.score))}
    made = {s.target.name for step in plan.predict for s in step.statements}
    later = read_variables((*plan.score, *plan.backward))
    return [v for v in later if v in made - own]


def sources(plan: Plan, steps: Sequence[Step]) -> list[tuple[str, str, str]]:
    """(variable, dictionary, key) for everything that the steps read from outside."""
    model, cache = plan.model, set(cached(plan))
    back = {v: t for t, v in plan.variables.items()}
    rows = []
    for variable in read_variables(steps):
        if variable in cache:
            rows.append((variable, "cache", variable))
        elif back[variable] in model.inputs:
            rows.append((variable, "inputs", back[variable]))
        elif back[variable] in model.parameters:
            rows.append((variable, "params", back[variable]))
        else:
            rows.append((variable, "tensors", back[variable]))
    homes = ["inputs", "params", "tensors", "cache"]
    return sorted(rows, key=lambda row: homes.index(row[1]))
