r"""What a page marks as gradients: δ, bars, primes, and a d in front, ``dV = A^\top dO``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from derive.reading.lexicon import Occurrence, occurrence
from derive.reading.names import head, is_bare
from derive.reading.sentence import Sentence
from derive.reading.surface import Juxtaposition, Name, Node, Prefixed, walk
from derive.reading.undeclared import ACCENTS, PREFIXES

MARK = "d"
ERROR = r"\delta"
MARKED = frozenset({r"\Delta", r"\nabla", r"\partial"})


def marks_gradients(sentences: Iterable[Sentence]) -> bool:
    """Whether any left side is a marked symbol and nothing else."""
    return any(_alone(s.nodes[0]) is not None for s in sentences if s.nodes)


def marked_symbols(node: Node) -> Iterator[Name]:
    """The symbols directly behind a d, anywhere in ``node``."""
    for part in walk(node):
        if isinstance(part, Juxtaposition):
            for mark, behind in zip(part.factors, part.factors[1:], strict=False):
                item = occurrence(behind)
                if _is_d(mark) and item is not None and mark.span.end == behind.span.start:
                    yield item.name


def _alone(node: Node) -> Name | None:
    if isinstance(node, Juxtaposition) and len(node.factors) == 2:
        return next(marked_symbols(node), None)
    return None


def _is_d(node: Node) -> bool:
    return isinstance(node, Name) and is_bare(node) and node.base == MARK


def is_error(node: Node) -> bool:
    r"""δ, which labels the left side of ``L_\delta(r) = …``."""
    return isinstance(node, Name) and head(node) == ERROR and not node.sub


def is_mark(item: Occurrence) -> bool:
    """Whether a symbol is no quantity of the network but a gradient, or what marks one."""
    return bool(item.prefix) or item.head == ERROR or item.head in MARKED


def is_gradient(node: Node, left: Occurrence) -> bool:
    """Whether a node on the right of ``left`` is a gradient, as most pages write them."""
    if isinstance(node, Prefixed):
        return node.operator in PREFIXES
    if not isinstance(node, Name):
        return False
    accent = left.name.accents[:1]
    shared = bool(accent) and accent[0] in ACCENTS and node.accents[:1] == accent
    return head(node) == ERROR or node.primes > 0 or shared
