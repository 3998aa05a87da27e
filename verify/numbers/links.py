r"""One link of a chain in which numbers are shown, judged by the digits.

arithmetic = number        exact: proved; right to the digits shown: confirmed
arithmetic = arithmetic    equal, or one literal of the right side is a rounded value
quantity = number, table   the model's value to the digits shown, cell by cell
quantity = arithmetic      the numbers put in are the digits of what they stand for
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from mpmath import mpf, nstr, workdps

from derive.errors import Problem
from derive.reading.scope import Scope
from derive.reading.sentence import Sentence
from derive.reading.shown import Shown, decimals, shown_number
from verify.compare import Outcome
from verify.numbers.cells import Cell
from verify.numbers.rounding import Fit, decimal_text, fit, fraction
from verify.numbers.sides import Side, addends, arithmetic, literals, read_side, with_literal
from verify.numbers.suggestions import Edit, WrongCell
from verify.verdict import Evidence, Part, Status

RIGHT = frozenset({Fit.EXACT, Fit.ROUNDED})
LENIENT = RIGHT | {Fit.TRUNCATED, Fit.SINGLE}
"""What ``\approx`` accepts: a last digit cut off, what a program printed in single precision."""
LEAST_DECIMALS = 4
MOST_SHOWN = 40
"""A number with more characters is not suggested."""
EQUAL = Fraction(1, 10**36)
"""Relative distance of two values of fifty digits that are one and the same."""


@dataclass(frozen=True)
class Found:
    """The outcome of a link, its cells where there are several, and the right digits.

    ``wrong`` are the wrong cells, ``edit`` is what makes numbers put in right. ``valueless`` says
    that nothing gives a value to what is read; ``taken`` that the numbers shown hold from there on,
    although it is open whether they are right.
    """

    outcome: Outcome
    parts: tuple[Part, ...] = ()
    right: str | None = None
    valueless: bool = False
    taken: bool = False
    wrong: tuple[WrongCell, ...] = ()
    edit: Edit | None = None


def same(left: object, right: object) -> bool:
    """Whether two values are equal as rationals, or to all digits that are computed."""
    a, b = fraction(left), fraction(right)
    if isinstance(left, mpf) or isinstance(right, mpf):
        return abs(a - b) <= EQUAL * max(abs(a), abs(b))
    return a == b


# Arithmetic


def arithmetic_and_number(value: object, shown: Shown, about: bool) -> Found:
    """A value computed from literals against the number shown for it."""
    found = fit(value, shown)
    detail = f"the value is {long_text(value)}"
    if found is Fit.EXACT:
        return accepted(Status.PROVED, "equal as rational numbers", "arithmetic", detail)
    if found in (LENIENT if about else RIGHT):
        return accepted(Status.CONFIRMED, "right to the digits shown", "digits", detail)
    return _refuted_number(value, shown, found)


def numbers(left: Shown, right: Shown, about: bool) -> Found:
    """Two displayed numbers; the one with fewer digits may be the other rounded."""
    if left.places >= right.places:
        return arithmetic_and_number(left.value, right, about)
    return arithmetic_and_number(right.value, left, about)


def _refuted_number(value: object, shown: Shown, found: Fit) -> Found:
    right = right_digits(value, shown)
    whole = in_its_manner(value, shown)
    message = f"the value is {whole}; {_how(found)}"
    if len(right) <= MOST_SHOWN and right != whole:
        message = f"the value is {whole}, {right} to as many digits; {_how(found)}"
    evidence = (Evidence("digits", "differs", f"{_digits(shown)} against {whole}"),)
    counter = {"shown": _digits(shown), "value": whole}
    outcome = Outcome(Status.REFUTED, message, None, evidence, counter)
    return Found(outcome, (), right if len(right) <= MOST_SHOWN else None)


def right_digits(value: object, shown: Shown) -> str:
    """The value to as many decimals as are shown; more where these would be the wrong digits."""
    comma = "," in shown.text
    right = decimal_text(value, max(0, min(shown.places, 40)), comma)
    if Fraction(right.replace(",", ".")) == shown.value:  # a whole digit that is not near enough
        return decimal_text(value, LEAST_DECIMALS, comma)
    return right


def _how(found: Fit) -> str:
    return {
        Fit.TRUNCATED: "the number shown is cut off, not rounded",
        Fit.SINGLE: "the number shown is right to single precision only",
        Fit.LAST_DIGIT: "the last digit is off by one",
    }.get(found, "the number shown is wrong")


def accepted(status: Status, message: str, method: str, detail: str) -> Found:
    """A right link with its evidence."""
    evidence = (Evidence(method, "agrees", detail),)
    return Found(Outcome(status, message, None, evidence))


def arithmetic_links(left: Side, right: Side, sentence: Sentence, scope: Scope) -> Found:
    """Two sides of arithmetic: equal, or equal once one literal of the right side is unrounded."""
    first, second = arithmetic(left.body), arithmetic(right.body)
    if same(first, second):
        exact = not isinstance(first, mpf) and not isinstance(second, mpf)
        status = Status.PROVED if exact else Status.CONFIRMED
        message = "equal as rational numbers" if exact else "equal to fifty digits"
        return accepted(status, message, "arithmetic", f"both are {long_text(first)}")
    for offset, shown, needed in _solved(first, right, sentence, scope):
        if fit(needed, shown) in RIGHT:
            message = f"right where {shown.text} is {long_text(needed)}, rounded"
            detail = f"unrounded at position {offset} both sides are {long_text(first)}"
            return accepted(Status.CONFIRMED, message, "digits", detail)
    if _term_by_term(left, right, sentence, scope):
        detail = f"the sum is {long_text(first)}"
        message = "every number is that of the term in its place, to the digits shown"
        return accepted(Status.CONFIRMED, message, "digits", detail)
    if within_digits(first, second, right, sentence, scope):
        message = "agrees only to within the digits of the numbers on the right side"
        return Found(Outcome(Status.UNDECIDED, message))
    message = f"the sides differ: {long_text(first)} against {long_text(second)}"
    evidence = (Evidence("arithmetic", "differs", message),)
    counter = {"left": long_text(first), "right": long_text(second)}
    return Found(Outcome(Status.REFUTED, message, None, evidence, counter))


def _term_by_term(left: Side, right: Side, sentence: Sentence, scope: Scope) -> bool:
    """Whether the right side shows a number for every term of a sum, each right by its digits."""
    terms, shown = addends(left.node), [shown_number(n) for n in addends(right.node)]
    if len(terms) != len(shown) or len(terms) < 2:
        return False
    values = (arithmetic(read_side(n, left.text, sentence, scope).body) for n in terms)
    return all(
        s is not None and s.places > 0 and fit(v, s) in RIGHT
        for v, s in zip(values, shown, strict=True)
    )


def with_decimals(side: Side) -> list[tuple[int, Shown]]:
    """The literals with decimals of a side, by their offsets."""
    found = []
    for literal in literals(side.node):
        places = decimals(literal.text)
        if places > 0:
            found.append((literal.span.start, Shown(literal.value, places, literal.text)))
    return found


def _solved(
    target: object, side: Side, sentence: Sentence, scope: Scope
) -> Iterator[tuple[int, Shown, Fraction]]:
    """For every literal that enters linearly: the value with which the side equals ``target``."""
    for offset, shown in with_decimals(side):
        at = [literal_value(side, sentence, scope, {offset: shown.value + k}) for k in (0, 1, 2)]
        if any(v is None for v in at):
            continue
        zero, one, two = (fraction(v) for v in at)
        slope = one - zero
        straight = abs(two - one - slope) <= EQUAL * max(abs(slope), abs(one))
        if slope and straight:
            yield offset, shown, shown.value + (fraction(target) - zero) / slope


def literal_value(side: Side, sentence: Sentence, scope: Scope, values: dict[int, Fraction]) -> Any:
    """The side's value with other numbers for its literals; ``None`` where it has none."""
    try:
        return arithmetic(with_literal(side, sentence, scope, values).sides[0].body)
    except Problem:
        return None


