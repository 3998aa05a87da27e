r"""Ways of writing that only a symbol table can tell, spelled out before a formula is elaborated.

``dW`` is an operator on W where d is no symbol of its own and W is one; ``dout`` is a name where
one of that name is known; ``\frac{\partial}{\partial w} x`` is ``\frac{\partial x}{\partial w}``.
Spans stay those of the text.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from itertools import pairwise
from typing import Any, TypeVar

from derive.reading.dependence import without_dependence
from derive.reading.indices import word_of
from derive.reading.last_letters import with_last_cells
from derive.reading.lexicon import Occurrence, occurrence
from derive.reading.names import head, is_bare
from derive.reading.partials import with_both_signs
from derive.reading.run_together import taken_apart
from derive.reading.scope import Scope
from derive.reading.slopes import with_slopes
from derive.reading.surface import (
    Binary,
    Call,
    Collection,
    Fraction_,
    Group,
    Juxtaposition,
    Matrix,
    Name,
    Node,
    Numeral,
    Prefixed,
    Scripted,
    Span,
)
from derive.reading.undeclared import UPSTREAM

N = TypeVar("N", bound=Node)
_PLACES = frozenset({"span", "sub", "sup", "lower", "upper"})
"""Where letters are indices and labels: ``W_{dm}`` has two indices."""
_OPERATORS = (r"\partial", "d")
MARK = "d"
LONGEST_WORD = 24


def respelled(node: Node, scope: Scope) -> Node:
    """``node`` with everything spelled out, innermost first, words before what they are part of."""
    node = _everywhere(node, lambda n: _worded(n, scope))
    return with_slopes(_everywhere(node, lambda n: _spelled(n, scope)), scope)


def _everywhere(node: N, rule: Callable[[Node], Node]) -> Node:
    if not node.below:
        return rule(node)
    changes: dict[str, Any] = {}
    for item in fields(node):
        old = getattr(node, item.name)
        if item.name not in _PLACES and (new := _inside(old, rule)) is not old:
            changes[item.name] = new
    return rule(replace(node, **changes) if changes else node)


def _inside(value: object, rule: Callable[[Node], Node]) -> object:
    if isinstance(value, Node):
        return _everywhere(value, rule)
    if isinstance(value, tuple):
        new = tuple(_inside(v, rule) for v in value)
        return new if any(a is not b for a, b in zip(new, value, strict=True)) else value
    return value


def _worded(node: Node, scope: Scope) -> Node:
    if isinstance(node, Juxtaposition):
        return _beside(node, _words(list(node.factors), scope))
    if isinstance(node, Call) and isinstance(node.head, Name):
        return replace(node, head=_with_word_below(node.head, scope))
    return _with_word_below(node, scope) if isinstance(node, Name) else node


def _with_word_below(name: Name, scope: Scope) -> Name:
    """``Y_{in_k}`` for the known symbol ``Yin_k``: the rest of the word stands in the subscript."""
    if len(name.sub) != 1 or not isinstance(name.sub[0], Juxtaposition):
        return name
    *letters, last = name.sub[0].factors
    if not isinstance(last, Name) or len(last.sub) != 1 or last.accents or last.primes:
        return name
    word = word_of((*letters, replace(last, sub=(), sup=())))
    whole = replace(name, base=name.base + word, sub=last.sub)
    return whole if word and scope.lexicon.match(Occurrence(whole, whole.span)) else name


def _beside(node: Juxtaposition, factors: list[Node]) -> Node:
    return factors[0] if len(factors) == 1 else replace(node, factors=tuple(factors))


def _spelled(node: Node, scope: Scope) -> Node:
    if isinstance(node, Juxtaposition):
        return _beside(node, _operated(_differentials(list(node.factors), scope)))
    if isinstance(node, Matrix):
        return with_last_cells(node, scope)
    node = without_dependence(taken_apart(node, scope), scope)
    if isinstance(node, Name):
        return _marked(_with_scripts_apart(node), scope)
    return with_both_signs(node, scope)


def _with_scripts_apart(name: Name) -> Name:
    r"""``\delta^{(1)^T}``: a label in brackets with a script of its own is the label, then that."""
    items: list[Node] = []
    for item in name.sup:
        labelled = isinstance(item, Scripted) and isinstance(item.body, Group) and not item.sub
        items += [item.body, *item.sup] if labelled and isinstance(item, Scripted) else [item]
    return replace(name, sup=tuple(items)) if len(items) > len(name.sup) else name


def _over(first: Node, last: Node) -> Span:
    return Span(first.span.start, last.span.end)


# Words of several letters


def _words(factors: list[Node], scope: Scope) -> list[Node]:
    """Letters side by side that make a known name become that name."""
    at = 0
    while at < len(factors):
        if (joined := _word_behind(factors[at:], scope)) is not None:
            factors = [*factors[:at], *joined]
        for count in range(min(len(factors) - at, LONGEST_WORD), 1, -1):
            letters = factors[at : at + count]
            word = _word(letters) or _word_with_gaps(letters, scope)
            if word is not None and _known(word, scope):
                rest = factors[at + count :]
                if rest and (element := _with_indices(word, rest[0])) is not None:
                    word, rest = element, rest[1:]
                factors = [*factors[:at], word, *rest]
                break
        at += 1
    return factors


def _word_behind(factors: list[Node], scope: Scope) -> list[Node] | None:
    r"""``\partial Yin_i(n)``: the operator stands before the whole word."""
    first = factors[0]
    if not isinstance(first, Prefixed) or not isinstance(first.body, Name) or len(factors) < 2:
        return None
    for count in range(min(len(factors), LONGEST_WORD), 1, -1):
        word = _word([first.body, *factors[1:count]])
        if word is not None and _known(word, scope):
            whole = replace(first, body=word, span=_over(first, word))
            return [whole, *factors[count:]]
    return None


def _word_with_gaps(letters: list[Node], scope: Scope) -> Name | Call | None:
    """``Y d_k`` for a known ``Yd_k``, where ``d_k`` alone is nothing: a space came in between."""
    *_, last = letters
    called = last.head if isinstance(last, Call) else last
    alone = isinstance(called, Name) and not _known(replace(called, primes=0), scope)
    if not alone or not isinstance(called, Name) or not (called.sub or called.sup):
        return None
    word = _word(letters, gaps=True)
    if word is not None and _known(word, scope):
        whole = word.head if isinstance(word, Call) else word
        assert isinstance(whole, Name)
        scope.note(f"the space in {whole.base} is left out")
    return word


def _with_indices(word: Name | Call, behind: Node) -> Call | None:
    """``w0[i, j]``: behind a digit the bracket is read as a factor at first."""
    if not isinstance(word, Name) or word.sub or word.sup or word.span.end != behind.span.start:
        return None
    span = _over(word, behind)
    if isinstance(behind, Group) and behind.bracket in "([":
        return Call(word, (behind.body,), behind.bracket, span=span)
    if isinstance(behind, Collection) and behind.bracket in "([" and not behind.sub:
        return Call(word, behind.items, behind.bracket, span=span)
    return None


def joined(node: Node) -> Node:
    """``w0``, letters and digits that touch, as one name, and with indices behind it."""
    if not isinstance(node, Juxtaposition):
        return node
    for count in range(len(node.factors), 1, -1):
        word = _word(list(node.factors[:count]))
        if word is not None:
            rest = node.factors[count:]
            if not rest:
                return word
            element = _with_indices(word, rest[0]) if len(rest) == 1 else None
            return node if element is None else element
    return node


def _word(letters: list[Node], gaps: bool = False) -> Name | Call | None:
    """One name from letters that touch, or may have ``gaps``; the last may carry scripts.

    A number at the end belongs to it: ``w0``.
    """
    *first, last = letters
    if isinstance(last, Numeral):
        name = _word(first) if len(first) > 1 else first[0]
        if not isinstance(name, Name) or name.sub or name.sup or not last.text.isdigit():
            return None
        touches = name.span.end == last.span.start and name.base.isalpha()
        base = name.base + last.text
        return replace(name, base=base, span=_over(name, last)) if touches else None
    name = last.head if isinstance(last, Call) else last
    if not isinstance(name, Name) or not all(is_bare(n) for n in first):
        return None
    touching = gaps or all(a.span.end == b.span.start for a, b in pairwise(letters))
    if name.accents or not touching:
        return None
    bases = [n.base for n in (*first, name) if isinstance(n, Name)]
    if not all(len(b) == 1 and b.isalpha() for b in bases):
        return None
    whole = replace(name, base="".join(bases), span=_over(letters[0], name))
    if isinstance(last, Call):
        return replace(last, head=whole, span=_over(letters[0], last))
    return whole


def _known(node: Node, scope: Scope) -> bool:
    if isinstance(node, Name) and head(node) in UPSTREAM:
        return True
    called = node.head if isinstance(node, Call) else None
    if isinstance(called, Name) and head(called) in scope.functions:
        return True
    item = occurrence(node)
    return item is not None and scope.lexicon.match(item) is not None


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
        return None if left is None else replace(node, left=left, span=_over(mark, node))
    if not _takes_mark(mark.base, node, scope):
        return None
    return Prefixed(mark.base, node, span=_over(mark, node))


def _is_mark(node: Node, scope: Scope) -> bool:
    """A letter that is declared to mark gradients, or a d that is no symbol, index or size."""
    if not isinstance(node, Name) or not is_bare(node):
        return False
    if node.base in scope.lexicon.prefixes:
        return True
    free = node.base not in scope.letters and node.base not in scope.given
    return node.base == MARK and free and not _known(node, scope)


def _takes_mark(mark: str, node: Node, scope: Scope) -> bool:
    r"""Whether the symbol is known with the mark; for d also where it is known without it."""
    item = occurrence(node.body if isinstance(node, Scripted) else node)
    if item is None or item.prefix:
        return False
    marks = (mark, "") if mark == MARK else (mark,)
    return any(scope.lexicon.match(replace(item, prefix=p)) is not None for p in marks)


def _marked(node: Name, scope: Scope) -> Node:
    r"""``\mathrm{dW}``, ``dW`` as one name, where it is unknown and W is known."""
    if len(node.base) < 2 or node.base[0] != MARK or node.accents or _known(node, scope):
        return node
    inner = replace(node, base=node.base[1:])
    if head(node) in scope.functions or not _takes_mark(MARK, inner, scope):
        return node
    return Prefixed(MARK, inner, span=node.span)


# Operators that stand before what they differentiate


def _operated(factors: list[Node]) -> list[Node]:
    r"""``\frac{\partial}{\partial w} x y`` as ``\frac{\partial (x y)}{\partial w}``."""
    for at, factor in enumerate(factors[:-1]):
        if not isinstance(factor, Fraction_) or not isinstance(factor.bottom, Prefixed):
            continue
        top = factor.top
        if isinstance(top, Name) and is_bare(top) and top.base in _OPERATORS:
            rest = factors[at + 1 :]
            span = _over(rest[0], rest[-1])
            body = rest[0] if len(rest) == 1 else Juxtaposition(tuple(rest), span=span)
            above = Prefixed(top.base, body, span=span)
            whole = replace(factor, top=above, span=_over(factor, rest[-1]))
            return [*factors[:at], whole]
    return factors
