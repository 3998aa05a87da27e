"""Models written in Python: what is missing or means nothing is said, with the offending name."""

from __future__ import annotations

from typing import Any

import pytest
from sympy import IndexedBase, Rational, Sum, SympifyError, symbols

from derive.equations import Model
from derive.errors import IllFormed
from derive.index import Index, Size
from derive.prove import same_model
from derive.slides import Slide, function, scalar, slide, sympy_model

i, j, u = symbols("i j u", integer=True)
n = symbols("n", integer=True, positive=True)
C, k, x = (IndexedBase(name) for name in "Ckx")
RANGE = (i, 1, 3)


def model(*slides: Slide, **more: Any) -> Model:
    return sympy_model("tiny", slides, **{"inputs": ["x"], **more})


def test_the_example_of_the_module() -> None:
    p = symbols("p", integer=True)
    total = Sum(x[i - u] * k[p, u], (u, -1, 1))
    tiny = model(slide(C[p, i], function("logistic")(total), (p, 1, 3), (i, 1, n)), sizes={"n": 8})
    size, one = Index.of(Size("n")), Index.of(1)
    assert tiny.tensors["x"].ranges == ((Index.of(0), size + 1),)
    assert tiny.tensors["k"].ranges == ((one, Index.of(3)), (Index.of(-1), one))
    assert tiny.parameters == ("k",)
    assert tiny.sizes == {Size("n"): 8}


def test_a_shifted_origin_is_recorded() -> None:
    shifted = model(
        slide(k[i], x[i], (i, 1, 4)),
        slide(C[j], k[j - 2], (j, 3, 6)),
        slide(scalar("L"), Rational(1, 2) * Sum(C[j + 2], (j, 0, 3))),
        loss="L",
    )
    assert [(s.tensor, s.offsets) for s in shifted.shifts] == [("C", (Index.of(1),))]


@pytest.mark.parametrize(
    ("slides", "message"),
    [
        ([slide(C[i], x[i])], "the index i, which has no range"),
        ([slide(C[i + 1], x[i], RANGE)], r"the index i \+ 1, which has no range"),
        ([slide(C[i], x[j], RANGE)], "j in the equation of C has neither a range nor a value"),
        ([slide(C[i], x[i], (i, 1, n))], "n in the equation of C has neither"),
        ([slide(C[i, i], x[i], RANGE)], "does not have each of the indices i once"),
        ([slide(C[i], x[i], RANGE, (j, 1, 2))], "does not have each of the indices i, j once"),
        ([slide(C[i] + 1, x[i], RANGE)], r"C\[i\] \+ 1 is no element of a tensor"),
        ([slide(C[i], x[i], RANGE), slide(C[i], x[i], RANGE)], "C has two equations"),
        ([slide(C[i], x[i] + x[i, i], RANGE)], "x has 2 indices here and 1 elsewhere"),
        ([slide(C[i], x[i], (i, 1, Rational(5, 2)))], "index 5/2 is not an integer polynomial"),
        (
            [slide(k[i], x[i], RANGE), slide(C[i], k[i] + k[i + 1], RANGE)],
            r"k\(4\) is read for i = 3, but k ends at 3",
        ),
    ],
)
def test_what_means_nothing_is_said(slides: list[Slide], message: str) -> None:
    with pytest.raises(IllFormed, match=message):
        model(*slides)


def test_the_order_of_slides_does_not_matter() -> None:
    equations = slide(C[i], k[i], RANGE), slide(k[i], x[i], RANGE)
    assert same_model(model(*equations), model(*reversed(equations)))


def test_unknown_inputs_and_losses_are_said() -> None:
    with pytest.raises(IllFormed, match=r"no equation has y; expected one of C, x"):
        model(slide(C[i], x[i], RANGE), inputs=["x", "y"])
    with pytest.raises(IllFormed, match="no equation has L"):
        model(slide(C[i], x[i], RANGE), loss="L")


def test_text_is_never_evaluated() -> None:
    with pytest.raises(SympifyError):
        slide(C[i], "x[i]", RANGE)
