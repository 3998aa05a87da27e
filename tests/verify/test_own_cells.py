r"""Pages that write every element out: ``O_{11} = X_{11} F_{11} + X_{12} F_{12} + \dots``."""

from __future__ import annotations

import pytest

from tests.verify.test_own import last
from verify.verdict import Status

CONVOLUTION = r"""
$$ O_{11} = X_{11} F_{11} + X_{12} F_{12} + X_{21} F_{21} + X_{22} F_{22} $$
$$ O_{12} = X_{12} F_{11} + X_{13} F_{12} + X_{22} F_{21} + X_{23} F_{22} $$
$$ O_{21} = X_{21} F_{11} + X_{22} F_{12} + X_{31} F_{21} + X_{32} F_{22} $$
$$ O_{22} = X_{22} F_{11} + X_{23} F_{12} + X_{32} F_{21} + X_{33} F_{22} $$
"""


def gradient(first: str, last_: str) -> str:
    """∂L/∂F₂₁ by its four terms, the first and the last of which are given."""
    parts = (("11", first), ("12", "22"), ("21", "31"), ("22", last_))
    terms = (rf"\frac{{\partial L}}{{\partial O_{{{o}}}}} X_{{{x}}}" for o, x in parts)
    return r"\frac{\partial L}{\partial F_{21}} = " + " + ".join(terms)


@pytest.mark.parametrize(
    ("claim", "status"),
    [
        (r"\frac{\partial O_{12}}{\partial F_{11}} = X_{12}", Status.PROVED),
        (r"\frac{\partial O_{12}}{\partial F_{11}} = X_{21}", Status.REFUTED),
        (gradient("21", "32"), Status.PROVED),
        (gradient("21", "31"), Status.REFUTED),
        (
            r"\frac{\partial O}{\partial F_{11}} = \frac{\partial O_{11}}{\partial F_{11}}"
            r" + \frac{\partial O_{12}}{\partial F_{11}}",
            Status.UNDECIDED,
        ),
        (
            r"\frac{\partial L}{\partial F} = \frac{\partial L}{\partial O}"
            r" * \frac{\partial O}{\partial F}",
            Status.UNDECIDED,
        ),
    ],
)
def test_elements_are_numbers_and_their_letter_none_of_them(claim: str, status: Status) -> None:
    assert last(f"{CONVOLUTION}\n\n$$ {claim} $$").status is status
