"""What a formula means as a tree: each case is one convention of written mathematics."""

from fractions import Fraction

import pytest

from derive.reading.parse import parse
from derive.reading.surface import (
    Big,
    Binary,
    Call,
    Cases,
    Collection,
    Dots,
    Fraction_,
    Group,
    Juxtaposition,
    Matrix,
    Missing,
    Name,
    Node,
    Numeral,
    Prefixed,
    Relation,
    Root,
    Scripted,
    Span,
    Unary,
    Words,
    walk,
)
from tests.derive.reading.formulas import ALL


def only(latex: str) -> Node:
    (item,) = parse(latex).items
    return item


def n(value: int) -> Numeral:
    return Numeral(str(value), Fraction(value))


a, b, c, d, e, f, i, j, k, x, y = (Name(letter) for letter in "abcdefijkxy")
ONE, TWO = n(1), n(2)


@pytest.mark.parametrize("latex", ALL)
def test_every_listed_formula_is_read(latex: str) -> None:
    assert parse(latex).items


# Names and scripts


@pytest.mark.parametrize("latex", ["k^2_{p,q}", "k_{p,q}^2", "k_{p , q}^{2}", "{k_{p,q}}^2"])
def test_scripts_come_in_either_order(latex: str) -> None:
    assert only(latex) == Name("k", sub=(Name("p"), Name("q")), sup=(TWO,))


@pytest.mark.parametrize(
    ("latex", "name"),
    [
        ("x_1", Name("x", sub=(ONE,))),
        ("w_{ij}", Name("w", sub=(Juxtaposition((i, j)),))),
        ("a^{(l)}", Name("a", sup=(Group(Name("l")),))),
        ("a^{[l]}", Name("a", sup=(Group(Name("l"), "["),))),
        ("a^{<t>}", Name("a", sup=(Group(Name("t"), "<"),))),
        ("a^T", Name("a", sup=(Name("T"),))),
        (r"a^\top", Name("a", sup=(Name(r"\top"),))),
        ("f''", Name("f", primes=2)),
        (r"f^{\prime}", Name("f", primes=1)),
        (r"a^{\prime(l)}", Name("a", primes=1, sup=(Group(Name("l")),))),
        ("h_1'^T", Name("h", primes=1, sub=(ONE,), sup=(Name("T"),))),
        (r"\hat{\mathbf{y}}_j", Name("y", (r"\hat", r"\mathbf"), sub=(j,))),
        (r"\mathbf{X_1}", Name("X", (r"\mathbf",), sub=(ONE,))),
        (r"\hat y", Name("y", (r"\hat",))),
        (r"\mathbb{1}", Name("1", (r"\mathbb",))),
        (r"\text{ReLU}", Name("ReLU")),
        (r"\operatorname{diag}", Name("diag")),
        (r"{\rm ReLU}", Name("ReLU")),
        (r"\mathcal{L}", Name("L", (r"\mathcal",))),
        (r"y_{\text{new value}}", Name("y", sub=(Name("new value"),))),
        (r"\foo", Name(r"\foo")),
        ("F_{*}", Name("F", sub=(Name("*"),))),
        ("x²", Name("x", sup=(TWO,))),
    ],
)
def test_a_name_keeps_its_decorations(latex: str, name: Name) -> None:
    assert only(latex) == name


def test_an_argument_without_braces_is_one_digit() -> None:
    assert only(r"\frac12") == Fraction_(ONE, TWO)
    assert only("x^23") == Juxtaposition((Name("x", sup=(TWO,)), n(3)))


# Precedence


def test_relations_bind_least_then_sums_products_and_scripts() -> None:
    product = Binary(r"\cdot", b, Name("c", sup=(TWO,)))
    assert only(r"a + b \cdot c^2 = d") == Relation((Binary("+", a, product), d), ("=",))


def test_infix_products_go_from_the_left() -> None:
    assert only(r"a * b \times c") == Binary(r"\times", Binary("*", a, b), c)
    assert only("a - b + c") == Binary("+", Binary("-", a, b), c)


def test_factors_side_by_side_bind_tighter_than_an_infix_product() -> None:
    assert only(r"a \odot b c") == Binary(r"\odot", a, Juxtaposition((b, c)))


def test_a_slash_takes_one_factor_on_either_side() -> None:
    assert only("a / b c") == Juxtaposition((Binary("/", a, b), c))
    assert only(r"\partial f/\partial x") == Binary(
        "/", Prefixed(r"\partial", f), Prefixed(r"\partial", x)
    )


