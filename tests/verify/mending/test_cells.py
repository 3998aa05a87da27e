r"""A cell of a displayed array, and a branch of cases, may have lost its sign or a factor."""

from __future__ import annotations

from derive.reading.parse import parse
from derive.reading.surface import Matrix, walk
from verify.mending.cells import MOST, cells
from verify.mending.edits import edits
from verify.mending.terms import terms

TURN = r"v = \begin{bmatrix} c & s \\ s & c \end{bmatrix} x"
CASES = r"f = \begin{cases} t & x > 0 \\ -a & \text{otherwise} \end{cases}"


def test_every_cell_gets_its_sign() -> None:
    found = {edit.apply(TURN) for edit in edits(TURN, parse(TURN))}
    assert TURN.replace("& s", "& -s") in found
    assert TURN.replace("{bmatrix} c", "{bmatrix} -c", 1) in found


def test_a_branch_that_has_a_sign_gets_no_second() -> None:
    found = {edit.apply(CASES) for edit in edits(CASES, parse(CASES))}
    assert CASES.replace("{cases} t", "{cases} -t") in found
    assert not any("--" in text for text in found)


def test_cells_are_terms_of_small_arrays_alone() -> None:
    small, large = (
        next(n for n in walk(parse("A = " + text)) if isinstance(n, Matrix))
        for text in (
            r"\begin{bmatrix} a & b \end{bmatrix}",
            r"\begin{bmatrix} " + " & ".join("a" * (MOST + 1)) + r" \end{bmatrix}",
        )
    )
    assert [t.span for t in terms(small)][1:] == [c.span for c in cells(small)]
    assert len(list(terms(large))) == 1
