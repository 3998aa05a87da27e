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

from verify.functional_arrays import Vector
from verify.functional_calls import ROUNDINGS, Subject

LOWEST, START, HIGHEST = -8, -2, 2
"""Powers of ten of the step, relative to the size of the arguments."""

PROBES = 4
"""Points moved by one rounding, to see how much roundings matter."""

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
    even = {n: ((g[n] - g[0]) + (g[-n] - g[0])) / n for n in (1, 2, 4)}
    near, far = 2 * even[1] - even[2], 2 * even[2] - even[4]
    return Slope(
        claimed=claimed / unit,
        size=size / unit,
        value=(16 * fine - coarse) / 15 / unit,
        error=(1.5 * abs(fine - coarse) + 2 * noise) / unit,
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
    """The point ``x`` with what roundings of the arguments do to the value there."""
    base, magnitude = subject.weighed(x)
    spread = 0.0
    rng = np.random.default_rng(0)
    for _ in range(PROBES):
        signs = rng.choice([-1.0, 1.0], x.shape)
        moved = subject.value(x * (1 + subject.eps * signs))
        spread = max(spread, abs(moved - base)) if isfinite(moved) else spread
    noise = ROUNDINGS * (spread + subject.eps * magnitude)
    return Place(subject, x, gradient, gradient_eps, base, noise)


def best_slope(
    at: Place, direction: Vector, scale: float, rng: np.random.Generator
) -> Slope | None:
    """The slope with the smallest error bound over steps of all sizes; ``None`` without a value.

    Steps grow while roundings are what the error consists of and shrink while they are not; enough
    is reached where the error is as small as can be hoped for, relative to the slope or to
    ``scale``. Steps carry a random factor, so that no period of the function falls on them.
    """
    goal = np.sqrt(at.subject.eps) / 10
    best: Slope | None = None
    decade, turn = START, 0
    while LOWEST <= decade <= HIGHEST:
        seen = at.measure(direction, 10.0**decade * rng.uniform(0.7, 1.4))
        if seen is not None and (best is None or seen.error < best.error):
            best = seen
        wanted = -1 if seen is None or not seen.noisy else 1
        turn = turn or wanted
        if wanted != turn or (best and best.error <= goal * max(best.scale, 1e-4 * scale)):
            break
        decade += turn
    return best
