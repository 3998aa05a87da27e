"""A sheet may write an array whole in one equation and by its elements in another."""

from __future__ import annotations

import pytest

from derive.errors import Problem
from derive.reading.sheet import model_from_text

FRONT = (
    "---\nloss: L\ninputs: [x, t]\nsizes: {n: 3, m: 4}\ntypes: {W: matrix n m, x: column m, %s}\n"
    "---\n"
)
LOSS = (
    r"$$ L = \frac{1}{2} \sum_{k=1}^{n} (z_k - t_k)^2 + \sum_{k=1}^{n} \sum_{j=1}^{m} W_{kj}^2 $$"
)


def ranks(*displays: str, types: str = "t: column n") -> dict[str, int]:
    model = model_from_text(FRONT % types + "\n".join(displays), "mixed")
    return {name: tensor.rank for name, tensor in model.tensors.items()}


def test_what_is_defined_whole_is_read_by_its_elements() -> None:
    assert ranks("$$ z = W x $$", LOSS) == {"z": 1, "W": 2, "x": 1, "t": 1, "L": 0}


def test_what_is_typed_and_defined_by_its_elements_is_read_whole() -> None:
    by_elements = r"$$ z_k = \sum_{j=1}^{m} W_{kj} x_j, \quad k = 1, \dots, n $$"
    whole = r"$$ L = \frac{1}{2} \| z - t \|^2 $$"
    found = ranks(by_elements, whole, types="t: column n, z: column n")
    assert found == {"z": 1, "W": 2, "x": 1, "t": 1, "L": 0}


def test_a_sum_of_its_namesakes_is_a_number_beside_a_vector() -> None:
    by_sample = r"$$ L_k = (z_k - t_k)^2, \quad k = 1, \dots, n $$"
    assert ranks("$$ z = W x $$", by_sample, r"$$ L = \sum_{k=1}^{n} L_k $$")["L"] == 1


def test_a_number_and_a_vector_of_one_letter_are_two() -> None:
    found = ranks(
        "$$ z = W x $$", r"$$ L = \sum_{k=1}^{n} (z_k - t_k)^2 + a \sum_{j=1}^{m} a_j x_j $$"
    )
    assert sorted(rank for name, rank in found.items() if name.startswith("a")) == [0, 1]


def test_elements_beyond_the_whole_are_refused() -> None:
    with pytest.raises(Problem):
        ranks("$$ z = W x $$", r"$$ L = \sum_{k=1}^{n} \sum_{j=1}^{m} z_{kj} t_k $$")


def test_a_convolution_of_arrays_from_1_is_an_array_from_1() -> None:
    sheet = """---
inputs: [x]
sizes: {H: 6, K: 3}
types: {x: matrix H H, k: matrix K K}
operators: {'*': 'valid convolution'}
---
$$ y = x * k $$
"""
    model = model_from_text(sheet, "valid")
    assert [str(lo) for lo, _ in model.tensors["y"].ranges] == ["1", "1"]
    assert [e.value for e in model.at_sizes().tensors["y"].extents] == [4, 4]
