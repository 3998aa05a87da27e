r"""Shapes of a page's own symbols: said, those of a neighbour, numbers, or to be asked for.

``x \in \mathbb{R}^n`` says a shape. What is added to something whose shape is known has that shape,
y in ``a - y`` and b in ``W x + b``; but b in ``X W + b`` may be added to every row. On a page
without any sign of matrices what has no indices is a number; where there is one (a transposition,
⊙, bold letters, a capital), it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from derive.equations import Model
from derive.errors import Problem
from derive.index import Axis, Index
from derive.reading.build_model import Written
from derive.reading.declare import single
from derive.reading.elaborate import elaborate
from derive.reading.letters import occurrences, uses
from derive.reading.lexicon import Occurrence, occurrence
from derive.reading.names import head, letter_of, spread
from derive.reading.own.network import Network
from derive.reading.own.statements import Page
from derive.reading.scope import Scope, model_scope
from derive.reading.surface import Binary, Fraction_, Group, Name, Node, Numeral, walk
from derive.reading.undeclared import as_typed


def said_types(page: Page, chosen: Sequence[Written]) -> dict[str, str]:
    """The shapes that the page says, as types of a sheet, of symbols that some equations use."""
    known = {item.head for w in chosen for n in w.sentence.nodes for item in occurrences(n)}
    return {
        latex: _type(lengths)
        for latex, lengths in page.spaces.items()
        if (item := occurrence(single(latex))) is not None
        and item.head in known
        and all(k in page.running or _is_label(k, page) for k in _letters(item.name))
    }


def _is_label(letter: str, page: Page) -> bool:
    """Whether a capital under a symbol names it, ``W_Q``: it is neither a size nor the last."""
    return letter.isupper() and letter not in page.sizes


def _letters(name: Name) -> Iterator[str]:
    r"""The letters that count in ``x_i``, ``x^{(i)}``, where a shape is that of one of many."""
    for script in (*spread(name.sub), *spread(name.sup)):
        inner = script.body if isinstance(script, Group) else script
        if (letter := letter_of(inner)) is not None:
            yield letter


def _type(lengths: tuple[str, ...]) -> str:
    """``m n`` as a type: one length is a column's, 1 by n is a row."""
    words = ["".join(text.split()) for text in lengths]
    if not words:
        return "scalar"
    if len(words) == 1 or words[1:] == ["1"]:
        return f"column {words[0]}"
    if len(words) == 2 and words[0] == "1":
        return f"row {words[1]}"
    return " ".join(["matrix" if len(words) == 2 else "tensor", *words])


def bare(network: Network, chosen: Sequence[Written], types: Mapping[str, str]) -> list[Occurrence]:
    """Symbols without indices, definition or type."""
    typed = {item.head for latex in types if (item := occurrence(single(latex))) is not None}
    found = []
    for item in network.only_read(chosen):
        match = network.lexicon.match(item)
        if match is not None and not match.entry.rank and item.head not in typed:
            found.append(item)
    return found


def cells(items: Iterable[Occurrence]) -> dict[str, str]:
    """Types of elements of an array that stand alone, ``X_{11}`` beside ``X_{12}``: numbers."""
    found: dict[str, list[str]] = {}
    for item in items:
        numerals = [n.text for n in spread(item.name.sub) if isinstance(n, Numeral)]
        if len(numerals) == len(spread(item.name.sub)) and len("".join(numerals)) == 2:
            found.setdefault(item.head, []).append(as_typed(item))
    return {latex: "scalar" for near in found.values() if len(near) > 1 for latex in near}


def beside(model: Model, chosen: Sequence[Written], missing: Sequence[str]) -> dict[str, str]:
    """The types of symbols that are added to something whose shape the model knows, by head."""
    found: dict[str, str] = {}
    open_ = unsettled(chosen, missing)
    scope = model_scope(model)
    for node in (n for w in chosen for n in walk(w.sentence.nodes[1])):
        if not isinstance(node, Binary) or node.operator not in ("+", "-"):
            continue
        for one, other in ((node.left, node.right), (node.right, node.left)):
            if not isinstance(one, Name) or head(one) not in missing:
                continue
            if not open_ & {item.head for item in occurrences(other)}:
                kind = _column(other, scope)
                if kind is None and isinstance(other, Name):
                    kind = _shape(model, head(other))
                if kind is not None:
                    found.setdefault(head(one), kind)
    return found


