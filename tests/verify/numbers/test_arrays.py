"""Arrays that are worked out in numbers, beside quantities and beside what they come to."""

from __future__ import annotations

import pytest

from tests.verify.claims import judged, sheet
from verify.verdict import Status, Verdict

LAYER = sheet(r"""---
inputs: [u]
sizes: {n: 2, m: 2}
types: {u: column n, A: matrix m n, c: column m}
values: {u: [0.6, -0.3], A: [[0.4, 0.2], [-0.1, 0.7]], c: [0.1, 0.3]}
---
$$ q = A u + c $$
$$ g = \tanh(q) $$
""")
"""q = (0.28, 0.03), g = (0.272905, 0.029991)."""
RIGHT, WRONG, OPEN = Status.CONFIRMED, Status.REFUTED, Status.UNDECIDED
CELLS = (
    r"\begin{bmatrix} 0.4 \cdot 0.6 + 0.2 \cdot (-0.3) + 0.1 \\"
    r" -0.1 \cdot 0.6 + 0.7 \cdot (-0.3) + 0.3 \end{bmatrix}"
)
SLIP = CELLS.replace("0.7 \\cdot (-0.3)", "0.7 \\cdot 0.3")
PRODUCT = (
    r"\begin{bmatrix} 0.4 & 0.2 \\ -0.1 & 0.7 \end{bmatrix}"
    r"\begin{bmatrix} 0.6 \\ -0.3 \end{bmatrix}"
    r" + \begin{bmatrix} 0.1 \\ 0.3 \end{bmatrix}"
)
TURNED = PRODUCT.replace(r"0.2 \\ -0.1", r"-0.1 \\ 0.2")


def _one(claim: str) -> Verdict:
    (found,) = judged(LAYER, [claim])
    return found


@pytest.mark.parametrize(
    ("claim", "status"),
    [
        (rf"q = A u + c = {CELLS} = [0.28, 0.03]^T", RIGHT),
        (rf"q = A u + c = {SLIP}", WRONG),
        (rf"q = {PRODUCT} = [0.28 \quad 0.03]^T", RIGHT),
        (rf"q = {TURNED}", WRONG),
        (rf"q = {PRODUCT} = [0.28 \quad 0.30]^T", WRONG),
        (r"1 - g^2 = \begin{bmatrix} 1 - 0.2729^2 \\ 1 - 0.0300^2 \end{bmatrix}", RIGHT),
        (r"1 - g^2 = \begin{bmatrix} 1 - 0.2729^2 \\ 1 - 0.2729^2 \end{bmatrix}", WRONG),
        (r"g^2 = [0.2729^2 \quad 0.0300^2] = [0.0745 \quad 0.0009]", RIGHT),
        (r"g^2 = [0.2729^2 \quad 0.0300^2] = [0.0745 \quad 0.0019]", WRONG),
    ],
)
def test_an_array_in_numbers_is_judged_in_the_example(claim: str, status: Status) -> None:
    assert _one(claim).status is status


def test_the_cell_that_is_wrong_is_told() -> None:
    found = _one(f"q = {SLIP}")
    assert found.message == "cell 2: the value is 0.03, the numbers give 0.45"


def test_numbers_that_are_not_given_are_open() -> None:
    bare = sheet("---\nsizes: {n: 2}\ntypes: {u: column n}\n---\n$$ q = 2 u $$\n")
    (found,) = judged(bare, [r"q = \begin{bmatrix} 2 \cdot 0.1 \\ 2 \cdot 0.3 \end{bmatrix}"])
    assert found.status is OPEN
