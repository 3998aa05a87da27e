r"""What strangers write in sheets and decks: ``.*``, ``w_j``, labels for layers, times above."""

from __future__ import annotations

import pytest

from tests.verify.claims import context, judged, sheet, verdict
from verify.verdict import Status

TWO_LAYERS = sheet(r"""---
loss: J
inputs: ['a^{(1)}', y]
types: {'a^{(1)}': column p, '\Theta^{(1)}': matrix q p, '\Theta^{(2)}': matrix r q, y: column r}
sizes: {p: 3, q: 4, r: 2}
functions: {g: logistic}
---
$$ z^{(2)} = \Theta^{(1)} a^{(1)} $$
$$ a^{(2)} = g(z^{(2)}) $$
$$ z^{(3)} = \Theta^{(2)} a^{(2)} $$
$$ a^{(3)} = g(z^{(3)}) $$
$$ J = \frac12 \|a^{(3)} - y\|^2 $$
""")
SVM = sheet(
    r"""---
loss: L
types: {%s, y: index N C}
inputs: [x, y]
sizes: {N: 2, C: 3, D: 2}
---
$$ L_i = \sum_{j \neq y_i} \max(0, w_j^T x_i - w_{y_i}^T x_i + 1), \quad i = 1, \dots, N $$
$$ L = \sum_{i=1}^N L_i $$
""".replace("%s", "W: matrix C D, X: matrix N D")
)
READS_OUT = sheet(r"""---
loss: L
time: {t: '\tau'}
sizes: {'\tau': 3, n: 2, c: 3}
types: {h^{(t)}: column n, x^{(t)}: column n, W: matrix n n, V: matrix c n, y^{(t)}: column c}
inputs: [x, y, 'h^{(0)}']
declare: {one-hot: [y]}
---
$$ h^{(t)} = \tanh(W h^{(t-1)} + x^{(t)}) $$
$$ o^{(t)} = V h^{(t)} $$
$$ p^{(t)} = \mathrm{softmax}(o^{(t)}) $$
$$ L = -\sum_{t=1}^{\tau} \sum_k y^{(t)}_k \log p^{(t)}_k $$
""")


ERRORS = context(r"meanings: {'\delta^{(l)}': '\partial J / \partial z^{(l)}'}")


@pytest.mark.parametrize("sign", [".*", r".\ast", r".\times"])
def test_a_point_before_a_product_is_by_elements(sign: str) -> None:
    slopes = rf"a^{{(2)}} {sign} (1 - a^{{(2)}})"
    right = rf"\delta^{{(2)}} = (\Theta^{{(2)}})^T \delta^{{(3)}} {sign} {slopes}"
    assert verdict(TWO_LAYERS, right, ERRORS).status is Status.PROVED
    wrong = right.replace("- a^{(2)}", "- z^{(2)}")
    assert verdict(TWO_LAYERS, wrong, ERRORS).status is Status.REFUTED


def test_a_meaning_for_a_layer_holds_for_all_that_are_written_out() -> None:
    right = r"\frac{\partial J}{\partial \Theta_{ij}^{(l)}} = a_j^{(l)} \delta_i^{(l+1)}"
    assert verdict(TWO_LAYERS, right, ERRORS).status is Status.PROVED
    wrong = verdict(TWO_LAYERS, right.replace("(l+1)", "(l)"), ERRORS)
    assert wrong.status in (Status.REFUTED, Status.ILL_FORMED)


def test_what_starts_or_ends_is_called_by_its_whole_name() -> None:
    wrong = r"\frac{\partial J}{\partial \Theta_{ij}^{(1)}} = a_i^{(1)} \delta_j^{(2)}"
    assert "a^{(1)} ends at 3" in verdict(TWO_LAYERS, wrong, ERRORS).message


@pytest.mark.parametrize("label", ["{[1]}", "{(2)}"])
def test_a_number_in_brackets_is_no_power(label: str) -> None:
    wrong = rf"\frac{{\partial J}}{{\partial a^{{(3)}}}} = a^{{(3)}} - y^{label}"
    assert verdict(TWO_LAYERS, wrong, ERRORS).status is Status.ILL_FORMED


