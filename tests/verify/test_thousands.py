"""Points and commas that part thousands, as most of the world writes large numbers."""

from __future__ import annotations

import pytest

from tests.verify.claims import judged, sheet
from verify.verdict import Status

LINE = sheet("---\nvalues: {w: 2, x: 0.264}\n---\n$$ y = w x $$\n")


@pytest.mark.parametrize(
    ("claim", "status"),
    [
        (r"1.000.000 \cdot 2 = 2.000.000", Status.PROVED),
        (r"1.000.000 \cdot 2 = 3.000.000", Status.REFUTED),
        (r"2{,}000{,}000 - 1{,}500{,}000 = 500{,}000", Status.PROVED),
        (r"1,000,000 \cdot 2 = 2,000,000", Status.PROVED),
        (r"1,000,000 \cdot 2 = 2,000,100", Status.REFUTED),
        (r"64 \times 64 \times 3 = 12.288", Status.PROVED),
        (r"64 \times 64 \times 3 = 12.828", Status.REFUTED),
        (r"2 \cdot 0.264 = 0.528", Status.PROVED),
        (r"1.5 \cdot 1.250 = 1.875", Status.PROVED),
        (r"y = 0.528", Status.CONFIRMED),
        (r"y = 1.528", Status.REFUTED),
        (r"2 \cdot 1.004 - 0.5 = 1.507", Status.REFUTED),  # 1.508
    ],
)
def test_thousands_are_read_where_decimals_are_wrong(claim: str, status: Status) -> None:
    (found,) = judged(LINE, [claim])
    assert found.status is status


def test_what_parts_thousands_is_told() -> None:
    (found,) = judged(LINE, [r"64 \times 64 \times 3 = 12.288"])
    assert "a point before three digits parts thousands" in found.assumptions
