r"""Ways of writing that only a symbol table can tell, spelled out before a formula is elaborated.

``dW`` is an operator on W where d is no symbol of its own and W is one; ``dout`` is a name where
one of that name is known; ``\frac{\partial}{\partial w} x`` is ``\frac{\partial x}{\partial w}``.
Spans stay those of the text.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any, TypeVar

from derive.reading.lexicon import occurrence
from derive.reading.names import head, is_bare
from derive.reading.scope import Scope
from derive.reading.surface import (
    Call,
    Fraction_,
    Juxtaposition,
    Name,
    Node,
    Prefixed,
    Span,
)

N = TypeVar("N", bound=Node)
_OPERATORS = (r"\partial", "d")
MARK = "d"
LONGEST_WORD = 24


def respelled(node: Node, scope: Scope) -> Node:
    """``node`` with everything spelled out, innermost first."""
    return _everywhere(node, lambda n: _spelled(n, scope))


def _everywhere(node: N, rule: Callable[[Node], Node]) -> Node:
    changes: dict[str, Any] = {}
    for item in fields(node):
        old = getattr(node, item.name)
        if item.name != "span" and (new := _inside(old, rule)) is not old:
            changes[item.name] = new
    return rule(replace(node, **changes) if changes else node)


def _inside(value: object, rule: Callable[[Node], Node]) -> object:
    if isinstance(value, Node):
        return _everywhere(value, rule)
    if isinstance(value, tuple):
        new = tuple(_inside(v, rule) for v in value)
        return new if any(a is not b for a, b in zip(new, value, strict=True)) else value
    return value


def _spelled(node: Node, scope: Scope) -> Node:
    if isinstance(node, Juxtaposition):
        factors = _differentials(_words(list(node.factors), scope), scope)
        factors = _operated(factors)
        if len(factors) == 1:
            return factors[0]
        return replace(node, factors=tuple(factors))
    if isinstance(node, Name):
        return _marked(node, scope)
    return node


def _over(first: Node, last: Node) -> Span:
    return Span(first.span.start, last.span.end)


# Words of several letters


def _words(factors: list[Node], scope: Scope) -> list[Node]:
    """Letters side by side that make a known name become that name."""
    at = 0
    while at < len(factors):
        for count in range(min(len(factors) - at, LONGEST_WORD), 1, -1):
            word = _word(factors[at : at + count])
            if word is not None and _known(word, scope):
                factors = [*factors[:at], word, *factors[at + count :]]
                break
        at += 1
    return factors


def _word(letters: list[Node]) -> Name | Call | None:
    """One name from letters that touch; the last may carry scripts or arguments."""
    *first, last = letters
    name = last.head if isinstance(last, Call) else last
    if not isinstance(name, Name) or not all(is_bare(n) for n in first):
        return None
    if name.accents or any(
        a.span.end != b.span.start for a, b in zip(letters, letters[1:], strict=False)
    ):
        return None
    bases = [n.base for n in (*first, name) if isinstance(n, Name)]
    if not all(len(b) == 1 and b.isalpha() for b in bases):
        return None
    whole = replace(name, base="".join(bases), span=_over(letters[0], name))
    if isinstance(last, Call):
        return replace(last, head=whole, span=_over(letters[0], last))
    return whole


def _known(node: Node, scope: Scope) -> bool:
    item = occurrence(node)
    return item is not None and scope.lexicon.match(item) is not None


# Gradients marked by a letter


def _differentials(factors: list[Node], scope: Scope) -> list[Node]:
    """``d W`` as an operator on W."""
    result: list[Node] = []
    for factor in factors:
        before = result[-1] if result else None
        if before is not None and _is_mark(before, scope) and _takes_mark(factor, scope):
            result[-1] = Prefixed(MARK, factor, span=_over(before, factor))
        else:
            result.append(factor)
    return result


def _is_mark(node: Node, scope: Scope) -> bool:
    """A letter d that is no symbol, index or size itself."""
    if not isinstance(node, Name) or not is_bare(node) or node.base != MARK:
        return False
    return MARK not in scope.letters and MARK not in scope.given and not _known(node, scope)


def _takes_mark(node: Node, scope: Scope) -> bool:
    item = occurrence(node)
    if item is None or item.prefix:
        return False
    lexicon = scope.lexicon
    return any(lexicon.match(replace(item, prefix=p)) is not None for p in (MARK, ""))


def _marked(node: Name, scope: Scope) -> Node:
    r"""``\mathrm{dW}``, ``dW`` as one name, where it is unknown and W is known."""
    inner = replace(node, base=node.base[1:])
    if not node.base.startswith(MARK) or not inner.base or node.accents or _known(node, scope):
        return node
    if head(node) in scope.functions or not _takes_mark(inner, scope):
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
