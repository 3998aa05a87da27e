r"""Names of gradients: d, bars and δ, declared and not."""

from __future__ import annotations

import pytest

from tests.verify.claims import RIGHT, context, judged, not_refuted, not_right, sheet, verdict
from verify.verdict import Status

NETWORK = sheet(r"""---
loss: L
inputs: [x, y]
sizes: {D: 2, H: 3, K: 4}
functions: {'\sigma': logistic}
---
$$ a_h = \sum_{i=1}^{D} V_{hi} x_i + c_h, \quad h = 1, \dots, H $$
$$ s_h = \sigma(a_h) $$
$$ o_k = \sum_{h=1}^{H} W_{kh} s_h + b_k, \quad k = 1, \dots, K $$
$$ p_k = \sigma(o_k) $$
$$ L = \frac12 \sum_{k=1}^{K} (p_k - y_k)^2 $$
""")
LAYERS = sheet(r"""---
loss: J
inputs: ['A^{[0]}', Y]
sizes: {n: 3, m: 2, k: 4, N: 5}
functions: {'g': tanh}
types:
  'A^{[0]}': matrix n N
  'W^{[1]}': matrix m n
  'W^{[2]}': matrix k m
  Y: matrix k N
---
$$ Z^{[1]} = W^{[1]} A^{[0]} $$
$$ A^{[1]} = g(Z^{[1]}) $$
$$ Z^{[2]} = W^{[2]} A^{[1]} $$
$$ J = \frac{1}{2 N} \| Z^{[2]} - Y \|^2 $$
""")


@pytest.mark.long
@pytest.mark.parametrize("mark", ["d", r"\mathrm{d}"])
def test_a_letter_declared_as_the_mark_of_gradients(mark: str) -> None:
    declared = context(f"gradients: {{prefix: '{mark}'}}")
    right = [
        r"dW_{kh} = do_k s_h",
        r"\mathrm{d}b_k = \text{do}_k",
        r"db = do",
        r"\text{dV}_{hi} = da_h x_i",
        r"ds_h = \sum_k do_k W_{kh}",
        r"da = ds \odot s \odot (1 - s)",
    ]
    assert not_right(judged(NETWORK, right, declared)) == []
    named = verdict(NETWORK, r"\mathrm{do}_k = \frac{\partial L}{\partial o_k}", declared)
    assert named.status is Status.DEFINITION
    wrong = [r"dW_{kh} = do_k a_h", r"db = dp", r"da = ds \odot s", r"ds_h = \sum_k do_k s_h"]
    assert not_refuted(judged(NETWORK, wrong, declared)) == []


def test_layers_in_brackets() -> None:
    declared = context("gradients: {prefix: d}")
    right = [
        r"dZ^{[2]} = \frac{1}{N} (Z^{[2]} - Y)",
        r"dW^{[2]} = dZ^{[2]} A^{[1]T}",
        r"dA^{[1]} = W^{[2]T} dZ^{[2]}",
        r"dZ^{[1]} = dA^{[1]} \odot g'(Z^{[1]})",
        r"dZ^{[1]} = W^{[2]T} dZ^{[2]} \odot (1 - A^{[1]} \odot A^{[1]})",
        r"dW^{[1]} = dZ^{[1]} (A^{[0]})^T",
    ]
    assert not_right(judged(LAYERS, right, declared)) == []
    wrong = [
        r"dZ^{[2]} = Z^{[2]} - Y",
        r"dW^{[2]} = \frac{1}{N} dZ^{[2]} A^{[1]T}",
        r"dZ^{[1]} = dA^{[1]} \odot g(Z^{[1]})",
    ]
    assert not_refuted(judged(LAYERS, wrong, declared)) == []
    mismatch = [r"dW^{[2]} = A^{[1]T} dZ^{[2]}", r"dA^{[1]} = W^{[2]} dZ^{[2]}"]
    assert all(v.status is Status.ILL_FORMED for v in judged(LAYERS, mismatch, declared))


def test_bars_declared_and_not() -> None:
    declared = context(r"gradients: {accent: '\bar'}")
    right = [r"\bar{W}_{kh} = \bar{o}_k s_h", r"\bar{o}_k = (p_k - y_k) p_k (1 - p_k)"]
    wrong = [r"\bar{W}_{kh} = \bar{o}_k s_h^2", r"\bar{o}_k = (p_k - y_k) p_k"]
    assert not_right(judged(NETWORK, right, declared)) == []
    assert not_refuted(judged(NETWORK, wrong, declared)) == []
    open_, refuted = judged(NETWORK, [right[0], wrong[0]])
    assert open_.status is Status.UNDECIDED
    assert open_.conditions == (
        "right if W\u0304_{kh} means ∂L/∂W_{k,h} and o\u0304_k means ∂L/∂o_k",
    )
    assert refuted.status is Status.REFUTED
    # A mean that nobody marked as a gradient is a symbol of the deck.
    mean, use = judged(NETWORK, [r"\bar{p} = \frac1K \sum_k p_k", r"K \bar{p} = \sum_k p_k"])
    assert (mean.status, use.status in RIGHT) == (Status.DEFINITION, True)


