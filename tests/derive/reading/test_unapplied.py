r"""Functions without what they are applied to: ``d\sigma/du = \sigma (1 - \sigma)``."""

from __future__ import annotations

from tests.verify.claims import judged, not_refuted, not_right, sheet

NEURON = r"""---
loss: L
inputs: [x, 't']
functions: {'\sigma': logistic, '\phi': tanh, g: relu}
sizes: {n: 3}
---
$$ z = \sum_{i=1}^n w_i x_i $$
$$ y = \sigma(z) $$
$$ L = (y - t)^2 $$
"""


def test_what_stands_below_is_the_argument() -> None:
    right = [
        r"\frac{d\sigma}{du} = \sigma(u) (1 - \sigma(u))",
        r"\frac{d\sigma}{dz} = \sigma(z) (1 - \sigma(z)) = y (1 - y)",
        r"\frac{d\sigma}{du} = \sigma (1 - \sigma)",
        r"\frac{d\phi}{du} = 1 - \phi^2(u) = 1 - \phi(u)^2",
        r"\frac{dg}{du} = [u > 0]",
    ]
    wrong = [
        r"\frac{d\sigma}{du} = \sigma(u) (1 + \sigma(u))",
        r"\frac{d\sigma}{dz} = y (1 + y)",
        r"\frac{d\phi}{du} = 1 - \phi(u)",
        r"\frac{dg}{du} = u",
    ]
    assert not_right(judged(sheet(NEURON), right)) == []
    assert not_refuted(judged(sheet(NEURON), wrong)) == []


def test_without_any_argument_it_is_any_number() -> None:
    right = [r"\sigma' = \sigma (1 - \sigma)", r"\phi' = 1 - \phi^2", r"\phi = \tanh"]
    wrong = [r"\sigma' = 1 - \sigma", r"\phi' = 1 - \phi", r"\sigma = \tanh"]
    assert not_right(judged(sheet(NEURON), right)) == []
    assert not_refuted(judged(sheet(NEURON), wrong)) == []


def test_arguments_may_be_formulas_in_a_new_letter() -> None:
    right = [r"\sigma(-u) = 1 - \sigma(u)", r"\phi(2 u) = \frac{2 \phi(u)}{1 + \phi(u)^2}"]
    assert not_right(judged(sheet(NEURON), right)) == []
    assert not_refuted(judged(sheet(NEURON), [r"\sigma(-u) = -\sigma(u)"])) == []


def test_what_the_function_is_not_applied_to_is_open() -> None:
    (found,) = judged(sheet(NEURON), [r"\frac{d\sigma}{dw_1} = \sigma (1 - \sigma) x_1"])
    assert str(found.status) == "undecided"
