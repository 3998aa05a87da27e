r"""Derivatives of any tensor by any other: Jacobian elements, chains through them, layouts."""

from __future__ import annotations

import autograd
import numpy as np
import pytest

from derive.equations import slope_name
from derive.evaluate import integer_ranges
from derive.jacobian import jacobians
from tests.models import correlation_relu, padded_softplus, zhang_like
from tests.verify.claims import RIGHT, context, judged, not_refuted, not_right, sheet, verdict
from verify.bench import Bench, sized, take_sample
from verify.verdict import Status

CLASSIFIER = sheet(r"""---
loss: L
inputs: [x, y]
sizes: {D: 2, H: 3, K: 4}
functions: {'\phi': tanh}
---
$$ a_h = \sum_{d=1}^{D} V_{hd} x_d + c_h, \quad h = 1, \dots, H $$
$$ s_h = \phi(a_h) $$
$$ o_k = \sum_{h=1}^{H} W_{kh} s_h + b_k, \quad k = 1, \dots, K $$
$$ p_k = \frac{e^{o_k}}{\sum_{j=1}^{K} e^{o_j}} $$
$$ L = - \sum_{k=1}^{K} y_k \ln p_k $$
""")


def test_jacobians_are_those_of_automatic_differentiation() -> None:
    for model, of in (
        (zhang_like(2, 3, 2, 1, 3), "z"),
        (correlation_relu(), "R"),
        (correlation_relu(stride=3, dilation=2), "z"),
        (padded_softplus(4), "d"),
        (CLASSIFIER, "p"),
    ):
        sample = take_sample(model)
        for equation in jacobians(model, of).values():
            here = sized(equation, model.sizes)
            np.testing.assert_allclose(
                sample.values(here.rhs, here.axes), sample.slope(equation.tensor), atol=1e-12
            )


def test_a_jacobian_has_the_rows_of_what_stands_above() -> None:
    found = jacobians(CLASSIFIER, "p")
    assert list(found) == ["o", "s", "a", "V", "c", "W", "b", "x"]
    assert found["W"].tensor == slope_name("p", "W")
    assert [a.name for a in found["o"].axes] == ["k", "k'"]
    with pytest.raises(ValueError, match="x is computed by no equation"):
        jacobians(CLASSIFIER, "x")


def test_the_witness_holds_what_stands_below_free() -> None:
    sample = take_sample(CLASSIFIER)
    p, o = sample.env["p"], sample.env["o"]
    np.testing.assert_allclose(sample.slope("∂p/∂o"), np.diag(p) - np.outer(p, p), atol=1e-15)
    by_hand = autograd.jacobian(lambda s: sample.env["W"] @ s + sample.env["b"])(sample.env["s"])
    np.testing.assert_allclose(sample.slope("∂o/∂s"), by_hand)
    assert o.shape == (4,)
    assert integer_ranges(sample.model)["o"] == ((1, 4),)


@pytest.mark.long
def test_right_derivatives() -> None:
    claims = [
        r"\frac{\partial p_k}{\partial o_m} = p_k (\delta_{km} - p_m)",
        r"\frac{\partial p_k}{\partial o_k} = p_k (1 - p_k)",
        r"\frac{\partial p_1}{\partial o_2} = -p_1 p_2",
        r"\partial o_k / \partial s_h = W_{kh}",
        r"\frac{d s_h}{d a_h} = 1 - s_h^2",
        r"\frac{\partial a_h}{\partial V_{hd}} = x_d",
        r"\frac{\partial a_i}{\partial V_{hd}} = \delta_{ih} x_d",
        r"\frac{\partial p_k}{\partial s_h} = \sum_j \frac{\partial p_k}{\partial o_j} W_{jh}",
        r"\frac{\partial L}{\partial o_m} = \sum_k \frac{\partial L}{\partial p_k}"
        r" \frac{\partial p_k}{\partial o_m}",
        r"\frac{\partial L}{\partial p_k} \frac{\partial p_k}{\partial o_k} = -y_k (1 - p_k)",
        r"\frac{\partial \ln p_k}{\partial o_m} = \delta_{km} - p_m",
        r"\frac{\partial}{\partial o_m} \ln p_k = \delta_{km} - p_m",
        r"\frac{\partial (s_h^2 + s_h)}{\partial a_h}"
        r" = (2 s_h + 1) \frac{\partial s_h}{\partial a_h}",
        r"\frac{\partial}{\partial b_k} \sum_j o_j^2 = 2 o_k",
        r"\frac{\partial y_k}{\partial o_m} = 0",
    ]
    assert not_right(judged(CLASSIFIER, claims)) == []


