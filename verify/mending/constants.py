r"""A constant factor that is missing: the sides of a wrong link are proportional.

It may be made of the model's sizes: where N is 5, ``\frac{1}{5}`` is right at this size alone and
``\frac{1}{N}`` at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import islice, product

from derive.expr import accesses
from derive.reading.surface import Binary, Fraction_, Group, Name, Node, Numeral, walk
from verify.attempt import Attempt
from verify.claim import sentence_of
from verify.compare import plainly_differs
from verify.mending.edit import Edit, typed
from verify.mending.factors_elsewhere import Elsewhere
from verify.mending.screen import Screen
from verify.mending.stock import Stock
from verify.mending.terms import factors, number_slot
from verify.scale import ratio

MOST = 6
"""Ways to make a number of the model's sizes that are tried."""


def constants(best: Attempt, screen: Screen) -> Iterator[Edit]:
    """The factor in front of the last side, as a number, then in sizes."""
    if best.statement is None or not best.identities or best.statement.kind != "equation":
        return
    *right, link = best.identities
    if any(plainly_differs(other, screen.setting.bench.sample) for other in right):
        return
    if not any(accesses(side) for side in (link.left, link.right)):
        yield from _sizes(screen.text)  # any two numbers are multiples of each other
        return
    setting = screen.setting
    found = ratio(link, setting.bench.sample)
    if found is None or abs(found) == 1:
        return  # a sign alone is an edit of its own
    sentence = sentence_of(screen.text)
    bench = setting.bench
    stock = Stock(screen.scope, bench.model, bench.fixed, screen.text, sentence.nodes)
    slot = number_slot(sentence.nodes[-1], screen.text)
    sign, size = ("-" if found < 0 else ""), abs(found)
    there = Elsewhere(screen, best)
    if found > 0:
        yield from _shown(sentence.nodes[-1], size, stock, there)
    sizes = islice(_in_sizes(Fraction(1), size, stock, there), MOST)
    for factor in dict.fromkeys((_written(size.numerator, size), *sizes)):
        yield slot.edit(sign + factor, f"the factor ${sign}{factor}$ is missing", 3)


def _sizes(text: str) -> Iterator[Edit]:
    """A size of the formula in the place of a number."""
    last = sentence_of(text).nodes[-1]
    names = dict.fromkeys(typed(n, text) for n in walk(last) if isinstance(n, Name))
    for node in (n for n in walk(last) if isinstance(n, Numeral)):
        for name in names:
            own = typed(node, text)
            yield Edit(node.span, name, f"${own}$ should be ${name}$", 3)


def _shown(side: Node, missing: Fraction, stock: Stock, there: Elsewhere) -> Iterator[Edit]:
    """A number that is shown in front, made of sizes, 1/N for 1/3, or as the right one."""
    text = stock.text
    for node in factors(side):
        value = _value(node)
        if value is not None and value != 1:
            right = value * missing
            sizes = islice(_in_sizes(value, missing, stock, there), MOST)
            for new in dict.fromkeys((*sizes, _written(right.numerator, right))):
                what = f"the factor ${typed(node, text)}$ should be ${new}$"
                yield Edit(node.span, new, what, 3)


def _value(node: Node) -> Fraction | None:
    """The number that a factor is, a quotient of two or in brackets."""
    match node:
        case Numeral(value=value):
            return value
        case Group(body=body):
            return _value(body)
        case Fraction_(top=Numeral(value=top), bottom=Numeral(value=bottom)) if bottom:
            return top / bottom
        case Binary(operator="/", left=Numeral(value=top), right=Numeral(value=bottom)) if bottom:
            return top / bottom
    return None


def _written(top: int | str, value: Fraction) -> str:
    return str(top) if value.denominator == 1 else rf"\frac{{{top}}}{{{value.denominator}}}"


def _in_sizes(shown: Fraction, missing: Fraction, stock: Stock, there: Elsewhere) -> Iterator[str]:
    """What is shown times what is missing, as a size or a ratio of two, with a 2 where needed."""
    value = shown * missing
    sizes = [(text, n) for text, n in stock.size_values() if n > 1]
    for (above, p), (below, q) in product([("", 1), *sizes], repeat=2):
        for two in (Fraction(1), Fraction(2), Fraction(1, 2)):
            if above == below or value != two * p / q:
                continue
            if there.agrees(shown, two, above, below):
                top = f"{two.numerator if two.numerator > 1 or not above else ''} {above}".strip()
                bottom = f"{two.denominator if two.denominator > 1 else ''} {below}".strip()
                yield rf"\frac{{{top}}}{{{bottom}}}" if bottom else top
