r"""Shapes that follow from products and sums: those of W and x in ``h_t = \tanh(W h_{t-1} + x_t)``.

Where a page writes in matrix notation and every small letter is a vector, every capital a matrix,
its equations say which lengths are equal: the columns of W are as many as the rows of what it
multiplies, the terms of a sum have one shape. Small letters are columns where a capital stands
before them, rows where it stands behind them. What does not fit so is left to be asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from derive.reading.build_model import Written
from derive.reading.fitting import TRANSPOSES
from derive.reading.function_names import STANDARD_FUNCTIONS
from derive.reading.letters import bound_letters
from derive.reading.lexicon import Occurrence, occurrence
from derive.reading.names import label, letter_of, unstyled
from derive.reading.own.functions import FACTORS
from derive.reading.printing import to_latex
from derive.reading.surface import (
    Big,
    Binary,
    Call,
    Fraction_,
    Group,
    Juxtaposition,
    Name,
    Node,
    Numeral,
    Scripted,
    Unary,
    walk,
)

ONE = 0
"""The length that is one."""
SAME = frozenset({"+", "-", r"\odot", r"\circ", r"\bullet"})
Shape = tuple[int, int]


class Contradictory(Exception):
    """Shapes that do not fit, or a construct whose shape is not followed here."""


@dataclass
class Lengths:
    """Unknown lengths, of which some are found to be equal; `ONE` is known."""

    parents: list[int] = field(default_factory=lambda: [ONE])

    def fresh(self) -> int:
        """A length of which nothing is known."""
        self.parents.append(len(self.parents))
        return len(self.parents) - 1

    def root(self, length: int) -> int:
        """The one that stands for all that are equal to it."""
        while self.parents[length] != length:
            length = self.parents[length]
        return length

    def join(self, one: int, other: int) -> None:
        """The two are equal."""
        low, high = sorted((self.root(one), self.root(other)))
        self.parents[high] = low


def types_by_products(equations: Sequence[Written], time: str | None) -> dict[str, str] | None:
    """The types of all symbols, as LaTeX at one time; ``None`` where they do not fit together.

    ``time`` is the letter that counts the steps of a recurrence.
    """
    nodes = [node for w in equations for node in w.sentence.nodes]
    bound: frozenset[str] = frozenset().union(*map(bound_letters, nodes))
    algebra = _Algebra(time, bound, _rows(equations))
    try:
        for written in equations:
            for one, other in pairwise(map(algebra.shape, written.sentence.nodes)):
                algebra.same(one, other)
        return dict(algebra.types())
    except Contradictory:
        return None


def time_letter(equations: Sequence[Written]) -> str | None:
    """The letter below the left side that the equations read with 1 taken away, if one is."""
    found = set()
    heads = {i.head for w in equations if (i := occurrence(w.sentence.nodes[0])) is not None}
    for node in (n for w in equations for n in walk(w.sentence.nodes[1])):
        for script in node.sub if isinstance(node, Name) else ():
            match script:
                case Binary("-", Name() as name, Numeral(text="1")):
                    item = occurrence(node)
                    if item is not None and item.head in heads:
                        found.add(letter_of(name))
    return found.pop() if len(found) == 1 else None


def _rows(equations: Sequence[Written]) -> bool:
    """Whether vectors stand before matrices, as rows do."""
    for node in (n for w in equations for side in w.sentence.nodes for n in walk(side)):
        factors = node.factors if isinstance(node, Juxtaposition) else ()
        for one, other in pairwise(factors):
            vector, matrix = _base(one), _base(other)
            if vector.islower() and matrix.isupper() and not _turned(one):
                return True
    return False


def _base(node: Node) -> str:
    base = unstyled(node.base) if isinstance(node, Name) else ""
    return base if len(base) == 1 else ""


def _turned(node: Node) -> bool:
    sup = node.sup if isinstance(node, Name | Scripted) else ()
    return any(label(s) in TRANSPOSES for s in sup)


class _Algebra:
    """The shapes of symbols, and what equations make of them."""

    def __init__(self, time: str | None, bound: frozenset[str], rows: bool) -> None:
        self.time = time
        self.bound = bound
        self.rows = rows
        self.lengths = Lengths()
        self.symbols: dict[str, tuple[Occurrence, Shape]] = {}

    def same(self, one: Shape, other: Shape) -> None:
        """The two shapes are equal."""
        for mine, its in zip(one, other, strict=True):
            self.lengths.join(mine, its)

    def shape(self, node: Node) -> Shape:
        """Raises `Contradictory` for what is not followed."""
        match node:
            case Numeral():
                return ONE, ONE
            case Name() | Call():
                return self._of_symbol(node)
            case Unary(body=body):
                return self.shape(body)
            case Group(bracket=r"\|" | "|"):
                return self._number(node.body)
            case Group(body=body):
                return self.shape(body)
            case Scripted(body=body, sup=sup):
                inner = self.shape(body)
                return inner[::-1] if _turned(node) else self._power(inner, sup)
            case Fraction_(top=top, bottom=bottom):
                self.same(self.shape(bottom), (ONE, ONE))
                return self.shape(top)
            case Big(operator=r"\sum", body=body):
                return self.shape(body)
            case Juxtaposition(factors=factors):
                return self._product([self.shape(f) for f in factors])
            case Binary(operator=operator, left=left, right=right) if operator in SAME:
                one = self.shape(left)
                self.same(one, self.shape(right))
                return one
            case Binary(operator=r"\cdot" | "@", left=left, right=right):
                return self._product([self.shape(left), self.shape(right)])
        raise Contradictory

    def types(self) -> Iterator[tuple[str, str]]:
        """The type of every symbol; lengths are named by the first vector that has them."""
        names: dict[int, str] = {ONE: "1"}
        ordered = sorted(
            self.symbols.items(), key=lambda pair: not _base(pair[1][0].name).islower()
        )
        for _, (item, shape) in ordered:
            for length in (self.lengths.root(n) for n in shape):
                taken = set(names.values())
                letters = (f"n_{_base(item.name).lower()}", *(f"n_{k}" for k in range(1, 99)))
                names.setdefault(length, next(n for n in letters if n not in taken))
        for latex, (item, shape) in self.symbols.items():
            rows, columns = (self.lengths.root(n) for n in shape)
            if _base(item.name).isupper() and (rows == ONE) != (columns == ONE):
                raise Contradictory
            if rows == columns == ONE:
                yield latex, "scalar"
            elif columns == ONE:
                yield latex, f"column {names[rows]}"
            elif rows == ONE:
                yield latex, f"row {names[columns]}"
            else:
                yield latex, f"matrix {names[rows]} {names[columns]}"

    def _number(self, body: Node) -> Shape:
        self.shape(body)
        return ONE, ONE

    def _power(self, inner: Shape, sup: Sequence[Node]) -> Shape:
        if sup:
            self.same(inner, (ONE, ONE))
        return inner

    def _product(self, shapes: Sequence[Shape]) -> Shape:
        known = [s for s in shapes if {*map(self.lengths.root, s)} != {ONE}]
        result = known[0] if known else (ONE, ONE)
        for shape in known[1:]:
            self.lengths.join(result[1], shape[0])
            result = result[0], shape[1]
        return result

    def _of_symbol(self, node: Name | Call) -> Shape:
        function = node.head if isinstance(node, Call) else None
        if isinstance(node, Call) and (not isinstance(function, Name) or len(node.args) != 1):
            raise Contradictory
        if isinstance(node, Call) and isinstance(function, Name):
            if function.base.lstrip("\\")[:1].isupper() and function.base not in STANDARD_FUNCTIONS:
                raise Contradictory
            return self.shape(node.args[0])
        assert isinstance(node, Name)
        item = occurrence(node)
        if item is None or not unstyled(node.base).lstrip("\\").isalpha():
            raise Contradictory
        if item.head in FACTORS:
            return ONE, ONE
        latex, turned = self._written(node)
        if latex not in self.symbols:
            self.symbols[latex] = (item, self._guess(node))
        shape = self.symbols[latex][1]
        return shape[::-1] if turned else shape

    def _guess(self, node: Name) -> Shape:
        """A vector or a matrix by the case of its letter."""
        base = _base(node)
        if base.isupper():
            return self.lengths.fresh(), self.lengths.fresh()
        if not base.islower():
            raise Contradictory
        return (ONE, self.lengths.fresh()) if self.rows else (self.lengths.fresh(), ONE)

    def _written(self, node: Name) -> tuple[str, bool]:
        """The LaTeX of a symbol at time t, and whether it is transposed."""
        sup = tuple(s for s in node.sup if label(s) not in TRANSPOSES)
        if sup:
            raise Contradictory
        sub = tuple(self._at_one_time(s) for s in node.sub)
        plain = Name(node.base, node.accents, node.primes, sub, (), span=node.span)
        return to_latex(plain), len(node.sup) == 1

    def _at_one_time(self, script: Node) -> Node:
        """``t`` for ``t - 1``; labels as they are, and no other index."""
        names = [n for n in walk(script) if isinstance(n, Name)]
        running = [n for n in names if self.time is not None and letter_of(n) == self.time]
        if running:
            return running[0]
        if any(letter_of(n) in self.bound for n in names):
            raise Contradictory  # an element
        return script