def within_digits(
    target: object,
    value: object,
    side: Side,
    sentence: Sentence,
    scope: Scope,
    exact: Collection[Fraction] = (),
) -> bool:
    """Whether the distance is what the last digits of all literals explain that are not exact."""
    reach = Fraction(0)
    for offset, shown in with_decimals(side):
        if shown.value in exact:
            continue
        moved = literal_value(side, sentence, scope, {offset: shown.value + shown.unit})
        if moved is None:
            return False
        reach += abs(fraction(moved) - fraction(value))
    return abs(fraction(target) - fraction(value)) <= reach


# Quantities


def cells_against(cells: tuple[Cell, ...], about: bool, note: str = "") -> Found:
    """All cells of a table, each a part where there are several."""
    fitting = LENIENT if about else RIGHT
    wrong = [c for c in cells if c.fit not in fitting]
    parts = tuple(_part(c, fitting) for c in cells) if len(cells) > 1 else ()
    if not wrong:
        message = "the model's value" + _precision(cells)
        if len(cells) > 1:
            message = f"all {len(cells)} numbers are the model's" + _precision(cells)
        detail = note or f"the value is {long_text(cells[0].value)}"
        return Found(accepted(Status.CONFIRMED, message, "digits", detail).outcome, parts)
    worst = wrong[0]
    found = _refuted_number(worst.value, worst.shown, worst.fit)
    if len(cells) == 1:
        return found
    where = f"row {worst.row}, column {worst.column}"
    count = f"{len(wrong)} of {len(cells)} numbers are wrong; " if len(wrong) > 1 else ""
    message = f"{count}{where} shows {_digits(worst.shown)}: {found.outcome.message}"
    counter = {"row": worst.row, "column": worst.column, **(found.outcome.counterexample or {})}
    outcome = Outcome(Status.REFUTED, message, None, found.outcome.evidence, counter)
    right = tuple((c.row, c.column, right_digits(c.value, c.shown)) for c in wrong)
    return Found(outcome, parts, found.right if len(wrong) == 1 else None, wrong=right)


