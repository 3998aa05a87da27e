r"""Powers that were lost: ``\tanh(x)`` for ``\tanh^2(x)``, ``(1 - p)`` for ``(1 - p)^\gamma``.

A function may have lost its square, a bracket or a symbol an exponent that others have.
"""

from __future__ import annotations

from collections.abc import Iterator

from derive.reading.surface import Call, Group, Name, Node, Scripted, walk
from derive.reading.symbols import FUNCTIONS
from verify.mending.edit import Edit, after, typed
from verify.mending.indices import index_nodes
from verify.mending.powers import rational


def lost_powers(side: Node, text: str) -> Iterator[Edit]:
    """Exponents put back in an asserted side."""
    inside = index_nodes(side)
    nodes = [n for n in walk(side) if id(n) not in inside]
    raised = {id(n.body) for n in nodes if isinstance(n, Scripted)}
    powers = list(dict.fromkeys(p for n in nodes for p in _symbolic(n, text)))
    for node in nodes:
        if _is_function(node):
            assert isinstance(node, Call)
            yield Edit(after(node.head), "^2", f"the square of ${typed(node, text)}$ is missing", 4)
        elif _is_bracket(node) and id(node) not in raised:
            for power in powers:
                what = f"the exponent ${power}$ of ${typed(node, text)}$ is missing"
                yield Edit(after(node), f"^{power}", what, 5)


def _is_function(node: Node) -> bool:
    """A command applied to something: ``\\tanh(x)``."""
    if not isinstance(node, Call) or not isinstance(node.head, Name):
        return False
    return node.head.base in FUNCTIONS and not node.head.sup


def _is_bracket(node: Node) -> bool:
    """A bracket, also directly behind a symbol that may be a factor."""
    if isinstance(node, Call):
        return node.bracket == "(" and len(node.args) == 1
    return isinstance(node, Group) and node.bracket == "("


def _symbolic(node: Node, text: str) -> Iterator[str]:
    """The exponents of brackets and symbols that are no numbers, as typed with their braces."""
    for script in node.sup if isinstance(node, Name | Scripted) else ():
        if isinstance(script, Name) and not (script.sub or script.sup) and rational(script) is None:
            braced = text[script.span.start - 1] == "{"
            yield f"{{{typed(script, text)}}}" if braced else typed(script, text)
