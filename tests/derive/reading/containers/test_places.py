r"""Formulas are found in every container, at the line and column where their author typed them."""

from __future__ import annotations

import contextlib
import json
import time

import pytest

from derive.errors import Problem
from derive.reading.document import Document, document_from_text

PAGE = r"""<html><head><title>of $t$</title>
<script>MathJax = {tex: {macros: {R: "\\mathbb{R}", b: ["{\\mathbf #1}", 1]}}};</script></head>
<body><p>Let \(a &lt; b\) and $\b{x} &amp; y$, for $5 and $10.</p>
<script type="math/tex; mode=display">z = x < 1</script>
<span class="katex"><span class="katex-mathml"><math><semantics><mrow><mi>c</mi></mrow>
<annotation encoding="application/x-tex">c &gt; d</annotation></semantics></math></span>
<span class="katex-html"><span>c &gt; $d$</span></span></span>
<!-- $no$ --><pre>$none$</pre> <span class="math display">v = 1</span>
<table><tr><td>\(p\)</td><td>$q$</td></tr></table><p>\[ k = \R \]</p></body></html>
"""
STRUCTURED = r"""The layer :math:`z = W x`, not ``:math:`none` ``.

.. math::
   :label: loss

   L = 1

   M = 2

.. math:: q = r

.. note:: of :math:`h`

Code::

   :math:`none`

.. code-block:: python

   :math:`none`

.. a comment with :math:`none`

An :math:`e`.
"""
CELLS = [
    ("markdown", ['# É \\\\ "x"\n', "Let $a = \\frac{1}{2}$\n", "$$ b\n", " = c $$"]),
    ("code", "x = 1  # $none$"),
    ("markdown", "\\begin{align}\nq &= r\n\\end{align}"),
]
BEGUN = r"""\documentclass{article}
\newcommand{\bW}{\mathbf{W}} % \newcommand{\bW}{no}
\newcommand{\pd}[2][L]{\frac{\partial #1}{\partial #2}}
\def\be{\begin{equation}} \def\ee{\end{equation}} \let\to\rightarrow
\DeclareMathOperator{\relu}{ReLU} \DeclarePairedDelimiter{\norm}{\lVert}{\rVert}
\newenvironment{eq}{\begin{align*}}{\end{align*}}
\begin{document}
"""


def notebook(*cells: tuple[str, str | list[str]], indent: int | None = 1) -> str:
    """The JSON of a notebook."""
    made = [{"cell_type": kind, "metadata": {}, "source": source} for kind, source in cells]
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4}, indent=indent)


def found(document: Document, *cells: str) -> list[tuple[str, str]]:
    """Every formula as it is read, and what stands in the file, or cell, at its place."""
    pairs = []
    for segment in document.formulas():
        text = segment.text.strip()
        start = segment.start + segment.text.index(text)
        first, last = document.origin(start), document.origin(start + len(text), end=True)
        assert first.cell == last.cell
        lines = (cells[first.cell - 1] if first.cell else document.raw).split("\n")
        typed = lines[first.line - 1 : last.line]
        typed[-1] = typed[-1][: last.column - 1]
        typed[0] = typed[0][first.column - 1 :]
        pairs.append((text, "\n".join(typed)))
    return pairs


def test_html() -> None:
    assert found(document_from_text(PAGE, "page.html")) == [
        ("a < b", "a &lt; b"),
        (r"{\mathbf x} & y", r"\b{x} &amp; y"),
        ("z = x < 1", "z = x < 1"),
        ("c > d", "c &gt; d"),
        ("v = 1", "v = 1"),
        ("p", "p"),
        ("q", "q"),
        (r"k = \mathbb{R}", r"k = \R"),
    ]


def test_restructured_text() -> None:
    document = document_from_text(STRUCTURED, "page.rst")
    texts = ["z = W x", "L = 1", "M = 2", "q = r", "h", "e"]
    assert found(document) == [(text, text) for text in texts]


@pytest.mark.parametrize("indent", [None, 1, 4])
def test_a_notebook(indent: int | None) -> None:
    document = document_from_text(notebook(*CELLS, indent=indent), "book.ipynb")
    texts = [r"a = \frac{1}{2}", "b\n = c", "q &= r"]
    assert found(document, *("".join(source) for _, source in CELLS)) == [(t, t) for t in texts]


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        (r"$\pd{\bW}$", r"\frac{\partial L}{\partial \mathbf{W}}"),
        (r"$\pd[J]{\bW_{ij}}$", r"\frac{\partial J}{\partial \mathbf{W}_{ij}}"),
        (r"\be x = 1 \ee", "x = 1"),
        (r"\begin{eq} x &= 1 \end{eq}", "x &= 1"),
        (r"$\relu x$", r"\operatorname{ReLU} x"),
        (r"$\norm{x} \norm*{x}$", r"\lVert x \rVert \left\lVert x \right\rVert"),
        (r"$a \to b$", r"a \rightarrow b"),
        (r"\def\x#1{#1\alpha}$\x{a}b$", r"a\alpha b"),
        (r"\let\old\bW\renewcommand{\bW}{{\old}}$\bW$", r"{\mathbf{W}}"),
        (r"\let\ohat\hat\renewcommand{\hat}[1]{\ohat{#1}'}$\hat y$", r"\ohat"),
        (r"\verb|$\bW$| % $\bW$", None),
    ],
)
def test_macros_are_put_in(typed: str, read: str | None) -> None:
    texts = [s.text.strip() for s in document_from_text(BEGUN + typed, "a.tex").formulas()]
    if read == r"\ohat":
        read = r"\hat{y}'"
    assert texts == ([] if read is None else [read])