def _precision(cells: tuple[Cell, ...]) -> str:
    fits = {c.fit for c in cells}
    if fits <= {Fit.EXACT}:
        return ""
    return ", to single precision" if Fit.SINGLE in fits else ", to the digits shown"


def _part(cell: Cell, fitting: frozenset[Fit]) -> Part:
    status = Status.CONFIRMED if cell.fit in fitting else Status.REFUTED
    message = f"{_digits(cell.shown)}; the value is {in_its_manner(cell.value, cell.shown)}"
    return Part(f"row {cell.row}, column {cell.column}", status, message)


def _digits(shown: Shown) -> str:
    sign = "-" if shown.value < 0 else ""
    return sign + shown.text


def long_text(value: object, digits: int = 12) -> str:
    """A value with its first digits; a whole number as it is."""
    exact = fraction(value)
    if exact.denominator == 1 and abs(exact) < 10**digits:
        return str(exact.numerator)
    if (
        not isinstance(value, mpf)
        and (text := _finite(exact)) is not None
        and len(text) < digits + 4
    ):
        return text
    with workdps(digits + 5):
        return str(nstr(mpf(exact.numerator) / exact.denominator, digits))


def in_its_manner(value: object, shown: Shown) -> str:
    """A value with the decimal mark of the number shown for it."""
    return long_text(value).replace(".", ",") if "," in shown.text else long_text(value)


def _finite(value: Fraction) -> str | None:
    """The decimals of a rational that has finitely many."""
    places, rest = 0, value.denominator
    while rest % 10 == 0 or rest % 2 == 0 or rest % 5 == 0:
        rest = rest // 10 if rest % 10 == 0 else rest // (2 if rest % 2 == 0 else 5)
        places += 1
        if places > 40:
            return None
    return decimal_text(value, places).rstrip("0").rstrip(".") if rest == 1 and places else None
