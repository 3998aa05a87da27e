r"""Functions of residues: rational ones exactly, every other value as an *atom*.

An atom is a residue that is drawn for a function and its argument's residue, so that the same value
met on two ways is one atom. An identity between rational functions of atoms then holds for every
function with the derivatives that `derive.rules` gives, the real one among them. What is known of a
function at one argument alone holds by construction: exp, logistic and tanh are rational in one
atom ``e(x)`` with ``e(-x) = 1/e(x)``; sine and cosine are rational in the tangent of half the
angle; ``softplus(x) - softplus(-x) = x``; ``step(-x) = 1 - step(x)``. What is known at two
arguments, ``exp(x + y)``, is for `derive.exponents` to put in beforehand.

`formal` residues have free masks: ``relu(x) = m x`` with a residue m, so that what holds, holds for
every pattern of signs at once. `ordered` residues have squares for positive numbers: masks are 0 or
1, and roots are roots.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from hashlib import blake2b

import numpy as np

from derive.arithmetic import Array, Numbers
from derive.exponents import LOGISTIC_OF_LOG, TANH_OF_LOG
from derive.laws import exponent_of
from derive.residues import Field
from derive.rules import LEAK

Live = Array | None

DENSE = 2**20
LIMIT = 2**25


@dataclass(frozen=True)
class Choice:
    """What was drawn for masks: ``taken`` of ``options`` values, entry by entry."""

    taken: Array
    options: int


class Formal:
    """Residues whose masks and roots are free."""

    def __init__(self, field: Field, seed: int) -> None:
        self.field = field
        self.seed = seed
        self.choices: list[Choice] = []

    def apply(self, function: str, arguments: tuple[Array, ...], live: Live) -> Array:
        """``function(*arguments)``, right where ``live``. Raises `Pole`."""
        known = _FUNCTIONS.get(function)
        if known is not None:
            return known(self, *arguments)
        if function == "pow":
            return self._power(arguments[0], arguments[1], live)
        exponent = exponent_of(function)
        if exponent is not None:
            return self.root(_calm(arguments[0], live), exponent)
        return self.free(function, *arguments)

    def free(self, name: str, *arguments: Array) -> Array:
        """An independent residue for every value of ``arguments``, the same whenever it is met."""
        digest = blake2b(f"{self.seed} {self.field.c} {name}".encode(), digest_size=16).digest()
        first, second = np.frombuffer(digest, dtype=np.uint64)
        with np.errstate(over="ignore"):
            state = first
            for argument in arguments:
                state = _mixed(_mixed(np.asarray(argument) ^ state) + second)
        return self.field.from_bits(state)

    def root(self, array: Array, exponent: Fraction) -> Array:
        """``array^exponent`` as a power of one free root of the denominator's order."""
        free = self.free(f"root {exponent.denominator}", array)
        return self.field.power(np.where(array == 0, array, free), exponent.numerator)

    def step(self, x: Array) -> Array:
        """A free residue with ``step(-x) = 1 - step(x)``."""
        return np.where(x == 0, x, self.field.add(self.odd("step", x), self._half))

    def winner(self, windows: Array, place: Array) -> Array:
        """Free weights of each window's entries at ``place``; those of a window add up to 1."""
        field, count = self.field, windows.shape[-1]
        window = field.total(self.free("window", windows), (windows.ndim - 1,))
        weights = self.free("winner", windows, window[..., None])
        missing = field.subtract(np.uint64(1), field.total(weights, (windows.ndim - 1,)))
        share = field.multiply(missing, field.constant(Fraction(1, count)))
        return _at(field.add(weights, share[..., None]), place)

    def odd(self, name: str, x: Array) -> Array:
        """A free residue with ``odd(-x) = -odd(x)``."""
        return self.field.subtract(self.free(name, x), self.free(name, self.field.negative(x)))

    def exp_pair(self, x: Array) -> tuple[Array, Array]:
        """Numerator and denominator of ``e(x)``, exchanged for ``-x``."""
        return self.free("exp", x), self.free("exp", self.field.negative(x))

    @property
    def _half(self) -> Array:
        return self.field.constant(Fraction(1, 2))

    def _power(self, base: Array, exponent: Array, live: Live) -> Array:
        if isinstance(exponent, int):
            return self.field.power(_calm(base, live) if exponent < 0 else base, exponent)
        return self.free("pow", base, exponent)


class Ordered(Formal):
    """Residues modulo an ordered prime, whose squares are the positive numbers.

    ``choices`` records what the masks were, in order of evaluation.
    """

    def step(self, x: Array) -> Array:
        """1 for squares other than 0."""
        positive = self.field.sign(x) > 0
        self.choices.append(Choice(positive.astype(np.int8), 2))
        return positive.astype(np.uint64)

    def root(self, array: Array, exponent: Fraction) -> Array:
        """The root that is a square. Raises `Pole` where ``array`` is none."""
        return self.field.root(array, exponent)

    def winner(self, windows: Array, place: Array) -> Array:
        """1 at the place of the largest residue of each window, else 0."""
        best = windows.argmax(axis=-1)
        self.choices.append(Choice(best, windows.shape[-1]))
        return (best == place).astype(np.uint64)


