r"""Families of layers: stated once, they are the sheet that has every layer written out."""

from __future__ import annotations

import re

import pytest

from derive.errors import Problem
from derive.prove import same_model
from derive.reading.sheet import model_from_text
from tests.derive.families import FAMILY, dressed, family


def test_a_family_is_the_sheet_that_has_every_layer() -> None:
    layers = "\n".join(
        rf"$$ z^{{({k})}} = W^{{({k})}} a^{{({k - 1})}} + b^{{({k})}} $$"
        "\n"
        rf"$$ a^{{({k})}} = \sigma(z^{{({k})}}) $$"
        for k in (1, 2, 3)
    )
    types = "\n".join(
        f"  'W^{{({k})}}': matrix n_{k} n_{k - 1}\n  'b^{{({k})}}': column n_{k}" for k in (1, 2, 3)
    )
    text = FAMILY.replace("families: {l: {to: 3, last: L}}\n", "")
    text = text.replace("{n_l: [4, 5, 3, 2]}", "{n_0: 4, n_1: 5, n_2: 3, n_3: 2}")
    text = re.sub(r"  'W\^\{\(l\)\}'.*\n  'b.*\n", lambda _: types + "\n", text)
    text = text.replace("n_L", "n_3").replace("a^{(L)}", "a^{(3)}")
    text = re.sub(r"\$\$ z(.|\n)*\\sigma\(z\^\{\(l\)\}\) \$\$", lambda _: layers, text)
    assert same_model(model_from_text(text, "whole"), family())


@pytest.mark.parametrize("dress", ["^{[l]}", "^l", "_l", "^{<l>}", "_{l}"])
def test_layers_are_counted_in_every_dress(dress: str) -> None:
    model = model_from_text(dressed(FAMILY, dress), "family")
    shapes = {n: tuple(str(e) for e in t.extents) for n, t in model.tensors.items()}
    assert sorted(shapes) == sorted(family().tensors)
    assert shapes["W2"] == ("n_2", "n_1")


def test_a_range_of_layers_may_be_stated() -> None:
    text = FAMILY.replace(
        r"a^{(l)} = \sigma(z^{(l)})", r"a^{(l)} = \sigma(z^{(l)}), l = 1, \dots, L-1"
    )
    text = text.replace(r"$$ J", "$$ a^{(L)} = z^{(L)} $$\n\n$$ J")
    model = model_from_text(text, "family")
    assert model.by_tensor["a3"].reads == ("z3",)
    assert model.by_tensor["a3"].rhs != model.by_tensor["a2"].rhs


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("{to: 3, last: L}", "{to: L}", "is not understood"),
        ("{to: 3, last: L}", "{from: 4, to: 3}", "is not understood"),
        ("[4, 5, 3, 2]", "[4, 5]", "are no widths"),
        ("{l: {to: 3, last: L}}", "{l: {to: 3}, m: {to: 2}}", "several families"),
    ],
)
def test_what_is_no_family_is_told(old: str, new: str, message: str) -> None:
    with pytest.raises(Problem, match=message):
        model_from_text(FAMILY.replace(old, new), "family")
