r"""The cosine of the angle between two vectors, ``\cos(a, b) = a^T b / (\|a\| \|b\|)``."""

from __future__ import annotations

from derive.expr import Apply, power, product, quotient
from derive.reading.arrays import ArrayValue
from derive.reading.products import dot, total

COSINE = "cosine"
_ANGLES = ("cos", 0)


def cosine(left: ArrayValue, right: ArrayValue) -> ArrayValue:
    """Of vectors of one length. Raises `ShapeMismatch` for others."""
    inner = dot(left, right, None)
    lengths = (Apply("sqrt", (total(v.map(lambda x: power(x, 2))).body,)) for v in (left, right))
    return ArrayValue((), quotient(inner.body, product(*lengths)))


def of_two(function: tuple[str, int], count: int) -> tuple[str, int]:
    """The function that a name means before so many arguments: a cosine of two is of an angle."""
    return (COSINE, 0) if function == _ANGLES and count == 2 else function
