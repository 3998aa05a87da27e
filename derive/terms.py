"""A normal form held as its terms, so that a proof need not normalise again what stays."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from derive.canonical import Form, Sum
from derive.expr import Expr, substitute
from derive.index import Axis
from derive.monomials import as_expr


class Terms:
    """A normal form as its terms, to which others are added without normalising it again."""

    def __init__(self, free: Iterable[Axis]) -> None:
        self.free = tuple(free)
        self._fixed = {a: a.lo for a in self.free if a.lo == a.hi}
        self._form = Form(self.free)
        self._alike: dict[str, list[Sum]] = {}

    @property
    def exprs(self) -> list[Expr]:
        """Every term by itself."""
        return [as_expr(s.monomial) for group in self._alike.values() for s in group]

    def plus(self, expr: Expr) -> Terms:
        """These terms and those of ``expr``. Raises `LimitExceeded` as `canonical` does."""
        self._form.collect(substitute(expr, self._fixed), self._alike)
        return self

    def replaced(self, rule: Callable[[Expr], Expr]) -> Terms:
        """The terms after ``rule``; only those that it changes are normalised again."""
        kept = Terms(self.free)
        changed = []
        for key, group in self._alike.items():
            for one in group:
                expr = as_expr(one.monomial)
                new = rule(expr)
                if new is expr:
                    kept._alike.setdefault(key, []).append(one)
                else:
                    changed.append(new)
        for expr in changed:
            kept.plus(expr)
        return kept

    def cancel(self, other: Terms) -> None:
        """Take from both what they have in common; both are zero then where they were equal."""
        for key in self._alike.keys() & other._alike.keys():
            mine, theirs = self._alike[key], other._alike[key]
            for one in list(mine):
                twin = next((t for t in theirs if self._form.same_region(one, t)), None)
                if twin is not None:
                    mine.remove(one)
                    theirs.remove(twin)
                    rest = one.plus(twin, -1)
                    mine += [rest] if rest.monomial.coefficient else []
        for terms in (self, other):
            terms._alike = {k: group for k, group in terms._alike.items() if group}
