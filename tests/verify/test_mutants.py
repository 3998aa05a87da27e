r"""Right formulas are accepted, and every slip in them is refuted or ill-formed: never accepted.

Each entry is a right formula and slips of the kinds that people make. The formulas are our own.
"""

from __future__ import annotations

import pytest

from tests.verify.sheets import judged
from verify.verdict import ACCEPTED, Status

D = r"\frac{\partial J}{\partial "
WRONG = {Status.REFUTED, Status.ILL_FORMED}

RIGHT_AND_WRONG: dict[str, tuple[str, ...]] = {
    # dense layer
    D + r"M(i,j)} = " + D + "s(i)} h(j)": (
        D + r"M(i,j)} = -" + D + "s(i)} h(j)",
        D + r"M(i,j)} = " + D + "s(j)} h(i)",
        D + r"M(i,j)} = " + D + "o(i)} h(j)",
        D + r"M(i,j)} = " + D + "s(i)}",
        D + r"M(i,j)} = 2 " + D + "s(i)} h(j)",
        D + r"M(i,j)} = " + D + "s(i)} h(j) (1 - h(j))",
        D + r"M(j,i)} = " + D + "s(i)} h(j)",
    ),
    r"\bar{M} = \bar{s} \times h^T": (
        r"\bar{M} = h \times \bar{s}^T",
        r"\bar{M} = \bar{s} \times h",
        r"\bar{M} = \bar{o} \times h^T",
        r"\bar{M} = \bar{s} \times B^T",
    ),
    r"\bar{h} = M^T \times \bar{s}": (
        r"\bar{h} = M \times \bar{s}",
        r"\bar{h} = -M^T \times \bar{s}",
        r"\bar{h} = M^T \times \bar{o}",
        r"\bar{h} = \bar{s} \times M^T",
    ),
    r"\bar{B} = \bar{s}": (r"\bar{B} = \bar{o}", r"\bar{B} = -\bar{s}", r"\bar{B} = \bar{h}"),
    r"\bar{s}(i) = (o(i) - t(i))\, o(i)\, (1 - o(i))": (
        r"\bar{s}(i) = (t(i) - o(i))\, o(i)\, (1 - o(i))",
        r"\bar{s}(i) = (o(i) - t(i))\, o(i)",
        r"\bar{s}(i) = (o(i) - t(i))\, (1 - o(i))",
        r"\bar{s}(i) = o(i) - t(i)",
        r"\bar{s}(i) = 2 (o(i) - t(i))\, o(i)\, (1 - o(i))",
        r"\bar{s}(i) = (o(i) + t(i))\, o(i)\, (1 - o(i))",
        r"\bar{s}(i) = (o(i) - t(i))\, o(i)\, (1 + o(i))",
        r"\bar{s}(i) = \sum_{i=1}^{D} (o(i) - t(i))\, o(i)\, (1 - o(i))",
    ),
    # pooling backwards
    r"\bar{A}_r(i,j) = \frac{1}{4} \bar{P}_r(\lceil i/2 \rceil, \lceil j/2 \rceil)": (
        r"\bar{A}_r(i,j) = \frac{1}{2} \bar{P}_r(\lceil i/2 \rceil, \lceil j/2 \rceil)",
        r"\bar{A}_r(i,j) = \frac{1}{4} \bar{P}_r(\lfloor i/2 \rfloor, \lceil j/2 \rceil)",
        r"\bar{A}_r(i,j) = \frac{1}{4} \bar{P}_r(\lceil j/2 \rceil, \lceil i/2 \rceil)",
        r"\bar{A}_r(i,j) = \frac{1}{4} \bar{P}_r(i, j)",
        r"\bar{A}_r(i,j) = \frac{1}{4} P_r(\lceil i/2 \rceil, \lceil j/2 \rceil)",
        r"\bar{A}_r(i,j) = \bar{P}_r(\lceil i/2 \rceil, \lceil j/2 \rceil)",
    ),
    # convolution backwards
    r"\bar{g}_r(u,v) = \sum_{i=1}^{2n} \sum_{j=1}^{2n}"
    r"\bar{A}_r(i,j)\, A_r(i,j)\, (1 - A_r(i,j))\, X(i-u, j-v)": (
        r"\bar{g}_r(u,v) = \sum_{i=1}^{2n} \sum_{j=1}^{2n}"
        r"\bar{A}_r(i,j)\, A_r(i,j)\, (1 - A_r(i,j))\, X(i+u, j-v)",
        r"\bar{g}_r(u,v) = \sum_{i=1}^{2n} \sum_{j=1}^{2n}"
        r"\bar{A}_r(i,j)\, A_r(i,j)\, (1 - A_r(i,j))\, X(j-v, i-u)",
        r"\bar{g}_r(u,v) = \sum_{i=1}^{2n} \sum_{j=1}^{2n}"
        r"\bar{A}_r(i,j)\, A_r(i,j)\, X(i-u, j-v)",
        r"\bar{g}_r(u,v) = \sum_{i=1}^{2n} \sum_{j=1}^{n}"
        r"\bar{A}_r(i,j)\, A_r(i,j)\, (1 - A_r(i,j))\, X(i-u, j-v)",
        r"\bar{g}_r(u,v) = \sum_{i=1}^{2n+1} \sum_{j=1}^{2n}"
        r"\bar{A}_r(i,j)\, A_r(i,j)\, (1 - A_r(i,j))\, X(i-u, j-v)",
        r"\bar{g}_r(u,v) = \sum_{i=1}^{2n} \sum_{j=1}^{2n}"
        r"\bar{A}_r(i,j)\, A_r(i,j)\, (1 - A_r(i,j))\, X(i-u-1, j-v)",
        r"\bar{g}_r(u,v) = \sum_{i=1}^{2n} \sum_{j=1}^{2n}"
        r"\bar{A}_r(j,i)\, A_r(i,j)\, (1 - A_r(i,j))\, X(i-u, j-v)",
    ),
    r"\bar{g}_r = X_{rot180} * \bar{A}_{r,\phi}": (
        r"\bar{g}_r = X * \bar{A}_{r,\phi}",
        r"\bar{g}_r = X_{rot180} * \bar{A}_r",
        r"\bar{g}_r = -X_{rot180} * \bar{A}_{r,\phi}",
        r"\bar{g}_r = X_{rot180} * \bar{P}_r",
    ),
    r"\bar{c}_r = \sum_{i=1}^{2n} \sum_{j=1}^{2n} \bar{A}_{r,\phi}(i,j)": (
        r"\bar{c}_r = \sum_{i=1}^{2n} \sum_{j=1}^{2n} \bar{A}_r(i,j)",
        r"\bar{c}_r = \sum_{i=1}^{n} \sum_{j=1}^{n} \bar{A}_{r,\phi}(i,j)",
        r"\bar{c}_r = \sum_{i=1}^{2n} \bar{A}_{r,\phi}(i,i)",
    ),
    r"\bar{X}(i,j) = \sum_{r=1}^{R} \sum_{u=-w}^{w} \sum_{v=-w}^{w}"
    r"\bar{A}_{r,\phi}(i+u, j+v)\, g_r(u,v)": (
        r"\bar{X}(i,j) = \sum_{r=1}^{R} \sum_{u=-w}^{w} \sum_{v=-w}^{w}"
        r"\bar{A}_{r,\phi}(i-u, j-v)\, g_r(u,v)",
        r"\bar{X}(i,j) = \sum_{u=-w}^{w} \sum_{v=-w}^{w} \bar{A}_{1,\phi}(i+u, j+v)\, g_1(u,v)",
        r"\bar{X}(i,j) = \sum_{r=1}^{R} \sum_{u=-w}^{w} \sum_{v=-w}^{w}"
        r"\bar{A}_{r,\phi}(i+u, j+v)\, g_r(v,u)",
        r"\bar{X}(i,j) = \sum_{r=1}^{R} \sum_{u=0}^{w} \sum_{v=-w}^{w}"
        r"\bar{A}_{r,\phi}(i+u, j+v)\, g_r(u,v)",
    ),
    # the forward pass and a step of descent are claims too
    r"P_r(i,j) = \frac{1}{4} \sum_{u=0}^1 \sum_{v=0}^1 A_r(2i-u, 2j-v)": (
        r"P_r(i,j) = \frac{1}{2} \sum_{u=0}^1 \sum_{v=0}^1 A_r(2i-u, 2j-v)",
        r"P_r(i,j) = \frac{1}{4} \sum_{u=0}^1 \sum_{v=0}^1 A_r(2i+u, 2j-v)",
        r"P_r(i,j) = \frac{1}{4} \sum_{u=0}^1 \sum_{v=0}^1 a_r(2i-u, 2j-v)",
        r"P_r(i,j) = \frac{1}{4} \sum_{u=0}^1 \sum_{v=0}^1 A_r(i-u, j-v)",
        r"P_r(i,j) = \frac{1}{4} \sum_{u=0}^1 \sum_{v=0}^1 A_r(2i-u, 2j-v),"
        r"\quad i, j = 1, \dots, 2n",
    ),
    r"M \leftarrow M - \eta \cdot \bar{M}": (
        r"M \leftarrow M + \eta \cdot \bar{M}",
        r"M \leftarrow M - \eta \cdot \bar{B}",
        r"M \leftarrow M - \eta \cdot M",
        r"B \leftarrow B - \eta \cdot \bar{h}",
    ),
}

