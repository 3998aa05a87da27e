"""One step of an update rule as a function of its own, which CuPy makes one kernel of.

What no array enters is computed before, on the host: inside a kernel a number of numbers would be
64 bits wide, and so would everything that it is combined with.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from derive.emitting.layout import comment, signature
from derive.emitting.text import text
from derive.equations import Equation
from derive.expr import (
    Access,
    Add,
    Apply,
    Expr,
    Number,
    Product,
    accesses,
    children,
    power,
    rebuild,
)
from derive.optimisers import COUNTER, GRADIENT, PARAMETER, Optimiser
from derive.plain import plain
from derive.planning.arrays import Name
from derive.planning.book import Book
from derive.planning.expressions import Reader, compiled

ARGUMENT = {"eta": "rate", "mu": "momentum"}
"""What the hyperparameters are called in code."""

_WORDS = {"-": "minus", "+": "plus", "**": "to", "*": "times", "/": "by", "1": "one"}


def called(name: str) -> str:
    """The variable for a symbol of the catalogue."""
    return ARGUMENT.get(name, name)


def function_name(rule: Optimiser) -> str:
    """What the function is called."""
    return "_" + rule.name.replace("-", "_")


@dataclass
class Step:
    """The equations of a rule over arrays and numbers; ``numbers`` is the source of each number."""

    rule: Optimiser
    numbers: dict[str, str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        for step in self.rule.steps:
            if step.tensor != COUNTER:
                value = formula(self._without_numbers(step.rhs))
                self.lines += [*comment(shown(step), 4), f"    {step.tensor} = {value}"]

    @property
    def arrays(self) -> tuple[str, ...]:
        """What the function takes beside the numbers."""
        return (PARAMETER, GRADIENT, *self.rule.state)

    def _without_numbers(self, expr: Expr) -> Expr:
        """The expression with a variable for each part that no array enters."""
        match expr:
            case Number():
                return expr
            case Apply("pow", (base, Number() as exponent)) if self._is_number(base):
                return power(self._without_numbers(base), exponent.value)
        if self._is_number(expr):
            return Access(self._named(expr), ())
        parts: tuple[Expr, ...] = children(expr)
        if isinstance(expr, Product | Add):
            alone = [p for p in parts if self._is_number(p) and not isinstance(p, Number)]
            if len(alone) > 1:
                parts = (rebuild(expr, tuple(alone)), *(p for p in parts if p not in alone))
        return rebuild(expr, tuple(map(self._without_numbers, parts))) if parts else expr

    def _is_number(self, expr: Expr) -> bool:
        return {a.tensor for a in accesses(expr)} <= {COUNTER, *self.rule.hyper}

    def _named(self, expr: Expr) -> str:
        source = formula(expr)
        words = re.findall(r"\w+|\*\*|[-+*/]", source)
        name = "_".join(_WORDS.get(word, word) for word in words)
        self.numbers[name] = source
        return name


def step_lines(step: Step) -> Iterator[str]:
    """The definition of the function."""
    rule = step.rule
    arrays = (f"{name}: Array" for name in step.arrays)
    numbers = (f"{name}: float" for name in step.numbers)
    kind = f"tuple[{', '.join(['Array'] * (1 + len(rule.state)))}]" if rule.state else "Array"
    yield from signature(function_name(rule), [*arrays, *numbers, "xp: Any"], kind)
    *most, last = ("its new value", *rule.state)
    news = f"{', '.join(most)} and {last}" if most else last
    yield f'    """One step for one parameter: {news}."""'
    if rule.state:
        yield from step.lines
        yield f"    return {', '.join((PARAMETER, *rule.state))}"
        return
    *lines, last = step.lines
    yield from (*lines, last.replace(f"{PARAMETER} =", "return", 1))


def shown(step: Equation) -> str:
    """A step as text, with the names that the code has."""
    names = {a.tensor: called(a.tensor) for a in (step.lhs, *accesses(step.rhs))}
    return plain(step, names).replace(" = ", " <- ", 1)


def formula(value: Expr, names: Mapping[str, str] | None = None) -> str:
    """A right side as Python; ``names`` are those of the symbols that are no plain variable."""
    variables = {a.tensor: called(a.tensor) for a in accesses(value)}
    variables.update(names or {})
    arrays = {symbol: Name(variable, ()) for symbol, variable in variables.items()}
    return text(compiled(value, (), Reader(dict.fromkeys(variables, ()), arrays, Book())).array)
