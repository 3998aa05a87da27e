r"""What a page says of any x and reads of its samples: ``h_\theta(x) = g(\theta^T x)``.

Where ``h_\theta`` is applied to ``x^{(i)}`` alone it is one number for each sample, ``h^{(i)}``
(`derive.reading.of_what` reads claims so), and its equation that of sample i.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from derive.reading.build_model import Written
from derive.reading.names import is_bare
from derive.reading.surface import Call, Name, Node, changed, walk


def with_samples(
    equations: Sequence[Written], is_function: Callable[[Written], bool]
) -> list[Written]:
    """The equations with such symbols counted by their samples; functions stay."""
    found = [*equations]
    for written in equations:
        left = written.sentence.nodes[0]
        argument = _argument(left)
        if not isinstance(left, Call) or argument is None or is_function(written):
            continue
        others = (n for w in found if w is not written for node in w.sentence.nodes[1:]
                  for n in walk(node))  # fmt: skip
        read = {n.args for n in others if isinstance(n, Call) and n.head == left.head}
        samples = [args[0] for args in read if len(args) == 1]
        if len(read) != 1 or not samples or not _is_one_of(samples[0], argument):
            continue
        found = [_counted(w, left, argument, samples[0]) for w in found]
    return found


def _argument(left: Node) -> Name | None:
    """x in ``h_\\theta(x)``."""
    if not isinstance(left, Call) or not isinstance(left.head, Name) or left.bracket != "(":
        return None
    if len(left.args) != 1 or left.head.sup or left.head.primes:
        return None
    argument = left.args[0]
    plain = isinstance(argument, Name) and is_bare(replace(argument, accents=()))
    return argument if plain and isinstance(argument, Name) else None


def _is_one_of(sample: Node, argument: Name) -> bool:
    """Whether ``sample`` is ``argument`` with a number in one script."""
    if not isinstance(sample, Name) or len((*sample.sub, *sample.sup)) != 1:
        return False
    return replace(sample, sub=(), sup=()) == argument


def _counted(written: Written, left: Call, argument: Name, sample: Node) -> Written:
    assert isinstance(left.head, Name)
    assert isinstance(sample, Name)
    own = replace(left.head, sub=sample.sub, sup=sample.sup)

    def rule(node: Node) -> Node:
        if isinstance(node, Call) and node.head == left.head:
            return replace(own, span=node.span)
        if node == argument and defining:
            return replace(sample, span=node.span)
        return changed(node, rule)

    defining = written.sentence.nodes[0] == left
    nodes = tuple(map(rule, written.sentence.nodes))
    return replace(written, sentence=replace(written.sentence, nodes=nodes))