def test_a_leading_sign_governs_its_term() -> None:
    assert only("-a b + c") == Binary("+", Unary("-", Juxtaposition((a, b))), c)
    assert only(r"a \cdot -b") == Binary(r"\cdot", a, Unary("-", b))
    assert only(r"a = -b") == Relation((a, Unary("-", b)), ("=",))


# Calls and products


@pytest.mark.parametrize(
    "latex", ["f(i, j)", r"f\left( i, j \right)", r"f\Big(i,j\Big)", r"f\,(i,j)"]
)
def test_a_name_before_a_bracket_is_a_call(latex: str) -> None:
    assert only(latex) == Call(f, (i, j))


def test_brackets_after_anything_else_are_factors() -> None:
    assert only("2(1 - y)") == Juxtaposition((TWO, Group(Binary("-", ONE, y))))
    assert only("(a)(b)") == Juxtaposition((Group(a), Group(b)))
    assert only("f(x)(1-y)") == Juxtaposition((Call(f, (x,)), Group(Binary("-", ONE, y))))


def test_calls_keep_their_bracket_and_carry_scripts() -> None:
    assert only("f[i, k]") == Call(f, (i, k), "[")
    assert only("f'(x)^2") == Scripted(Call(Name("f", primes=1), (x,)), sup=(TWO,))
    assert only("f[:, j]") == Call(f, (Name(":"), j), "[")


def test_an_operator_letter_takes_the_next_factor() -> None:
    assert only(r"\Delta x(i) b") == Juxtaposition((Prefixed(r"\Delta", Call(x, (i,))), b))
    assert only(r"\nabla_x f") == Prefixed(r"\nabla", f, sub=(x,))
    assert only(r"\frac{\partial^2 f}{\partial x}") == Fraction_(
        Prefixed(r"\partial", f, sup=(TWO,)), Prefixed(r"\partial", x)
    )


def test_above_a_fraction_bar_a_derivative_takes_the_whole_product() -> None:
    half = Fraction_(ONE, TWO)
    assert only(r"\frac{\partial \frac12 (y)}{\partial x}") == Fraction_(
        Prefixed(r"\partial", Juxtaposition((half, Group(y)))), Prefixed(r"\partial", x)
    )


def test_d_is_an_operator_only_above_and_below_a_fraction_bar() -> None:
    quotient = Fraction_(Prefixed("d", y), Prefixed("d", x))
    assert only(r"\frac{dy}{dx}") == quotient
    assert only("dy/dx") == Binary("/", quotient.top, quotient.bottom)
    assert only(r"\frac{d}{dx}") == Fraction_(d, Prefixed("d", x))
    assert only("d y") == Juxtaposition((d, y))
    assert only(r"\frac{d_1}{d_2}") == Fraction_(Name("d", sub=(ONE,)), Name("d", sub=(TWO,)))


def test_a_function_without_brackets_takes_one_factor() -> None:
    assert only(r"\log y b") == Juxtaposition((Call(Name(r"\log"), (y,), ""), b))
    assert only(r"\log(y) b") == Juxtaposition((Call(Name(r"\log"), (y,)), b))
    assert only(r"\exp^{-x}") == Name(r"\exp", sup=(Unary("-", x),))
    assert only(r"\max(a, b)") == Call(Name(r"\max"), (a, b))


# Sums


def test_the_body_of_a_sum_is_the_product_that_follows() -> None:
    body = Binary(r"\cdot", Juxtaposition((a, b)), c)
    assert only(r"\sum_{i=1}^2 a b \cdot c + d") == Binary(
        "+", Big(r"\sum", (Relation((i, ONE), ("=",)),), TWO, body), d
    )
    assert only(r"\sum_i a = b") == Relation((Big(r"\sum", (i,), None, a), b), ("=",))


def test_sums_nest_and_follow_their_factors() -> None:
    inner = Big(r"\sum", (j,), None, x)
    assert only(r"a \sum_i \sum_j x") == Juxtaposition((a, Big(r"\sum", (i,), None, inner)))


@pytest.mark.parametrize(
    "latex", [r"\sum_{i,j} x", r"\sum_{\substack{i \\ j}} x", r"\sum\limits_{i, j} x"]
)
def test_a_sum_may_range_over_several_indices(latex: str) -> None:
    assert only(latex) == Big(r"\sum", (i, j), None, x)


