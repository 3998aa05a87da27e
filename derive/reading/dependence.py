r"""``J(\theta)``: the loss with what it depends on in brackets is the loss.

A decorated symbol that the model does not have says that it is meant elsewhere: ``J(\theta_t)`` is
spelled ``J_{\theta_t}``, a name of its own, which a context may declare or the deck define.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from derive.reading.letters import holds_tensor
from derive.reading.lexicon import Match, Occurrence, occurrence
from derive.reading.names import head, is_bare, letter_of, unstyled, without_slots
from derive.reading.parse import parse
from derive.reading.scope import Scope
from derive.reading.surface import Binary, Call, Collection, Dots, Name, Node, Prefixed

STEPS = frozenset({"t", "k", "n"})
"""Letters that number the steps of a method."""


def without_dependence(node: Node, scope: Scope) -> Node:
    """The loss alone where ``node`` is the loss of something; else ``node``.

    So is any number of the model with several of its symbols in brackets: ``E_t(y_t, o_t)``.
    """
    if not isinstance(node, Call) or not isinstance(node.head, Name):
        return node
    name = _at_no_step(node.head, scope)
    item = occurrence(name)
    match = scope.lexicon.match(item) if item is not None else None
    if match is not None and _depends_on_several(node, match, scope):
        return replace(node.head, span=node.span)
    if (
        not scope.loss
        or match is None
        or match.entry.tensor != scope.loss
        or match.powers
        or match.entry.rank
    ):
        return node
    names = list(_names(node.args))
    if not all(isinstance(n, Name | Dots) for n in names):
        return node
    elsewhere = [n for n in names if isinstance(n, Name) and _marked(n) and not _known(n, scope)]
    return replace(_labelled(name, elsewhere), span=node.span)


def _at_no_step(name: Name, scope: Scope) -> Name:
    r"""``f_t``, the loss f as it is seen in step t of a method, as f; other names as they are."""
    item = occurrence(name)
    step = len(name.sub) == 1 and letter_of(name.sub[0]) in STEPS
    if not step or item is None or scope.lexicon.match(item) is not None:
        return name
    plain = replace(name, sub=())
    match = scope.lexicon.match(Occurrence(plain, plain.span))
    return plain if match is not None and match.entry.tensor == scope.loss else name


def _depends_on_several(node: Call, match: Match, scope: Scope) -> bool:
    """Whether a list of symbols stands behind a number, which has no indices in brackets."""
    names = list(_names(node.args))
    number = not match.omitted and not match.powers and not match.entry.notation.args
    symbols = all(isinstance(n, Name) and holds_tensor(n, scope) for n in names)
    return number and symbols and (len(names) > 1 or _is_word(node.head))


def _is_word(node: Node) -> bool:
    r"""``\mathrm{RMS}``: no factor beside a bracket."""
    return isinstance(node, Name) and len(node.base) > 1 and node.base.isalpha()


def with_gradient_of_argument(node: Node, scope: Scope) -> Node:
    r"""``\nabla E(w)`` as ``\nabla_w E(w)``, twice where there are two.

    So is ``\nabla E`` where w is the only parameter of the model.
    """
    if not isinstance(node, Prefixed) or node.operator != r"\nabla" or node.sub:
        return node
    inner = with_gradient_of_argument(node.body, scope)
    if isinstance(inner, Prefixed) and inner.operator == r"\nabla" and inner.sub:
        return replace(node, body=inner, sub=inner.sub)
    if (only := _only_parameter(node.body, scope)) is not None:
        return replace(node, sub=(only,))
    loss = _applied_number(node.body, scope) or without_dependence(node.body, scope)
    if loss is node.body or not isinstance(node.body, Call) or not isinstance(loss, Name):
        return node
    names = list(_names(node.body.args))
    if len(names) != 1:
        return node
    (name,) = names
    return replace(node, body=loss, sub=(_at_any_step(name),))


def _at_any_step(name: Node) -> Node:
    r"""w of ``w_{t-1}``, its value a step before; other arguments as they are."""
    if not isinstance(name, Name) or not any(isinstance(s, Binary) for s in (*name.sub, *name.sup)):
        return name
    return replace(name, sub=(), sup=())


def _applied_number(body: Node, scope: Scope) -> Node | None:
    """f in ``f(x)``, a number that the model computes, of one of its arrays."""
    if not isinstance(body, Call) or len(body.args) != 1 or not isinstance(body.head, Name):
        return None
    argument = body.args[0]
    known = isinstance(argument, Name) and is_bare(argument) and holds_tensor(argument, scope)
    return body.head if known and _is_computed_number(body.head, scope) else None


def _is_computed_number(node: Node, scope: Scope) -> bool:
    item = occurrence(node)
    match = scope.lexicon.match(item) if item is not None and item.args is None else None
    computed = scope.model.by_tensor if scope.model is not None else {}
    return match is not None and match.entry.tensor in computed and not match.entry.rank


def _only_parameter(body: Node, scope: Scope) -> Node | None:
    """The one array by which a number of the model can be differentiated, as it is written."""
    if not _is_computed_number(body, scope) or scope.model is None:
        return None
    if len(scope.model.parameters) != 1:
        return None
    (tensor,) = (scope.model.tensors[name] for name in scope.model.parameters)
    name = parse(without_slots(tensor.notation)).items[0] if tensor.rank else None
    return replace(name, span=body.span) if isinstance(name, Name) else None


def _names(args: Iterable[Node]) -> Iterable[Node]:
    for arg in args:
        yield from _names(arg.items) if isinstance(arg, Collection) else (arg,)


def _marked(name: Name) -> bool:
    r"""Whether it is more than a letter in some font: ``\theta_t``, ``w'``, ``\hat\theta``."""
    return bool(name.sub or name.sup or name.primes) or unstyled(head(name)) != name.base


def _known(name: Name, scope: Scope) -> bool:
    """A symbol of the model, or the letter that several of its symbols share."""
    item = occurrence(name)
    if item is not None and scope.lexicon.match(item) is not None:
        return True
    plain = replace(name, accents=(), sub=(), sup=())
    heads = {unstyled(e.notation.head) for e in scope.lexicon.entries.values()}
    return is_bare(replace(name, accents=())) and (
        unstyled(head(name)) in heads or unstyled(head(plain)) in heads
    )


def _labelled(loss: Name, names: list[Name]) -> Name:
    return replace(loss, sub=(*loss.sub, *(Name(_text(n), span=n.span) for n in names)))


def _text(name: Name) -> str:
    """The symbol with its scripts as one label."""
    scripts = "".join(f"_{_part(n)}" for n in name.sub) + "".join(f"^{_part(n)}" for n in name.sup)
    return head(name) + scripts


def _part(node: Node) -> str:
    return _text(node) if isinstance(node, Name) else type(node).__name__
