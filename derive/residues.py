"""Arithmetic modulo 61-bit primes on arrays of unsigned 64-bit integers.

A prime ``p = 2^61 - c`` with small c reduces a product by shifts: ``a b = H 2^61 + L`` is
``c H + L`` modulo p. Factors are cut into halves of 30 and 31 bits, so that no step exceeds 64 bits
and no object arrays are needed. Elements are residues ``0 <= a < p``; every operation broadcasts.

Besides 2^61 - 1 there are two *ordered* primes, ``p = 2 q + 1`` with q prime and every prime up to
37 a square. There the squares behave as the positive numbers do: products and powers of squares
are squares, -1 is none, small positive rationals are, and each has one root of every order that is
a square again (their group has the prime order q). Sums of squares need not be squares.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import prod
from typing import Any

import numpy as np

Residues = Any
"""An array of residues, dtype uint64."""

BITS = 61
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_LOW31 = np.uint64(2**31 - 1)
_LOW30 = np.uint64(2**30 - 1)
_LOW32 = np.uint64(2**32 - 1)
_LOW61 = np.uint64(2**61 - 1)
_ONE, _30, _31, _32, _61 = (np.uint64(n) for n in (1, 30, 31, 32, 61))
_BLOCK = 2**13
_FEW = 32
"""Up to this many elements are inverted, or raised to a power, one by one."""


class Pole(ValueError):
    """A denominator is zero here, or a root is taken of what has none: another point is needed."""


@dataclass(frozen=True)
class Field:
    """The integers modulo the prime ``2^61 - c``, ``0 < c < 2^22``.

    ``ordered`` says that squares behave as positive numbers do.
    """

    c: int
    ordered: bool = False

    @property
    def prime(self) -> int:
        """The modulus."""
        return int(2**BITS) - self.c

    def __str__(self) -> str:
        return f"2{str(BITS).translate(_RAISED)} - {self.c}"

    def constant(self, value: Fraction | int) -> np.uint64:
        """The residue of a rational. Raises `Pole` where the denominator is a multiple of p."""
        value = Fraction(value)
        if value.denominator % self.prime == 0:
            raise Pole(f"{value} has no residue modulo {self}")
        return np.uint64(value.numerator * pow(value.denominator, -1, self.prime) % self.prime)

    def asarray(self, values: Any) -> Residues:
        """Residues stay; integers, fractions and (exactly) doubles are taken modulo p."""
        array = np.asarray(values)
        if array.dtype == np.uint64:
            return array
        if array.dtype.kind in "bi":
            return np.mod(array.astype(np.int64), self.prime).astype(np.uint64)
        out = np.empty(array.shape, dtype=np.uint64)
        for place in np.ndindex(array.shape):
            out[place] = self.constant(Fraction(array.item(place)))
        return out

    def draw(self, rng: np.random.Generator, shape: tuple[int, ...]) -> Residues:
        """Independent uniform residues."""
        return rng.integers(0, self.prime, size=shape, dtype=np.uint64)

    def from_bits(self, bits: Residues) -> Residues:
        """A residue from 64 random bits; uniform but for a part in 2^39."""
        return self._below(bits >> np.uint64(64 - BITS))

    def add(self, a: Residues, b: Residues) -> Residues:
        """``a + b``."""
        return self._below(np.add(a, b))

    def negative(self, a: Residues) -> Residues:
        """``-a``."""
        return self._below(np.uint64(self.prime) - a)

    def subtract(self, a: Residues, b: Residues) -> Residues:
        """``a - b``."""
        return self._below(a + (np.uint64(self.prime) - b))

    def multiply(self, a: Residues, b: Residues) -> Residues:
        """``a b``, in blocks that stay in cache where the result is large."""
        a, b = np.asarray(a), np.asarray(b)
        if prod(np.broadcast_shapes(a.shape, b.shape)) <= 2 * _BLOCK:
            return self._product(a, b)
        with np.nditer(
            [a, b, None],
            ["external_loop", "buffered"],
            [["readonly"], ["readonly"], ["writeonly", "allocate"]],
            order="C",
            buffersize=_BLOCK,
        ) as blocks:
            for x, y, out in blocks:
                out[...] = self._product(x, y)
            return blocks.operands[2]

    def _product(self, a: Residues, b: Residues) -> Residues:
        a1, a0, b1, b0 = a >> _31, a & _LOW31, b >> _31, b & _LOW31
        low = a0 * b0
        middle = a1 * b0 + a0 * b1 + (low >> _31)
        high = ((a1 * b1) << _ONE) + (middle >> _30)
        low = ((middle & _LOW30) << _31) | (low & _LOW31)
        return self._folded(high, low)

    def total(self, array: Residues, axes: tuple[int, ...]) -> Residues:
        """The sum over ``axes`` of at most 2^28 terms: halves of 32 bits are added apart."""
        low = np.sum(array & _LOW32, axis=axes, dtype=np.uint64)
        high = np.sum(array >> _32, axis=axes, dtype=np.uint64)
        return self.add(self.multiply(high, np.uint64(2**32)), low)

    def power(self, base: Residues, exponent: int) -> Residues:
        """``base^exponent``, also for a negative exponent. Raises `Pole` where ``0^-n``."""
        if exponent < 0:
            return self.power(self.inverse(base), -exponent)
        if np.size(base) <= _FEW:
            flat = [pow(int(b), exponent, self.prime) for b in np.ravel(base)]
            return np.array(flat, dtype=np.uint64).reshape(np.shape(base))
        window = [np.ones_like(base), base]
        digits = _digits(exponent)
        while len(window) <= max(digits):
            window.append(self.multiply(window[-1], base))
        result = window[digits[0]]
        for digit in digits[1:]:
            for _ in range(_WIDTH):
                result = self.multiply(result, result)
            if digit:
                result = self.multiply(result, window[digit])
        return result

    def inverse(self, array: Residues) -> Residues:
        """``1 / a`` by Montgomery's trick: one inversion for all, three products each.

        Raises `Pole` where an element is zero.
        """
        array = np.asarray(array)
        if not array.all():
            raise Pole("a denominator is zero")
        return self._inverses(array.reshape(-1)).reshape(array.shape)

    def sign(self, array: Residues) -> Residues:
        """1 for squares, -1 for what is none, 0 for 0, as int64 (Legendre's symbol)."""
        symbol = self.power(array, (self.prime - 1) // 2)
        return np.where(symbol <= _ONE, symbol.astype(np.int64), -1)

    def root(self, array: Residues, exponent: Fraction) -> Residues:
        """``array^exponent`` among the squares of an ordered prime.

        Raises `Pole` where an element is no square, or zero under a negative exponent.
        """
        q = (self.prime - 1) // 2
        if np.any(self.sign(array) < 0):
            raise Pole("a root of what is no square")
        if exponent < 0:
            array = self.inverse(array)
        top, bottom = abs(exponent.numerator), exponent.denominator
        return self.power(array, top * pow(bottom, -1, q) % q or q)

    def _inverses(self, flat: Residues) -> Residues:
        half = len(flat) // 2
        if len(flat) <= _FEW:
            return np.array([pow(int(a), -1, self.prime) for a in flat], dtype=np.uint64)
        first, second = flat[:half], flat[half : 2 * half]
        pairs = np.concatenate([self.multiply(first, second), flat[2 * half :]])
        inverses = self._inverses(pairs)
        turned = inverses[:half]
        return np.concatenate(
            [self.multiply(turned, second), self.multiply(turned, first), inverses[half:]]
        )

    def _folded(self, high: Residues, low: Residues) -> Residues:
        """``high 2^61 + low`` reduced, for ``high < 2^61 + 2^32`` and ``low < 2^61``."""
        if self.c == 1:
            return self._reduced(high + low)
        c = np.uint64(self.c)
        upper = (high >> _31) * c  # times 2^31
        carried = (upper >> _30) * c + ((upper & _LOW30) << _31)
        return self._reduced(low + (high & _LOW31) * c + carried)

    def _reduced(self, array: Residues) -> Residues:
        return self._below((array & _LOW61) + (array >> _61) * np.uint64(self.c))

    def _below(self, array: Residues) -> Residues:
        """``array`` less p where it is not below p; it is below 2 p."""
        prime = np.uint64(self.prime)
        return np.minimum(array, np.subtract(array, prime))  # below p, the difference wraps round


_WIDTH = 4
"""Bits of the exponent that one product takes care of."""


def _digits(exponent: int) -> list[int]:
    """The digits of the exponent to the base 2^`_WIDTH`, the first one first."""
    digits = []
    while exponent:
        digits.append(exponent % 2**_WIDTH)
        exponent >>= _WIDTH
    return digits[::-1] or [0]


MERSENNE = Field(1)
ORDERED = Field(636873, ordered=True)
ORDERED_TOO = Field(2242113, ordered=True)
