r"""Numbers put in for symbols: every literal shows the digits of some value of the model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import islice, product

from derive.reading.scope import Scope
from derive.reading.sentence import Sentence
from derive.reading.shown import Shown
from derive.reading.surface import Span
from verify.compare import Outcome
from verify.numbers.links import Found, accepted, in_its_manner, literal_value, same, with_decimals
from verify.numbers.rounding import Fit, decimal_text, digits_shown, fit, fraction
from verify.numbers.sides import Side
from verify.numbers.suggestions import Edit
from verify.verdict import Evidence, Status

MOST_MEANINGS = 512
"""Most ways to understand the literals of one side that are tried."""

CUT = ", cut off and not rounded"

OTHER = Fraction(1, 97)
"""What is added to a literal to see whether it counts."""

RIGHT = (Fit.EXACT, Fit.ROUNDED, Fit.TRUNCATED)
LEAST_DIGITS = 2
"""Significant digits by which a literal shows which entry it is of."""


def put_in(
    value: object,
    side: Side,
    sentence: Sentence,
    scope: Scope,
    entries: Iterable[tuple[str, object]],
) -> Found | None:
    """``0.5 (1 - 0.5470)^2`` for a quantity: every literal is the digits of some entry.

    ``None`` where no way to put the entries back gives ``value`` again.
    """
    known = list(entries)
    for nearly in (False, True):
        found = _put_in(value, side, sentence, scope, known, nearly)
        if found is not None:
            return found
    return None


def _put_in(
    value: object,
    side: Side,
    sentence: Sentence,
    scope: Scope,
    entries: list[tuple[str, object]],
    nearly: bool,
) -> Found | None:
    """The same; where literals may be off by one in their last digit, that is what is wrong."""
    written = with_decimals(side)
    choices = [list(meanings(shown, entries, nearly)) for _, shown in written]
    for chosen in islice(product(*choices), MOST_MEANINGS):
        values = {
            offset: fraction(v) for (offset, _), (_, v, _) in zip(written, chosen, strict=True)
        }
        again = literal_value(side, sentence, scope, values)
        if again is not None and same(value, again):
            words = []
            for (offset, shown), (name, v, how) in zip(written, chosen, strict=True):
                if how is Fit.LAST_DIGIT:
                    return _off_by_one(shown, name, v, offset)
                if name:
                    how_shown = CUT if how is Fit.TRUNCATED else ""
                    words.append(f"{shown.text} stands for {name}{how_shown}")
            detail = "; ".join(dict.fromkeys(words)) or "the numbers are exact"
            cut = [w for w in words if w.endswith(CUT)]
            of_nothing = [
                written[k][1].text
                for k, (name, _, _) in enumerate(chosen)
                if not name and _is_of_nothing(written[k][1], entries)
                and _counts_not(k, list(values.items()), value, side, sentence, scope)
            ]  # fmt: skip
            return accepted(Status.CONFIRMED, _right(of_nothing, cut), "digits", detail)
    return None


def _right(of_nothing: list[str], cut: list[str]) -> str:
    """That the numbers are right; some are cut off, or stand for nothing and count 0 times."""
    right = "the numbers put in are the model's values"
    if of_nothing:
        some = ", ".join(dict.fromkeys(of_nothing))
        right += f" but for {some}, which is none of them and is multiplied by 0"
    return "; ".join(dict.fromkeys((right, *cut)))


def _is_of_nothing(shown: Shown, entries: list[tuple[str, object]]) -> bool:
    """Whether a decimal fraction shows the digits of no entry, and of no 1 less one.

    A single digit shows only what it is itself.
    """
    fitting = RIGHT if digits_shown(shown) >= LEAST_DIGITS else (Fit.EXACT,)
    values = (n for _, v in entries for n in (fraction(v), -fraction(v), 1 - fraction(v)))
    return shown.places > 0 and not any(fit(v, shown) in fitting for v in values)


def _counts_not(
    k: int,
    values: list[tuple[int, Fraction]],
    value: object,
    side: Side,
    sentence: Sentence,
    scope: Scope,
) -> bool:
    """Whether another number in the place of this literal gives the same."""
    offset, own = values[k]
    again = literal_value(side, sentence, scope, {**dict(values), offset: own + OTHER})
    return again is not None and same(value, again)


def _off_by_one(shown: Shown, name: str, value: object, offset: int) -> Found:
    right = decimal_text(value, shown.places, "," in shown.text)
    whole = in_its_manner(value, shown)
    message = f"{shown.text} stands for {name} = {whole}, {right} to as many digits"
    evidence = (Evidence("digits", "differs", message),)
    counter = {"shown": shown.text, "value": whole}
    edit = Edit(Span(offset, offset + len(shown.text)), right)
    return Found(Outcome(Status.REFUTED, message, None, evidence, counter), edit=edit)


def meanings(
    shown: Shown, entries: list[tuple[str, object]], nearly: bool
) -> Iterator[tuple[str, object, Fit]]:
    """The literal itself, then the entries of which it shows the digits, up to its sign.

    A single digit is that of too many entries: 0.1 is 0.1, not what is rounded to it.
    """
    yield "", shown.value, Fit.EXACT
    if digits_shown(shown) < LEAST_DIGITS:
        return
    fitting = (Fit.ROUNDED, Fit.TRUNCATED, *((Fit.LAST_DIGIT,) if nearly else ()))
    for name, value in entries:
        for sign in (1, -1):
            meant = fraction(value) * sign
            found = fit(meant, shown)
            if found in fitting:
                yield name, meant, found
