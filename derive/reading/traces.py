r"""What governs a product without brackets: ``\operatorname{tr} A B``, ``\nabla_x \frac12 x^T x``.

The trace is that of all behind it. A gradient is that of all behind it where the first factor is no
symbol, as nobody takes the gradient of ½; ``\nabla_W L \, x`` is a gradient times x.
"""

from __future__ import annotations

from dataclasses import replace

from derive.reading.lexicon import occurrence
from derive.reading.names import head, is_bare
from derive.reading.scope import Scope
from derive.reading.surface import Call, Juxtaposition, Name, Node, Prefixed, Scripted, Span

OF_PRODUCTS = frozenset({"trace"})


def with_nabla_over_products(factors: list[Node], scope: Scope) -> list[Node]:
    """The factors, those behind a ∇ of no symbol in what it is of."""
    for at, factor in enumerate(factors[:-1]):
        if not isinstance(factor, Prefixed) or factor.operator != r"\nabla" or not factor.sub:
            continue
        if _is_symbol(factor.body, scope):
            continue
        inner = applied_to_the_rest([factor.body, *factors[at + 1 :]], scope)
        span = Span(factor.body.span.start, factors[-1].span.end)
        body = inner[0] if len(inner) == 1 else Juxtaposition(tuple(inner), span=span)
        whole = Span(factor.span.start, span.end)
        return [*factors[:at], replace(factor, body=body, span=whole)]
    return factors


def _is_symbol(node: Node, scope: Scope) -> bool:
    item = occurrence(node.body if isinstance(node, Scripted) else node)
    if item is None:
        return isinstance(node, Prefixed)
    return scope.functions.get(item.head) not in OF_PRODUCTS


def applied_to_the_rest(factors: list[Node], scope: Scope) -> list[Node]:
    """The factors, what stands behind a trace as its argument."""
    for at, factor in enumerate(factors[:-1]):
        if not isinstance(factor, Name) or not is_bare(factor):
            continue
        item = occurrence(factor)
        known = item is not None and scope.lexicon.match(item) is not None
        if scope.functions.get(head(factor)) not in OF_PRODUCTS or known:
            continue
        rest = applied_to_the_rest(factors[at + 1 :], scope)
        span = Span(rest[0].span.start, rest[-1].span.end)
        inner = rest[0] if len(rest) == 1 else Juxtaposition(tuple(rest), span=span)
        whole = Span(factor.span.start, span.end)
        return [*factors[:at], Call(factor, (inner,), "(", span=whole)]
    return factors
