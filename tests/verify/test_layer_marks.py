r"""``\delta^{(l)}`` that nothing declares is asked about for all layers of a family at once."""

from __future__ import annotations

import pytest

from derive.reading.context import EMPTY
from derive.reading.sheet import model_from_text
from tests.derive.families import FAMILY
from verify.judge import judge_text
from verify.verdict import Status, Verdict

BATCH = r"""---
loss: J
inputs: ['A^{[0]}', 'Y']
families: {l: {to: 2, last: L}}
sizes: {n_l: [4, 3, 2], m: 5}
functions: {g: tanh}
types: {'W^{[l]}': 'matrix n_l n_{l-1}', 'A^{[0]}': matrix n_0 m, 'Y': matrix n_L m}
---
$$ Z^{[l]} = W^{[l]} A^{[l-1]} \qquad A^{[l]} = g(Z^{[l]}) $$
$$ J = \frac{1}{2m} \| A^{[L]} - Y \|^2 $$
"""


def judged(latex: str, sheet: str = FAMILY) -> Verdict:
    (verdict,) = judge_text(latex, model_from_text(sheet, "family"), EMPTY).claims
    return verdict


@pytest.mark.parametrize(
    "latex",
    [
        r"\frac{\partial J}{\partial W^{(l)}} = \delta^{(l)} (a^{(l-1)})^T",
        r"\delta^{(L)} = \nabla_a J \odot \sigma'(z^{(L)})",
    ],
)
def test_one_condition_holds_for_all_layers(latex: str) -> None:
    verdict = judged(latex)
    assert verdict.status is Status.UNDECIDED
    assert verdict.conditions[0] == "right if δ^{(l)} means ∂J/∂z^{(l)}"


@pytest.mark.long
@pytest.mark.parametrize(
    "latex",
    [
        r"\frac{\partial J}{\partial W^{(l)}} = \delta^{(l)} (a^{(l)})^T",
        r"\delta^{(L)} = (a^{(L)} + y) \odot \sigma'(z^{(L)})",
    ],
)
def test_what_is_wrong_whatever_it_means_is_wrong(latex: str) -> None:
    assert judged(latex).status in {Status.REFUTED, Status.ILL_FORMED}


@pytest.mark.long
def test_errors_of_a_mean_may_be_those_of_one_sample() -> None:
    verdict = judged(r"dW^{[l]} = \frac{1}{m} dZ^{[l]} A^{[l-1]T}", BATCH)
    assert any("d Z^{[l]} means m ∂J/∂Z^{[l]}" in c for c in verdict.conditions)


@pytest.mark.long
def test_a_sum_over_the_layers_is_written_out() -> None:
    decay = FAMILY.replace(
        r"\| a^{(L)} - y \|^2", r"\| a^{(L)} - y \|^2 + \frac12 \sum_{l=1}^{L} \| W^{(l)} \|_F^2"
    )
    by_z = r"\frac{\partial J}{\partial z^{(l)}}"
    right = rf"\frac{{\partial J}}{{\partial W^{{(l)}}}} = {by_z} (a^{{(l-1)}})^T"
    assert judged(right + " + W^{(l)}", decay).status is Status.PROVED
    assert judged(right, decay).status is Status.REFUTED


@pytest.mark.long
def test_layers_may_run_down() -> None:
    above = r"(W^{(l+1)})^T \frac{\partial J}{\partial z^{(l+1)}}"
    back = rf"\frac{{\partial J}}{{\partial a^{{(l)}}}} = {above}"
    assert judged(back + r", \quad l = L-1, \dots, 1").status is Status.PROVED


SUMS = [
    r"db^{[2]} = \frac{1}{m} \sum_{i=1}^{m} dZ^{[2](i)}",
    r"db^{[l]} = \frac{1}{m} \sum_{i=1}^{m} dZ^{[l](i)}",
]


@pytest.mark.long
@pytest.mark.parametrize("latex", SUMS)
def test_errors_of_one_sample_are_columns_of_all(latex: str) -> None:
    biased = BATCH.replace("A^{[l-1]} ", "A^{[l-1]} + b^{[l]} ").replace(
        "'A^{[0]}': m", "'b^{[l]}': column n_l, 'A^{[0]}': m"
    )
    assert judged(latex, biased).status is Status.UNDECIDED
    doubled = latex.replace(r"\frac{1}{m}", r"\frac{2}{m}")
    assert judged(doubled, biased).status is Status.REFUTED
