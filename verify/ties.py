"""Ties that no small change removes, as of rectified entries at 0, under every rule for them.

Which of them wins is a convention; what is wrong whoever wins is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from derive.expr import Expr, Winner, rewrite
from verify.samples import Sample, sample_at

RULES = ("first", "all", "split")


def with_rule(expr: Expr, rule: str) -> Expr:
    """``expr`` where ties of maxima go by this rule."""
    return rewrite(expr, lambda n: replace(n, tie=rule) if isinstance(n, Winner) else n)


def under_every_rule(sample: Sample) -> Iterator[tuple[str, Sample]]:
    """The same run under each rule; nothing where it lies on a kink that is no tie."""
    if sample.bent:
        return
    for rule in RULES:
        equations = (replace(e, rhs=with_rule(e.rhs, rule)) for e in sample.model.equations)
        model = replace(sample.model, equations=tuple(equations))
        again = sample_at(model, sample.inputs, sample.seed)
        yield rule, replace(again, sizes=sample.sizes, number=sample.number)
