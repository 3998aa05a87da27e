r"""How far a function without brackets reaches: ``\cos m\theta``, ``\log 2\pi\sigma^2``.

It takes the next factor alone, ``y_i \log p_i z_i``, with two exceptions that all authors make: a
sine and its kin take the product of symbols behind them, and so does any function before a number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from derive.reading.surface import Call, Juxtaposition, Name, Node, Span
from derive.reading.symbols import FUNCTIONS

TRIGONOMETRIC = frozenset((r"\sin", r"\cos", r"\tan", r"\cot", r"\sec", r"\csc"))


def reaching(factors: Sequence[Node]) -> list[Node]:
    """The factors of a product, each function with the symbols that are its argument."""
    found: list[Node] = []
    for factor in factors:
        last = found[-1] if found else None
        if isinstance(last, Call) and isinstance(factor, Name) and _reaches(last, factor):
            found[-1] = _with(last, factor)
        else:
            found.append(factor)
    return found


def _reaches(call: Call, symbol: Name) -> bool:
    if call.bracket or len(call.args) != 1 or not isinstance(call.head, Name):
        return False
    if symbol.base in FUNCTIONS:
        return False
    if isinstance(call.args[0], Juxtaposition):
        return True
    return call.head.base in TRIGONOMETRIC and isinstance(call.args[0], Name)


def _with(call: Call, symbol: Name) -> Call:
    """The call with one more factor in its argument."""
    (argument,) = call.args
    before = argument.factors if isinstance(argument, Juxtaposition) else (argument,)
    span = Span(argument.span.start, symbol.span.end)
    product = Juxtaposition((*before, symbol), span=span)
    return replace(call, args=(product,), span=Span(call.span.start, symbol.span.end))
