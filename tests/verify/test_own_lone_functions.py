r"""Pages that define functions and no network: their slopes are judged all the same."""

from __future__ import annotations

import pytest

from tests.verify.test_own import judged, last
from verify.verdict import Status

SIGMOID = r"$$ g(s) = \frac{1}{1 + e^{-s}} $$"


@pytest.mark.parametrize(
    ("claim", "status"),
    [
        (r"\frac{dg}{ds} = \frac{e^{-s}}{(1 + e^{-s})^2} = g(s) (1 - g(s))", Status.PROVED),
        (r"\frac{dg}{ds} = g(s) (1 + g(s))", Status.REFUTED),
        (r"g'(s) = g(s) g(-s)", Status.PROVED),
        (r"\tanh(s) = 2 g(2 s) - 1", Status.PROVED),
        (r"\tanh(s) = 2 g(s) - 1", Status.REFUTED),
    ],
)
def test_slopes_and_identities_of_functions_alone(claim: str, status: Status) -> None:
    assert last(f"{SIGMOID}\n\n$$ {claim} $$").status is status


def test_the_definition_is_one() -> None:
    found = judged(f"{SIGMOID}\n\n$$ g'(s) = g(s) (1 - g(s)) $$").claims
    assert [v.status for v in found] == [Status.DEFINITION, Status.PROVED]
