r"""Capitals and small letters with primes and hats: ``w'_{ij}`` of ``W'``, ``\hat R`` of all r̂."""

from __future__ import annotations

from tests.verify.claims import judged, not_right, sheet
from verify.verdict import Status

WORDS = r"""---
loss: E
sizes: {V: 4, N: 2}
types: {W: matrix V N, W': matrix N V, x: column V, t: column V}
inputs: [x, t]
---
$$ h = W^T x \qquad u = W'^T h \qquad E = \frac{1}{2} \|u - t\|^2 $$
"""
RATINGS = r"""---
loss: L
sizes: {m: 3, n: 4, k: 2}
types: {R: matrix m n, P: matrix m k, Q: matrix n k}
inputs: [R]
---
$$ \hat r_{ui} = \sum_{f=1}^{k} P_{uf} Q_{if}, \quad u = 1, \dots, m,\ i = 1, \dots, n $$
$$ L = \sum_{u=1}^m \sum_{i=1}^n (R_{ui} - \hat r_{ui})^2 $$
"""


def test_elements_of_a_matrix_with_a_prime() -> None:
    right = [
        r"\frac{\partial E}{\partial w'_{ij}} = (u_j - t_j) h_i",
        r"\frac{\partial E}{\partial w_{ki}} = x_k \sum_{j=1}^{V} (u_j - t_j) w'_{ij}",
    ]
    assert not_right(judged(sheet(WORDS), right)) == []
    (wrong,) = judged(sheet(WORDS), [r"\frac{\partial E}{\partial w'_{ij}} = (u_i - t_i) h_j"])
    assert wrong.status is Status.ILL_FORMED


def test_the_matrix_of_elements_with_a_hat() -> None:
    right = [r"\frac{\partial L}{\partial Q} = -2 (R - \hat R)^T P"]
    assert not_right(judged(sheet(RATINGS), right)) == []
    (wrong,) = judged(sheet(RATINGS), [r"\frac{\partial L}{\partial Q} = -2 (R - \hat R) P"])
    assert wrong.status is Status.ILL_FORMED
