r"""A constant factor that is missing: the sides of a wrong link are proportional.

It may be made of the model's sizes: where N is 5, ``\frac{1}{5}`` is right at this size alone and
``\frac{1}{N}`` at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import islice, product

from verify.attempt import Attempt
from verify.claim import sentence_of
from verify.edit import Edit
from verify.edit_screen import Screen
from verify.edit_stock import Stock
from verify.edit_terms import number_slot
from verify.scale import ratio

MOST = 6
"""Ways to make a number of the model's sizes that are tried."""


def constants(best: Attempt, screen: Screen) -> Iterator[Edit]:
    """The factor in front of the last side, as a number, then in sizes."""
    if best.statement is None or len(best.identities) != 1 or best.statement.kind != "equation":
        return
    setting = screen.setting
    found = ratio(best.identities[0], setting.bench.sample)
    if found is None or abs(found) == 1:
        return  # a sign alone is an edit of its own
    sentence = sentence_of(screen.text)
    bench = setting.bench
    stock = Stock(screen.scope, bench.model, bench.fixed, screen.text, sentence.nodes)
    slot = number_slot(sentence.nodes[-1], screen.text)
    sign, size = ("-" if found < 0 else ""), abs(found)
    for factor in dict.fromkeys(
        (_written(size.numerator, size), *islice(_in_sizes(size, stock), MOST))
    ):
        yield slot.edit(sign + factor, f"the factor ${sign}{factor}$ is missing", 3)


def _written(top: int | str, value: Fraction) -> str:
    return str(top) if value.denominator == 1 else rf"\frac{{{top}}}{{{value.denominator}}}"


def _in_sizes(value: Fraction, stock: Stock) -> Iterator[str]:
    """The number as a size, its inverse, or a ratio of two, with a 2 where that is needed."""
    sizes = [(text, n) for text, n in stock.size_values() if n > 1]
    for (above, p), (below, q) in product([("", 1), *sizes], repeat=2):
        for two in (Fraction(1), Fraction(2), Fraction(1, 2)):
            if above != below and value == two * p / q:
                top = f"{two.numerator if two.numerator > 1 or not above else ''} {above}".strip()
                bottom = f"{two.denominator if two.denominator > 1 else ''} {below}".strip()
                yield rf"\frac{{{top}}}{{{bottom}}}" if bottom else top
