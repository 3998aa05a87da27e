"""A family of dense layers for tests, in any dress of its layers' numbers."""

from __future__ import annotations

import re
from functools import cache

from derive.equations import Model
from derive.reading.sheet import model_from_text

FAMILY = r"""---
title: A family of dense layers
loss: J
inputs: ['a^{(0)}', 'y']
families: {l: {to: 3, last: L}}
sizes: {n_l: [4, 5, 3, 2]}
types:
  'W^{(l)}': matrix n_l n_{l-1}
  'b^{(l)}': column n_l
  'a^{(0)}': column n_0
  'y': column n_L
functions: {'\sigma': generic}
---
$$ z^{(l)} = W^{(l)} a^{(l-1)} + b^{(l)}, \quad l = 1, \dots, L $$

$$ a^{(l)} = \sigma(z^{(l)}) $$

$$ J = \frac{1}{2} \| a^{(L)} - y \|^2 $$
"""


@cache
def family() -> Model:
    """The model of `FAMILY`."""
    return model_from_text(FAMILY, "family")


def dressed(text: str, dress: str) -> str:
    """The text with layers written as in ``dress``, where l stands for the number."""

    def written(match: re.Match[str]) -> str:
        inner = match[2] if len(match[2]) == 1 or "{" in dress else f"{{{match[2]}}}"
        return match[1] + dress.replace("l", inner)

    return re.sub(r"(\w)\^\{\(([^)]*)\)\}", written, text)
