r"""Words: letters side by side that are a known name, ``dout``, ``Y d_k`` and ``Y_{in_k}``.

A number at the end belongs to it, a gap is left out where the last letter alone is nothing, and the
rest of a word may stand in the subscript.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from operator import is_

from derive.reading.lexicon import Occurrence, occurrence
from derive.reading.names import head, is_bare, word_of
from derive.reading.scope import Scope
from derive.reading.surface import (
    Call,
    Collection,
    Group,
    Juxtaposition,
    Name,
    Node,
    Numeral,
    Prefixed,
    Scripted,
    Span,
)
from derive.reading.undeclared import UPSTREAM

LONGEST_WORD = 24


def may_be_words(node: Node) -> bool:
    """Whether letters stand side by side anywhere, or below a name."""
    return any(
        (isinstance(n, Juxtaposition) and any(map(_may_begin, n.factors[:-1])))
        or (isinstance(n, Name) and len(n.sub) == 1 and isinstance(n.sub[0], Juxtaposition))
        for n in node.whole
    )


def _may_begin(node: Node) -> bool:
    """Whether a word may begin here, or behind the operator that stands here."""
    name = node.body if isinstance(node, Prefixed) else node
    return isinstance(name, Name) and not (name.sub or name.sup)


def worded(node: Node, scope: Scope) -> Node:
    """``node`` with letters that make a known name as that name."""
    if isinstance(node, Juxtaposition):
        return beside(node, _words(list(node.factors), scope))
    if isinstance(node, Call) and isinstance(node.head, Name):
        named = _with_word_below(node.head, scope)
        return node if named is node.head else replace(node, head=named)
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


def beside(node: Juxtaposition, factors: list[Node]) -> Node:
    """The factors as one node again."""
    if len(factors) == 1:
        return factors[0]
    same = len(factors) == len(node.factors) and all(map(is_, factors, node.factors))
    return node if same else replace(node, factors=tuple(factors))


def over(first: Node, last: Node) -> Span:
    """From the beginning of the one to the end of the other."""
    return Span(first.span.start, last.span.end)


# Words of several letters


def _words(factors: list[Node], scope: Scope) -> list[Node]:
    """Letters side by side that make a known name become that name."""
    at = 0
    while at < len(factors):
        if not _may_begin(factors[at]):
            at += 1
            continue
        if (joined := _word_behind(factors[at:], scope)) is not None:
            factors = [*factors[:at], *joined]
        for count in range(min(len(factors) - at, LONGEST_WORD), 1, -1):
            letters = factors[at : at + count]
            word = one_word(letters) or _word_with_gaps(letters, scope)
            if word is not None and known(word, scope):
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
        word = one_word([first.body, *factors[1:count]])
        if word is not None and known(word, scope):
            whole = replace(first, body=word, span=over(first, word))
            return [whole, *factors[count:]]
    return None


def _word_with_gaps(letters: list[Node], scope: Scope) -> Name | Call | None:
    """``Y d_k`` for a known ``Yd_k``, where ``d_k`` alone is nothing: a space came in between."""
    *_, last = letters
    called = last.head if isinstance(last, Call) else last
    alone = isinstance(called, Name) and not known(replace(called, primes=0), scope)
    if not alone or not isinstance(called, Name) or not (called.sub or called.sup):
        return None
    word = one_word(letters, gaps=True)
    if word is not None and known(word, scope):
        whole = word.head if isinstance(word, Call) else word
        assert isinstance(whole, Name)
        scope.note(f"the space in {whole.base} is left out")
    return word


def _with_indices(word: Name | Call, behind: Node) -> Call | None:
    """``w0[i, j]``: behind a digit the bracket is read as a factor at first."""
    if not isinstance(word, Name) or word.sub or word.sup or word.span.end != behind.span.start:
        return None
    span = over(word, behind)
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
        word = one_word(list(node.factors[:count]))
        if word is not None:
            rest = node.factors[count:]
            if not rest:
                return word
            element = _with_indices(word, rest[0]) if len(rest) == 1 else None
            return node if element is None else element
    return node


def one_word(letters: list[Node], gaps: bool = False) -> Name | Call | None:
    """One name from letters that touch, or may have ``gaps``; the last may carry scripts.

    A number at the end belongs to it: ``w0``.
    """
    *first, last = letters
    if isinstance(last, Scripted) and isinstance(last.body, Numeral):
        word = one_word([*first, last.body], gaps)
        plain = isinstance(word, Name) and not (word.sub or word.sup)
        if not plain or not isinstance(word, Name):
            return None
        return replace(word, sub=last.sub, sup=last.sup, span=over(word, last))
    if isinstance(last, Numeral):
        name = one_word(first) if len(first) > 1 else first[0]
        if not isinstance(name, Name) or name.sub or name.sup or not last.text.isdigit():
            return None
        touches = name.span.end == last.span.start and name.base.isalpha()
        base = name.base + last.text
        return replace(name, base=base, span=over(name, last)) if touches else None
    name = last.head if isinstance(last, Call) else last
    if not isinstance(name, Name) or not all(is_bare(n) for n in first):
        return None
    touching = gaps or all(a.span.end == b.span.start for a, b in pairwise(letters))
    if name.accents or not touching:
        return None
    bases = [n.base for n in (*first, name) if isinstance(n, Name)]
    if not all(len(b) == 1 and b.isalpha() for b in bases):
        return None
    whole = replace(name, base="".join(bases), span=over(letters[0], name))
    if isinstance(last, Call):
        return replace(last, head=whole, span=over(letters[0], last))
    return whole


def known(node: Node, scope: Scope) -> bool:
    """Whether the name means something here."""
    if isinstance(node, Name) and head(node) in UPSTREAM:
        return True
    if isinstance(node, Name) and len(node.base) > 1 and is_bare(node):
        return node.base in scope.letters or _is_symbol(node, scope)  # a size, or a tensor
    called = node.head if isinstance(node, Call) else None
    if isinstance(called, Name) and head(called) in scope.functions:
        return True
    return _is_symbol(node, scope)


def _is_symbol(node: Node, scope: Scope) -> bool:
    item = occurrence(node)
    return item is not None and scope.lexicon.match(item) is not None