@pytest.mark.parametrize(
    "latex",
    [r"\arg\max_k x", r"\argmax_k x", r"\operatorname*{arg\,max}_k x", r"\underset{k}{\arg\max} x"],
)
def test_arg_max_in_its_spellings(latex: str) -> None:
    assert only(latex) == Big(r"\arg\max", (k,), None, x)


# Brackets


@pytest.mark.parametrize(
    ("latex", "node"),
    [
        (r"\lceil x \rceil", Group(x, r"\lceil")),
        ("|x|", Group(x, "|")),
        (r"\left\| x \right\|", Group(x, r"\|")),
        ("2|x|", Juxtaposition((TWO, Group(x, "|")))),
        ("|x||y|", Juxtaposition((Group(x, "|"), Group(y, "|")))),
        ("(a, b)", Collection((a, b), bracket="(")),
        ("[a, b)", Collection((a, b), bracket="[)")),
        (r"[a \quad b]", Collection((a, b), bracket="[")),
        (r"\{x\}_i", Collection((x,), sub=(i,))),
        (r"\sqrt[3]{x}", Root(x, n(3))),
        ("f(x | y)", Call(f, (Relation((x, y), (r"\mid",)),))),
        (r"\left. x \right|_{i}", Scripted(Group(x, ".|"), sub=(i,))),
        (r"x \bigg|_{i}", Scripted(Group(x, ".|"), sub=(i,))),
        (r"\lceil \cdot \rceil", Group(Name(r"\cdot"), r"\lceil")),
    ],
)
def test_brackets_of_every_kind(latex: str, node: Node) -> None:
    assert only(latex) == node


def test_a_bracket_may_be_cut_by_a_line_break() -> None:
    assert only(r"\left( a \right. \\ \left. + b \right)") == Group(Binary("+", a, b))


def test_matrices_have_rows_and_empty_cells() -> None:
    assert only(r"\begin{bmatrix} a & b \\ \vdots & \\ \end{bmatrix}") == Matrix(
        ((a, b), (Dots(), Missing()))
    )
    assert only(r"\begin{array}{cc} a & b \end{array}") == Matrix(((a, b),), "array")


@pytest.mark.parametrize(
    "latex",
    [
        r"\begin{cases} x & \text{if } x > 1 \\ a & \text{otherwise} \end{cases}",
        r"\begin{cases} x, & x > 1, \\ a \end{cases}",
        r"\begin{cases} x \text{ if } x > 1 \\ a, & \text{senão.} \end{cases}",
        r"\left\{ \begin{array}{ll} x & \text{if $x > 1$} \\ a & \text{else} \end{array} \right.",
    ],
)
def test_cases_have_values_and_conditions(latex: str) -> None:
    assert only(latex) == Cases(((x, Relation((x, ONE), (">",))), (a, None)))


# Numbers


@pytest.mark.parametrize(
    ("latex", "value"),
    [
        ("0.5470", "0.5470"),
        (".5", "0.5"),
        ("0,25", "0.25"),
        ("0{,}25", "0.25"),
        ("1e-5", "0.00001"),
    ],
)
def test_numerals_are_exact_and_keep_their_digits(latex: str, value: str) -> None:
    assert only(latex) == Numeral(latex, Fraction(value))


def test_a_comma_is_decimal_where_no_list_can_stand() -> None:
    quarter = Numeral("0,25", Fraction(1, 4))
    assert only("a = 0,25") == Relation((a, quarter), ("=",))
    assert only(r"\log(0,25)") == Call(Name(r"\log"), (quarter,))
    assert only("(1 - 0,25)") == Group(Binary("-", ONE, quarter))
    assert only(r"[0,25 \quad a]") == Collection((quarter, a), bracket="[")
    assert only("f(1,2)") == Call(f, (ONE, TWO))
    assert only("x_{1,2}") == Name("x", sub=(ONE, TWO))
    assert only("(1,2)") == Collection((ONE, TWO), bracket="(")


# Displays


def test_a_quantifier_is_one_relation() -> None:
    values = Collection((ONE, TWO, Dots(), n(12)), bracket="")
    formula = Relation((Call(f, (i, j)), x), ("=",))
    assert parse(r"f(i,j) = x, \quad i, j = 1, 2, \dots, 12").items == (
        formula,
        Relation((Collection((i, j), bracket=""), values), ("=",)),
    )
    assert parse(r"f(i,j) = x, i, j = 1, 2, \dots, 12").items == (
        formula,
        Relation((Collection((i, j), bracket=""), values), ("=",)),
    )


