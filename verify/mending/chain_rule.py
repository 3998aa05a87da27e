r"""What the chain rule gives for the left side, in the author's notation: terms lost or mistaken.

A quantity that is used in several places has a term for each in its gradient, and a whole path is
easily forgotten; the terms that the engine derived are put in, or in the place of one that stands
there. Of a tensor of the sheet the terms are those of its own equation. As any edit, what comes out
is judged by itself: nothing here is taken for right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from derive.equations import Equation, Model, adjoint_of, slope_of
from derive.errors import LimitExceeded, Problem
from derive.expr import ZERO, Access, Add, Expr
from derive.index import Index
from derive.printer import SUM, named
from derive.reading.letters import uses
from derive.reading.problems import Undeclared
from derive.reading.respell import respelled
from derive.reading.statement import Statement, statement
from derive.reading.surface import Binary, Node, Span
from derive.typeset import parenthesised, symbol
from verify.authors_arrays import as_arrays
from verify.authors_printer import AuthorsPrinter, WholePrinter
from verify.claim import sentence_of
from verify.mending.at_places import at_place
from verify.mending.edit import Edit, typed
from verify.mending.screen import Screen
from verify.mending.stock import Stock
from verify.mending.unnamed import in_named
from verify.verdict import ANEW

MOST = 8
"""Terms of the one side, and of the other, that are looked at."""
COST = 6
WHOLE = 9
"""Beyond every edit of a part."""
DOT = r"\cdot"
NEEDLESS = re.compile(r" \\cdot (?![\d(]|\\left)")
"""A dot that nobody needs who writes none: behind it stands neither a number nor a bracket."""
Signed = tuple[str, str]
"""A sign and a term."""


@dataclass(frozen=True)
class ChainRule:
    """The terms that the left side of the formula of ``screen`` has by right."""

    screen: Screen

    def missing(self) -> Iterator[Edit]:
        """A term that is not there, put behind each asserted side."""
        for side in self._sides:
            place = Span(side.span.end, side.span.end)
            own = typed(side, self.screen.text)
            for sign, term in self.terms if len(self.terms) > 1 else ():
                if term not in own:
                    what = f"the term ${sign} {term}$ is missing"
                    yield Edit(place, f" {sign} {term}", what, COST)

    def mistaken(self) -> Iterator[Edit]:
        """One term in the place of one that stands there; then the whole side."""
        for side in self._sides:
            own = list(_summands(side))
            for k, here in enumerate(own if 1 < len(own) <= MOST else ()):
                start = own[k - 1].span.end if k else side.span.start
                for sign, term in self.terms:
                    what = f"the term ${typed(here, self.screen.text)}$ should be ${term}$"
                    new = f" {sign} {term}" if k else _first((sign, term))
                    yield Edit(Span(start, here.span.end), new, what, COST)
        for terms in dict.fromkeys((self._in_named, self.terms)):
            for span in self._spans if terms else ():
                yield Edit(span, _joined(terms), self._anew, WHOLE)
        if not self.terms:
            yield from self._by_elements()

    def _by_elements(self) -> Iterator[Edit]:
        """Both sides by elements, where there is no notation of arrays for what was derived."""
        left, equation = self._left, self._equation
        if left is None or equation is None or not left.axes or not self._sides:
            return
        if self._shown(left) & {a.name for a in left.axes}:
            return
        printer = AuthorsPrinter(self._model, named(equation.axes, {}, self._model), self._stock)
        element = Access(equation.tensor, tuple(map(Index.of, equation.axes)))
        terms = tuple(_signed(term, printer) for term in _added(equation.rhs))
        whole = Span(left.nodes[0].span.start, self._sides[-1].span.end)
        what = f"{self._anew}, element by element"
        yield Edit(whole, f"{printer.access(element)} = {_joined(terms)}", what, WHOLE)

    @property
    def _anew(self) -> str:
        """Where a side comes from that is written anew."""
        target = self._left.target if self._left else None
        derived = target is not None and (adjoint_of(target) or slope_of(target))
        return f"{ANEW}, {'by the chain rule' if derived else 'from the sheet'}"

    @property
    def _spans(self) -> Iterator[Span]:
        """Each asserted side, then all of a chain, as each of its sides may be wrong."""
        yield from (side.span for side in self._sides)
        if len(self._sides) > 1:
            yield Span(self._sides[0].span.start, self._sides[-1].span.end)

    @cached_property
    def _sides(self) -> tuple[Node, ...]:
        sentence = sentence_of(self.screen.text)
        return sentence.nodes[1:] if sentence.kind == "equation" else ()

    @cached_property
    def terms(self) -> tuple[Signed, ...]:
        """What is added up, none where it cannot be written as the author writes."""
        return self._written(self._equation)

    @cached_property
    def _in_named(self) -> tuple[Signed, ...]:
        """The same without what the formula has no symbol for."""
        if self._equation is None:
            return ()
        return self._written(in_named(self._equation, self._stock, self.screen.setting.bench))

    def _written(self, equation: Equation | None) -> tuple[Signed, ...]:
        left = self._left
        if left is None or equation is None:
            return ()
        names = [a.name for a in left.axes]
        if names and not self._shown(left) & {*names}:
            return self._as_arrays(equation)
        return self._as_elements(equation, left) if {*names} <= self._shown(left) else ()

    def _shown(self, left: Statement) -> set[str]:
        """The letters of the left side."""
        scope = self.screen.scope
        return {u.letter for u in uses(respelled(left.nodes[0], scope), scope)}

    def _as_elements(self, equation: Equation, left: Statement) -> tuple[Signed, ...]:
        here = {a: symbol(a.name) for a in left.axes}
        try:
            rhs = at_place(equation, left.indices, self._model.sizes)
        except LimitExceeded:
            return ()
        printer = AuthorsPrinter(self._model, named(left.axes, here, self._model), self._stock)
        return tuple(_signed(term, printer) for term in _added(rhs) if rhs != ZERO)

    def _as_arrays(self, equation: Equation) -> tuple[Signed, ...]:
        model = self._model
        printer = WholePrinter(model, named(equation.axes, {}, model), self._stock)
        found = [as_arrays(term, equation.axes, printer) for term in _added(equation.rhs)]
        return tuple(f for f in found if f is not None) if None not in found else ()

    @cached_property
    def _left(self) -> Statement | None:
        """The left side by itself."""
        sentence = sentence_of(self.screen.text)
        alone = replace(sentence, kind="mention", nodes=sentence.nodes[:1], operators=())
        try:
            return statement(alone, self.screen.scope)
        except (Problem, Undeclared):
            return None

    @cached_property
    def _equation(self) -> Equation | None:
        """The engine's equation of the gradient or the slope on the left, or the sheet's own."""
        target = self._left.target if self._left else None
        bench = self.screen.setting.bench
        if target is None or self._left is None:
            return None
        if (primal := adjoint_of(target)) is not None:
            derived = bench.derivations.get(primal)
            found = derived.equation if derived is not None else None
        elif slope_of(target):
            found = bench.slope_equations((target,)).get(target)
        else:
            found = self._model.by_tensor.get(target)
        few = found is not None and len(tuple(_added(found.rhs))) <= MOST
        fits = found is not None and len(found.axes) == len(self._left.indices)
        return found if few and fits else None

    @property
    def _model(self) -> Model:
        return self.screen.setting.bench.model

    @cached_property
    def _stock(self) -> Stock:
        bench, nodes = self.screen.setting.bench, sentence_of(self.screen.text).nodes
        return Stock(self.screen.scope, bench.model, bench.fixed, self.screen.text, nodes)


def _added(expr: Expr) -> Iterator[Expr]:
    yield from expr.terms if isinstance(expr, Add) else (expr,)


def _signed(term: Expr, printer: AuthorsPrinter) -> Signed:
    sign, text, level = printer.term(term)
    text = parenthesised(text) if level == SUM else text
    return sign or "+", text if DOT in printer.stock.text else NEEDLESS.sub(" ", text)


def _summands(node: Node) -> Iterator[Node]:
    """What a side adds and takes away, from left to right; the first with its sign."""
    if isinstance(node, Binary) and node.operator in ("+", "-"):
        yield from _summands(node.left)
        yield node.right
    else:
        yield node


def _first(term: Signed) -> str:
    sign, text = term
    return text if sign == "+" else f"-{text}"


def _joined(terms: tuple[Signed, ...]) -> str:
    rest = (f" {sign} {text}" for sign, text in terms[1:])
    return _first(terms[0]) + "".join(rest)
