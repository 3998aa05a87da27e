"""What front matter says of the values of inputs and parameters: numbers, or what they satisfy.

    values: {x: 0.5, W: [[1, 2], [3, 4]], b_1: '1/3'}
    declare: {one-hot: [t], sum-to-one: ['y_{nk} over k'], binary: [d]}

Symbols are LaTeX or names in code; nothing here knows a model yet.
"""

from __future__ import annotations

from fractions import Fraction

from derive.given import RESTRICTIONS, Given, Numbers
from derive.reading.declarations import Front
from derive.reading.digits import DIGIT_LIMIT, magnitude
from derive.reading.types import label_heads, symmetric


def given(front: Front) -> Given:
    """The declarations of both keys. Raises `Problem` for what is no number or restriction."""
    values = {str(k): _numbers(front, str(k), v) for k, v in front.mapping("values").items()}
    declared = front.mapping("declare")
    if stray := [k for k in declared if k not in RESTRICTIONS]:
        expected = f"one of {', '.join(RESTRICTIONS)}"
        raise front.problem("declare", f"{stray[0]} is not known", expected)
    pairs = []
    for kind, names in declared.items():
        names = [names] if isinstance(names, str) else names
        if not isinstance(names, list) or not all(isinstance(n, str) for n in names):
            expected = "a list of names such as [t]"
            advice = "quote names that YAML reads as something else, as in 'y'"
            raise front.problem("declare", f"{kind}: {names!r} is no list", expected, advice)
        pairs += [(kind, name) for name in names]
    labels = label_heads(front)
    pairs += [("one-hot", name) for name in labels]
    pairs += [("symmetric", name) for name in symmetric(front)]
    return Given(values, tuple(pairs), labels)


def _numbers(front: Front, name: str, value: object) -> Numbers:
    if isinstance(value, list):
        return tuple(_numbers(front, name, v) for v in value)
    try:
        plain = isinstance(value, str | int | float) and not isinstance(value, bool)
        if plain and len(str(value)) + magnitude(str(value)) <= DIGIT_LIMIT:
            return Fraction(str(value).replace(",", "."))
    except (ValueError, ZeroDivisionError):
        pass  # told below
    expected = "0.5, '1/3' or [[1, 2], [3, 4]]"
    raise front.problem("values", f"{name}: {value!r} is no number", expected)
