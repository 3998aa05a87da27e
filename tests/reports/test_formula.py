"""Formulas: one reading, four printers, and nothing of an author's text that acts."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.formula.boxes import Box, Letter, Prose, Row, Word
from reports.formula.layout import boxes
from reports.formula.mathml import mathml
from reports.formula.plain import plain
from reports.formula.symbols import styled
from reports.formula.tex import tex_math, tex_text
from reports.formula.typeset import typst_math


def box_of(latex: str) -> Box:
    """The boxes of a formula that must be readable."""
    box = boxes(latex)
    assert box is not None, latex
    return box


PLAIN = [
    (r"\Delta W(i, j) = \Delta \hat{y}(i) \cdot f(j)", "ΔW(i, j) = Δŷ(i)·f(j)"),
    (r"\frac{\partial L}{\partial k^1_{1,p}(u, v)}", "∂L/∂k_{1,p}¹(u, v)"),
    (r"\frac{1}{4} \Delta S_p(\lceil i/2 \rceil)", "1/4 ΔS_p(⌈i/2⌉)"),
    (r"\sum_{u=-2}^{2} I(i - u)", "∑_{u=−2}^2 I(i − u)"),
    (r"W \leftarrow W - \alpha \odot \Delta W", "W ← W − α ⊙ ΔW"),
    (r"\frac{1}{1 + e^{-x}}", "1/(1 + e^{−x})"),
    (r"W^T \times \Delta f", "Wᵀ × Δf"),
    (r"\frac{1}{s^2} \frac{\partial L}{\partial S}", "1/s² ∂L/∂S"),
    (r"x'^T d''^T a^{(2)}", "x′ᵀ d′′ᵀ a⁽²⁾"),
    (r"\{S_q^2\}_{q=1,2,\dots,12} = F^{-1}(f)", "{S_q²}_{q=1,2,…,12} = F⁻¹(f)"),
    (r"[1 \le i - u \le 24]\, x_i", "[1 ≤ i − u ≤ 24] x_i"),
    (r"\max_k z_k", "max_k z_k"),
    (r"\mathbf{W} \mathcal{L}", "𝐖 ℒ"),
]


@pytest.mark.parametrize(("latex", "text"), PLAIN)
def test_a_formula_in_one_line(latex: str, text: str) -> None:
    assert plain(box_of(latex)) == text


TEX = [
    (r"\Delta W(i,j)=\frac{\partial L}{\partial W(i,j)}",
     r"\Delta W(i, j) = \frac{\partial L}{\partial W(i, j)}"),
    (r"\sum_{q=1}^{12} k_{p,q}^2(u,v)", r"\sum_{q = 1}^{12}k_{p, q}^2(u, v)"),
    (r"\lceil i/2 \rceil", r"\lceil i / 2\rceil"),
    (r"f'(x)", r"f^{\prime}(x)"),
    (r"|x|", r"\vert x\vert"),
    (r"\mathrm{rot180}(S)", r"\operatorname{rot180}(S)"),
    (r"\left(\frac{a}{b}\right)^2", r"{\left( \frac{a}{b} \right)}^2"),
]  # fmt: skip


@pytest.mark.parametrize(("latex", "text"), TEX)
def test_a_formula_as_latex(latex: str, text: str) -> None:
    assert tex_math(box_of(latex)) == text


@pytest.mark.parametrize("latex", [latex for latex, _ in PLAIN + TEX])
def test_printed_latex_is_read_as_the_same_boxes(latex: str) -> None:
    box = box_of(latex)
    assert plain(box_of(tex_math(box))) == plain(box)


@pytest.mark.parametrize("latex", [latex for latex, _ in PLAIN + TEX])
def test_mathml_is_well_formed_and_keeps_the_letters(latex: str) -> None:
    tree = ElementTree.fromstring(mathml(box_of(latex), latex))
    text = "".join(tree.itertext())
    assert tree.attrib["alttext"] == latex
    assert set(re.findall("[A-Za-z]", plain(box_of(latex)))) <= set(re.findall("[A-Za-z]", text))


def test_limits_stand_under_and_over_a_sum() -> None:
    tree = ElementTree.fromstring(mathml(box_of(r"\sum_{i=1}^{n} x_i"), ""))
    assert tree.find(".//munderover") is not None


def test_brackets_grow_with_what_they_hold() -> None:
    assert r"\left\lceil" in tex_math(box_of(r"\lceil \frac{a - b}{2} \rceil"))


@pytest.mark.parametrize("latex", [r"\frac{a}{", "a = = b )", r"\begin{bmatrix} 1", "}{"])
def test_what_cannot_be_read_has_no_boxes(latex: str) -> None:
    assert boxes(latex) is None


hostile = st.text(max_size=20) | st.sampled_from(
    ["<script>alert(1)</script>", r"\input{/etc/passwd}", "#eval(1)", '"; #panic()', "$x$", "%"]
)


@given(hostile)
def test_words_inside_a_formula_are_only_words(text: str) -> None:
    box = Row((Prose(text), Word(text), Letter(text)))
    assert "<script" not in mathml(box, text)
    assert not re.search(r"\\(input|write|def|csname)", tex_math(box))
    # Outside string literals Typst sees no mark that starts a call.
    outside = re.sub(r'"(?:[^"\\]|\\.)*"', "", typst_math(box), flags=re.DOTALL)
    assert "#" not in outside.replace("\\#", "")


@given(hostile)
def test_escaped_latex_has_balanced_braces_and_no_comment(text: str) -> None:
    escaped = tex_text(text)
    bare = re.sub(r"\\.", "", escaped)
    assert bare.count("{") == bare.count("}")
    assert not set("%$&#") & set(bare)


def test_alphabets_are_unicode_s_own() -> None:
    assert styled("W", "bold") == "𝐖"
    assert styled("L", "script") == "ℒ"
    assert styled("1", "double") == "𝟙"
    assert styled("α", "bold") == "𝛂"
    assert styled("?", "bold") == "?"
