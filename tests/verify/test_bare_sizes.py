"""Lines of sizes without symbols, below the numbers of what a product gives."""

from __future__ import annotations

from derive.reading.document import document_from_text
from derive.reading.sheet import model_from_text
from verify.judge import judge_deck
from verify.verdict import Judgement, Status

NET = model_from_text(
    r"""---
loss: E
inputs: [X]
sizes: {N: 2, d: 3, m: 1}
types: {X: matrix N d, W: matrix m d}
---
$$ Z = X W^T $$
$$ E = \frac{1}{2} \| Z \|^2 $$
""",
    "net",
)
DECK = r"""
$$ X = \begin{bmatrix} 1 & 2 & 3 \\ 0 & 1 & 2 \end{bmatrix} $$

$$ W = \begin{bmatrix} 1 & 0 & 1 \end{bmatrix} $$

$$ Z = \begin{bmatrix} 4 \\ 2 \end{bmatrix} $$
"""


def judged(line: str) -> Judgement:
    return judge_deck(document_from_text(f"{DECK}\n{line}\n\nThe end.\n"), NET)


def test_the_sizes_of_a_product_are_those_of_what_it_reads_and_gives() -> None:
    for line in ("2x3 1x3 2x1", "1×3  2×3  2×1"):
        claim = judged(line).claims[-1]
        assert claim.status is Status.PROVED, claim.message
        assert claim.latex == line


def test_other_sizes_may_be_those_of_something_else() -> None:
    claim = judged("2x3 3x1 2x1").claims[-1]
    assert claim.status is Status.UNDECIDED
    assert "W has 1×3" in claim.message


def test_sizes_far_from_any_product_are_said_to_be_nobodys() -> None:
    found = judged("Then\n\nmuch later\n\nanother slide\n\n5x5 2x2")
    assert len(found.claims) == 3
    assert [s.reason for s in found.skipped] == [
        "sizes without a symbol: nothing says whose they are"
    ]


def test_a_size_in_a_sentence_or_alone_is_no_such_line() -> None:
    for line in ("with 2x3 filters", "2x3", "0x12 0x14"):
        found = judged(line)
        assert len(found.claims) == 3
        assert not found.skipped
