r"""``\mathrm{RMS}(a) = \sqrt{\dots}`` in a sheet: what a quantity is computed from is no index."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import replace

from derive.reading.names import head, is_bare
from derive.reading.sentence import Sentence
from derive.reading.surface import Call, Name, Node, changed


def without_dependences(
    sentences: Sequence[Sentence], typed: Iterable[str], functions: Container[str]
) -> list[Sentence]:
    """The sentences with a symbol alone where an equation defines it of whole arrays in brackets.

    Arrays are what ``typed`` names and what other equations define without indices.
    """
    equations = [s for s in sentences if s.kind == "equation"]
    alone = (s.nodes[0] for s in equations)
    arrays = {*typed, *(head(n) for n in alone if isinstance(n, Name) and not n.sub)}

    def dependent(node: Node) -> bool:
        if not isinstance(node, Call) or not isinstance(node.head, Name) or node.bracket != "(":
            return False
        if head(node.head) in functions or not node.args:
            return False
        return all(isinstance(a, Name) and is_bare(a) and head(a) in arrays for a in node.args)

    lefts = (s.nodes[0] for s in equations if dependent(s.nodes[0]))
    heads = {head(n.head) for n in lefts if isinstance(n, Call) and isinstance(n.head, Name)}
    if not heads:
        return list(sentences)

    def alone_where(node: Node) -> Node:
        name = node.head if isinstance(node, Call) and dependent(node) else None
        if isinstance(name, Name) and head(name) in heads:
            return replace(name, span=node.span)
        return changed(node, alone_where) if node.below else node

    return [_with_nodes(s, alone_where) for s in sentences]


def _with_nodes(sentence: Sentence, change: Callable[[Node], Node]) -> Sentence:
    return replace(sentence, nodes=tuple(map(change, sentence.nodes)))