def test_what_stands_in_a_macro_is_where_the_macro_is_called() -> None:
    document = document_from_text(BEGUN + r"Let $a + \pd{\bW_{ij}} = 0$", "a.tex")
    (formula,) = document.formulas()
    places = {
        text: document.origin(formula.start + formula.text.index(text)).column
        for text in ("a +", r"\frac", "L", r"\mathbf", "_{ij}", "= 0")
    }
    assert places == {"a +": 6, r"\frac": 10, "L": 10, r"\mathbf": 10, "_{ij}": 17, "= 0": 24}


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        (r"$\pd$", r"\pd takes 2 arguments, and one is missing here"),
        (r"\def\l{\l x}$\l$", r"\l calls itself, or stands for more than can be read"),
        (r"\def\a{\b\b}\def\b{\a\a}$\a$", r"\b calls itself, or stands for more than can be read"),
        (r"\def\m#1.{#1}$\m y$", r"\m is defined with . behind an argument: none here"),
        (r"\def\m(#1){#1}$\m y$", r"\m is defined with ( behind it, which is missing here"),
    ],
)
def test_a_macro_that_cannot_be_put_in_is_told_where_it_is_called(typed: str, says: str) -> None:
    document = document_from_text(BEGUN + typed, "a.tex")
    (fault,) = document.faults
    assert fault.message == says
    assert document.origin(fault.start).column == typed.index("$") + 2


@pytest.mark.parametrize(
    ("definition", "call", "meant"),
    [
        (r"\def\pd#1/#2{\frac{d #1}{d #2}}", r"\pd L/w", r"\frac{d L}{d w}"),
        (r"\def\pd#1/#2{\frac{#1}{#2}}", r"\pd L/{w_1} x", r"\frac{L}{w_1} x"),
        (r"\def\pd#1/#2;{\frac{#1}{#2}}", r"\pd {a/b}/w_1; x", r"\frac{a/b}{w_1} x"),
        (r"\def\pd(#1,#2){\frac{#1}{#2}}", r"\pd(L, w_1)", r"\frac{L}{w_1}"),
        (r"\gdef\grad_#1#2{\nabla_{#1} #2}", r"\grad_wL", r"\nabla_{w} L"),
        (r"\def\at#1|#2{\left.#1\right|_{#2}}", r"\at f'|{x=0}", r"\left.f'\right|_{x=0}"),
        (r"\newcommand{\D}[2][L]{d #1/d #2}", r"\D{w} + \D[a]{z}", r"d L/d w + d a/d z"),
        (r"\let\eps\varepsilon", r"\eps", r"\varepsilon"),
        (r"\let\bb=\mathbf", r"\bb{W}", r"\mathbf{W}"),
        (r"\DeclareMathOperator*{\am}{arg\,max}", r"\am_k z_k", r"\operatorname*{arg\,max}_k z_k"),
    ],
)  # fmt: skip
def test_macros_of_every_kind(definition: str, call: str, meant: str) -> None:
    document = document_from_text(f"{definition}\n\n$${call}$$", "a.tex")
    *_, last = document.formulas()
    assert last.text.strip() == meant


def test_macros_of_markdown_and_of_a_notebook() -> None:
    text = "$\\newcommand{\\bW}{\\mathbf{W}}$ and `\\bW`\n\n$$ \\bW x $$"
    for document in (
        document_from_text(text, "a.md"),
        document_from_text(notebook(("markdown", text)), "a.ipynb"),
    ):
        assert [s.text.strip() for s in document.formulas()] == ["", r"\mathbf{W} x"]


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        ("{", "the notebook is no JSON"),
        ('{"worksheets": []}', "no list of cells"),
        ('{"cells": [{"cell_type": "markdown", "source": 3}]}', "cell 1 is none"),
        ("[" * 100_000, "the notebook"),
    ],
)
def test_what_is_no_notebook(raw: str, says: str) -> None:
    with pytest.raises(Exception, match=says) as caught:
        document_from_text(raw, "book.ipynb")
    assert type(caught.value).__name__ == "Problem"
    assert str(caught.value).startswith("book.ipynb:")


@pytest.mark.long
@pytest.mark.parametrize(
    ("path", "piece"),
    [("a.html", "<a "), ("a.html", "<p>$x$"), ("a.html", "<script>"), ("a.rst", ":math:`"),
     ("a.tex", "\\def\\a{\\a}\\a "), ("a.tex", "\\newcommand{"), ("a.tex", "\\input{x} ")],
)  # fmt: skip
def test_opening_takes_time_linear_in_the_text(path: str, piece: str) -> None:
    start = time.process_time()
    with contextlib.suppress(Problem):
        document_from_text(piece * (40_000 // len(piece)), path)
    assert time.process_time() - start < 6.0
