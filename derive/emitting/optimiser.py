"""The update rule, from its equations in `derive.rules.OPTIMISERS`."""

from __future__ import annotations

from derive.emitting.text import text
from derive.equations import Model, Update
from derive.errors import IllFormed
from derive.expr import Access
from derive.planning.arrays import Name
from derive.planning.book import Book
from derive.planning.expressions import Reader, compiled
from derive.rules import OPTIMISERS, Optimiser

ARGUMENT = {"eta": "rate", "mu": "momentum"}
"""What the hyperparameters are called in code."""

TEMPLATE = '''\
def update(
    params: Arrays, grads: Arrays, state: Arrays | None = None, *, {signature}
) -> tuple[Arrays, Arrays]:
    """One step of gradient descent ({source}).

    Returns new parameters, those without a gradient as they are, and the state, of which
    this rule keeps none.
    """
    rate = float(rate)  # a Python number leaves the dtype of an array alone
    stepped = {{name: {theta} for name in grads}}
    return {{**params, **stepped}}, state or {{}}
'''


def update_lines(model: Model) -> list[str]:
    """The function ``update``: gradient descent, with the model's own rate where it has one.

    Raises `IllFormed` for a rule that is not emitted.
    """
    declared = model.update or Update("sgd")
    if declared.rule != "sgd":
        raise IllFormed(f"update: rule {declared.rule!r} is not emitted", expected="sgd")
    rule = OPTIMISERS[declared.rule]
    rate = float({**rule.hyper, **declared.hyper}["eta"])
    signature, theta = f"rate: float = {rate}", _formulas(rule)["theta"]
    source = TEMPLATE.format(signature=signature, theta=theta, source=rule.source.split(",")[0])
    return source.splitlines()


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
    return {name: text(compiled(f, (), reader).array) for name, f in formulas.items()}
