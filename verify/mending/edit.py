"""One edit of a formula's text."""

from __future__ import annotations

from dataclasses import dataclass

from derive.reading.surface import Node, Span


@dataclass(frozen=True)
class Edit:
    """``text[span] -> new``; ``what`` says what was wrong; a smaller ``cost`` is nearer."""

    span: Span
    new: str
    what: str
    cost: int

    def apply(self, text: str) -> str:
        """The text with this edit made."""
        return text[: self.span.start] + self.new + text[self.span.end :]


def typed(node: Node, text: str) -> str:
    """The node as it stands in the text."""
    return text[node.span.start : node.span.end]


def gap(left: Node, right: Node) -> Span:
    """What stands between two operands: the operator and spaces."""
    return Span(left.span.end, right.span.start)


def after(node: Node) -> Span:
    """The empty place directly behind a node."""
    return Span(node.span.end, node.span.end)


def before(node: Node) -> Span:
    """The empty place directly in front of a node."""
    return Span(node.span.start, node.span.start)


def transposition(text: str) -> str:
    r"""The script of a transpose as the formula writes it: ``^T`` or ``^\top``."""
    return r"^\top" if r"^\top" in text else "^T"