def test_deltas_as_declared() -> None:
    declared = context(
        "meanings: {'\\delta_k': '\\partial L / \\partial o_k', "
        "'\\delta_h': '\\partial L / \\partial a_h'}"
    )
    right = [
        r"\delta_k = (p_k - y_k) p_k (1 - p_k)",
        r"\delta_h = s_h (1 - s_h) \sum_k \delta_k W_{kh}",
        r"\frac{\partial L}{\partial V_{hi}} = \delta_h x_i",
        r"\frac{\partial L}{\partial W_{kh}} = \delta_k s_h",
    ]
    wrong = [
        r"\delta_k = (p_k - y_k)",
        r"\delta_h = \sum_k \delta_k W_{kh}",
        r"\frac{\partial L}{\partial V_{hi}} = \delta_h x_i s_h",
    ]
    assert not_right(judged(NETWORK, right, declared)) == []
    assert not_refuted(judged(NETWORK, wrong, declared)) == []


@pytest.mark.parametrize(
    ("claim", "condition"),
    [
        (r"\delta_k = (p_k - y_k) p_k (1 - p_k)", "δ_k means ∂L/∂o_k"),
        (r"\delta_k = p_k - y_k", "δ_k means ∂L/∂p_k"),
        (r"\delta_k = (y_k - p_k) p_k (1 - p_k)", "δ_k means −∂L/∂o_k"),
        (r"\frac{\partial L}{\partial W_{kh}} = \delta_k s_h", "δ_k means ∂L/∂o_k"),
        (r"\frac{\partial L}{\partial W} = \delta s^T", "δ means ∂L/∂o"),
        (r"\frac{\partial L}{\partial V_{hi}} = \delta_h^{(1)} x_i", "δ_h^{(1)} means ∂L/∂a_h"),
        (
            r"\delta_h = s_h (1 - s_h) \sum_k \delta_k W_{kh}",
            "δ_h means ∂L/∂a_h and δ_k means ∂L/∂o_k",
        ),
        (r"dW_{kh} = db_k s_h", "d W_{kh} means ∂L/∂W_{k,h} and d b_k means ∂L/∂b_k"),
    ],
)
def test_an_undeclared_gradient_is_right_under_a_condition(claim: str, condition: str) -> None:
    found = verdict(NETWORK, claim)
    assert found.status is Status.UNDECIDED
    assert found.conditions[0] == f"right if {condition}"


def test_an_undeclared_gradient_that_fits_nothing_is_refuted() -> None:
    wrong = [
        r"\delta_k = (p_k - y_k) (1 - p_k)",
        r"\frac{\partial L}{\partial W_{kh}} = \delta_k s_h^2",
        r"\delta_h = s_h \sum_k \delta_k W_{kh}",
        r"dW_{kh} = db_k s_h + W_{kh}",
    ]
    assert not_refuted(judged(NETWORK, wrong)) == []


def test_what_was_right_under_a_condition_is_known_afterwards() -> None:
    found = judged(
        NETWORK,
        [
            r"\delta_k = (p_k - y_k) p_k (1 - p_k)",
            r"\frac{\partial L}{\partial b_k} = \delta_k",
            r"\frac{\partial L}{\partial W_{kh}} = 2 \delta_k s_h",
        ],
    )
    assert [v.status for v in found] == [Status.UNDECIDED, Status.PROVED, Status.REFUTED]


def test_an_upstream_gradient() -> None:
    layer = sheet(r"""---
inputs: [x]
sizes: {n: 3, m: 2}
types: {W: 'matrix m n', x: 'column n', b: 'column m'}
---
$$ z = W x + b $$
""")
    found = judged(layer, [r"dW = dout\, x^T", r"dx = W^T dout", r"dx = W dout"])
    assert [v.status for v in found] == [Status.UNDECIDED, Status.UNDECIDED, Status.ILL_FORMED]
    assert found[0].conditions == ("right if d W means ∂L/∂W and dout means ∂L/∂z",)
    declared = context(
        "{gradients: {prefix: d}, meanings: {dout: '\\frac{\\partial L}{\\partial z}'}}"
    )
    right = [r"dW = dout\, x^T", r"db = dout", r"dx = W^T dout"]
    assert not_right(judged(layer, right, declared)) == []
