r"""Items of a display: quantifiers put together, continuation lines joined to their chain.

``i, j = 1, 2, \dots, 12`` comes from the grammar as five items and leaves as one `Relation`;
a line that begins with ``=`` or ``\Rightarrow`` continues the nearest chain above it.
"""

from __future__ import annotations

from dataclasses import replace

from derive.reading.equation_arrays import equation_rows
from derive.reading.summands import goes_on
from derive.reading.surface import (
    Binary,
    Collection,
    Dots,
    Juxtaposition,
    Missing,
    Name,
    Node,
    Numeral,
    Relation,
    Span,
    Unary,
    Words,
)

Entry = tuple[Node, str]  # a node and the kind of separator before it ("" for the first)

_BOUNDS = frozenset({"<", r"\le", r"\leq", r"\leqslant", "<=", r"\lt"})


def gather(entries: list[Entry]) -> tuple[Node, ...]:
    """Items with quantifiers and continuation lines put together."""
    return tuple(node for node, _ in _continue(_quantify(_in_rows(entries))))


def _in_rows(entries: list[Entry]) -> list[Entry]:
    """The entries with arrays of equations as lines of their own."""
    out: list[Entry] = []
    for node, separator in entries:
        rows = equation_rows(node)
        out += [(node, separator)] if rows is None else [(row, "NEWLINE") for row in rows]
    return out


def _quantify(entries: list[Entry]) -> list[Entry]:
    out: list[Entry] = []
    at = 0
    while at < len(entries):
        node, separator = entries[at]
        at += 1
        if isinstance(node, Relation) and len(node.sides) == 2:
            values, at = _values(node, entries, at)
            if len(values) > 1:
                right = Collection(tuple(values), bracket="", span=_over(values))
                span = Span(node.span.start, right.span.end)
                node = replace(node, sides=(node.sides[0], right), span=span)
            if len(values) > 1 or node.operators == (r"\in",):
                node, separator = _with_names(node, out, separator)
            elif node.operators[0] in _BOUNDS and isinstance(node.sides[1], Name):
                node, at = _between(node, entries, at)
        out.append((node, separator))
    return out


def _values(relation: Relation, entries: list[Entry], at: int) -> tuple[list[Node], int]:
    r"""``= 1, 2, \dots, 12``: values up to the one after the dots; without dots, numbers only."""
    right = relation.sides[1]
    if relation.operators[0] != "=" or not _is_value(right):
        return [right], at
    run: list[Node] = [right]
    end = at
    while end < len(entries) and entries[end][1] == "COMMA" and _is_value(entries[end][0]):
        run.append(entries[end][0])
        end += 1
        if len(run) > 1 and isinstance(run[-2], Dots):
            return run, end
    if len(run) > 1 and isinstance(run[-1], Dots):
        return run, end
    if isinstance(relation.sides[0], Name) and all(isinstance(v, Numeral) for v in run[1:]):
        return run, end
    return [right], at


def _is_value(node: Node) -> bool:
    while isinstance(node, Unary):
        node = node.body
    return not isinstance(node, Relation | Words | Collection)


def _with_names(relation: Relation, out: list[Entry], separator: str) -> tuple[Relation, str]:
    """Bare names separated by commas directly before belong to the left side."""
    names: list[Node] = [relation.sides[0]]
    while isinstance(names[0], Name) and separator == "COMMA" and out:
        if not isinstance(out[-1][0], Name):
            break
        node, separator = out.pop()
        names.insert(0, node)
    if len(names) == 1:
        return relation, separator
    left = Collection(tuple(names), bracket="", span=_over(names))
    span = Span(left.span.start, relation.span.end)
    return replace(relation, sides=(left, *relation.sides[1:]), span=span), separator


def _between(relation: Relation, entries: list[Entry], at: int) -> tuple[Relation, int]:
    r"""``1 \le i, j \le 24``: one chain with both names in the middle."""
    names: list[Node] = [relation.sides[1]]
    end = at
    while end < len(entries) and entries[end][1] == "COMMA":
        node = entries[end][0]
        end += 1
        if isinstance(node, Name):
            names.append(node)
        elif isinstance(node, Relation) and _bounds_above(node):
            names.append(node.sides[0])
            middle = Collection(tuple(names), bracket="", span=_over(names))
            chain = replace(
                relation,
                sides=(relation.sides[0], middle, node.sides[1]),
                operators=relation.operators + node.operators,
                span=Span(relation.span.start, node.span.end),
            )
            return chain, end
        else:
            break
    return relation, at


def _bounds_above(node: Relation) -> bool:
    return len(node.sides) == 2 and node.operators[0] in _BOUNDS and isinstance(node.sides[0], Name)


def _continue(entries: list[Entry]) -> list[Entry]:
    out: list[Entry] = []
    for node, separator in entries:
        if isinstance(node, Relation) and isinstance(node.sides[0], Missing) and out:
            home = _chain_above(out)
            if home is not None:
                out[home] = (_joined(out[home][0], node), out[home][1])
                continue
        if separator == "NEWLINE" and out and (longer := _longer(out[-1][0], node)) is not None:
            out[-1] = (longer, out[-1][1])
            continue
        out.append((node, separator))
    return out


def _longer(first: Node, rest: Node) -> Node | None:
    r"""``a = b + \dots \\ c + d``: a line of terms goes on with a sum that has dots."""
    if not isinstance(first, Relation) or isinstance(rest, Relation | Words | Missing | Collection):
        return None
    last = first.sides[-1]
    if not _is_open_sum(last) or not goes_on(last, rest):
        return None
    span = Span(last.span.start, rest.span.end)
    total = Binary("+", last, rest, span=span)
    return replace(first, sides=(*first.sides[:-1], total), span=Span(first.span.start, span.end))


def _is_open_sum(node: Node) -> bool:
    """A sum one of whose terms is dots, alone or with a term behind it that has no sign."""
    while isinstance(node, Binary) and node.operator in {"+", "-"}:
        if _is_dots(node.right):
            return True
        node = node.left
    return False


def _is_dots(node: Node) -> bool:
    if isinstance(node, Binary) and node.operator in {"+", "-"}:
        return _is_open_sum(node) or _is_dots(node.left)
    factors = node.factors if isinstance(node, Juxtaposition) else (node,)
    return any(isinstance(f, Dots) for f in factors)


def _chain_above(out: list[Entry]) -> int | None:
    """The nearest chain above; without one, a first line that is no relation begins it."""
    for at in range(len(out) - 1, -1, -1):
        node = out[at][0]
        if isinstance(node, Relation) and not _is_quantifier(node):
            return at
    return 0 if len(out) == 1 and not isinstance(out[0][0], Words) else None


def _is_quantifier(node: Relation) -> bool:
    return any(isinstance(s, Collection) and s.bracket == "" for s in node.sides)


def _joined(first: Node, rest: Relation) -> Node:
    span = Span(first.span.start, rest.span.end)
    if not isinstance(first, Relation):
        return Relation((first, *rest.sides[1:]), rest.operators, span=span)
    sides = first.sides[:-1] if isinstance(first.sides[-1], Missing) else first.sides
    operators = first.operators[: len(sides) - 1]
    if len(sides) < len(first.sides):  # `a = \\ = b`: the second sign repeats the first
        operators = first.operators[:-1]
    return Relation(sides + rest.sides[1:], operators + rest.operators, span=span)


def _over(nodes: list[Node]) -> Span:
    return Span(nodes[0].span.start, nodes[-1].span.end)
