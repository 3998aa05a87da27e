r"""Ways of writing that only a symbol table can tell, spelled out before a formula is elaborated.

``dW`` is an operator on W where d is no symbol of its own and W is one; ``dout`` is a name where
one of that name is known; ``\frac{\partial}{\partial w} x`` is ``\frac{\partial x}{\partial w}``.
Spans stay those of the text.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from derive.reading.abbreviations import written_out
from derive.reading.capitals import in_other_case
from derive.reading.class_labels import with_labels_chosen
from derive.reading.decimal_arguments import with_decimal_argument
from derive.reading.dependence import with_gradient_of_argument, without_dependence
from derive.reading.fitting import WORD
from derive.reading.jacobian_marks import with_jacobian_marks
from derive.reading.labelled_functions import with_labels_folded
from derive.reading.last_letters import with_last_cells
from derive.reading.lexicon import Occurrence, occurrence
from derive.reading.log_determinants import with_log_determinants
from derive.reading.names import head, is_bare, spread, word_of
from derive.reading.of_what import of_what, without_arguments
from derive.reading.partials import with_both_signs
from derive.reading.primes_of_numbers import with_primes_of_numbers
from derive.reading.reach import with_reach
from derive.reading.run_together import taken_apart
from derive.reading.scope import Scope
from derive.reading.slopes import with_slopes
from derive.reading.surface import (
    Binary,
    Call,
    Fraction_,
    Group,
    Juxtaposition,
    Matrix,
    Name,
    Node,
    Numeral,
    Prefixed,
    Scripted,
    changed,
)
from derive.reading.traces import applied_to_the_rest, with_nabla_over_products
from derive.reading.undeclared import UPSTREAM
from derive.reading.words import beside, known, may_be_words, over, worded

_PLACES = frozenset({"span", "sub", "sup", "lower", "upper"})
"""Where letters are indices and labels: ``W_{dm}`` has two indices."""
_OPERATORS = (r"\partial", "d")
MARK = "d"


def respelled(node: Node, scope: Scope) -> Node:
    """``node`` with everything spelled out, innermost first, words before what they are part of."""
    node = with_primes_of_numbers(with_labels_folded(node, scope.functions), scope)
    node = with_jacobian_marks(node, scope)
    node = _everywhere(node, partial(worded, scope=scope)) if may_be_words(node) else node
    node = with_labels_chosen(node, scope.labels) if scope.labels else node
    if any(isinstance(n, Prefixed) and n.operator == r"\nabla" for n in node.whole):
        node = _everywhere(node, partial(with_gradient_of_argument, scope=scope))
    node = without_arguments(node, scope) if scope.model is not None else node
    node = _everywhere(node, partial(_spelled, scope=scope))
    node = with_log_determinants(with_reach(node, scope), scope)
    node = written_out(node, scope.abbreviations) if scope.abbreviations else node
    return with_slopes(node, scope)


def _everywhere(node: Node, rule: Callable[[Node], Node]) -> Node:
    return _Everywhere(rule)(node)


class _Everywhere:
    """A rule at every node; no closure, for one that calls itself is garbage to be collected."""

    __slots__ = ("rule",)

    def __init__(self, rule: Callable[[Node], Node]) -> None:
        self.rule = rule

    def __call__(self, node: Node) -> Node:
        if isinstance(node, Numeral):
            return node  # half of all nodes where elements are displayed: spelled out already
        return self.rule(changed(node, self, _PLACES) if node.below else node)


def _spelled(node: Node, scope: Scope) -> Node:
    if isinstance(node, Juxtaposition):
        marked = with_nabla_over_products(list(node.factors), scope)
        marked = _operated(_differentials(marked, scope))
        return beside(node, applied_to_the_rest(marked, scope))
    if isinstance(node, Matrix):
        return with_last_cells(node, scope)
    if isinstance(node, Fraction_):
        return with_both_signs(node, scope)
    return _as_symbol(node, scope) if isinstance(node, Name | Call | Scripted) else node


def _as_symbol(node: Node, scope: Scope) -> Node:
    node = taken_apart(_element_of(with_decimal_argument(node, scope), scope), scope)
    if not isinstance(node, Name):
        node = of_what(without_dependence(node, scope), scope)
    return _marked(_with_scripts_apart(node), scope) if isinstance(node, Name) else node


def _element_of(node: Node, scope: Scope) -> Node:
    r"""``(\delta_j)_{uv}`` as ``\delta_j(u, v)``, where δ_j has two more indices.

    ``(\nabla_W L)_{uv}`` is ``\nabla_{W_{uv}} L``.
    """
    if not isinstance(node, Scripted) or not node.sub or node.sup:
        return node
    body = node.body.body if isinstance(node.body, Group) else None
    if isinstance(body, Prefixed) and body.operator == r"\nabla" and len(body.sub) == 1:
        inner = Scripted(Group(body.sub[0]), spread(node.sub), span=body.sub[0].span)
        by = _with_more_below(inner, scope)
        return node if by is None else replace(body, sub=(by,), span=node.span)
    if not isinstance(body, Name) or (item := occurrence(body)) is None:
        return node
    match = scope.lexicon.match(item)
    items = spread(node.sub)
    if match is None or match.powers or match.omitted != len(items) or not body.sub:
        return node
    return Call(body, items, span=node.span)


def _with_more_below(node: Scripted, scope: Scope) -> Node | None:
    """``(o_t)_i`` as ``o_{t,i}`` or ``o_t(i)``, whichever is a symbol; ``None`` where none is."""
    name = node.body.body if isinstance(node.body, Group) else None
    if not isinstance(name, Name):
        return None
    spelled = (replace(name, sub=(*spread(name.sub), *node.sub)), Call(name, node.sub))
    for element in (replace(s, span=node.span) for s in spelled):
        item = occurrence(element)
        match = None if item is None else scope.lexicon.match(item)
        if match is not None and not match.omitted and match.extra is None and not match.powers:
            return element
    return None


def _with_scripts_apart(name: Name) -> Name:
    r"""``\delta^{(1)^T}``: a label in brackets with a script of its own is the label, then that."""
    items: list[Node] = []
    for item in name.sup:
        labelled = isinstance(item, Scripted) and isinstance(item.body, Group) and not item.sub
        items += [item.body, *item.sup] if labelled and isinstance(item, Scripted) else [item]
    return replace(name, sup=tuple(items)) if len(items) > len(name.sup) else name


# Gradients marked by a letter


def _differentials(factors: list[Node], scope: Scope) -> list[Node]:
    """``d W`` as an operator on W."""
    result: list[Node] = []
    for factor in factors:
        before = result[-1] if result else None
        mark = before if isinstance(before, Name) and _is_mark(before, scope) else None
        found = None if mark is None else _prefixed(mark, factor, scope)
        if found is not None:
            result[-1] = found
        else:
            result.append(factor)
    return result


def _prefixed(mark: Name, node: Node, scope: Scope) -> Node | None:
    """``d`` before ``Y`` or ``Y / n``; ``None`` before anything else."""
    if isinstance(node, Binary) and node.operator == "/":
        left = _prefixed(mark, node.left, scope)
        return None if left is None else replace(node, left=left, span=over(mark, node))
    if not _takes_mark(mark.base, node, scope):
        return None
    return Prefixed(mark.base, node, span=over(mark, node))


def _is_mark(node: Node, scope: Scope) -> bool:
    """A letter that is declared to mark gradients, or a d that is no symbol, index or size."""
    if not isinstance(node, Name) or not is_bare(node):
        return False
    if node.base in scope.lexicon.prefixes:
        return True
    free = node.base not in scope.letters and node.base not in scope.given
    return node.base == MARK and free and not known(node, scope)


def _takes_mark(mark: str, node: Node, scope: Scope) -> bool:
    r"""Whether the symbol is known with the mark; for d also where it is known without it."""
    item = occurrence(node.body if isinstance(node, Scripted) else node)
    if item is None or item.prefix:
        return False
    marks = (mark, "") if mark == MARK else (mark,)
    items = [replace(item, prefix=p) for p in marks]
    if any(scope.lexicon.match(i) is not None for i in items) or _is_named(item, scope):
        return True
    return any(in_other_case(i, scope) is not None for i in items if i.name.sub or i.name.sup)


def _is_named(item: Occurrence, scope: Scope) -> bool:
    """Whether a known symbol has a word below it: ``h_{next}``, ``h_{raw}``."""
    if len(item.name.sub) != 1 or not isinstance(word := item.name.sub[0], Juxtaposition):
        return False
    bare = replace(item, name=replace(item.name, sub=()))
    return len(word_of(word.factors)) >= WORD and scope.lexicon.match(bare) is not None


def _marked(node: Name, scope: Scope) -> Node:
    r"""``\mathrm{dW}``, ``dW`` as one name, where it is unknown and W is known."""
    if len(node.base) < 2 or node.base[0] != MARK or node.accents:
        return node
    inner = replace(node, base=node.base[1:])
    declared = head(node) in UPSTREAM and MARK in scope.lexicon.prefixes
    if known(node, scope) and not (declared and _is_symbol(inner, scope)):
        return node
    if head(node) in scope.functions or not _takes_mark(MARK, inner, scope):
        return node
    return Prefixed(MARK, inner, span=node.span)


def _is_symbol(name: Name, scope: Scope) -> bool:
    item = occurrence(name)
    return item is not None and scope.lexicon.match(item) is not None


# Operators that stand before what they differentiate


def _operated(factors: list[Node]) -> list[Node]:
    r"""``\frac{\partial}{\partial w} x y`` as ``\frac{\partial (x y)}{\partial w}``."""
    for at, factor in enumerate(factors[:-1]):
        if not isinstance(factor, Fraction_) or not isinstance(factor.bottom, Prefixed):
            continue
        top = factor.top
        if isinstance(top, Name) and is_bare(top) and top.base in _OPERATORS:
            rest = factors[at + 1 :]
            span = over(rest[0], rest[-1])
            body = rest[0] if len(rest) == 1 else Juxtaposition(tuple(rest), span=span)
            above = Prefixed(top.base, body, span=span)
            whole = replace(factor, top=above, span=over(factor, rest[-1]))
            return [*factors[:at], whole]
    return factors