RIGHT = tuple(RIGHT_AND_WRONG)
SLIPS = tuple(slip for slips in RIGHT_AND_WRONG.values() for slip in slips)
RESIZED = {"R": 2, "D": 3, "w": 2, "n": 3}


@pytest.mark.parametrize("text", RIGHT)
def test_a_right_formula_is_proved_whatever_the_sizes(text: str) -> None:
    assert judged(text).outcome.status is Status.PROVED
    assert judged(text, **RESIZED).outcome.status is Status.PROVED


@pytest.mark.long
@pytest.mark.parametrize("text", SLIPS)
def test_a_slip_is_never_accepted(text: str) -> None:
    assert judged(text).outcome.status in WRONG


@pytest.mark.long
def test_a_slip_is_never_accepted_at_other_sizes() -> None:
    passed = [s for s in SLIPS if judged(s, **RESIZED).outcome.status in ACCEPTED]
    assert passed == []


def test_every_refutation_has_a_counterexample_of_two_different_values() -> None:
    outcomes = [judged(slip).outcome for slip in SLIPS]
    refuted = [o.counterexample for o in outcomes if o.status is Status.REFUTED]
    assert len(refuted) > len(SLIPS) / 2
    for found in refuted:
        assert found is not None
        assert "model" in found or found["left"] != found["right"]


