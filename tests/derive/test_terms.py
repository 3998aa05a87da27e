"""Terms of normal forms: what two sums share cancels, however each is written."""

from __future__ import annotations

from derive.expr import Expr, accesses, add, negative, number, product, summation
from derive.index import Index, axis
from derive.terms import Terms
from tests.models import at

U = axis("u", 0, 2)


def forwards() -> Expr:
    i = axis("i", 1, 4)
    return summation((i,), product(at("D", i), at("S", Index.of(i) - U)))


def shifted() -> Expr:
    k = axis("k", 3, 6)
    return summation((k,), product(at("S", Index.of(k) - U - 2), at("D", Index.of(k) - 2)))


def test_equal_sums_cancel_to_nothing() -> None:
    one, two = Terms((U,)).plus(forwards()), Terms((U,)).plus(shifted())
    one.cancel(two)
    assert (one.exprs, two.exprs) == ([], [])


def test_what_differs_stays_on_its_side_and_what_is_left_of_a_coefficient_on_the_first() -> None:
    one = Terms((U,)).plus(add(product(number(3), forwards()), at("A", U)))
    two = Terms((U,)).plus(add(product(number(2), shifted()), at("B", U)))
    one.cancel(two)
    assert {a.tensor for e in one.exprs for a in accesses(e)} == {"A", "D", "S"}
    assert [a.tensor for e in two.exprs for a in accesses(e)] == ["B"]
    rest = Terms((U,)).plus(add(forwards(), at("A", U)))
    rest.cancel(one)
    assert (rest.exprs, one.exprs) == ([], [])


def test_opposite_terms_of_one_side_vanish() -> None:
    assert Terms((U,)).plus(forwards()).plus(negative(shifted())).exprs == []


def test_only_what_a_rule_changes_is_written_anew() -> None:
    terms = Terms((U,)).plus(add(forwards(), at("A", U)))
    seen: list[Expr] = []

    def rule(expr: Expr) -> Expr:
        seen.append(expr)
        return at("B", U) if [a.tensor for a in accesses(expr)] == ["A"] else expr

    changed = terms.replaced(rule)
    assert len(seen) == 2
    changed.cancel(Terms((U,)).plus(add(at("B", U), shifted())))
    assert changed.exprs == []
