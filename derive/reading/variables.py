r"""Numbers that a formula introduces: the argument of a function, the rate of an update."""

from __future__ import annotations

from collections.abc import Iterator

from derive.reading.derivatives import quotient_parts
from derive.reading.functions import VECTORISE, function_named
from derive.reading.letters import factors
from derive.reading.lexicon import Occurrence
from derive.reading.names import ascii_head, head, identifier, is_bare, letter_of, readable
from derive.reading.scope import Scope, with_scalar
from derive.reading.sentence import Sentence
from derive.reading.surface import Binary, Call, Name, Node, walk


def with_variables(sentence: Sentence, scope: Scope) -> Scope:
    """The scope with the numbers that the formula itself introduces.

    They are the arguments of a function that it defines, what it differentiates a function by, and
    the rates of an update.
    """
    names = [*_function_arguments(sentence, scope), *_differentiated_by(sentence, scope)]
    if sentence.kind == "update":
        names = [n for side in sentence.nodes[1:] for t in _terms(side) for n in _rates(t, scope)]
    tensors = scope.model.tensors if scope.model is not None else {}
    for text in dict.fromkeys(head(n) for n in names):
        variable = identifier(ascii_head(text))
        scope.note(f"{readable(text)} is any number")
        scope = with_scalar(scope, text, variable + "_" if variable in tensors else variable)
    return scope


def _function_arguments(sentence: Sentence, scope: Scope) -> list[Name]:
    r"""x in ``\sigma(x) = …`` and ``\sigma(-x) = …``, where the right side has it too."""
    left = sentence.nodes[0]
    if not isinstance(left, Call) or not isinstance(left.head, Name):
        return []
    function = function_named(left.head, scope)
    if function is None or function[0] in VECTORISE:
        return []
    used = {n.base for side in sentence.nodes[1:] for n in walk(side) if isinstance(n, Name)}
    alone = [a for a in left.args if isinstance(a, Name) and is_bare(a)]
    inside = (n for a in left.args if a not in alone for n in _inside(a) if _is_new(n, scope))
    return [n for n in (*alone, *inside) if n.base in used]


def _inside(node: Node) -> Iterator[Name]:
    """The symbols of a formula, and of what functions in it are applied to."""
    for item in factors(node):
        if not item.args:
            yield item.name
        for argument in item.args or ():
            yield from _inside(argument)


def _is_new(name: Name, scope: Scope) -> bool:
    r"""Whether nothing has this name yet: u in ``\sigma(-u)``."""
    known = scope.lexicon.match(Occurrence(name, name.span)) is not None
    letter = letter_of(name) in {"e", *scope.letters}
    return is_bare(name) and not (known or letter or function_named(name, scope) is not None)


def _differentiated_by(sentence: Sentence, scope: Scope) -> Iterator[Name]:
    r"""u in ``\frac{d \tanh(u)}{du}``, an unknown letter that stands above as well."""
    for node in (n for side in sentence.nodes for n in walk(side)):
        pair = quotient_parts(node)
        if pair is None:
            continue
        above, below = pair
        if not isinstance(below, Name) or not is_bare(below):
            continue
        if _is_new(below, scope) and any(n == below for n in walk(above) if n is not above):
            yield below


def _terms(side: Node) -> Iterator[Node]:
    """The terms of a sum; a symbol alone is added itself, as a velocity is, and no rate."""
    if isinstance(side, Binary) and side.operator in {"+", "-"}:
        yield from _terms(side.left)
        yield from _terms(side.right)
    elif not isinstance(side, Name):
        yield side


def _rates(node: Node, scope: Scope) -> Iterator[Name]:
    r"""Unknown bare symbols: \eta and \lambda in ``W - \eta (\Delta W + \lambda W)``."""
    for item in factors(node):
        if scope.lexicon.match(item) is not None or item.prefix:
            continue
        known = item.head in scope.functions or letter_of(item.name) in {"e", *scope.letters}
        if is_bare(item.name) and not known:
            yield item.name
        for argument in item.args or ():
            yield from _rates(argument, scope)
