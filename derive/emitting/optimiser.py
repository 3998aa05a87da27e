"""The update rule, from its equations in `derive.rules.OPTIMISERS`."""

from __future__ import annotations

from derive.emitting.text import text
from derive.equations import Model
from derive.expr import Access
from derive.planning.arrays import Name
from derive.planning.book import Book
from derive.planning.expressions import Reader, compiled
from derive.rules import OPTIMISERS, Optimiser

ARGUMENT = {"eta": "rate", "mu": "momentum"}
"""What the hyperparameters are called in code."""


def update_lines(model: Model) -> list[str]:
    """The function ``update``: gradient descent, with the model's own defaults where it has any."""
    rule = OPTIMISERS["sgd"]
    numbers = model.update.hyper if model.update is not None else {}
    given = {ARGUMENT.get(k, k): float(v) for k, v in numbers.items()}
    hyper = {ARGUMENT.get(h, h): float(v) for h, v in rule.hyper.items()}
    hyper |= {k: v for k, v in given.items() if k in hyper}
    signature = ", ".join(f"{name}: float = {value}" for name, value in hyper.items())
    theta = _formulas(rule)["theta"]
    return [
        "def update(",
        f"    params: Arrays, grads: Arrays, state: Arrays | None = None, *, {signature}",
        ") -> tuple[Arrays, Arrays]:",
        f'    """One step of gradient descent: theta - rate * dtheta for every gradient that is given.',
        "",
        "    Returns new parameters and the state, of which this rule keeps none.",
        '    """',
        *(f"    {name} = float({name})" for name in hyper),
        f"    stepped = {{name: {theta} for name in grads}}",
        "    return {**params, **stepped}, state or {}",
        "",
        "",
    ]


def _formulas(rule: Optimiser) -> dict[str, str]:
    """The new value of the parameter and of each state, as Python."""
    names = {"theta": "params[name]", "gradient": "grads[name]"}
    names |= {s: f"{s}[name]" for s in rule.state}
    names |= {h: ARGUMENT.get(h, h) for h in rule.hyper}
    formulas = rule.step(
        Access("theta", ()),
        Access("gradient", ()),
        {s: Access(s, ()) for s in rule.state},
        {h: Access(h, ()) for h in rule.hyper},
    )
    reader = Reader(dict.fromkeys(names, ()), {n: Name(v, ()) for n, v in names.items()}, Book())
    return {target: text(compiled(formula, (), reader).array) for target, formula in formulas.items()}
