r"""The two one-sided derivatives of an unknown function along a line, with bounds on their errors.

For g(t) = φ(x + t s) at t = 0, ±1, ±2, ±4 the odd part gives the mean of the derivatives to the
right and to the left, the even part their difference, the *jump*:

    (g(t) - g(-t)) / 2t      = (R + L)/2 + O(t²),
    (g(t) + g(-t) - 2g(0))/t = (R - L)   + O(t).

Both are extrapolated to t = 0; the last two extrapolations differ by more than the error of the
better one, and to that comes what roundings of g can do. So a kink at x itself is seen as a jump
that stays while steps shrink, and one beside x as an error that goes away with a smaller step.
The steps are chosen such that x + t s is exact in the arithmetic of the arguments.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, isfinite

import numpy as np

from verify.functional.arrays import EPS, Vector
from verify.functional.calls import ROUNDINGS, Subject

LOWEST, START = -8, -2
"""Powers of ten of the step, relative to the size of the entries."""

WIDE = 0.05
"""Where not one bit moves over steps of this size, relative to the arguments, all is flat."""

PROBES = 4
"""Points moved by one rounding, to see how much roundings matter."""

ROUGH = 0.02
"""Differences of the even part from a polynomial, relative to the slope, that are no smoothness."""

TABLE = 25
SPACINGS = (3e-8, 1e-6, 3e-5, 1e-3)
"""Equally spaced values that show roundings inside (after Moré and Wild), as close as they move."""

FINE = 1e-10
"""Arithmetic with smaller roundings than this is double precision."""

_POINTS = (0, 1, -1, 2, -2, 4, -4)


@dataclass(frozen=True)
class Slope:
    """What was seen along a direction, per unit of it, with what was claimed for it.

    ``value`` is the mean of the one-sided derivatives, ``jump`` right minus left. ``size`` is the
    sum of the magnitudes that the claimed value is the sum of. ``flat`` where not one bit moved,
    ``noisy`` where roundings make most of the error.
    """

    claimed: float
    size: float
    value: float
    error: float
    jump: float
    jump_error: float
    step: float
    flat: bool
    noisy: bool

    @property
    def kinked(self) -> bool:
        """Whether right and left derivative are told apart."""
        return abs(self.jump) > self.jump_error

    @property
    def sides(self) -> tuple[float, float]:
        """The derivatives to the left and to the right; twice the same where there is no kink."""
        half = self.jump / 2 if self.kinked else 0.0
        return self.value - half, self.value + half

    @property
    def slack(self) -> float:
        """The bound on the error of either side."""
        return self.error + (self.jump_error / 2 if self.kinked else 0.0)

    @property
    def scale(self) -> float:
        """The largest of the numbers compared."""
        claimed = abs(self.claimed) if isfinite(self.claimed) else 0.0
        return max(abs(self.value) + abs(self.jump) / 2, claimed)

    @property
    def still(self) -> bool:
        """Whether not one bit moved over steps that are wide, relative to the arguments."""
        return self.flat and self.step >= WIDE

    def enough(self, goal: float, scale: float) -> bool:
        """Whether no better slope is looked for: its error is small, or all stands still."""
        small = self.error <= goal * max(self.scale, 1e-4 * scale)
        return self.still if self.flat and not self.scale else small

    @property
    def outside(self) -> float:
        """How far the claimed value is from what lies between left and right."""
        if not isfinite(self.claimed):
            return inf
        low, high = sorted(self.sides)
        return max(low - self.claimed, self.claimed - high, 0.0)


@dataclass(frozen=True, eq=False)
class Place:
    """A point, the gradient claimed there, and how far roundings move the value there."""

    subject: Subject
    x: Vector
    gradient: Vector
    gradient_eps: float
    base: float
    noise: float

    @property
    def eps(self) -> float:
        """The unit of the arithmetic that the numbers look like, single precision at most."""
        rounding = self.noise / (ROUNDINGS * abs(self.base)) if self.base else 0.0
        return max(self.gradient_eps, min(rounding, EPS["float32"]))

    def measure(self, direction: Vector, h: float) -> Slope | None:
        """The slope along ``direction`` with steps of ``h``, or ``None`` where φ has no value."""
        s = representable(self.x, direction * (h / 2), self.subject.grid)
        moved = np.flatnonzero(s)
        if not moved.size:
            return None
        g = {0: self.base}
        for n in _POINTS[1:]:
            g[n] = self.subject.value(self.x + n * s)
            if not isfinite(g[n]):
                return None
        noise = self.noise + ROUNDINGS * self.subject.eps * max(
            0.0, max(map(abs, g.values())) - abs(self.base)
        )
        terms = self.gradient[moved] * s[moved]
        return _extrapolated(g, noise, float(terms.sum()), float(np.abs(terms).sum()), h / 2)


def _extrapolated(
    g: dict[int, float], noise: float, claimed: float, size: float, unit: float
) -> Slope:
    """Both extrapolations; ``noise`` bounds the error of every value (weights are rounded up)."""
    odd = {n: (g[n] - g[-n]) / (2 * n) for n in (1, 2, 4)}
    fine, coarse = (4 * odd[1] - odd[2]) / 3, (4 * odd[2] - odd[4]) / 3
    value = (16 * fine - coarse) / 15
    even = {n: ((g[n] - g[0]) + (g[-n] - g[0])) / n for n in (1, 2, 4)}
    near, far = 2 * even[1] - even[2], 2 * even[2] - even[4]
    # Where the even part is no polynomial either, two odd parts may be close by chance.
    rough = abs(near - far)
    rough = rough if rough > ROUGH * (abs(value) + abs(near)) + 16 * noise else 0.0
    return Slope(
        claimed=claimed / unit,
        size=size / unit,
        value=value / unit,
        error=(1.5 * abs(fine - coarse) + 2 * noise + rough) / unit,
        jump=(8 * near - far) / 7 / unit,
        jump_error=(1.5 * abs(near - far) + 16 * noise) / unit,
        step=2 * unit,
        flat=len(set(g.values())) == 1,
        noisy=2 * noise >= abs(fine - coarse),
    )


def representable(x: Vector, s: Vector, eps: float) -> Vector:
    """The steps next to ``s`` for which x ± 4 s is exact with spacing ``eps`` at 1."""
    reach = np.abs(x) + 8 * np.abs(s)
    with np.errstate(under="ignore", over="ignore", invalid="ignore"):
        spacing = np.exp2(np.ceil(np.log2(np.maximum(reach, 1e-300)))) * eps
        return np.where(s == 0, 0.0, np.round(s / spacing) * spacing)


def place(subject: Subject, x: Vector, gradient: Vector, gradient_eps: float) -> Place:
    """The point ``x`` with what roundings of the arguments, and those inside, do to the value."""
    base, magnitude = subject.weighed(x)
    spread = 0.0
    rng = np.random.default_rng(0)
    for _ in range(PROBES):
        signs = rng.choice([-1.0, 1.0], x.shape)
        moved = subject.value(x * (1 + subject.eps * signs))
        spread = max(spread, abs(moved - base)) if isfinite(moved) else spread
    noise = ROUNDINGS * (spread + subject.eps * magnitude)
    return Place(subject, x, gradient, gradient_eps, base, max(noise, _inside(subject, x, rng)))


def _inside(subject: Subject, x: Vector, rng: np.random.Generator) -> float:
    """How far roundings inside a function may move it that works in fewer digits than it is given.

    Seen next to ``x``, for at ``x`` there may be a kink: equally spaced values either have third
    differences, or are stairs. The median leaves out the few differences that a kink makes large.
    """
    if subject.eps > FINE:
        return 0.0
    scale = subject.arguments.scale
    start, direction = (part * scale for part in rng.normal(size=(2, x.size)))
    for spacing in SPACINGS:
        values = [subject.value(x + 1e-3 * start + n * spacing * direction) for n in range(TABLE)]
        moves = np.diff(values)
        if not np.isfinite(moves).all():
            return 0.0
        if _inner_rests(moves) > (spacing > SPACINGS[0]):
            return ROUNDINGS / 4 * float(np.max(np.abs(moves)))
        if np.count_nonzero(moves) > TABLE / 2:
            break
    # A third difference of roundings is sqrt(1 + 9 + 9 + 1) times as large as one of them.
    return ROUNDINGS * float(np.median(np.abs(np.diff(moves, 2))) / np.sqrt(20))


def _inner_rests(moves: Vector) -> int:
    """How often values stay the same to the last bit between two that move, as on stairs."""
    return int(np.sum(np.diff(np.flatnonzero(moves)) > 1))


def best_slope(
    at: Place, direction: Vector, scale: float, rng: np.random.Generator
) -> Slope | None:
    """The slope with the smallest error bound over steps of all sizes; ``None`` without a value.

    Steps grow while roundings are what the error consists of and shrink while they are not; enough
    is reached where the error is as small as can be hoped for, relative to the slope or to
    ``scale``. No step is longer than entries of the array are, for what a function does far away
    says nothing about its slope. Steps carry a random factor, so that no period falls on them.
    """
    highest = int(np.floor(np.log10(at.subject.arguments.longest(direction))))
    goal = np.sqrt(at.subject.eps) / 10
    best: Slope | None = None
    decade, turn = START, 0
    while LOWEST <= decade <= highest:
        seen = at.measure(direction, 10.0**decade * rng.uniform(0.7, 1.4))
        if seen is not None and (best is None or seen.error < best.error or seen.still):
            best = seen
        wanted = -1 if seen is None or not seen.noisy else 1
        turn = turn or wanted
        if wanted != turn or (best is not None and best.enough(goal, scale)):
            break
        decade += turn
    return best