def unsettled(chosen: Sequence[Written], missing: Sequence[str]) -> set[str]:
    """The missing symbols and all that is computed from them, whose shapes are not known yet."""
    found = {*missing}
    while more := {
        item.head
        for w in chosen
        if (item := occurrence(w.sentence.nodes[0])) is not None
        and item.head not in found
        and any(i.head in found for i in occurrences(w.sentence.nodes[1]))
    }:
        found |= more
    return found


def numbers(model: Model, chosen: Sequence[Written], missing: Sequence[str]) -> dict[str, str]:
    """Symbols that can only be numbers: terms of a number, or beside numbers alone in one.

    What stands alone under a fraction bar is one, too.
    """
    ranks = {t.notation.head: t.rank for t in model.tensors.values()}
    found: dict[str, str] = {}
    open_ = unsettled(chosen, missing)
    for written in chosen:
        left, right = written.sentence.nodes[:2]
        found |= dict.fromkeys({*missing} & set(_divisors(right)), "scalar")
        item = occurrence(left)
        if item is None or ranks.get(item.head) or item.head not in ranks:
            continue
        read = {i.head for i in occurrences(right)}
        terms = {head(n) for n in _terms(right) if isinstance(n, Name)}
        for name in read & {*missing}:
            others = read - {name}
            among_numbers = name in terms or not any(ranks.get(other) for other in others)
            if others and not others & open_ and among_numbers:
                found[name] = "scalar"
    return found


def _divisors(node: Node) -> Iterator[str]:
    """The symbols that something is divided by."""
    for part in walk(node):
        match part:
            case Fraction_(bottom=Name() as name) | Binary("/", right=Name() as name):
                yield head(name)


def _terms(node: Node) -> Iterator[Node]:
    """The terms of a sum."""
    if isinstance(node, Binary) and node.operator in ("+", "-"):
        yield from _terms(node.left)
        yield from _terms(node.right)
    else:
        yield node


def _shape(model: Model, name: str) -> str | None:
    """The type of a tensor of rank one or two that runs from 1, written whole."""
    for tensor in model.tensors.values():
        whole = tensor.notation.head == name and tensor.rank in (1, 2)
        if whole and all(lo == Index.of(1) for lo, _ in tensor.ranges):
            lengths = "".join(f" {str(hi).replace(' ', '')}" for _, hi in tensor.ranges)
            kind = "matrix" if tensor.rank == 2 else "row" if tensor.row else "column"
            return kind + lengths
    return None


def _column(node: Node, scope: Scope) -> str | None:
    """The type of what ``node`` is, where that is a row, a column or a number made of others."""
    one = Index.of(1), Index.of(1)
    running = {u.letter: Axis(u.letter, *one) for u in uses(node, scope)}
    running |= {u.letter: Axis(u.letter, *u.range) for u in uses(node, scope) if u.range}
    try:
        value = elaborate(node, scope.with_letters({k: Index.of(a) for k, a in running.items()}))
    except Problem:
        return None
    if not value.rank and any(occurrences(node)):
        return "scalar"
    if value.rank != 1:
        return None
    return f"{'row' if value.row else 'column'} {str(value.extents[0]).replace(' ', '')}"


def shows_matrices(page: Page, missing: Sequence[Occurrence]) -> bool:
    """Whether anything on the page says that symbols without indices are arrays."""
    capital = any(item.name.base[:1].isupper() and len(item.name.base) == 1 for item in missing)
    return page.matrices or capital or any(page.spaces.values())


def guessed(missing: Sequence[Occurrence]) -> Iterator[tuple[str, str]]:
    """A type to correct and paste for each symbol."""
    for item in missing:
        capital = item.name.base[:1].isupper()
        yield as_typed(item), "matrix m n" if capital else "column n"
