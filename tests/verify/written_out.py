r"""Gradients of small models written out element by element, by loops that know no index calculus.

    dense           s_i = sum_j W_ij x_j + b_i
    convolution     z_ij = sum_uv X_{i+u-1, j+v-1} k_uv
    pooling         p_ij = 1/4 sum over the window of c

Each `Sum` has a left side and all terms of its right side in reading order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from derive.equations import Model
from derive.pipeline import gradients
from derive.reading.context import EMPTY
from derive.reading.sheet import model_from_text
from verify.bench import Bench
from verify.setting import Setting

Numbers = tuple[int, ...]
Term = tuple[tuple[str, Numbers], ...]
"""Factors: a symbol, or ``d`` and a symbol for its gradient, with its indices."""


@dataclass(frozen=True)
class Shape:
    """Lengths of the three layers, small and different."""

    rows: int
    columns: int
    image: int
    kernel: int


@dataclass(frozen=True)
class Sum:
    """A left side and the terms of its right side; ``scale`` stands before all of them."""

    left: tuple[str, Numbers]
    terms: tuple[Term, ...]
    scale: str = ""


def sheet(shape: Shape) -> str:
    """The three layers, each with half a squared error of its own, as one sheet."""
    places = shape.image - shape.kernel + 1
    return rf"""---
loss: L
inputs: [x, X, c, t, r, q]
types: {{c: 'matrix {2 * shape.rows} {2 * shape.columns}'}}
---
$$ s_i = \sum_{{j=1}}^{{{shape.columns}}} W_{{i,j}} x_j + b_i, \quad i = 1, \dots, {shape.rows} $$
$$ z_{{i,j}} = \sum_{{u=1}}^{{{shape.kernel}}} \sum_{{v=1}}^{{{shape.kernel}}}
     X_{{i+u-1,j+v-1}} k_{{u,v}}, \quad i, j = 1, \dots, {places} $$
$$ p_{{i,j}} = \frac{{1}}{{4}} \sum_{{u=0}}^{{1}} \sum_{{v=0}}^{{1}} c_{{2i-u,2j-v}},
   \quad i = 1, \dots, {shape.rows}, \quad j = 1, \dots, {shape.columns} $$
$$ L = \frac{{1}}{{2}} \sum_{{i=1}}^{{{shape.rows}}} (s_i - t_i)^2
     + \frac{{1}}{{2}} \sum_{{i=1}}^{{{places}}} \sum_{{j=1}}^{{{places}}} (z_{{i,j}} - r_{{i,j}})^2
     + \frac{{1}}{{2}} \sum_{{i=1}}^{{{shape.rows}}} \sum_{{j=1}}^{{{shape.columns}}}
       (p_{{i,j}} - q_{{i,j}})^2 $$
"""


@cache
def setting(shape: Shape) -> Setting:
    """The model of this shape on its bench."""
    model: Model = model_from_text(sheet(shape), "written out")
    return Setting(Bench(model, gradients(model)), EMPTY)


def sums(shape: Shape) -> Iterator[Sum]:
    """Forward elements and gradients, a few of each kind."""
    rows, columns, kernel = shape.rows, shape.columns, shape.kernel
    places = shape.image - kernel + 1
    i, j = rows, columns - 1
    yield Sum(
        ("s", (i,)),
        (*((("W", (i, m)), ("x", (m,))) for m in range(1, columns + 1)), (("b", (i,)),)),
    )
    yield Sum(("dx", (j,)), tuple((("ds", (m,)), ("W", (m, j))) for m in range(1, rows + 1)))
    window = [(u, v) for u in range(1, kernel + 1) for v in range(1, kernel + 1)]
    a, b = places, 1
    yield Sum(
        ("z", (a, b)),
        tuple((("X", (a + u - 1, b + v - 1)), ("k", (u, v))) for u, v in window),
    )
    u, v = kernel, 1
    everywhere = [(m, n) for m in range(1, places + 1) for n in range(1, places + 1)]
    yield Sum(
        ("dk", (u, v)),
        tuple((("dz", (m, n)), ("X", (m + u - 1, n + v - 1))) for m, n in everywhere),
    )
    a, b = shape.image - 1, 2
    inside = [(m, n) for m, n in everywhere if 0 <= a - m < kernel and 0 <= b - n < kernel]
    yield Sum(
        ("dX", (a, b)),
        tuple((("dz", (m, n)), ("k", (a - m + 1, b - n + 1))) for m, n in inside),
    )
    yield Sum(
        ("p", (i, j)),
        tuple((("c", (2 * i - u, 2 * j - v)),) for u in (1, 0) for v in (1, 0)),
        r"\frac{1}{4}",
    )


Style = Callable[[str, Numbers], str]


def with_commas(symbol: str, at: Numbers) -> str:
    """``k_{1,2}``."""
    return f"{symbol}_{{{','.join(map(str, at))}}}"


def run_together(symbol: str, at: Numbers) -> str:
    """``k_{12}``."""
    return f"{symbol}_{{{''.join(map(str, at))}}}"


def in_brackets(symbol: str, at: Numbers) -> str:
    """``k(1, 2)``."""
    return f"{symbol}({', '.join(map(str, at))})"


STYLES: tuple[Style, ...] = (with_commas, run_together, in_brackets)


def element(symbol: str, at: Numbers, style: Style) -> str:
    """An element, or the gradient of the loss by one."""
    if symbol.startswith("d"):
        return rf"\frac{{\partial L}}{{\partial {style(symbol[1:], at)}}}"
    return style(symbol, at)


def term(factors: Term, style: Style) -> str:
    """The factors side by side."""
    return " ".join(element(symbol, at, style) for symbol, at in factors)


def written(total: Sum, style: Style, shown: list[Term | None] | None = None) -> str:
    """The formula; ``None`` among the terms that are shown are dots."""
    terms = list(total.terms) if shown is None else shown
    texts = [r"\dots" if t is None else term(t, style) for t in terms]
    right = " + ".join(texts)
    right = rf"{total.scale} ({right})" if total.scale else right
    return f"{element(*total.left, style)} = {right}"
