"""The update rule, from its equations in `derive.optimisers`.

``update`` goes through the parameters; what it does to each is one function, and one kernel on a
GPU (`derive.emitting.update_step`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

from derive.emitting.layout import WIDTH, assignment, comment, docstring, signature
from derive.emitting.update_step import Step, called, formula, function_name, shown
from derive.equations import Model
from derive.learning import Update
from derive.optimisers import COUNTER, GRADIENT, Optimiser, optimiser

_COUNTED = f'state["{COUNTER}"]'
_RETURNS = "Returns new parameters, those without a gradient as they are, and the state"


def update_step(model: Model) -> Step:
    """What the model's rule does to one parameter."""
    return Step(optimiser((model.update or Update("sgd")).rule))


def update_lines(model: Model, first: Iterable[str] = ()) -> list[str]:
    """The function ``update``: the model's rule, with its own numbers where it gives some.

    ``first`` are lines before all others.
    """
    declared = model.update or Update("sgd")
    step = update_step(model)
    rule = step.rule
    return [
        *_signature(rule, {**rule.hyper, **declared.hyper}),
        *_docstring(rule),
        *first,
        *_started(rule),
        *_numbers(step),
        *_loop(step),
        f"    return params, {_kept(rule)}",
    ]


def _signature(rule: Optimiser, hyper: Mapping[str, Fraction]) -> list[str]:
    numbers = [f"{called(name)}: float = {float(hyper[name])}" for name in rule.hyper]
    arguments = ["params: Arrays", "grads: Arrays", "state: State | None = None", "*", *numbers]
    return signature("update", [*arguments, "xp: Any = np"], "tuple[Arrays, State]")


def _docstring(rule: Optimiser) -> list[str]:
    cited = re.split(r"(?<=\d{4})", rule.source)[0]  # the authors and the year
    state = ", of which this rule keeps none."
    if rule.state:
        names = ", ".join(rule.state)
        counted = f", and the number of steps {COUNTER}" if rule.counts else ""
        state = f" for the next step: {names} by name{counted}. It starts at zero."
    return docstring(f"One step of {rule.title} ({cited}).", _RETURNS + state)


def _started(rule: Optimiser) -> Iterator[str]:
    """Copies of what changes, for arguments are not written to, and the count."""
    if not rule.state:
        yield "    params = dict(params)"
        return
    empty = [f'"{name}": {{}}' for name in rule.state]
    if rule.counts:
        empty.insert(0, f'"{COUNTER}": 0')
    copies = ", ".join(("dict(params)", *(f'dict(state["{name}"])' for name in rule.state)))
    yield f"    state = state or {{{', '.join(empty)}}}"
    yield f"    params, {', '.join(rule.state)} = {copies}"
    for count in (s for s in rule.steps if s.tensor == COUNTER):
        yield ""
        yield from comment(shown(count), 4)
        yield f"    {COUNTER} = {formula(count.rhs, {COUNTER: _COUNTED})}"


def _numbers(step: Step) -> list[str]:
    """The numbers as Python's, and those that are computed."""
    given = [called(name) for name in step.rule.hyper]
    listed = ", ".join(given)
    value = f"map(float, ({listed}))" if len(given) > 1 else f"float({listed})"
    lines = [
        "",
        "    # Python numbers leave the dtype of an array alone.",
        f"    {listed} = {value}",
    ]
    if not _computed(step):
        return lines
    together = f"    numbers = ({', '.join(step.numbers.values())})"
    if len(together) <= WIDTH:
        return [*lines, together]
    rows = (f"        {source}," for source in step.numbers.values())
    return [*lines, "    numbers = (", *rows, "    )"]


def _computed(step: Step) -> bool:
    """Whether the function takes other numbers than those of ``update``."""
    return any(name != source for name, source in step.numbers.items())


def _loop(step: Step) -> list[str]:
    """The step for each parameter that has a gradient."""
    state = step.rule.state
    places = ["params[name]", *(f"{s}[name]" for s in state)]
    numbers = ["*numbers"] if _computed(step) else list(step.numbers)
    arguments = [places[0], GRADIENT, *places[1:], *numbers, "xp"]
    lines = [f"    for name, {GRADIENT} in grads.items():"]
    if state:
        zeros = ", ".join(["xp.zeros_like(params[name])"] * len(state))
        lines.append(f"        if name not in {state[0]}:")
        lines.append(f"            {', '.join(places[1:])} = {zeros}")
    call = f"{function_name(step.rule)}({', '.join(arguments)})"
    return [*lines, *(assignment(", ".join(places), call, 8) or [])]


def _kept(rule: Optimiser) -> str:
    names = [COUNTER, *rule.state] if rule.counts else list(rule.state)
    return "{" + ", ".join(f'"{name}": {name}' for name in names) + "}"
