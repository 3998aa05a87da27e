r"""Conventions about how far a function without brackets reaches: ``\tanh W x + b``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from derive.reading.reach import ONE, PRODUCT, REACH, SUM, reaches_on
from derive.reading.scope import Scope
from verify.claim import sentence_of
from verify.setting import Convention
from verify.variants.variant import Case, Standing, Variant

WORDS = {
    ONE: "a function without brackets is of the one symbol behind it",
    PRODUCT: "a function without brackets is of the product behind it",
    SUM: "a function without brackets is of all that follows",
}


def reaches(case: Case) -> Iterator[Variant]:
    """Every other reach, where nothing declares one."""
    if REACH in case.scope.operators:
        return
    if any(reaches_on(node, case.scope) for node in sentence_of(case.text).nodes):
        for meaning, words in WORDS.items():
            yield Variant(words, Standing.OPEN, convention=_under(_MANNERS[meaning]))


def _one(scope: Scope) -> Scope:
    return scope.declare_operator(REACH, ONE)


def _product(scope: Scope) -> Scope:
    return scope.declare_operator(REACH, PRODUCT)


def _sum(scope: Scope) -> Scope:
    return scope.declare_operator(REACH, SUM)


_MANNERS = {ONE: _one, PRODUCT: _product, SUM: _sum}


def _under(manner: Callable[[Scope], Scope]) -> Callable[[Convention], Convention]:
    return lambda convention: replace(convention, manners=(*convention.manners, manner))
