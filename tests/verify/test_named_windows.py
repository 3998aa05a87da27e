r"""Operations that are named above a relation, or between two displays that fell apart."""

from __future__ import annotations

import pytest

from derive.pipeline import gradients
from derive.reading.context import EMPTY
from derive.reading.document import document_from_text
from derive.reading.sheet import model_from_text
from verify.bench import Bench
from verify.clock import Clock
from verify.extract import extract
from verify.readings import judge_readings
from verify.setting import Setting
from verify.verdict import Status

SHEET = r"""---
loss: L
inputs: [X, T]
functions: {f: generic}
---
$$ z(i, j) = \sum_{u=1}^{2} \sum_{v=1}^{2} X(i+u-1, j+v-1) w(u, v), \quad i, j = 1, \dots, 3 $$
$$ L = \frac{1}{2} \sum_{i=1}^{3} \sum_{j=1}^{3} (f(z(i, j)) - T(i, j))^2 $$
"""
DX = r"\frac{\partial L}{\partial X}"
DZ = r"\frac{\partial L}{\partial z}"


def _array(name: str, side: int, turned: bool = False) -> str:
    places = range(side, 0, -1) if turned else range(1, side + 1)
    rows = (" & ".join(name.replace("#", f"{i},{j}") for j in places) for i in places)
    cells = r" \\ ".join(rows)
    return rf"\begin{{pmatrix}} {cells} \end{{pmatrix}}"


DXS = _array(r"\frac{\partial L}{\partial X(#)}", 4)
DZS = _array(r"\frac{\partial L}{\partial z(#)}", 3)
TURNED = _array("w(#)", 2, turned=True)
STRAIGHT = _array("w(#)", 2)


@pytest.fixture(scope="module")
def setting() -> Setting:
    model = model_from_text(SHEET, "one layer")
    return Setting(Bench(model, gradients(model)), EMPTY)


def _status(text: str, setting: Setting) -> Status:
    """The verdict, no mend looked for."""
    (claim,) = extract(document_from_text(text)).claims
    if claim.error is not None:
        return Status.UNREADABLE
    return judge_readings(claim.text, setting, Clock(20.0)).outcome.status


@pytest.mark.parametrize(
    ("formula", "status"),
    [
        (rf"{DXS} \stackrel{{\text{{full correlation}}}}{{=}} {DZS} {TURNED}", Status.PROVED),
        (rf"{DXS} \stackrel{{\text{{full correlation}}}}{{=}} {DZS} {STRAIGHT}", Status.REFUTED),
        (rf"{DXS} \xrightarrow{{\text{{correlação full}}}} {DZS} {TURNED}", Status.PROVED),
        (rf"{DXS} \text{{--- correlación completa}} {DZS}, {TURNED}", Status.PROVED),
        (rf"{DXS} \text{{= full convolution}} {DZS} {STRAIGHT}", Status.PROVED),
        (rf"{DX} \stackrel{{\text{{full convolution}}}}{{=}} {DZ}\, w", Status.PROVED),
        (rf"{DX} \stackrel{{\text{{full correlation}}}}{{=}} {DZ}\, w", Status.REFUTED),
        (
            rf"{DX} \stackrel{{\text{{full convolution}}}}{{=}} \sum_{{c=1}}^{{1}} {DZ}\, w",
            Status.PROVED,
        ),
        (
            rf"{DX} \stackrel{{\text{{full correlation}}}}{{=}} rot180(w)\, +\, {DZ}",
            Status.ILL_FORMED,
        ),
        (rf"{DX} \stackrel{{\text{{full correlation}}}}{{=}} [w]\, {DZ}", Status.UNREADABLE),
        (r"z \stackrel{\text{def}}{=} \text{valid correlation}(X, w)", Status.PROVED),
    ],
)
def test_what_stands_above_a_relation_says_what_is_done(
    formula: str, status: Status, setting: Setting
) -> None:
    assert _status(f"$$ {formula} $$", setting) is status


def test_displays_that_the_name_of_an_operation_parts_are_one_equation(setting: Setting) -> None:
    assert _status(f"$$ {DXS} $$\n\nfull correlation\n\n$$ {DZS} {TURNED} $$\n", setting) is (
        Status.PROVED
    )
    assert _status(f"$$ {DXS} $$\n\nfull correlation\n\n$$ {DZS} {STRAIGHT} $$\n", setting) is (
        Status.REFUTED
    )


def test_a_further_pair_under_the_same_name_is_added() -> None:
    pair = f"full correlation\n\n$$ {DZS} {TURNED} $$\n\n"
    (claim,) = extract(document_from_text(f"$$ {DXS} $$\n\n{pair}{pair}")).claims
    assert claim.text.count(r"\text{full correlation}") == 2
    assert claim.places[0].end_line == 9


def test_other_words_between_displays_join_nothing() -> None:
    found = extract(document_from_text(f"$$ {DXS} $$\n\nafter pooling\n\n$$ {DZS} {TURNED} $$\n"))
    assert not found.claims
    assert len(found.skipped) == 2


BOXED = rf"\begin{{array}}{{c}} {TURNED} \end{{array}}"


IN_ROWS = rf"\begin{{array}}{{c}} \text{{= full correlation}} \\ {DZS} \end{{array}} {BOXED}"
IN_CELLS = rf"\begin{{array}}{{ccc}} {DXS} & \text{{= full correlation}} & {DZS} \end{{array}}"


@pytest.mark.parametrize(
    "formula", [rf"\begin{{array}}{{c}} {DXS} \end{{array}} {IN_ROWS}", f"{IN_CELLS} {BOXED}"]
)
def test_an_array_whose_cell_names_an_operation_only_aligns(formula: str, setting: Setting) -> None:
    assert _status(f"$$ {formula} $$", setting) is Status.PROVED
    assert _status(f"$$ {formula} \\end{{array}} $$", setting) is Status.PROVED


def test_an_end_too_many_is_said() -> None:
    (claim,) = extract(document_from_text("$$ a = b \\end{array} \\end{array} $$")).claims
    assert claim.error is None
    assert claim.notes == (r"an \end{array} that closes nothing is passed over",)


@pytest.mark.parametrize("text", [r"a = \end{array} b", r"\begin{array}{c} a = b \end{cases}"])
def test_an_end_that_closes_nothing_elsewhere_is_unreadable(text: str) -> None:
    (claim,) = extract(document_from_text(f"$$ {text} $$")).claims
    assert claim.error is not None


def test_an_aligned_term_goes_on_with_the_equation_before_it() -> None:
    more = rf"\begin{{array}}{{c}} \text{{+ full correlation}} \\ {DZS} \end{{array}} {BOXED}"
    head = rf"{DXS} \text{{= full correlation}} {DZS} {TURNED} \end{{array}}"
    (claim,) = extract(document_from_text(f"$$ {head} $$\n\n$$ {more} $$\n")).claims
    assert claim.error is None
    assert claim.places[0].end_line == 3


def test_an_operation_without_its_second_array_is_unreadable() -> None:
    (claim,) = extract(document_from_text(rf"$$ {DXS} \text{{= full correlation}} {DZS} $$")).claims
    assert claim.error is not None
