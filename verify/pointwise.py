"""One link of a claim at given values, in any number type: doubles, rationals, fifty digits.

The model's equations are run forwards, then those of the engine's adjoints and Jacobians that the
link needs. The engine is only quick here: what is found counts where automatic differentiation in
doubles bears it out (`Pointwise.borne_out`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from derive.arithmetic import FLOAT, Array, Numbers
from derive.equations import Equation, adjoint_name, adjoint_of
from derive.evaluate import evaluate, integer_ranges
from derive.expr import Expr, accesses
from derive.index import Axis
from derive.loops import Loop, blocks
from derive.run import fill, left_to_do, run
from derive.scope import Span, extent
from verify.bench import Bench, Sample, sample_at, sized
from verify.compare import Identity
from verify.jacobians import slope_ranges, slopes_in
from verify.read_parts import over_part, part_read, slices

Values = Mapping[str, np.ndarray]
"""Arrays by name, of doubles or fractions: what a model reads only, upstream gradients, scalars."""

Block = Equation | Loop
"""What is computed at once."""

AGREEMENT = 1e-6
"""How far doubles may lie from a precise value, relative to the largest entry."""


class Pointwise:
    """The sides of ``link``, which is elaborated for the sizes of ``bench``."""

    def __init__(self, link: Identity, bench: Bench) -> None:
        self.link = link
        self.bench = bench
        self.model = bench.fixed
        slopes = slopes_in(link.left, link.right)
        self.ranges = dict(integer_ranges(self.model))
        self.ranges |= {n: slope_ranges(n, self.ranges) for n in bench.slope_equations(slopes)}
        self.ranges |= dict.fromkeys(link.scalars, ())
        engine = {adjoint_name(n): d.equation for n, d in bench.derivations.items()}
        engine |= bench.slope_equations(slopes)
        self.equations = _needed(engine, self.reads)
        self.equations = {n: sized(e, bench.model.sizes) for n, e in self.equations.items()}
        self._whole = {n: self.ranges[n] for n in slopes}
        for name in self._read_by_sides_alone(slopes):
            part = part_read(name, (link.left, link.right), self.ranges[name])
            self.equations[name] = over_part(self.equations[name], part)
            self.ranges[name] = part

    def _read_by_sides_alone(self, slopes: Iterable[str]) -> list[str]:
        """Jacobians of one equation that no other needs: only what is read of them is computed."""
        needed = {n for e in self.equations.values() for n in e.reads}
        looped = {
            t for b in blocks([*self.equations.values()]) if isinstance(b, Loop) for t in b.tensors
        }
        return [n for n in slopes if n in self.equations and n not in needed | looped]

    @cached_property
    def reads(self) -> frozenset[str]:
        """The tensors, adjoints, Jacobians and scalars that the sides read."""
        sides = (self.link.left, self.link.right)
        return frozenset(a.tensor for side in sides for a in accesses(side))

    def env(self, values: Values, number: Numbers = FLOAT) -> dict[str, Array]:
        """Every tensor, and what the link needs of the engine. Raises what `evaluate` raises."""
        given = {n: v for n, v in values.items() if n in self.model.tensors}
        env = run(self.model, given, number=number)
        env |= {n: number.asarray(v) for n, v in values.items() if n not in env}
        if self.model.loss is not None:
            env[adjoint_name(self.model.loss)] = number.asarray(np.ones((), dtype=np.int64))
        zero = {n: self.ranges[n] for n in self._without() if n not in env}
        env |= {n: number.asarray(_zeros(spans)) for n, spans in zero.items()}
        rest = [e for name, e in self.equations.items() if name not in env]
        fill(blocks(rest), env, self.ranges, number=number)
        return env

    def todo(self, values: Values) -> list[Block]:
        """What `env` computes from ``values``, in order."""
        given = [n for n in values if n in self.model.tensors]
        rest = [e for name, e in self.equations.items() if name not in values]
        return [*left_to_do(self.model, given), *blocks(rest)]

    def _without(self) -> set[str]:
        """The adjoints on the way for which the engine has no equation, because they are 0."""
        read = {n for e in self.equations.values() for n in e.reads} | self.reads
        adjoints = {n for n in read if adjoint_of(n) is not None and n in self.ranges}
        return adjoints - self.equations.keys()

    def sides(self, env: Mapping[str, Array], number: Numbers = FLOAT) -> tuple[Array, Array]:
        """Both sides over the link's axes."""
        left, right = (
            evaluate(side, self.link.axes, env, self.ranges, number=number)
            for side in (self.link.left, self.link.right)
        )
        return left, right

    def kinked(self, env: Mapping[str, Array]) -> bool:
        """Whether the run lies on a kink or a tie of the model."""

        def values(expr: Expr, axes: tuple[Axis, ...]) -> Array:
            return evaluate(expr, axes, env, self.ranges)

        return any(bool(fork.taken(values)[1].any()) for fork in self.bench.forks)

    def sample(self, values: Values) -> Sample:
        """The run at these values with adjoints by automatic differentiation."""
        doubles = in_doubles(values)
        scalars = {n: v for n, v in doubles.items() if n in self.link.scalars}
        given = {n: v for n, v in doubles.items() if n not in scalars}
        return sample_at(self.bench.model, given).with_values(scalars)

    def borne_out(self, env: Mapping[str, Array], sample: Sample) -> bool:
        """Whether what the link reads is what the sample has, as far as doubles can tell."""
        return all(_near(env[n], self._seen(n, sample)) for n in self.reads if n in env)

    def _seen(self, name: str, sample: Sample) -> Any:
        """What the sample has of it, as far as it is computed here."""
        if name in sample.env or adjoint_of(name) is not None:
            return sample.env[name]
        whole = self._whole.get(name)
        seen = sample.slope(name)
        return seen if whole is None else seen[slices(self.ranges[name], whole)]


def _zeros(spans: Sequence[Span]) -> np.ndarray:
    return np.zeros(tuple(map(extent, spans)), dtype=np.int64)


def in_doubles(values: Values) -> dict[str, np.ndarray]:
    """The values in double precision."""
    return {n: np.asarray(v).astype(np.float64) for n, v in values.items()}


def _needed(equations: Mapping[str, Equation], names: Iterable[str]) -> dict[str, Equation]:
    """Those of ``equations`` that ``names`` hang on, in their order."""
    found: set[str] = set()
    waiting = [n for n in names if n in equations]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += [n for n in equations[name].reads if n in equations]
    return {n: e for n, e in equations.items() if n in found}


def _near(found: Any, doubles: np.ndarray) -> bool:
    try:
        rounded = np.asarray(found, dtype=object).astype(np.float64)
    except TypeError:  # complex: the logarithm of a negative number, which doubles do not have
        return False
    largest = max(float(np.max(np.abs(doubles), initial=0.0)), 1.0)
    with np.errstate(invalid="ignore"):  # of two infinities the distance is no number
        return bool(np.all(np.abs(rounded - doubles) <= AGREEMENT * largest))