def test_quantifiers_follow_each_other() -> None:
    one_to = [Collection((ONE, Dots(), name), bracket="") for name in (a, b)]
    assert parse(r"x = 1, \dots, a, y = 1, \dots, b").items == (
        Relation((x, one_to[0]), ("=",)),
        Relation((y, one_to[1]), ("=",)),
    )
    assert only(r"1 \le i, j \le x") == Relation(
        (ONE, Collection((i, j), bracket=""), x), (r"\le", r"\le")
    )


def test_equations_separated_by_commas_stay_apart() -> None:
    assert parse("x = 1, y = 1").items == (Relation((x, ONE), ("=",)), Relation((y, ONE), ("=",)))


def test_words_part_two_formulas() -> None:
    assert parse(r"a, \text{ where } b").items == (a, Words(" where "), b)
    assert parse(r"a \text{ (size } 1 \times 2)").items == (
        a,
        Words(" (size "),
        Binary(r"\times", ONE, TWO),
        Words(")"),
    )


@pytest.mark.parametrize(
    "latex",
    [
        r"\begin{aligned} a &= b \\ \Rightarrow c &= d \end{aligned}",
        r"a = b, \\ \Rightarrow c = d",
        r"a = b \quad \Rightarrow \quad c = d",
    ],
)
def test_a_line_that_begins_with_a_relation_continues_the_chain(latex: str) -> None:
    assert only(latex) == Relation((a, b, c, d), ("=", r"\Rightarrow", "="))


@pytest.mark.parametrize(
    "latex", [r"a = b \\ + c", r"a = b + \\ c", r"\begin{align*} a &= b \\ &\quad + c \end{align*}"]
)
def test_a_sum_may_go_on_in_the_next_line(latex: str) -> None:
    assert only(latex) == Relation((a, Binary("+", b, c)), ("=",))


def test_a_display_may_begin_or_end_with_a_relation() -> None:
    assert only("= a") == Relation((Missing(), a), ("=",))
    assert only(r"a \Rightarrow") == Relation((a, Missing()), (r"\Rightarrow",))


@pytest.mark.parametrize(
    "latex",
    [r"\begin{eqnarray} a & = & b \\ c & = & d \end{eqnarray}", r"a = b \\ c = d",
     r"\begin{array}{rcl} a & = & b \\ c & = & d \end{array}"],
)  # fmt: skip
def test_lines_of_their_own_are_items(latex: str) -> None:
    assert parse(latex).items == (Relation((a, b), ("=",)), Relation((c, d), ("=",)))


@pytest.mark.parametrize(
    "latex",
    [r"a\,b\;\!b", r"a ~ b \label{x} b", "a % remark\n b b", r"\boxed{a} \underbrace{b}_{c} b",
     r"\displaystyle a b b \tag{3}", r"{a} {} b {b}"],
)  # fmt: skip
def test_layout_says_nothing(latex: str) -> None:
    assert only(latex) == Juxtaposition((a, b, b))


# Places


def test_every_node_knows_where_it_stands() -> None:
    latex = r"C_p^1(i, j) = \frac{1}{4} \sum_{u=0}^1 C(2i - u), \quad i, j = 1, 2, \dots, 12"
    for node in walk(parse(latex)):
        assert 0 <= node.span.start <= node.span.end <= len(latex)
        if isinstance(node, Name | Numeral):
            piece = latex[node.span.start : node.span.end]
            assert piece.startswith(node.base if isinstance(node, Name) else node.text)


def test_a_span_covers_the_whole_of_a_call() -> None:
    latex = "a + f(i, j)^2"
    sum_ = only(latex)
    assert isinstance(sum_, Binary)
    assert sum_.right.span == Span(4, len(latex))


def test_a_bracket_around_the_cells_of_a_row_is_only_shown() -> None:
    rows = ((a, b), (c, d))
    around = r"\begin{pmatrix} \left( a & b \right) \\ \left( c & d \right) \end{pmatrix}"
    assert only(around) == Matrix(rows, "pmatrix")
    assert only(r"\begin{pmatrix} (a) & b \\ c & (d) \end{pmatrix}") == Matrix(
        ((Group(a, "("), b), (c, Group(d, "("))), "pmatrix"
    )
