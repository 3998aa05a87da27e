"""Digits: a delta on a mixed-radix number is a delta on every digit.

``[c*A + B = 0]`` with ``|B| < c`` is ``[A = 0][B = 0]``. This is what makes the flattening of
feature maps, ``m = N*N*(q - 1) + N*(j - 1) + i``, invertible.
"""

from __future__ import annotations

from derive.index import Index, Monomial, surely_nonnegative


def digits(index: Index) -> tuple[Index, ...]:
    """The indices that are all zero exactly where ``index`` is; itself if it does not split."""
    for radix in _radices(index):
        high, low = _divide(index, radix)
        if not high.axes or not low.terms:
            continue
        if surely_nonnegative(radix - 1 - low) and surely_nonnegative(radix - 1 + low):
            return (*digits(high), *digits(low))
    return (index,)


def _radices(index: Index) -> list[Index]:
    """Candidates: coefficients of the axes other than a unit, largest degree and value first."""
    found = {index.coefficient(a) for a in index.axes}
    positive = {c if surely_nonnegative(c) else -c for c in found}
    proper = [c for c in positive if c.value is None or c.value > 1]
    return sorted(proper, key=lambda c: (-max(len(m) for m, _ in c.terms), -(c.value or 0)))


def _divide(index: Index, radix: Index) -> tuple[Index, Index]:
    """``(A, B)`` with ``index = radix*A + B``, each term given to A where the radix divides it.

    The constant goes where B's interval becomes symmetric around zero for a numeric radix.
    """
    if len(radix.terms) != 1:
        return Index.of(0), index
    (monomial, scale) = radix.terms[0]
    high, low = [], []
    for term, coefficient in index.terms:
        rest = _quotient(term, monomial)
        if rest is not None and coefficient % scale == 0 and (term or not monomial):
            high.append((rest, coefficient // scale))
        else:
            low.append((term, coefficient))
    a, b = Index.collect(high), Index.collect(low)
    constant = b.constant.value
    if radix.value is not None and constant:
        carry = round(constant / radix.value)
        a, b = a + carry, b - carry * radix.value
    return a, b


def _quotient(term: Monomial, divisor: Monomial) -> Monomial | None:
    """The monomial ``term / divisor``, or ``None`` where it does not divide."""
    rest = list(term)
    for symbol in divisor:
        if symbol not in rest:
            return None
        rest.remove(symbol)
    return tuple(rest)
