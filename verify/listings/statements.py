"""Statements of listings, in whichever language, by the formulas that they state."""

from __future__ import annotations

from verify.claims import Claim
from verify.formulas import Kind
from verify.listings import matlab, python
from verify.listings.matlab import Said
from verify.setting import Setting


def stated(claim: Claim, setting: Setting) -> Claim | Said:
    """The equation that a statement states, or why it is none that can be judged."""
    if claim.kind is Kind.PYTHON:
        return python.as_formula(claim, setting)
    return matlab.as_formula(claim, setting)
