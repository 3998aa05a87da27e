"""Two columns: a core expression, and the LaTeX that stands on the slide."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from derive.equations import Model, adjoint_name
from derive.expr import (
    ONE,
    Access,
    Add,
    Apply,
    Delta,
    Expr,
    Guard,
    Summation,
    Value,
    add,
    negative,
    number,
    power,
    product,
    quotient,
)
from derive.index import Index, Indexable, Size, axis
from derive.latex import equation_latex, index_latex, latex, symbol, tensor_latex
from derive.reading.parse import parse
from tests.models import at, correlation_relu, padded_softplus, zhang_like

ZHANG = zhang_like().at_sizes()
R, C, U = axis("i", 1, 8), axis("j", 1, 8), axis("u", -2, 2)
p, q = axis("p", 1, 6), axis("q", 1, 12)


def adjoint(tensor: str, *indices: Indexable) -> Access:
    return Access(adjoint_name(tensor), at(tensor, *indices).indices)


FORWARD = {
    "z1": r"z_p^1(i, j) = \sum_{u=-2}^{2} \sum_{v=-2}^{2} I(i-u, j-v) \cdot k_{1,p}^1(u, v)"
    r" + b_p^1, \quad p = 1, \dots, 6, \quad i, j = 1, \dots, 24",
    "C1": r"C_p^1(i, j) = \sigma(z_p^1(i, j)), \quad p = 1, \dots, 6, \quad i, j = 1, \dots, 24",
    "S1": r"S_p^1(i, j) = \tfrac{1}{4} \sum_{u=0}^{1} \sum_{v=0}^{1} C_p^1(2i-u, 2j-v),"
    r" \quad p = 1, \dots, 6, \quad i, j = 1, \dots, 12",
    "z2": r"z_q^2(i, j) = \sum_{p=1}^{6} \sum_{u=-2}^{2} \sum_{v=-2}^{2}"
    r" S_p^1(i-u+2, j-v+2) \cdot k_{p,q}^2(u, v) + b_q^2,"
    r" \quad q = 1, \dots, 12, \quad i, j = 1, \dots, 8",
    "f": r"f(m) = \sum_{q=1}^{12} \sum_{i=1}^{4} \sum_{j=1}^{4} [m = i+4(j-1)+16(q-1)] \,"
    r" S_q^2(i, j), \quad m = 1, \dots, 192",
    "z": r"z(i) = \sum_{j=1}^{192} W(i, j) \cdot f(j) + b(i), \quad i = 1, \dots, 10",
    "L": r"L = \tfrac{1}{2} \sum_{i=1}^{10} (\hat{y}(i) - y(i))^2",
}


@pytest.mark.parametrize("tensor", FORWARD)
def test_zhangs_equations_read_like_the_slide(tensor: str) -> None:
    assert equation_latex(ZHANG.by_tensor[tensor], ZHANG) == FORWARD[tensor]


def test_sizes_are_printed_where_they_have_no_value() -> None:
    model = zhang_like()
    assert equation_latex(model.by_tensor["f"], model) == (
        r"f(m) = \sum_{q=1}^{Q} \sum_{i=1}^{A} \sum_{j=1}^{A}"
        r" [m = i+A \cdot (j-1)+A^{2} \cdot (q-1)] \, S_q^2(i, j), \quad m = 1, \dots, A^{2} Q"
    )


def upsampling() -> Expr:
    a, b = axis("i", 1, 4), axis("j", 1, 4)
    gates = [
        Guard(sign * (2 * Index.of(x) - y) + shift)
        for x, y in ((a, R), (b, C))
        for sign, shift in ((1, 0), (-1, 1))
    ]
    return Summation((a, b), product(number("1/4"), *gates, adjoint("S2", q, a, b)))


def full_correlation() -> Expr:
    i, j = axis("i", 1, 12), axis("j", 1, 12)
    u, v = U, axis("v", -2, 2)
    row, column = Index.of(i) + u - 2, Index.of(j) + v - 2
    gates = [Guard(row - 1), Guard(8 - column), Guard(8 - row), Guard(column - 1)]
    body = product(*gates, adjoint("z2", Index.of(q), row, column), at("k2", p, q, u, v))
    return Summation((q, u, v), body)


BACKWARD: dict[str, tuple[Expr, str]] = {
    "upsampling": (
        upsampling(),
        r"\tfrac{1}{4} \frac{\partial L}{\partial S_q^2(\lceil i/2 \rceil, \lceil j/2 \rceil)}",
    ),
    "full correlation": (
        full_correlation(),
        r"\sum_{q=1}^{12} \sum_{u=-2}^{2} \sum_{v=-2}^{2} [1 \le i+u-2 \le 8] \,"
        r" [1 \le j+v-2 \le 8] \, \frac{\partial L}{\partial z_q^2(i+u-2, j+v-2)}"
        r" \cdot k_{p,q}^2(u, v)",
    ),
    "through the output": (
        product(adjoint("C1", p, R, C), at("C1", p, R, C), add(ONE, negative(at("C1", p, R, C)))),
        r"\frac{\partial L}{\partial C_p^1(i, j)} \cdot C_p^1(i, j) (1 - C_p^1(i, j))",
    ),
    "outer product": (
        product(adjoint("z", R), at("f", C)),
        r"\frac{\partial L}{\partial z(i)} \cdot f(j)",
    ),
    "negative of a difference": (
        negative(add(at("yhat", R), negative(at("y", R)))),
        r"-(\hat{y}(i) - y(i))",
    ),
}


@pytest.mark.parametrize("what", BACKWARD)
def test_adjoints_read_like_the_slide(what: str) -> None:
    expr, printed = BACKWARD[what]
    assert latex(expr, ZHANG) == printed


Q2 = Size("n")
SMALL: dict[str, tuple[Expr, str]] = {
    "a fraction": (quotient(at("f", R), at("z", C)), r"\frac{f(i)}{z(j)}"),
    "its number": (
        product(number("3/4"), quotient(at("f", R), at("z", C))),
        r"\frac{3 f(i)}{4 z(j)}",
    ),
    "one over": (power(at("f", R), -2), r"\frac{1}{f(i)^2}"),
    "one over a size": (
        quotient(Summation((R,), at("f", R)), Value(Index.of(Q2))),
        r"\frac{1}{n} \sum_{i=1}^{8} f(i)",
    ),
    "softmax": (
        quotient(Apply("exp", (at("z", R),)), Summation((C,), Apply("exp", (at("z", C),)))),
        r"\frac{\exp(z(i))}{\sum_{j=1}^{8} \exp(z(j))}",
    ),
    "a sum in front of a factor": (
        product(Summation((R,), at("f", R)), at("b", C)),
        r"b(j) \sum_{i=1}^{8} f(i)",
    ),
    "a sum over a sum of terms": (
        Summation((R,), add(at("f", R), negative(at("z", R)))),
        r"\sum_{i=1}^{8} (f(i) - z(i))",
    ),
    "a negative sum": (
        add(at("L"), Summation((R,), product(number("-1/2"), at("f", R)))),
        r"L - \tfrac{1}{2} \sum_{i=1}^{8} f(i)",
    ),
    "a power of a labelled element": (power(at("b1", p), 2), r"(b_p^1)^2"),
    "a root": (power(add(at("f", R), ONE), Fraction(1, 2)), r"\sqrt{f(i) + 1}"),
    "a general power": (power(at("f", R), at("z", C)), r"f(i)^{z(j)}"),
    "the derivative of ReLU": (Apply("step", (at("z", R),)), "[z(i) > 0]"),
    "a logarithm of a product": (
        Apply("log", (product(number(2), at("f", R)),)),
        r"\ln(2 f(i))",
    ),
    "the larger": (Apply("maximum", (at("f", R), at("z", R))), r"\max(f(i), z(i))"),
    "a generic function": (Apply("g''", (at("z", R),)), "g''(z(i))"),
    "numbers side by side": (
        Add((product(number(2), Value(3 * Index.of(R))), number("-1/3"))),
        r"2 \cdot 3i - \tfrac{1}{3}",
    ),
    "an index as a number": (
        product(Value(Index.of(R) - 1), at("f", R)),
        r"(i-1) \cdot f(i)",
    ),
    "a congruence": (
        Summation(
            (U,), product(Delta(Index.of(R) - 3 * Index.of(C) - 2 * Index.of(U)), at("f", U))
        ),
        r"\sum_{u=-2}^{2} [i = 3j+2u] \, f(u)",
    ),
    "a single guard": (product(Guard(Index.of(R) - C - 1), at("f", R)), r"[1 \le i-j] \, f(i)"),
}


@pytest.mark.parametrize("what", SMALL)
def test_small_things(what: str) -> None:
    expr, printed = SMALL[what]
    assert latex(expr, ZHANG) == printed


def test_axes_of_one_name_in_one_scope_are_told_apart() -> None:
    inner, innermost = axis("i", 1, 10), axis("i", 1, 10)
    body = product(at("W", inner, R), Summation((innermost,), at("z", innermost)))
    printed = latex(product(at("f", R), Summation((inner,), body)), ZHANG)
    assert printed == r"f(i) \sum_{i'=1}^{10} W(i', i) \sum_{i''=1}^{10} z(i'')"


def test_two_sums_side_by_side_may_share_a_letter() -> None:
    sums = [Summation((a,), at("z", a)) for a in (axis("i", 1, 10), axis("i", 1, 10))]
    assert latex(add(*sums), ZHANG) == r"\sum_{i=1}^{10} z(i) + \sum_{i=1}^{10} z(i)"


def test_functions_are_written_as_the_author_does() -> None:
    mine = replace(ZHANG, functions={r"\phi": "logistic", "h": "generic"})
    assert latex(Apply("logistic", (at("z", R),)), mine) == r"\phi(z(i))"
    assert latex(Apply("h'", (at("z", R),)), mine) == "h'(z(i))"


INDICES = {
    "i-u": Index.of(R) - U,
    "2i-u": 2 * Index.of(R) - U,
    "i-2j": -2 * Index.of(C) + R,
    "n-i": Index.of(Q2) - R,
    "n i+1": Q2 * Index.of(R) + 1,
    "4(i-1)+j": 4 * Index.of(R) - 4 + C,
    "1-n": 1 - Index.of(Q2),
    "-i-1": -Index.of(R) - 1,
    "0": Index.of(0),
}


@pytest.mark.parametrize("printed", INDICES)
def test_indices_are_written_as_people_do(printed: str) -> None:
    assert index_latex(INDICES[printed]) == printed


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("i", "i"),
        ("theta", r"\theta"),
        ("n_l", "n_l"),
        ("x12", "x_{12}"),
        ("width", r"\mathit{width}"),
        (r"\input{/etc/passwd}", r"\text{\textbackslash{}input\{/etc/passwd\}}"),
        ("__import__('os')", r"\text{\_\_import\_\_('os')}"),
        ("a$b%c", r"\text{a\$b\%c}"),
        ("<script>", r"\text{\textless{}script\textgreater{}}"),
    ],
)
def test_names_that_are_no_symbols_are_inert(name: str, printed: str) -> None:
    assert symbol(name) == printed


def test_unknown_tensors_are_escaped() -> None:
    assert latex(at("a_b c", R), ZHANG) == r"\text{a\_b c}(i)"


def test_a_tensor_as_a_whole_keeps_its_labels_only() -> None:
    assert tensor_latex(ZHANG.tensors["k1"]) == "k_1^1"
    assert tensor_latex(ZHANG.tensors["C2"]) == "C^2"
    assert tensor_latex(ZHANG.tensors["yhat"]) == r"\hat{y}"


def test_without_a_loss_something_generic_is_differentiated() -> None:
    model = correlation_relu()
    assert latex(adjoint("R", Index.of(R)), model) == r"\frac{\partial \mathcal{L}}{\partial R_i}"


@pytest.mark.parametrize("model", [zhang_like(), ZHANG, correlation_relu(3, 2), padded_softplus()])
def test_everything_printed_can_be_read(model: Model) -> None:
    for equation in model.equations:
        parse(equation_latex(equation, model))
    for expr, _ in (*BACKWARD.values(), *SMALL.values()):
        parse(latex(expr, ZHANG))