def test_wrong_derivatives() -> None:
    claims = [
        r"\frac{\partial p_k}{\partial o_m} = p_k (\delta_{km} - p_k)",
        r"\frac{\partial p_k}{\partial o_m} = p_k (1 - p_m)",
        r"\frac{\partial p_k}{\partial o_m} = -p_k p_m",
        r"\frac{\partial p_1}{\partial o_2} = p_1 p_2",
        r"\frac{d s_h}{d a_h} = s_h (1 - s_h)",
        r"\frac{\partial a_i}{\partial V_{hd}} = x_d",
        r"\frac{\partial p_k}{\partial s_h} = \frac{\partial p_k}{\partial o_k} W_{kh}",
        r"\frac{\partial L}{\partial o_m} = \frac{\partial L}{\partial p_m}"
        r" \frac{\partial p_m}{\partial o_m}",
        r"\frac{\partial}{\partial b_k} \sum_j o_j^2 = 2 o_k W_{k1}",
        r"\frac{\partial s_h}{\partial y_k} = 1",
    ]
    assert not_refuted(judged(CLASSIFIER, claims)) == []


def test_a_proof_uses_the_engines_jacobian_only_where_it_is_borne_out() -> None:
    bench = Bench(CLASSIFIER, {})
    left, right = (
        jacobians(CLASSIFIER, "o")["s"].lhs, jacobians(CLASSIFIER, "o")["s"].rhs,
    )  # fmt: skip
    assert slope_name("o", "s") in bench.known_of(left)
    assert slope_name("o", "s") not in bench.known_of(right)


def test_another_letter_for_the_loss_is_a_condition() -> None:
    found = verdict(
        CLASSIFIER, r"\frac{\partial E}{\partial b_k} = \frac{\partial E}{\partial o_k}"
    )
    assert found.status is Status.UNDECIDED
    assert found.conditions == ("right if E means the loss L",)


@pytest.mark.parametrize(
    ("layout", "right", "wrong"), [("numerator", "W", "W^T"), ("denominator", "W^T", "W")]
)
def test_a_matrix_of_derivatives_has_the_declared_layout(
    layout: str, right: str, wrong: str
) -> None:
    square = sheet(r"""---
loss: L
inputs: [x]
sizes: {n: 3}
types: {W: 'matrix n n', x: 'column n'}
---
$$ z = W x $$
$$ L = z^T z $$
""")
    claim = r"\frac{\partial z}{\partial x} = "
    declared = context(f"layout: {layout}")
    assert verdict(square, claim + right, declared).status in RIGHT
    assert verdict(square, claim + wrong, declared).status is Status.REFUTED
    open_ = verdict(square, claim + right)
    assert open_.status is Status.UNDECIDED
    assert f"{layout} layout" in open_.conditions[0]


def test_shapes_decide_the_layout_where_they_can() -> None:
    flat = sheet(r"""---
loss: L
inputs: [x]
sizes: {n: 3, m: 2}
types: {W: 'matrix m n', x: 'column n', b: 'column m'}
---
$$ z = W x + b $$
$$ L = z^T z $$
""")
    for claim in (r"\frac{\partial z}{\partial x} = W", r"\frac{\partial z}{\partial x} = W^T"):
        found = verdict(flat, claim)
        assert found.status in RIGHT
        assert any("layout" in a for a in found.assumptions)
    found = verdict(flat, r"\frac{\partial L}{\partial x} = 2 z^T W")
    assert found.status is Status.UNDECIDED
    assert "numerator layout" in found.conditions[0]
    assert verdict(flat, r"\frac{\partial L}{\partial x} = 2 W^T z").status in RIGHT
    assert verdict(flat, r"\frac{\partial L}{\partial x} = 2 W z").status is Status.ILL_FORMED
