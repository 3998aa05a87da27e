"""The update rule, from its equations in `derive.optimisers`.

Every step becomes one line under its equation. Roots are written as powers, so that the function
needs no array namespace.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction

from derive.emitting.layout import WIDTH, comment, prose
from derive.emitting.text import text
from derive.equations import Equation, Model
from derive.expr import Access, Apply, Expr, accesses, rewrite
from derive.learning import Update
from derive.optimisers import COUNTER, GRADIENT, PARAMETER, Optimiser, optimiser
from derive.plain import plain
from derive.planning.arrays import Name
from derive.planning.book import Book
from derive.planning.expressions import Reader, compiled

ARGUMENT = {"eta": "rate", "mu": "momentum"}
"""What the hyperparameters are called in code."""

_HALF = "half"
_RETURNS = "Returns new parameters, those without a gradient as they are, and the state"


def update_lines(model: Model) -> list[str]:
    """The function ``update``: the model's rule, with its own numbers where it gives some."""
    declared = model.update or Update("sgd")
    rule = optimiser(declared.rule)
    return [
        *_signature(rule, {**rule.hyper, **declared.hyper}),
        *_docstring(rule),
        *_started(rule),
        *_steps(rule),
        f"    return params, {_kept(rule)}",
    ]


def _called(name: str) -> str:
    return ARGUMENT.get(name, name)


def _signature(rule: Optimiser, hyper: Mapping[str, Fraction]) -> list[str]:
    numbers = [f"{_called(name)}: float = {float(hyper[name])}" for name in rule.hyper]
    arguments = ["params: Arrays", "grads: Arrays", "state: State | None = None", "*", *numbers]
    together = f"    {', '.join(arguments)}"
    lines = [together] if len(together) <= WIDTH else [f"    {a}," for a in arguments]
    return ["def update(", *lines, ") -> tuple[Arrays, State]:"]


def _docstring(rule: Optimiser) -> list[str]:
    cited = re.split(r"(?<=\d{4})", rule.source)[0]  # the authors and the year
    state = ", of which this rule keeps none."
    if rule.state:
        names = ", ".join(rule.state)
        counted = f", and the number of steps {COUNTER}" if rule.counts else ""
        state = f" for the next step: {names} by name{counted}. It starts at zero."
    return [
        f'    """One step of {rule.title} ({cited}).',
        "",
        *prose(_RETURNS + state, 4),
        '    """',
    ]


def _started(rule: Optimiser) -> list[str]:
    """The numbers as Python's, and copies of what changes: arguments are not written to."""
    lines = ["    # Python numbers leave the dtype of an array alone."]
    lines += [f"    {name} = float({name})" for name in map(_called, rule.hyper)]
    if not rule.state:
        return [*lines, "    params = dict(params)"]
    empty = [f'"{name}": {{}}' for name in rule.state]
    if rule.counts:
        empty.insert(0, f'"{COUNTER}": 0')
    copies = ", ".join(("dict(params)", *(f'dict(state["{name}"])' for name in rule.state)))
    return [
        *lines,
        f"    state = state or {{{', '.join(empty)}}}",
        f"    params, {', '.join(rule.state)} = {copies}",
    ]


def _steps(rule: Optimiser) -> Iterator[str]:
    """The count before the loop, everything else for each parameter."""
    changed: set[str] = set()
    for step in rule.steps:
        if step.tensor == COUNTER:
            yield from comment(_shown(step), 4)
            done = {COUNTER: f'state["{COUNTER}"]'}
            yield f"    {COUNTER} = {_formula(step.rhs, done)}"
    yield f"    for name, {GRADIENT} in grads.items():"
    yield f"        {PARAMETER} = params[name]"
    for step in rule.steps:
        if step.tensor == COUNTER:
            continue
        yield ""
        yield from comment(_shown(step), 8)
        yield f"        {_target(step, rule)} = {_formula(step.rhs, _names(rule, changed))}"
        changed.add(step.tensor)


def _shown(step: Equation) -> str:
    names = {a.tensor: _called(a.tensor) for a in (step.lhs, *accesses(step.rhs))}
    return plain(step, names).replace(" = ", " <- ", 1)


def _target(step: Equation, rule: Optimiser) -> str:
    if step.tensor == PARAMETER:
        return "params[name]"
    return f"{step.tensor}[name]" if step.tensor in rule.state else step.tensor


def _names(rule: Optimiser, changed: set[str]) -> dict[str, str]:
    """How a step reads the state: what an earlier step changed, else the old value or zero."""
    return {s: f"{s}[name]" if s in changed else f"{s}.get(name, 0.0)" for s in rule.state}


def _formula(value: Expr, names: Mapping[str, str]) -> str:
    """A right side as Python; ``names`` are those of the symbols that are no plain variable."""
    powers = rewrite(value, _root_as_power)
    read = {a.tensor for a in accesses(powers)}
    called = {n: names.get(n, _called(n)) for n in read} | {_HALF: "0.5"}
    reader = Reader(dict.fromkeys(called, ()), {n: Name(v, ()) for n, v in called.items()}, Book())
    return text(compiled(powers, (), reader).array)


def _root_as_power(expr: Expr) -> Expr:
    match expr:
        case Apply("sqrt", (inner,)):
            return Apply("pow", (inner, Access(_HALF, ())))
    return expr


def _kept(rule: Optimiser) -> str:
    names = [COUNTER, *rule.state] if rule.counts else list(rule.state)
    return "{" + ", ".join(f'"{name}": {name}' for name in names) + "}"
