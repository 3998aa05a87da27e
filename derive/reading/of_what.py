r"""Symbols with what they are of in brackets: ``h_\theta(x^{(i)})``, ``H(w) = \nabla_w^2 E``.

``h_\theta(x^{(i)})`` and ``f(\mathbf{x}_i)`` are the element of h (or f) for sample i where h has
one index and nothing else is written so. A new symbol that a formula gives its meaning, with one
that is known in brackets, is that symbol: ``H(w)`` is no product, there or later.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from derive.expr import accesses
from derive.reading.differential import leads
from derive.reading.fitting import TRANSPOSES
from derive.reading.functions import function_named
from derive.reading.letters import holds_tensor
from derive.reading.lexicon import Entry, Match, Occurrence, occurrence
from derive.reading.names import head as head_of
from derive.reading.names import is_bare, label, letter_of, spread, unstyled
from derive.reading.scope import Scope
from derive.reading.sentence import Sentence
from derive.reading.surface import Call, Group, Name, Node, Numeral, Scripted, changed


def with_left_alone(sentence: Sentence, scope: Scope) -> Sentence:
    """The sentence with a new symbol on the left rid of the known one in brackets behind it."""
    left: Node = sentence.nodes[0]
    below: tuple[Node, ...] = ()
    if isinstance(left, Scripted) and not left.sup:
        below, left = left.sub, left.body
    if sentence.kind != "equation" or not isinstance(left, Call) or not isinstance(left.head, Name):
        return sentence
    match = _match(left.head, scope)
    known = match is not None and (match.entry.body is None or len(left.args) < 2)
    new = not left.head.sub and not left.head.sup and not known
    if not new or left.head.base in ("1", r"\delta") or left.bracket != "(":
        return sentence
    symbols = [_is_symbol(a, scope) for a in left.args if isinstance(a, Name)]
    names = len(symbols) == len(left.args)
    if function_named(left.head, scope) is not None or not names or not any(symbols):
        return sentence
    head = replace(left.head, sub=below, span=sentence.nodes[0].span)
    return replace(sentence, nodes=(head, *sentence.nodes[1:]))


def of_what(node: Node, scope: Scope) -> Node:
    """The symbol alone, or its element, where ``node`` is one of something; else ``node``."""
    if not isinstance(node, Call) or not isinstance(node.head, Name) or node.bracket != "(":
        return node
    if len(node.args) != 1 or not isinstance(argument := node.args[0], Name):
        return node
    match = _match(node.head, scope)
    if match is not None and _defined_by(match, argument, scope):
        return replace(node.head, span=node.span)
    number = _number_of_sample(argument, scope)
    if number is None:
        return node
    entries = [e for e in scope.lexicon.entries.values() if _counts_samples(e, node.head)]
    if len(entries) != 1 or (match is not None and match.entry is not entries[0]):
        return node
    if match is not None and _is_one(match, scope):
        return node
    return _filled(entries[0], node, number)


def without_arguments(node: Node, scope: Scope) -> Node:
    r"""``S(a)``, ``S_i(a)`` and ``S(a)_i`` as S and S_i, where S is computed from a.

    ``Z (X)^T`` stays a product.
    """
    return _without(node, scope) if any(map(_has_bare_arguments, node.whole)) else node


def _without(node: Node, scope: Scope) -> Node:
    inside = partial(_without, scope=scope)
    if isinstance(node, Scripted) and isinstance(node.body, Call):
        call = node.body
        if not node.sup and isinstance(call.head, Name) and not call.head.sub:
            element = replace(call.head, sub=node.sub, span=node.span)
            if _is_dependence(replace(call, head=element), scope):
                return element
        return replace(node, body=changed(call, inside))
    if isinstance(node, Call) and isinstance(node.head, Name) and _is_dependence(node, scope):
        return replace(node.head, span=node.span)
    return changed(node, inside) if node.below else node


def _has_bare_arguments(node: Node) -> bool:
    """Whether it is a call with nothing but symbols without scripts in its brackets."""
    return isinstance(node, Call) and all(
        isinstance(a, Name) and not (a.sub or a.sup or a.primes) for a in node.args
    )


def _is_dependence(call: Call, scope: Scope) -> bool:
    """Whether bare symbols that a tensor is computed from, and nothing else, stand behind it."""
    assert isinstance(call.head, Name)
    model, match = scope.model, _match(call.head, scope)
    if model is None or match is None or match.entry.prefix or match.powers:
        return False
    if match.entry.tensor not in model.by_tensor or call.bracket != "(":
        return False
    for argument in call.args:
        if not isinstance(argument, Name) or not is_bare(replace(argument, accents=())):
            return False
        read = _match(argument, scope) if _is_symbol(argument, scope) else None
        if read is None or not leads(model, read.entry.tensor, match.entry.tensor):
            return False
    return bool(call.args)


def _match(name: Name, scope: Scope) -> Match | None:
    return scope.lexicon.match(Occurrence(name, name.span))


def _is_symbol(name: Name, scope: Scope) -> bool:
    return holds_tensor(name, scope) and letter_of(name) not in scope.letters


def _defined_by(match: Match, argument: Name, scope: Scope) -> bool:
    """Whether a symbol of the deck is made of what stands in the brackets behind it."""
    own = occurrence(argument)
    read = scope.lexicon.match(own) if own is not None else None
    if match.entry.body is None or match.entry.prefix or read is None or not read.entry.tensor:
        return False
    model = scope.model
    used = {a.tensor for a in accesses(match.entry.body)}
    whole = not match.powers and match.omitted == match.entry.rank
    depends = model is not None and any(
        read.entry.tensor in u or u in model.by_tensor for u in used
    )
    return whole and depends and is_bare(replace(argument, accents=()))


def _number_of_sample(argument: Name, scope: Scope) -> Node | None:
    r"""i in ``x^{(i)}`` and ``\mathbf{x}_i``; ``None`` for an index letter, or for more scripts."""
    above = tuple(s for s in argument.sup if label(s) not in TRANSPOSES)
    items = (*spread(argument.sub), *above)
    if len(items) != 1 or len(above) != len(argument.sup):
        return None
    inner = items[0].body if isinstance(items[0], Group) else items[0]
    runs = letter_of(inner) is not None or isinstance(inner, Numeral)
    bare = replace(argument, sub=(), sup=())
    return items[0] if runs and letter_of(bare) not in scope.letters else None


def _is_one(match: Match, scope: Scope) -> bool:
    """Whether the number is there already: ``z^{t+1} (y^t)^T`` is a product."""
    scripts = (*match.entry.notation.sub, *match.entry.notation.sup)
    slots = (match.slots[s] for s in scripts if isinstance(s, int))
    return any(s is not None and not holds_tensor(s, scope) for s in slots)


def _counts_samples(entry: Entry, name: Name) -> bool:
    """Whether an entry is this letter with one index in a script and no label."""
    notation = entry.notation
    scripts = (*notation.sub, *notation.sup)
    same = unstyled(notation.head) == unstyled(head_of(name)) and not entry.prefix
    known = bool(entry.tensor) or entry.body is not None
    return same and known and len(scripts) == 1 and isinstance(scripts[0], int)


def _filled(entry: Entry, node: Call, number: Node) -> Name:
    assert isinstance(node.head, Name)
    inner = number.body if isinstance(number, Group) else number
    below = bool(entry.notation.sub)
    sub, sup = ((inner,), ()) if below else ((), (Group(inner, "(", span=number.span),))
    return replace(node.head, sub=sub, sup=sup, span=node.span)
