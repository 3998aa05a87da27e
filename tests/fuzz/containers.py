r"""The deck of the fuzzer in every container, changed before and after it is put there."""

from __future__ import annotations

import html
import json
import random
from collections.abc import Callable

from tests.fuzz.corpus import SEED_DECK, changed, encoded

MACROS = r"""% ---
% gradients: {accent: '\bar'}
% ---
\documentclass{article}
\newcommand{\adj}[1]{\bar{#1}} \newcommand\half[1][1]{\frac{#1}{2}} \def\two#1#2{#1_{#2}}
\DeclareMathOperator*{\amax}{arg\,max} \DeclarePairedDelimiter{\norm}{\lVert}{\rVert}
\let\old\bar \newenvironment{eq}{\begin{align*}}{\end{align*}}
\input{part} \input{../part} \include{deck}
\begin{document}
\begin{eq} \adj{B} &= \adj{s} \\ \adj{h}(j) &= \half M(1, j) \end{eq} $\norm*{x} \two{a}{i}$
"""
PAGE = r"""<!-- --- --><p>\(\bar{B} &lt; \bar{s}\)</p><script type="math/tex; mode=display">
\bar{B} = \bar{s}</script><span class="katex"><math><annotation encoding="application/x-tex">
x &amp; y</annotation></math></span><script>macros: {a: "\\bar", b: ["#1", 1]}</script>
<table><tr><td>$x$<td>1</table><pre>code</pre>
"""
STRUCTURED = r"""Role :math:`\bar{B} = \bar{s}`

.. math::
   :label: one

   \bar{h}(j) = 1

   \bar{B} = 2

Code::

   :math:`x`

"""


def mutant_in_container(rng: random.Random) -> tuple[str, bytes]:
    """A suffix and the bytes of a file of that kind."""
    suffix = rng.choice((*_PUT, ".md", ".txt"))
    deck = changed(rng, SEED_DECK) if rng.random() < 0.5 else SEED_DECK
    put = _PUT.get(suffix)
    deck = put(rng, deck) if put is not None else deck
    return suffix, encoded(rng, changed(rng, deck))


def _latex(rng: random.Random, deck: str) -> str:
    body = deck.split("---\n", 2)[-1]
    return MACROS + body + rng.choice((r"\end{document}", ""))


def _page(rng: random.Random, deck: str) -> str:
    text = html.escape(deck, quote=False) if rng.random() < 0.5 else deck
    return PAGE + "<p>" + text.replace("\n\n", "</p>\n<p>")


def _structured(_: random.Random, deck: str) -> str:
    lines = deck.replace("$$", "\n").split("\n")
    return STRUCTURED + "\n".join(f"   {line}" for line in lines)


def _notebook(rng: random.Random, deck: str) -> str:
    cells = [
        {"cell_type": rng.choice(("markdown", "code", "raw")), "metadata": {}, "source": source}
        for text in deck.split("\n\n")
        for source in (rng.choice((text, text.splitlines(keepends=True))),)
    ]
    cells.append({"cell_type": "markdown", "metadata": {}, "source": MACROS})
    content = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    text = json.dumps(content, indent=rng.choice((None, 1)), ensure_ascii=rng.random() < 0.5)
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")


_PUT: dict[str, Callable[[random.Random, str], str]] = {
    ".tex": _latex, ".html": _page, ".rst": _structured, ".ipynb": _notebook,
}  # fmt: skip
