r"""Numbers with what they depend on in brackets: ``\mathrm{RMS}(a) = \sqrt{\frac1n \sum_i a_i^2}``.

A page that writes a symbol with the same arguments wherever it stands, and reads these as
quantities, names a number and no function; it is then read without them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import replace

from derive.reading.build_model import Written
from derive.reading.function_names import STANDARD_ARRAY_FUNCTIONS, STANDARD_FUNCTIONS
from derive.reading.learn import RUNNING
from derive.reading.names import head, letter_of, unstyled
from derive.reading.surface import Call, Dots, Name, Node, changed, walk

KNOWN = frozenset({*STANDARD_FUNCTIONS, *STANDARD_ARRAY_FUNCTIONS})


def without_what_they_depend_on(
    equations: Sequence[Written], is_function: Callable[[Written], bool]
) -> list[Written]:
    """The equations with such numbers alone; those that define a function stay."""
    calls = [n for w in equations for node in w.sentence.nodes for n in walk(node) if _is_call(n)]
    elsewhere = {unstyled(head(n)) for w in equations for n in _quantities(w.sentence.nodes[1])}
    numbers = [
        w.sentence.nodes[0]
        for w in equations
        if _is_number(w, calls, elsewhere - {*RUNNING}) and not is_function(w)
    ]

    def alone(node: Node) -> Node:
        node = changed(node, alone)
        if isinstance(node, Call) and isinstance(node.head, Name) and node in numbers:
            return replace(node.head, span=node.span)
        return node

    return [_changed(w, alone) for w in equations] if numbers else [*equations]


def _changed(written: Written, change: Callable[[Node], Node]) -> Written:
    nodes = tuple(map(change, written.sentence.nodes))
    return replace(written, sentence=replace(written.sentence, nodes=nodes))


def _is_call(node: Node) -> bool:
    return isinstance(node, Call) and isinstance(node.head, Name)


def _is_number(written: Written, calls: Sequence[Node], elsewhere: Set[str]) -> bool:
    r"""Whether the left side is such a number; θ of ``\ell(\theta)`` may be ``elsewhere``."""
    left, right = written.sentence.nodes[:2]
    if not isinstance(left, Call) or not isinstance(left.head, Name) or left.bracket != "(":
        return False
    name = left.head
    if head(name) in KNOWN or name.primes:
        return False
    if all(isinstance(a, Dots) for a in left.args):
        return True  # C(\dots)
    if {*left.args} <= {*walk(right)} and all(isinstance(a, Name) and a.sub for a in left.args):
        return True  # E_t(y_t, o_t)
    if any(letter_of(s) for s in name.sub if _runs(s)):
        return False
    if any(isinstance(c, Call) and c.head == name and c != left for c in calls):
        return False
    quantities = {unstyled(head(n)) for n in _quantities(right)} | elsewhere
    arguments = [a for a in left.args if isinstance(a, Name) and not (a.sub or a.sup)]
    return len(arguments) == len(left.args) and any(
        unstyled(head(a)) in quantities for a in arguments
    )


def _runs(script: Node) -> bool:
    return isinstance(script, Name) and script.base in "ijklmnt"


def _quantities(node: Node) -> Iterator[Name]:
    """The names that stand in no script."""
    pending = [node]
    while pending:
        part = pending.pop()
        if isinstance(part, Name):
            yield part
        else:
            pending.extend(part.below)
