r"""Functions that a sheet applies and nowhere declares: ``\sigma(W x + b)``.

A symbol before a bracket may be a factor. One that is usually a function, that always has a bracket
with a formula behind it and that nothing defines or declares is asked about.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence

from derive.reading.names import head, is_bare, letter_of
from derive.reading.sentence import Sentence
from derive.reading.surface import Call, Name, Node, parts

USUAL = frozenset({r"\sigma", r"\phi", r"\varphi", r"\psi", r"\varsigma", "f", "g", "h"})


def applied(sentences: Sequence[Sentence], known: Container[str]) -> tuple[int, Name] | None:
    """The first such symbol and the number of its sentence; ``known`` heads are declared."""
    alone = {head(n) for s in sentences for node in s.nodes for n in _uncalled(node)}
    for number, sentence in enumerate(sentences):
        for name in (n for node in sentence.nodes for n in _called(node)):
            if head(name) in USUAL and head(name) not in alone and head(name) not in known:
                return number, name
    return None


def _called(node: Node) -> Iterator[Name]:
    """Bare symbols before round brackets that hold one thing, and no index letter."""
    if isinstance(node, Call) and isinstance(node.head, Name) and node.bracket == "(":
        one = len(node.args) == 1 and letter_of(node.args[0]) is None
        yield from (node.head,) if one and is_bare(node.head) else ()
    for part in parts(node):
        yield from _called(part)


def _uncalled(node: Node) -> Iterator[Name]:
    """Symbols that stand without a bracket, or with indices in it."""
    if isinstance(node, Call) and isinstance(node.head, Name):
        if len(node.args) != 1 or letter_of(node.args[0]) is not None or not is_bare(node.head):
            yield node.head
        for arg in node.args:
            yield from _uncalled(arg)
        return
    if isinstance(node, Name):
        yield node
    for part in parts(node):
        yield from _uncalled(part)
