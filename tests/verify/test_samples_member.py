r"""Pages that sum over samples, judged by a sheet of one sample that declares a batch."""

from __future__ import annotations

import pytest

from derive.reading.document import document_from_text
from derive.reading.family import Member
from derive.reading.sheet import model_from_text
from verify.judge import judge_deck
from verify.samples_member import with_samples
from verify.verdict import Status, Verdict

SHEET = r"""---
loss: C
inputs: [u, t]
batch: {axis: n, over: [u, t], loss: mean}
sizes: {d: 3, K: 2}
functions: {g: logistic}
---
$$ r_k = \sum_{j=1}^{d} Q_{kj} u_j + c_k, \quad k = 1, \dots, K $$
$$ o_k = g(r_k) $$
$$ C = \frac{1}{2} \sum_{k=1}^{K} (o_k - t_k)^2 $$
"""
MODEL = model_from_text(SHEET, "one sample")
BEHIND = r"$$ C = \frac{1}{2N} \sum_{n=1}^{N} \sum_{k=1}^{K} (o_k(n) - t_k(n))^2 $$"
ABOVE = r"$$ C = \frac{1}{2m} \sum_{i=1}^{m} \sum_{k=1}^{K} (o_k^{(i)} - t_k^{(i)})^2 $$"
SLOPE = r"(o_k#- t_k#) o_k# (1 - o_k#) u_j#"


def _claims(*formulas: str) -> tuple[Verdict, ...]:
    return judge_deck(document_from_text("\n\n".join(formulas)), MODEL).claims


@pytest.mark.parametrize(
    ("loss", "mean", "mark"),
    [
        (BEHIND, r"\frac{1}{N} \sum_{n=1}^{N}", "(n)"),
        (ABOVE, r"\frac{1}{m} \sum_{i=1}^{m}", "^{(i)}"),
    ],
)
def test_means_over_samples_are_judged_with_every_sample(loss: str, mean: str, mark: str) -> None:
    slope = SLOPE.replace("#", mark + " ")
    right = rf"$$ \frac{{\partial C}}{{\partial Q_{{kj}}}} = {mean} {slope} $$"
    whole = right.replace(mean, mean.partition(" ")[2])
    other = right.replace(f"u_j{mark}", f"u_k{mark}")
    found = [v.status for v in _claims(loss, right, whole)]
    assert found == [Status.PROVED, Status.PROVED, Status.REFUTED]
    assert _claims(loss, other)[1].status in (Status.REFUTED, Status.ILL_FORMED)


def test_formulas_of_one_sample_stay_with_the_sheet() -> None:
    verdicts = _claims(BEHIND, r"$$ r_k = \sum_{j=1}^{d} Q_{kj} u_j + c_k $$")
    assert [v.status for v in verdicts] == [Status.PROVED, Status.PROVED]
    assert not any("samples" in note for note in verdicts[1].assumptions)


@pytest.mark.parametrize(
    "text",
    [
        r"$$ C = \sum_{k=1}^{K} o_k $$",  # K is a size of the sheet
        r"$$ C = \frac{1}{N} \sum_{n=1}^{N} o_n $$",  # a component, or a sample
        r"$$ o_k = g(r_k) $$",
    ],
)
def test_pages_without_samples_have_no_sheet_over_them(text: str) -> None:
    assert len(with_samples((Member(MODEL),), document_from_text(text))) == 1


SHIFTED = r"""---
loss: C
inputs: [u, t]
batch: {axis: n, over: [u, t], loss: sum}
---
$$ r(i) = u(i)^2, \quad i = 1, \dots, 6 $$
$$ o(i) = \sum_{a=-1}^{1} r(i - a) q(a), \quad i = 1, \dots, 4 $$
$$ C = \sum_{i=1}^{4} (o(i) - t(i))^2 $$
"""


def test_origins_that_a_sheet_changes_stay_changed_for_every_sample() -> None:
    model = model_from_text(SHIFTED, "shifted")
    assert model.shifts
    text = r"$$ C = \sum_{n=1}^{N} \sum_{i=1}^{4} (o(n)(i) - t(n)(i))^2 $$"
    assert judge_deck(document_from_text(text), model).claims
    (_, whole) = with_samples((Member(model),), document_from_text(text))
    for shift in whole.model.shifts:
        assert len(shift.offsets) == whole.model.tensors[shift.tensor].rank
