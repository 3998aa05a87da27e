r"""``\nabla f`` is by the only parameter of the model, ``\nabla f(x)`` by x."""

from __future__ import annotations

from tests.verify.claims import judged, not_refuted, not_right, sheet

SMOOTH = r"""---
sizes: {n: 4}
---
$$ f = \log \sum_{i=1}^{n} e^{x_i} $$
$$ p_i = \frac{e^{x_i}}{\sum_{k=1}^{n} e^{x_k}}, \quad i = 1, \dots, n $$
"""
RIDGE = r"""---
loss: J
sizes: {N: 3, D: 2}
types: {A: matrix N D, x: column D, b: column N, '\lambda': scalar}
inputs: [A, b, '\lambda']
---
$$ J = \frac12 \|A x - b\|^2 + \frac{\lambda}{2} x^T x $$
"""


def test_gradients_and_hessians_by_what_nothing_names() -> None:
    right = [
        r"\nabla f = p",
        r"\nabla f(x) = p",
        r"\nabla^2 f = \mathrm{diag}(p) - p p^T",
        r"\nabla^2 f(x) = \mathrm{diag}(p) - p p^T",
    ]
    assert not_right(judged(sheet(SMOOTH), right)) == []
    wrong = [r"\nabla f = 1 - p", r"\nabla^2 f(x) = \mathrm{diag}(p) + p p^T"]
    assert not_refuted(judged(sheet(SMOOTH), wrong)) == []
    right = [r"\nabla J = A^T (A x - b) + \lambda x", r"\nabla^2 J = A^T A + \lambda I"]
    assert not_right(judged(sheet(RIDGE), right)) == []


def test_of_several_parameters_the_shapes_tell_one() -> None:
    model = sheet(RIDGE.replace("inputs: [A, b, '\\lambda']", "inputs: [A]"))
    right = [r"\nabla J = A^T (A x - b) + \lambda x", r"\nabla J = b - A x"]
    found = judged(model, right)
    assert not_right(found) == []
    assert "∇J is the gradient by x" in found[0].assumptions
    assert not_refuted(judged(model, [r"\nabla J = A^T (A x - b) - \lambda x"])) == []
