"""How long numbers may be: a few characters such as ``1e999999999`` stand for a billion digits."""

from __future__ import annotations

import re

DIGIT_LIMIT = 300
"""Digits of a number that is read, its power of ten included: no double could hold more."""
_EXPONENT = re.compile(r"[eE][+-]?0*(\d+)\s*$")


def magnitude(text: str) -> int:
    """The digits that the power of ten behind a number stands for: 5 of ``2.5e-05``."""
    match = _EXPONENT.search(text)
    if match is None:
        return 0
    return int(match[1]) if len(match[1]) < DIGIT_LIMIT else 10 * DIGIT_LIMIT