TRANSPOSED_ELEMENTS = {
    r"\bar{h}(j) = \sum_i M^T(j, i)\, \bar{s}(i)": r"\bar{h}(j) = \sum_i M^T(i, j)\, \bar{s}(i)",
    r"\bar{h}_j = \sum_i M^T_{ji} \bar{s}_i": r"\bar{h}_j = \sum_i M^T_{ij} \bar{s}_i",
    r"\bar{h}_j = \sum_i M_{ji}^T \bar{s}_i": r"\bar{h}_j = \sum_i M_{ij}^T \bar{s}_i",
    r"\bar M_{ij}^T = \bar s_j h_i": r"\bar M_{ij}^T = \bar s_i h_j",
}


@pytest.mark.parametrize("text", TRANSPOSED_ELEMENTS)
def test_the_transpose_of_an_element_has_its_indices_exchanged(text: str) -> None:
    assert judged(text).outcome.status is Status.PROVED
    assert judged(TRANSPOSED_ELEMENTS[text]).outcome.status in WRONG


@pytest.mark.parametrize("left", [r"\frac{\partial J (1 - J)}{\partial M}", r"\nabla_M J (1 - J)"])
def test_a_factor_behind_the_loss_is_differentiated_too(left: str) -> None:
    assert judged(left + r" = (1 - 2 J)\, \bar{s} h^T").outcome.status is Status.PROVED
    assert judged(left + r" = \bar{s} h^T").outcome.status is Status.REFUTED
    arguments = r"\frac{\partial J (M, B)}{\partial M} = \bar{s} h^T"
    assert judged(arguments).outcome.status is Status.PROVED
