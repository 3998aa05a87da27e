r"""The decimal comma: ``0,25`` is one number where no list of indices or arguments is written."""

from __future__ import annotations

from derive.reading.tokens import Word


def ends_decimal(before: list[Word], word: Word, after: list[Word]) -> bool:
    r"""Is ``word`` the decimals of the number that stands two words before it?

    Without a space on either side of the comma, and not within ``1,2,3`` or ``1,2,\dots``.
    """
    if len(before) < 2:
        return False
    whole, comma = before[-2:]
    return (
        whole.kind == "NUMBER"
        and (comma.kind, comma.text) == ("COMMA", ",")
        and whole.end == comma.start
        and comma.end == word.start
        and whole.text.isdigit()
        and word.text.isdigit()
        and not _goes_on(word, after)
        and not _began_before(before)
    )


def _goes_on(word: Word, after: list[Word]) -> bool:
    if len(after) < 2 or after[0].kind != "COMMA":
        return False
    return after[1].kind == "DOTS" or (after[1].kind == "NUMBER" and after[1].start == after[0].end)


def _began_before(before: list[Word]) -> bool:
    return len(before) > 2 and before[-3].kind == "COMMA" and before[-3].end == before[-2].start
