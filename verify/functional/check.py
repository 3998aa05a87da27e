"""One claim about two functions on its way to a verdict."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from verify.clock import TimeUp, limited
from verify.functional.arguments import Arguments, Unfit, double_type
from verify.functional.arrays import Vector
from verify.functional.calls import Claimed, Loss, Pairing, Pullback, Raised, Subject
from verify.functional.findings import CLAIMED
from verify.functional.judge import ENTRIES, Judged, judge_given, judge_near, status
from verify.functional.look import backward_form, forward_sizes, precision, same_gradient
from verify.functional.words import (
    DETERMINISTIC,
    SPECIAL,
    agreement,
    counterexample,
    evidence,
    hidden,
    name_of,
    pattern,
    read_as,
    refutation,
)
from verify.verdict import Evidence, Status, Verdict

Function = Callable[..., Any]

NEAR_SMALL, NEAR_LARGE = 4, 2
"""Points near the arrays given, where all entries of these are looked at and where not."""


class Check:
    """A forward function ``f``, what is claimed to be its backward function, and arguments.

    ``kind`` is ``gradient`` or ``vjp``: whether ``back`` takes an upstream gradient.
    """

    def __init__(
        self, kind: str, f: Function, back: Function, arrays: Sequence[Any], wrt: Any, seed: int
    ) -> None:
        self.kind, self.f, self.back, self.seed = kind, f, back, seed
        self.arrays = arrays
        self.wrt = [wrt] if isinstance(wrt, int) else wrt
        self.names = name_of(f, "f"), name_of(back, {"gradient": "grad"}.get(kind, kind))
        self.blank = Verdict(f"{kind}:{self.names[0]}", (), "", Status.UNDECIDED, "")
        self.judged = Judged()
        self.first: list[Evidence] = []
        self.missing: list[str] = []

    def verdict(self, seconds: float) -> Verdict:
        """The verdict; time that runs out and what the functions do wrong are verdicts as well."""
        try:
            with limited(seconds):
                self._judge()
        except (Unfit, Raised) as problem:
            told = getattr(problem, "status", Status.ILL_FORMED)
            seen = (*self.first, *evidence(self.judged))
            return replace(self.blank, status=told, message=str(problem), evidence=seen)
        except TimeUp:
            self.judged.near.append(f"the limit of {seconds:g} s was reached")
            if not self.judged.given:
                message = f"not decided within {seconds:g} s"
                seen = (*self.first, *evidence(self.judged))
                return replace(self.blank, message=message, evidence=seen)
        return self._said()

    def prepare(self) -> None:
        """The first look: sizes of the outputs, form of the gradient, precision to judge in."""
        self.arguments = Arguments(self.f, self.arrays, self.wrt)
        said = read_as(self.names, self.arguments, self.kind == "vjp")
        target = ", ".join(leaf.path for leaf in self.arguments.leaves)
        self.blank = replace(self.blank, read_as=said, target=target)
        self.sizes = forward_sizes(self.f, self.arguments)
        self.own = backward_form(self.pairing(0), self.arguments, self.names[1])
        self.missing = [leaf.path for leaf in self.own.missing]
        self.precision = precision(self.pairing(0), self.arguments)
        self.first.append(Evidence("precision", "agrees", self.precision.reason))

    def pairing(self, point: int, factor: float = 1.0) -> Pairing:
        """Forward and backward function, with the upstream gradient that belongs to a point."""
        if self.kind == "gradient":
            return Loss(self.f, self.back)
        return Pullback(self.f, self.back, self.upstream(point, factor))

    def upstream(self, point: int, factor: float = 1.0) -> tuple[Vector, ...]:
        """Gaussian numbers for every entry of every output."""
        rng = np.random.default_rng((self.seed, point))
        return tuple(factor * rng.normal(size=size) for size in self.sizes)

    def subject(self, point: int, factor: float = 1.0) -> Subject:
        """The functions as numbers see them, in the precision chosen."""
        return Subject(self.pairing(point, factor), self.arguments, self.precision.types)

    def _judge(self) -> None:
        self.prepare()
        with self.precision.context():
            given = self.subject(0)
            claimed = given.claimed(self.arguments.start)
            if self.kind == "vjp":
                self._linear(claimed)
            if self.precision.types is double_type:
                self.first.append(same_gradient(self.own.vector, claimed.vector))
            rng = np.random.default_rng(self.seed)
            judge_given(given, rng, self.judged)
            if self.judged.refuted is None:
                count = NEAR_SMALL if self.arguments.start.size <= ENTRIES else NEAR_LARGE
                others = [self.subject(point + 1) for point in range(count)]
                judge_near(given, others, self.seed, self.judged)

    def _linear(self, once: Claimed) -> None:
        """Raise `Unfit` unless twice the upstream gradient, negated, gives twice the result."""
        twice = self.subject(0, -2.0).claimed(self.arguments.start).vector
        with np.errstate(invalid="ignore"):
            away = np.abs(twice + 2 * once.vector)
        largest = float(np.max(np.abs(once.vector), initial=0.0))
        worst = int(np.argmax(away))
        if away[worst] > CLAIMED * once.eps * largest:
            where = self.arguments.leaf_of(worst).named(worst)
            raise Unfit(
                Status.REFUTED,
                f"{self.names[1]} is not linear in the upstream gradient: for u it gives "
                f"{once.vector[worst]:.6g} at {where}, for -2u {twice[worst]:.6g}",
            )

    def _said(self) -> Verdict:
        """The verdict on what was judged."""
        judged, leaves = self.judged, self.arguments.leaves
        said = replace(
            self.blank,
            status=status(judged, self.arguments),
            evidence=(*self.first, *evidence(judged)),
            assumptions=(
                DETERMINISTIC,
                *(f"{self.names[1]} gives None for {path}: read as zero" for path in self.missing),
                *judged.conventions,
            ),
        )
        if judged.refuted is not None:
            return self._refuted(said)
        if judged.elsewhere is not None:
            return self._elsewhere(said)
        if said.status is Status.UNDECIDED:
            return replace(said, message=hidden(judged.unseen(self.arguments), self.arguments))
        if any(e.outcome == "differs" for e in self.first):
            off = next(e.detail for e in self.first if e.outcome == "differs")
            types = ", ".join(sorted({x.dtype for x in leaves}))
            return replace(
                said,
                status=Status.UNDECIDED,
                message=f"right in double precision, in {types} it is {off}",
                conditions=("the arrays are float64",),
            )
        where = "at the arrays given and near them" if judged.finished else "at the arrays given"
        return replace(said, message=agreement(judged), scope=where)

    def _refuted(self, said: Verdict) -> Verdict:
        found = self.judged.refuted
        assert found is not None
        same = [f for f in self.judged.entries if f.leaf == found.leaf]
        upstream = np.concatenate(self.upstream(0)) if self.kind == "vjp" else None
        hints = [f"None is given for {path}" for path in self.missing if path == found.leaf.path]
        hints += filter(None, [pattern(same, upstream)])
        message = "; ".join([refutation(found, self.judged.tied), *hints])
        shown = counterexample(found, 0, self.seed, self.names, self.kind)
        return replace(
            said, message=message, counterexample=shown, scope="at the arrays given", assumptions=()
        )

    def _elsewhere(self, said: Verdict) -> Verdict:
        assert self.judged.elsewhere is not None
        point, found = self.judged.elsewhere
        return replace(
            said,
            message=f"right at the arrays given, but not near them: {refutation(found, ())}",
            conditions=(SPECIAL,),
            counterexample=counterexample(found, point, self.seed, self.names, self.kind),
        )