def formal(field: Field, seed: int) -> Numbers:
    """Residues with free masks and roots."""
    return numbers(Formal(field, seed))


def numbers(atoms: Formal) -> Numbers:
    """The number type of these atoms, for `derive.evaluate`."""
    field = atoms.field
    return Numbers(
        name=f"residues modulo {field}",
        xp=np,
        asarray=field.asarray,
        constant=field.constant,
        apply=atoms.apply,
        total=field.total,
        winner=atoms.winner,
        add=field.add,
        multiply=field.multiply,
        dense=DENSE,
        limit=LIMIT,
    )


def _mixed(state: Array) -> Array:
    """The finaliser of SplitMix64, a bijection (Steele, Lea and Flood 2014)."""
    state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return state ^ (state >> np.uint64(31))


def _calm(array: Array, live: Live) -> Array:
    """``array`` with 1 where nothing depends on it, so that no pole is found there."""
    return array if live is None else np.where(live, array, np.uint64(1))


def _at(weights: Array, place: Array) -> Array:
    """The entry of every window at its place."""
    common = np.broadcast_shapes(weights.shape[:-1], np.shape(place))
    spread = np.broadcast_to(weights, (*common, weights.shape[-1]))
    return np.take_along_axis(spread, np.broadcast_to(place, common)[..., None], -1)[..., 0]


def _fraction_of(field: Field, top: Array, bottom: Array) -> Array:
    return field.multiply(top, field.inverse(bottom))


def _exp(atoms: Formal, x: Array) -> Array:
    return _fraction_of(atoms.field, *atoms.exp_pair(x))


def _share(field: Field, top: Array, bottom: Array) -> Array:
    return _fraction_of(field, top, field.add(top, bottom))


def _contrast(field: Field, top: Array, bottom: Array) -> Array:
    squares = field.multiply(top, top), field.multiply(bottom, bottom)
    return _fraction_of(field, field.subtract(*squares), field.add(*squares))


def _softplus(atoms: Formal, x: Array) -> Array:
    """``x / 2`` and a free even part."""
    field = atoms.field
    even = field.add(atoms.free("softplus", x), atoms.free("softplus", field.negative(x)))
    return field.add(field.multiply(x, field.constant(Fraction(1, 2))), even)


def _half_angle(atoms: Formal, x: Array) -> tuple[Array, Array, Array]:
    """``(2 t, 1 - t^2, 1 + t^2)`` with t the tangent of half the angle."""
    field, t = atoms.field, atoms.odd("tan", x)
    square, one = field.multiply(t, t), np.uint64(1)
    return field.add(t, t), field.subtract(one, square), field.add(one, square)


def _sin(atoms: Formal, x: Array) -> Array:
    sine, _, whole = _half_angle(atoms, x)
    return _fraction_of(atoms.field, sine, whole)


def _cos(atoms: Formal, x: Array) -> Array:
    _, cosine, whole = _half_angle(atoms, x)
    return _fraction_of(atoms.field, cosine, whole)


def _log(atoms: Formal, x: Array) -> Array:
    return np.where(x == 1, np.uint64(0), atoms.free("log", x))


def _sign(atoms: Formal, x: Array) -> Array:
    field, mask = atoms.field, atoms.step(x)
    return np.where(x == 0, x, field.subtract(field.add(mask, mask), np.uint64(1)))


def _relu(atoms: Formal, x: Array) -> Array:
    return atoms.field.multiply(x, atoms.step(x))


def _leaky_relu(atoms: Formal, x: Array) -> Array:
    field = atoms.field
    rest = field.multiply(field.constant(1 - LEAK), atoms.step(x))
    return field.multiply(x, field.add(field.constant(LEAK), rest))


def _maximum(atoms: Formal, x: Array, y: Array) -> Array:
    return atoms.field.add(y, _relu(atoms, atoms.field.subtract(x, y)))


def _minimum(atoms: Formal, x: Array, y: Array) -> Array:
    return atoms.field.subtract(y, _relu(atoms, atoms.field.subtract(y, x)))


_FUNCTIONS: dict[str, Callable[..., Array]] = {
    "exp": _exp,
    "logistic": lambda atoms, x: _share(atoms.field, *atoms.exp_pair(x)),
    "tanh": lambda atoms, x: _contrast(atoms.field, *atoms.exp_pair(x)),
    LOGISTIC_OF_LOG: lambda atoms, e: _share(atoms.field, e, np.ones_like(e)),
    TANH_OF_LOG: lambda atoms, e: _contrast(atoms.field, e, np.ones_like(e)),
    "softplus": _softplus,
    "sin": _sin,
    "cos": _cos,
    "log": _log,
    "step": lambda atoms, x: atoms.step(x),
    "sign": _sign,
    "abs": lambda atoms, x: atoms.field.multiply(x, _sign(atoms, x)),
    "relu": _relu,
    "leaky_relu": _leaky_relu,
    "maximum": _maximum,
    "minimum": _minimum,
}
