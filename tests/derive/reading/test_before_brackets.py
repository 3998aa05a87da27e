r"""A comma in a bracket parts indices behind a symbol, and may be a decimal one behind a factor."""

from __future__ import annotations

import pytest

from derive.reading.parse import parse
from derive.reading.surface import Numeral, walk


def numbers(text: str) -> list[str]:
    return [n.text for n in walk(parse(text)) if isinstance(n, Numeral)]


@pytest.mark.parametrize(
    "factor",
    [r"\frac{1}{3}", r"\tfrac12", r"\sqrt{2}", r"\sqrt[3]{2}", "2", r"\sum_{i=1}^{3}", "2^{3}"],
)
def test_behind_a_factor_it_is_a_decimal_one(factor: str) -> None:
    assert "0,5" in numbers(f"{factor} (0,5 + x)")


@pytest.mark.parametrize("symbol", ["S", "S_1", "S_{1}^2", "S'", r"\hat{S}_2", r"\text{in}"])
def test_behind_a_symbol_it_parts_indices(symbol: str) -> None:
    assert "0,5" not in numbers(f"{symbol}(0,5 + x)")
