"""What a statement of a listing takes for granted: the function that code computes for ``f``.

A sheet that knows its activation only by its derivative names one that code computes. What a
listing states is judged with that one, and says so where it is right for no other.
"""

from __future__ import annotations

from dataclasses import replace

from derive.errors import LimitExceeded, Problem
from derive.reading.problems import Undeclared
from verify.attempt import attempt
from verify.listings.matlab import of_code
from verify.setting import Convention, Setting
from verify.verdict import ACCEPTED, Verdict


def with_stand_ins(verdict: Verdict, text: str, setting: Setting) -> Verdict:
    """An accepted verdict, with the functions it needs that ``setting`` leaves open."""
    named = setting.bench.model.stand_ins
    if verdict.status not in ACCEPTED or not named or _is_general(text, setting):
        return verdict
    said = (f"{f} is the {name} function, as in the code of the sheet" for f, name in named.items())
    return replace(verdict, assumptions=(*verdict.assumptions, *said))


def _is_general(text: str, setting: Setting) -> bool:
    """Whether the formula is right for every function."""
    here = replace(of_code(setting), bench=setting.bench).restricted()
    try:
        return attempt(text, here, Convention()).accepted
    except (Problem, Undeclared, LimitExceeded):
        return False