def test_rows_of_weights_by_class() -> None:
    right = r"\nabla_{w_j} L_i = \mathbb{1}(w_j^T x_i - w_{y_i}^T x_i + 1 > 0) x_i, \quad j \ne y_i"
    assert verdict(SVM, right).status is Status.PROVED
    assert verdict(SVM, right.replace("= ", "= -")).status is Status.REFUTED


def test_shares_are_of_what_stands_below_not_of_the_times_above() -> None:
    right = r"\frac{\partial L}{\partial o_i^{(t)}} = p_i^{(t)} - y_i^{(t)}"
    assert verdict(READS_OUT, right).status is Status.PROVED
    assert verdict(READS_OUT, right.replace(" - ", " + ")).status is Status.REFUTED


ATTENTION = sheet(r"""---
sizes: {N: 3, d: 2}
types: {Q: matrix N d, K: matrix N d, V: matrix N d}
functions: {softmax: softmax rows}
---
$$ S = Q K^\top $$
$$ P = \mathrm{softmax}(S) $$
$$ O = P V $$
""")
MARKED = context("gradients: {prefix: d}")


def test_rows_of_gradients_with_a_mark() -> None:
    right = r"dq_i = \sum_j dS_{ij} k_j"
    assert verdict(ATTENTION, right, MARKED).status is Status.PROVED
    assert verdict(ATTENTION, r"dv_j = \sum_i P_{ji} do_i", MARKED).status is Status.REFUTED


RING = sheet(r"""---
sizes: {N: 4}
---
$$ y[n] = \sum_{m=0}^{N-1} h[m] \, x[(n - m) \bmod N], \quad n = 0, \dots, N-1 $$
""")


@pytest.mark.parametrize("sign", [r"\bmod", r"\mod", r"\pmod"])
def test_gradients_at_a_remainder(sign: str) -> None:
    gradient = rf"\frac{{\partial L}}{{\partial y[(k+m) {sign} N]}}"
    right = rf"\frac{{\partial L}}{{\partial x[k]}} = \sum_{{m=0}}^{{N-1}} {gradient} h[m]"
    assert verdict(RING, right).status is Status.PROVED
    assert verdict(RING, right.replace("k+m", "k-m")).status is Status.REFUTED


def test_a_name_behind_a_chain_stands_for_what_the_chain_ends_in() -> None:
    named = r"\frac{\partial J}{\partial a_i^{(3)}} = a_i^{(3)} - y_i := e_i"
    later = r"\frac{\partial J}{\partial z_i^{(3)}} = e_i a_i^{(3)} (1 - a_i^{(3)})"
    right, wrong = later, later.replace("e_i", "-e_i")
    found = [v.status for v in judged(TWO_LAYERS, (named, right, wrong))]
    assert found == [Status.PROVED, Status.PROVED, Status.REFUTED]


def test_what_a_quantity_is_computed_from_is_no_index_of_it() -> None:
    norm = sheet(r"""---
sizes: {n: 4}
types: {a: column n}
---
$$ \mathrm{RMS}(a) = \sqrt{\frac{1}{n} \sum_{i=1}^{n} a_i^2} $$
$$ b_i = \frac{a_i}{\mathrm{RMS}(a)}, \quad i = 1, \dots, n $$
""")
    right = r"\frac{\partial \mathrm{RMS}(a)}{\partial a_i} = \frac{a_i}{n \, \mathrm{RMS}(a)}"
    assert verdict(norm, right).status is Status.PROVED
    assert verdict(norm, right.replace("n \\, ", "")).status is Status.REFUTED


def test_an_interval_is_a_range() -> None:
    pieces = sheet(r"""---
sizes: {n: 2, k: 3}
---
$$ h_i = \max_{j \in [1, k]} z_{ij}, \quad i = 1, \dots, n $$
""")
    slope = r"\mathbb{1}\{ j = \arg\max_{j'} z_{ij'} \}"
    right = (
        rf"\frac{{\partial L}}{{\partial z_{{ij}}}} = \frac{{\partial L}}{{\partial h_i}} {slope}"
    )
    assert verdict(pieces, right).status is Status.PROVED
