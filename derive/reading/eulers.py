r"""Which e is Euler's number, and which an error that a sheet calls e: ``e = y - \hat y``.

An e that is defined or declared is a symbol. Euler's stays ``e^x`` with an exponent that is neither
a number nor a transposition, so that ``e^2`` and ``e^T e`` are of the symbol, ``e^{-z}`` is not.
"""

from __future__ import annotations

from collections.abc import Container, Iterable

from derive.reading.fitting import TRANSPOSES
from derive.reading.letters import holds_tensor
from derive.reading.lexicon import Occurrence, occurrence
from derive.reading.names import is_bare, label
from derive.reading.scope import Scope
from derive.reading.sentence import Sentence
from derive.reading.surface import Name, Node, Numeral

E = "e"


def is_eulers(item: Occurrence, declared: Container[str]) -> bool:
    """Whether an occurrence is a power of Euler's number, or an e that nothing declares."""
    if item.head != E or item.name.sub:
        return False
    return E not in declared or is_exponent(item.name.sup)


def is_letter_e(name: Name) -> bool:
    """Whether a name is the letter e alone, or with something above it."""
    return name.base == E and not (name.sub or name.accents or name.primes)


def is_exponent(scripts: tuple[Node, ...]) -> bool:
    """Whether what stands above an e is an exponent of Euler's number."""
    marks = (isinstance(s, Numeral) or label(s) in TRANSPOSES for s in scripts)
    return bool(scripts) and not all(marks)


def raises_eulers(name: Name, scope: Scope) -> bool:
    """Whether a tensor stands above an e, which is no index then, whatever e counts elsewhere."""
    return is_letter_e(name) and any(holds_tensor(s, scope) for s in name.sup)


def own_errors(sentences: Iterable[Sentence]) -> frozenset[str]:
    """The e that some sentence defines."""
    items = (occurrence(s.nodes[0]) for s in sentences)
    return frozenset(E for i in items if i is not None and i.head == E and is_bare(i.name))
