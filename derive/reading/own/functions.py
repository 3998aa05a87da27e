r"""Functions of a page's own network: those that it defines, and those that it only applies.

``\sigma(z) = \frac{1}{1 + e^{-z}}`` is the catalogue's function with these values. A symbol that is
only applied, to one thing, and never defined is any differentiable function: *generic*.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from derive.errors import Problem
from derive.evaluate import evaluate
from derive.expr import Expr
from derive.reading.build_model import Written
from derive.reading.elaborate import elaborate
from derive.reading.function_names import STANDARD_ARRAY_FUNCTIONS, STANDARD_FUNCTIONS
from derive.reading.learn import RUNNING
from derive.reading.lexicon import Lexicon
from derive.reading.names import head, is_bare, letter_of
from derive.reading.scope import STANDARD_OPERATORS, Scope, with_scalar
from derive.reading.surface import Call, Name, Node, walk
from derive.rules import RULES

POINTS = (-1.7, -0.6, -0.25, 0.3, 0.9, 2.2)
"""Where a formula is compared with the catalogue."""
CLOSE = 1e-12
KNOWN = frozenset({*STANDARD_FUNCTIONS, *STANDARD_ARRAY_FUNCTIONS})
_CONSTANTS = frozenset({"e", r"\pi", r"\mathrm{e}"})
GENERIC = "generic"
FACTORS = frozenset({r"\lambda", r"\eta", r"\alpha", r"\beta", r"\gamma", r"\epsilon", r"\mu"})
"""What stands before a sum in brackets as its factor: a weight or a rate."""


@dataclass(frozen=True)
class Functions:
    """Catalogue names by head, ``generic`` for those never defined; ``used`` defines them.

    ``strange`` are definitions of what the catalogue does not have.
    """

    names: dict[str, str]
    used: tuple[Written, ...]
    strange: tuple[Written, ...]


def functions_of(equations: Sequence[Written], differentiated: frozenset[str]) -> Functions:
    """The functions that some equations define or apply."""
    names: dict[str, str] = {}
    used, strange = [], []
    for written in equations:
        left, right = written.sentence.nodes[:2]
        if (argument := _argument(written)) is None:
            continue
        assert isinstance(left, Call)
        assert isinstance(left.head, Name)
        known = _catalogued(right, argument)
        if known is None:
            strange.append(written)
        else:
            names.setdefault(head(left.head), known)
            used.append(written)
    rest = [w for w in equations if w not in used and w not in strange]
    for applied in _applied(rest, differentiated):
        names.setdefault(applied, GENERIC)
    return Functions(names, tuple(used), tuple(strange))


def is_catalogued(written: Written) -> bool:
    """Whether an equation defines a function of the catalogue."""
    argument = _argument(written)
    return argument is not None and _catalogued(written.sentence.nodes[1], argument) is not None


def _argument(written: Written) -> Name | None:
    r"""z in ``\sigma(z) = …``, where z is all that the right side reads."""
    left, right = written.sentence.nodes[:2]
    if not isinstance(left, Call) or left.bracket != "(" or len(left.args) != 1:
        return None
    argument = left.args[0]
    if not isinstance(left.head, Name) or not is_bare(left.head) or head(left.head) in KNOWN:
        return None
    if not isinstance(argument, Name) or not is_bare(argument) or written.sentence.quantifiers:
        return None
    read = {head(n) for n in walk(right) if isinstance(n, Name)} - KNOWN - _CONSTANTS
    return argument if read == {head(argument)} else None


def _catalogued(right: Node, argument: Name) -> str | None:
    """The catalogue's function with the values of a formula in one letter."""
    scope = Scope(
        Lexicon(functions=frozenset(STANDARD_FUNCTIONS)),
        functions={**STANDARD_FUNCTIONS, **STANDARD_ARRAY_FUNCTIONS},
        operators=STANDARD_OPERATORS,
    )
    try:
        value = elaborate(right, with_scalar(scope, head(argument), "x"))
        found = [_at(value.body, point) for point in POINTS]
    except (Problem, ValueError, ArithmeticError):
        return None
    for name, rule in RULES.items():
        if rule.arity == 1:
            with np.errstate(all="ignore"):
                expected = [float(rule.numeric(np, np.float64(point))) for point in POINTS]
            if np.allclose(found, expected, rtol=CLOSE, atol=CLOSE):
                return name
    return None


def _at(expr: Expr, point: float) -> float:
    return float(evaluate(expr, (), {"x": np.float64(point)}, {"x": ()}))


def _applied(equations: Sequence[Written], differentiated: frozenset[str]) -> Iterator[str]:
    """Heads that are only ever applied to one thing, which is no index."""
    nodes = [node for w in equations for node in w.sentence.nodes]
    calls = [n for node in nodes for n in walk(node) if isinstance(n, Call)]
    symbols = {head(n) for node in nodes for n in _outside_calls(node)} | differentiated
    for call in calls:
        if not isinstance(call.head, Name) or call.bracket != "(" or len(call.args) != 1:
            continue
        name = head(call.head)
        letter = letter_of(call.args[0])
        index = letter is not None and letter in RUNNING and letter not in symbols
        factor = name in FACTORS and not isinstance(call.args[0], Name)
        if name in symbols or name in KNOWN or index or factor or not is_bare(call.head):
            continue
        yield name


def _outside_calls(node: Node) -> Iterator[Name]:
    """Names that are not the heads of calls."""
    pending = [node]
    while pending:
        part = pending.pop()
        if isinstance(part, Call) and isinstance(part.head, Name):
            pending.extend((*part.args, *part.head.sub, *part.head.sup))
            continue
        if isinstance(part, Name):
            yield part
        pending.extend(part.below)
