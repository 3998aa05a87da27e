r"""Functions that a sheet applies and nowhere declares: ``\sigma(W x + b)``.

A symbol before a bracket may be a factor. One that is usually a function, that always has a bracket
with a formula behind it and that nothing defines or declares is asked about; so are words and
commands such as ``\arctan``, and whatever has one element alone in brackets: ``q(x_i)``.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence

from derive.reading.names import head, is_bare, letter_of
from derive.reading.sentence import Sentence
from derive.reading.surface import Call, Name, Node, Numeral, parts
from derive.reading.symbols import FUNCTIONS

USUAL = frozenset({r"\sigma", r"\phi", r"\varphi", r"\psi", r"\varsigma", r"\Phi", "f", "g", "h"})


def applied(sentences: Sequence[Sentence], known: Container[str]) -> tuple[int, Name] | None:
    """The first such symbol and the number of its sentence; ``known`` heads are declared."""
    alone = {head(n) for s in sentences for node in s.nodes for n in _uncalled(node)}
    for number, sentence in enumerate(sentences):
        for name in (n for node in sentence.nodes for n in _called(node)):
            if head(name) not in alone and head(name) not in known:
                return number, name
    return None


def _called(node: Node) -> Iterator[Name]:
    """Symbols that are applied to something."""
    if isinstance(node, Call) and isinstance(node.head, Name) and _applies(node.head, node):
        yield node.head
    for part in parts(node):
        yield from _called(part)


def _applies(name: Name, call: Call) -> bool:
    """Whether a function has one thing in brackets, no index, or an acronym has several."""
    if call.bracket != "(" or name.sub:
        return False
    if len(call.args) > 1:
        return is_bare(name) and len(name.base) > 1 and name.base.isupper()
    argument = call.args[0] if call.args else None
    if argument is None or _may_be_index(argument):
        return False
    word = len(name.base) > 1 and not name.base.startswith("\\")
    usual = is_bare(name) and head(name) in USUAL
    return usual or word or name.base in FUNCTIONS or isinstance(argument, Name)


def _may_be_index(node: Node) -> bool:
    """``i``, ``u_1``, but not ``x_i``."""
    numbered = isinstance(node, Name) and all(isinstance(s, Numeral) for s in node.sub)
    return letter_of(node) is not None and numbered


def _uncalled(node: Node) -> Iterator[Name]:
    """Symbols that stand without a bracket, or with indices in it."""
    if isinstance(node, Call) and isinstance(node.head, Name):
        if not _applies(node.head, node):
            yield node.head
        for arg in node.args:
            yield from _uncalled(arg)
        return
    if isinstance(node, Name):
        yield node
    for part in parts(node):
        yield from _uncalled(part)
