"""The surface tree: a formula as its author wrote it, every node with its place in the text.

Nothing is resolved here: whether ``b(1 - C)`` is a call or a product, whether ``^2`` is a power or
a layer, whether ``*`` is a convolution, is decided by `derive.reading.elaborate` with a symbol
table.

Of some nodes there are so many that they write their own ``__init__``: what `dataclass` writes for
a frozen class sets every field by way of `object`, which takes five times as long.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from derive.reading.node import NOWHERE as NOWHERE
from derive.reading.node import Node as Node
from derive.reading.node import Span as Span
from derive.reading.node import changed as changed
from derive.reading.node import parts as parts
from derive.reading.node import walk as walk


@dataclass(frozen=True, init=False)
class Numeral(Node):
    """Digits as typed (``0.5470``, ``0,25``): ``text`` keeps them, ``value`` is exact."""

    text: str
    value: Fraction

    def __init__(self, text: str, value: Fraction, *, span: Span = NOWHERE) -> None:
        here = self.__dict__
        here["text"] = text
        here["value"] = value
        here["span"] = span


@dataclass(frozen=True, init=False)
class Name(Node):
    r"""A symbol with its decorations.

    ``base`` is one letter, a control sequence (``\sigma``), or the text of ``\text{…}``,
    ``\mathrm{…}``, ``\operatorname{…}``; ``accents`` from outside in (``\hat``, ``\bar``,
    ``\mathbf``); ``primes`` counts ``'``; ``sub`` and ``sup`` are the comma-separated items of the
    scripts, juxtaposed letters kept as one `Juxtaposition` item.
    """

    base: str
    accents: tuple[str, ...] = ()
    primes: int = 0
    sub: tuple[Node, ...] = ()
    sup: tuple[Node, ...] = ()

    def __init__(
        self,
        base: str,
        accents: tuple[str, ...] = (),
        primes: int = 0,
        sub: tuple[Node, ...] = (),
        sup: tuple[Node, ...] = (),
        *,
        span: Span = NOWHERE,
    ) -> None:
        here = self.__dict__
        here["base"] = base
        here["accents"] = accents
        here["primes"] = primes
        here["sub"] = sub
        here["sup"] = sup
        here["span"] = span


@dataclass(frozen=True)
class Scripted(Node):
    """Scripts on something that is not a name: ``(a + b)^2``, ``\\frac{..}{..}^T``."""

    body: Node
    sub: tuple[Node, ...] = ()
    sup: tuple[Node, ...] = ()


@dataclass(frozen=True, init=False)
class Call(Node):
    """A head directly followed by a bracketed list: ``C(i, j)``, ``\\sigma(x)``, ``S[i, k]``."""

    head: Node
    args: tuple[Node, ...]
    bracket: str = "("

    def __init__(
        self, head: Node, args: tuple[Node, ...], bracket: str = "(", *, span: Span = NOWHERE
    ) -> None:
        here = self.__dict__
        here["head"] = head
        here["args"] = args
        here["bracket"] = bracket
        here["span"] = span


@dataclass(frozen=True)
class Group(Node):
    """Something in brackets: ``(``, ``[``, ``{`` (visible), ``|``, ``\\|``, ``\\lceil``, …"""

    body: Node
    bracket: str = "("


@dataclass(frozen=True)
class Collection(Node):
    r"""A displayed set or list, scripts allowed: ``\{S_q^2\}_{q=1,2,\dots,12}``, ``(a, b, c)``."""

    items: tuple[Node, ...]
    sub: tuple[Node, ...] = ()
    sup: tuple[Node, ...] = ()
    bracket: str = "{"


@dataclass(frozen=True)
class Unary(Node):
    """Prefix operator: ``-``, ``+``, ``\\pm``, ``\\mp``."""

    operator: str
    body: Node


@dataclass(frozen=True)
class Binary(Node):
    r"""Infix operator as typed: ``+ - / * \cdot \times \odot \circ \star @ \ast \otimes \pm``."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Juxtaposition(Node):
    """Two or more factors side by side with nothing between them."""

    factors: tuple[Node, ...]


@dataclass(frozen=True)
class Prefixed(Node):
    r"""``\Delta W``, ``\nabla_W L``, ``\partial L``, ``d L``: an operator letter before its body.

    ``sub`` holds the operator's own script (``\nabla_W``), ``sup`` its order (``\partial^2``).
    """

    operator: str
    body: Node
    sub: tuple[Node, ...] = ()
    sup: tuple[Node, ...] = ()


@dataclass(frozen=True)
class Fraction_(Node):
    r"""``\frac{a}{b}``, ``\tfrac``, ``\dfrac``, ``{a \over b}``."""

    top: Node
    bottom: Node


@dataclass(frozen=True)
class Root(Node):
    """``\\sqrt{x}`` and ``\\sqrt[n]{x}``."""

    body: Node
    degree: Node | None = None


@dataclass(frozen=True)
class Big(Node):
    r"""``\sum``, ``\prod``, ``\max``, ``\min``, ``\arg\max`` with bounds, and the body they govern.

    ``lower`` holds the items under it (``u=-2`` as a `Relation`, a bare ``k`` as a `Name`), one per
    comma or substack line; ``upper`` what stands above, or ``None``.
    """

    operator: str
    lower: tuple[Node, ...]
    upper: Node | None
    body: Node


@dataclass(frozen=True)
class Matrix(Node):
    """``bmatrix`` and relatives, also ``array``: rows of cells; ``\\dots`` cells are `Dots`."""

    rows: tuple[tuple[Node, ...], ...]
    environment: str = "bmatrix"


@dataclass(frozen=True)
class Cases(Node):
    """``cases``: pairs of value and condition (``None`` for otherwise)."""

    branches: tuple[tuple[Node, Node | None], ...]


@dataclass(frozen=True)
class Dots(Node):
    r"""``\dots``, ``\cdots``, ``\ldots``, ``\vdots``, ``\ddots``, ``...``."""


@dataclass(frozen=True)
class Words(Node):
    """Text inside mathematics that is no symbol: ``\\text{ where }``, ``\\text{ (size }``."""

    text: str


@dataclass(frozen=True)
class Relation(Node):
    r"""A chain ``a = b \Rightarrow c = d``: ``sides`` has one more item than ``operators``.

    A side that is missing (a display that begins with ``=`` or ``\Rightarrow``) is `Missing`.
    Operators as typed: ``= \leftarrow := \equiv \approx \Rightarrow \implies \le < > \ge \in \sim
    \propto \longrightarrow \rightarrow \ne``.
    """

    sides: tuple[Node, ...]
    operators: tuple[str, ...]


@dataclass(frozen=True)
class Missing(Node):
    """The side that a continuation line leaves out."""


@dataclass(frozen=True)
class Sequence(Node):
    r"""What one delimiter holds, split at outer commas, ``\quad``, ``\text{ where }``, line ends.

    ``C = …, \quad i, j = 1, \dots, 24`` is a sequence of a formula and a quantifier `Relation`
    whose left side is a `Collection` of names with bracket ``""``, the right side one of values.
    """

    items: tuple[Node, ...]
