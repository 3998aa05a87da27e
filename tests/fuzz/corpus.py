"""Decks made wrong: bytes, tokens, nesting, delimiters and front matter of a right deck changed."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

SEED_DECK = r"""---
title: page
gradients: {accent: '\bar'}
---
The layer: $$ s(i) = \sum_{j=1}^{R n^2} M(i,j) h(j) + B(i) $$

Backwards: $\bar{B} = \bar{s}$, and
\[ \bar{h}(j) = \sum_{i=1}^{D} M(i, j) \bar{s}(i), \quad j = 1, \dots, R n^2 \]

| a | b |
|---|---|
| $\bar{s}$ | 0.25 |

$$ \begin{aligned}
\bar{s}(i) &= \bar{o}(i) \phi'(s(i)) \\
&= \bar{o}(i) o(i) (1 - o(i)) \end{aligned} $$

$$ J = \frac{1}{2} \sum_{i=1}^{D} (o(i) - t(i))^2, \qquad \bar{M} = \bar{s} \times h $$
"""

_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\w+|\s+|.", re.DOTALL)
_STRANGE = r"""\frac \sum_{ }} ^ _ ^^ __ & \\ \left( \right. \begin{cases} \end{aligned}
\bar \text{ ' '' \prime
\sqrt[ \input{/etc/passwd} \def\x{\x}\x % # ~ ∂ ∑ σ′ ² 10^{10^9} 1/0 99999999999999999999 -1
\dots = \le \in | || \| \mathbb{R}
\, \quad , ; : ( [ \{ \lbrace NaN 1e999""".split()
_CHARACTERS = "\x00\x01\t\r\n\u200b\u202e\ufeff\ud7ff\U0001d6d4\\{}$_^&%#'\"`|<>()[]=+-*/,.0a∂Σ"
_DELIMITERS = (
    "$",
    "$$",
    "\\(",
    "\\)",
    "\\[",
    "\\]",
    "```",
    "---",
    "|",
    "\n\n",
    "\\begin{equation}",
)
_PAIRS = (
    ("(", ")"), ("{", "}"), ("[", "]"), (r"\left(", r"\right)"), (r"\frac{1}{", "}"), ("x_{", "}"),
    (r"\sum_{i=1}^{", "}"),
)  # fmt: skip
_FRONT = (
    "a: *b", "a: &a [*a]", "sizes: {R: -1}", "- 1", "a: [", "? {}: 1", "x: !!python/name:os.system",
    "a: 1\na: 2", "gradients: 7", "meanings: {'\\bar{': 1}", "scalars: [[[]]]", "\t- x",
    "a: 2001-99-99",
    "outside: {gradients: 1}", "functions: {'\\phi': 3}",
)  # fmt: skip


def mutant(rng: random.Random, deck: str = SEED_DECK) -> bytes:
    """``deck`` after one to four random changes, as the bytes of a file."""
    return encoded(rng, changed(rng, deck))


def changed(rng: random.Random, deck: str) -> str:
    """``deck`` after one to four random changes."""
    for _ in range(rng.randint(1, 4)):
        deck = rng.choice(_CHANGES)(rng, deck)
    return deck


def encoded(rng: random.Random, deck: str) -> bytes:
    """The bytes of a file, some of which may be broken."""
    data = deck.encode("utf-8", "surrogatepass")
    return _bytes(rng, data) if rng.random() < 0.15 else data


def _bytes(rng: random.Random, data: bytes) -> bytes:
    at = rng.randrange(len(data) + 1)
    return data[:at] + rng.randbytes(rng.randint(1, 3)) + data[at + rng.randint(0, 3) :]


def _character(rng: random.Random, deck: str) -> str:
    at = rng.randrange(len(deck) + 1)
    return deck[:at] + rng.choice(_CHARACTERS) + deck[at + rng.randint(0, 2) :]


def _token(rng: random.Random, deck: str) -> str:
    tokens = _TOKEN.findall(deck)
    if not tokens:
        return deck
    at, other = rng.randrange(len(tokens)), rng.randrange(len(tokens))
    match rng.randrange(4):
        case 0:
            tokens[at] = ""
        case 1:
            tokens[at], tokens[other] = tokens[other], tokens[at]
        case 2:
            tokens.insert(at, tokens[other])
        case _:
            tokens.insert(at, rng.choice(_STRANGE))
    return "".join(tokens)


def _nesting(rng: random.Random, deck: str) -> str:
    at = rng.randrange(len(deck) + 1)
    end = min(len(deck), at + rng.randrange(30))
    opening, closing = rng.choice(_PAIRS)
    depth = rng.choice((1, 2, 20, 400))
    ends = rng.choice((0, depth - 1, depth))
    return deck[:at] + opening * depth + deck[at:end] + closing * ends + deck[end:]


def _delimiter(rng: random.Random, deck: str) -> str:
    at = rng.randrange(len(deck) + 1)
    if rng.random() < 0.5:
        return deck[:at] + rng.choice(_DELIMITERS) + deck[at:]
    return deck[:at] + deck[at:].replace(rng.choice(_DELIMITERS), "", 1)


def _cut(rng: random.Random, deck: str) -> str:
    at = rng.randrange(len(deck) + 1)
    return deck[:at] if rng.random() < 0.3 else deck[:at] + deck[at + rng.randrange(60) :]


def _front(rng: random.Random, deck: str) -> str:
    start = deck.find("\n") + 1
    return deck[:start] + rng.choice(_FRONT) + "\n" + deck[start:]


_CHANGES: tuple[Callable[[random.Random, str], str], ...] = (
    _character, _token, _token, _token, _nesting, _delimiter, _cut, _front,
)  # fmt: skip
