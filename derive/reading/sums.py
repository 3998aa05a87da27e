r"""Sums over indices: ``\sum_{i=1}^n``, ``\sum_k`` and ``\sum`` alone.

The last is of a whole array, or over the letters that nothing else binds: ``\sum x_i y_i``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from derive.expr import product, summation
from derive.index import Index
from derive.reading.arrays import ArrayValue
from derive.reading.bounds import sum_axes
from derive.reading.convolution import Shape
from derive.reading.in_time import summed
from derive.reading.letters import uses
from derive.reading.products import total
from derive.reading.scope import Scope
from derive.reading.surface import Big, Name, Node

Read = Callable[[Node, Scope, Shape | None], ArrayValue]


def summed_up(node: Big, scope: Scope, expected: Shape | None, read: Read) -> ArrayValue:
    """The sum of the body over what stands below the sign; raises what reading it raises.

    A time that nobody bounds runs over the places where all that is read exists.
    """
    if not node.lower:
        letters = dict.fromkeys(u.letter for u in uses(node.body, scope) if u.alone)
        if not letters:
            return total(read(node.body, scope, None))
        scope.note(f"a sum without an index runs over {', '.join(letters)}")
        node = replace(node, lower=tuple(Name(k, span=node.span) for k in letters))
    axes, brackets, inner = sum_axes(node.lower, node.upper, node.body, scope)
    value = read(node.body, inner, expected)
    bare = node.upper is None and all(isinstance(n, Name) for n in node.lower)
    if bare and not brackets and (within := summed(tuple(axes), value.body, scope)):
        axes = [within.get(a.name, a) for a in axes]
        value = read(node.body, inner.with_letters({a.name: Index.of(a) for a in axes}), expected)
    return value.map(lambda x: summation(axes, product(*brackets, x)))
