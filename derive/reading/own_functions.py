r"""Functions that a deck makes up: ``\varphi(x) = 2x``, where neither φ nor x is anything yet."""

from __future__ import annotations

from derive.errors import Problem
from derive.reading.elaborate import elaborate
from derive.reading.function_names import STANDARD_FUNCTIONS
from derive.reading.functions import function_named
from derive.reading.lexicon import occurrence
from derive.reading.names import ascii_head, head, identifier, is_bare, letter_of
from derive.reading.scope import Scope, with_scalar
from derive.reading.sentence import Sentence
from derive.reading.surface import Call, Name, walk


def defines_function(sentence: Sentence, scope: Scope) -> bool:
    """Whether the left side is a new function of new symbols, and the right side can be read."""
    left = sentence.nodes[0]
    if sentence.kind != "equation" or len(sentence.nodes) != 2:
        return False
    if not isinstance(left, Call) or not isinstance(left.head, Name):
        return False
    if function_named(left.head, scope) is not None or _known(left.head, scope):
        return False
    arguments = [a for a in left.args if isinstance(a, Name) and is_bare(a)]
    new = all(letter_of(a) not in scope.letters and not _known(a, scope) for a in arguments)
    used = {n.base for n in walk(sentence.nodes[1]) if isinstance(n, Name)}
    if len(arguments) < len(left.args) or not new or not used & {a.base for a in arguments}:
        return False
    for argument in arguments:
        text = head(argument)
        scope = with_scalar(scope, text, identifier(ascii_head(text)))
    try:
        elaborate(sentence.nodes[1], scope)
    except Problem:
        return False
    return True


def _known(name: Name, scope: Scope) -> bool:
    item = occurrence(name)
    found = item is not None and scope.lexicon.match(item) is not None
    return found or head(name) in STANDARD_FUNCTIONS
