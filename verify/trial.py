"""One run of a model in residues, with adjoints that a dual-number pass has borne out.

The engine's adjoint equations come as data and are only evaluated. One pass of dual numbers along
random directions of all tensors at once (`verify.tangent`) tells whether they are right: the sum of
``<adjoint, direction>`` must be the tangent of the loss. Where it is not, every tensor is tried
alone, and only the adjoints that pass are kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace

import numpy as np

from derive.arithmetic import Array, Numbers
from derive.atoms import Choice, Formal, Ordered, numbers
from derive.equations import adjoint_name
from derive.errors import Problem
from derive.evaluate import evaluate, integer_ranges
from derive.expr import Expr
from derive.index import Axis
from derive.loops import Loop, members
from derive.residues import Field
from derive.run import Spot, fill
from derive.scope import Ranges, extent
from verify.columns import jacobian
from verify.jacobians import slope_ranges, slopes_in
from verify.restrictions import Restriction, Values
from verify.subject import Law, Prepared
from verify.tangent import direction_name, tensor_of


@dataclass(frozen=True)
class Trial:
    """A run modulo one prime: ``env`` holds all tensors, and the adjoints that are borne out.

    ``choices`` are the masks of the forward pass.
    """

    prepared: Prepared
    atoms: Formal
    number: Numbers
    env: Mapping[str, Array]
    ranges: Ranges
    choices: tuple[Choice, ...]
    _slopes: dict[str, Array] = field(default_factory=dict, compare=False)

    def with_scalars(self, names: tuple[str, ...]) -> Trial:
        """The trial with a residue for each of ``names``."""
        if not names:
            return self
        drawn = {name: self.atoms.free("scalar " + name).reshape(()) for name in names}
        bounds: dict[str, tuple[tuple[int, int], ...]] = dict.fromkeys(names, ())
        return replace(self, env={**self.env, **drawn}, ranges={**self.ranges, **bounds})

    def values(self, expr: Expr, axes: tuple[Axis, ...]) -> Array:
        """The residues of ``expr``. Raises what `derive.evaluate.evaluate` raises, and `Pole`."""
        slopes = slopes_in(expr)
        env = {**self.env, **{n: self._slope(n) for n in slopes}}
        ranges = {**self.ranges, **{n: slope_ranges(n, self.ranges) for n in slopes}}
        return evaluate(expr, axes, env, ranges, number=self.number)

    def _slope(self, name: str) -> Array:
        if name not in self._slopes:
            self._slopes[name] = jacobian(name, self.prepared, self.env, self.ranges, self.number)
        return self._slopes[name]


def take_trial(prepared: Prepared, modulus: Field, seed: int) -> Trial:
    """Run modulo a prime. Raises `Pole` where this point has none, and `Problem`."""
    atoms = (Ordered if Law.ORDER in prepared.laws else Formal)(modulus, seed)
    run = _Run(prepared, atoms)
    run.forward()
    choices = tuple(atoms.choices)
    run.backward()
    return Trial(prepared, atoms, run.row, run.env, run.ranges, choices)


class _Run:
    """The passes of one trial over one environment."""

    def __init__(self, prepared: Prepared, atoms: Formal) -> None:
        self.prepared = prepared
        self.model = prepared.subject.model
        self.field = atoms.field
        self.row = numbers(atoms)
        self.choices = atoms.choices
        self.ranges = integer_ranges(self.model)
        given = (*self.model.inputs, *self.model.parameters)
        self.names = (*given, *self.model.by_tensor)
        along = {direction_name(n): self.ranges[n] for n in self.names}
        self.ranges = {**self.ranges, **along}
        self.rng = np.random.default_rng((atoms.seed, atoms.field.c))
        self.env: dict[str, Array] = {}

    def forward(self) -> None:
        """Inputs, parameters and upstream adjoints drawn, everything else computed."""
        for name in (*self.model.inputs, *self.model.parameters):
            self.env[name] = self._drawn(name)
        for restriction in self.prepared.subject.restrictions:
            self._restrict(restriction)
        fill(self.prepared.forward, self.env, self.ranges, number=self.row)

    def backward(self) -> None:
        """The adjoints that are right."""
        given = {adjoint_name(n): self._drawn(n) for n in self.model.outputs}
        if self.model.loss is not None:
            given = {adjoint_name(self.model.loss): np.ones((), dtype=np.uint64)}
        said = self._said({**self.env, **given})
        directions = {n: self._drawn(n) for n in self.names}
        complete = all(adjoint_name(n) in said for n in directions)
        if not complete or not self._agree(said, directions):
            said = {
                adjoint_name(n): said[adjoint_name(n)]
                for n, along in directions.items()
                if adjoint_name(n) in said and self._agree(said, {n: along})
            }
        self.env.update(said)

    def _said(self, env: dict[str, Array]) -> dict[str, Array]:
        """The values of the engine's adjoints, zero where it has none, nothing where it fails."""
        for block in self.prepared.adjoints:
            together = members(block)
            own = {e.tensor for e in together}
            if all(t in env or t in own for e in together for t in e.reads):
                with suppress(Problem):  # an equation that reads out of range is no adjoint
                    fill((block,), env, self.ranges, number=self.row)
        for name in self.names:
            if name not in self.prepared.subject.adjoints:
                env.setdefault(adjoint_name(name), np.zeros_like(self.env[name]))
        return {n: a for n, a in env.items() if n not in self.env}

    def _agree(self, said: Mapping[str, Array], directions: Mapping[str, Array]) -> bool:
        """Whether the adjoints along ``directions`` are the derivative of the objective."""
        pairing = self._sum(self._inner(said[adjoint_name(n)], d) for n, d in directions.items())
        return int(pairing) == int(self._dual(said, directions))

    def _dual(self, said: Mapping[str, Array], directions: Mapping[str, Array]) -> Array:
        """The derivative of the objective along ``directions``, forwards."""
        env = {**self.env}
        zero = {n: np.zeros_like(self.env[n]) for n in self.names if n not in directions}
        along = {direction_name(n): a for n, a in {**zero, **directions}.items()}
        env.update({n: a for n, a in along.items() if tensor_of(n) not in self.model.by_tensor})

        def add(spot: Spot, value: Array) -> Array:
            return self.field.add(value, along[spot.equation.tensor][spot.part])

        for block in self.prepared.tangents:
            reads = (t for e in members(block) for t in e.reads if t not in self.env)
            if isinstance(block, Loop) or any(env[t].any() for t in reads):
                fill((block,), env, self.ranges, number=self.row, finish=add)
            else:  # nothing moves here but what is moved on purpose
                env[block.tensor] = along[block.tensor]
        return self._sum(
            self._inner(said[adjoint_name(n)], env[direction_name(n)]) for n in self.model.outputs
        )

    def _inner(self, a: Array, b: Array) -> Array:
        return self.field.total(np.atleast_1d(self.field.multiply(a, b)).reshape(-1), (0,))

    def _sum(self, parts: Iterable[Array]) -> Array:
        return self.field.total(np.array([int(p) for p in parts], dtype=np.uint64), (0,))

    def _drawn(self, name: str) -> Array:
        return self.field.draw(self.rng, tuple(extent(span) for span in self.ranges[name]))

    def _restrict(self, restriction: Restriction) -> None:
        """Values as restricted; where masks are free, what is 0 or 1 is any number."""
        name, axis = restriction.tensor, restriction.axis
        if restriction.values is Values.NUMBER:
            number = self.field.constant(restriction.number)
            self.env[name] = restriction.filled(self.env[name], number)
            return
        if restriction.values is Values.SYMMETRIC:
            self.env[name] = self.field.add(self.env[name], self.env[name].T)
            return
        bits = Law.ORDER in self.prepared.laws
        if bits and restriction.values is Values.ONE_HOT:
            one = np.argmax(self.env[name], axis=axis, keepdims=True)
            self.choices.append(Choice(one, self.env[name].shape[axis]))
            self.env[name] = np.zeros_like(self.env[name])
            np.put_along_axis(self.env[name], one, np.uint64(1), axis)
        elif bits and restriction.values is Values.BINARY:
            self.env[name] = self.env[name] & np.uint64(1)
            self.choices.append(Choice(self.env[name], 2))
        elif restriction.values is not Values.BINARY:
            self.env[name] = self._normalised(self.env[name], axis)

    def _normalised(self, array: Array, axis: int) -> Array:
        """The last entry along ``axis`` replaced by what is missing to 1."""
        *first, last = np.split(array, array.shape[axis], axis=axis)
        for part in first:
            last = self.field.add(last, part)
        missing = self.field.subtract(np.uint64(1), last)
        array = array.copy()
        place = [slice(None)] * array.ndim
        place[axis] = slice(-1, None)
        array[tuple(place)] = self.field.add(array[tuple(place)], missing)
        return array
