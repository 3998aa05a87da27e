"""What cannot be read: the place, what was expected, and no traceback whatever comes."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from derive.errors import LimitExceeded, Problem, Unreadable
from derive.reading.parse import LENGTH_LIMIT, parse


def problem_of(latex: str) -> Problem | None:
    try:
        parse(latex)
    except Problem as problem:
        return problem
    return None


def located(problem: Problem | None, latex: str) -> bool:
    return problem is None or (problem.offset is not None and 0 <= problem.offset <= len(latex))


@pytest.mark.parametrize(
    ("latex", "offset", "says"),
    [
        (r"a = \left( b + c", 4, "this ( is not closed"),
        ("a + b)", 5, "closes nothing"),
        ("{a", 0, "{ is not closed"),
        ("a}", 1, "} closes nothing"),
        ("(a]", 2, "( is closed by ]"),
        (r"\frac{a(b}{c}", 7, "this ( is not closed before this }"),
        (r"\begin{bmatrix} a & b", 0, r"this \begin{bmatrix} is not closed"),
        (r"a \end{bmatrix}", 2, r"without \begin{bmatrix}"),
        (r"\begin{tikz} a \end{tikz}", 0, "unknown environment"),
        ("x_a_b", 3, "double subscript"),
        ("x^a^b", 3, "double superscript"),
        ("a = = b", 4, "two relations in a row"),
        ("a +", 3, "a term is missing"),
        (r"a \cdot", 7, "a factor is missing"),
        ("x_", 2, "an index is missing"),
        (r"\sum_^{n} x", 5, "an index is missing"),
        (r"\frac{a}", 8, "expected"),
        (r"\sum_{i=1}^n", 0, "has nothing after it"),
        ("= _a", 2, "an index needs a symbol before it"),
        (r"a \over b", 2, r"\over belongs inside braces"),
        (r"\int x", 0, "integral"),
        ("a # b", 2, "has no meaning"),
        ("\\", 0, "lone backslash"),
        (r"\left", 5, "argument is needed"),
        ("", 0, "empty"),
        (r" \, ", 0, "empty"),
        ("| x", 0, "never closed"),
    ],
)
def test_a_slip_is_named_with_its_place(latex: str, offset: int, says: str) -> None:
    with pytest.raises(Unreadable) as caught:
        parse(latex)
    assert caught.value.offset == offset
    assert says in str(caught.value)


@pytest.mark.long
@pytest.mark.parametrize(
    "latex",
    ["(" * 10_000 + "x" + ")" * 10_000, "{" * 10_000, r"\sqrt{" * 3_000, r"\left(" * 3_000,
     r"\hat" * 4_000 + " x", r"\sqrt" * 4_000 + " x", "-" * 9_000 + "x", "a+" * 9_000 + "a",
     "a/" * 9_000 + "a", r"\partial" * 2_000 + " x", r"\begin{bmatrix}" * 1_000,
     r"\stackrel" * 2_000, r"\text{$" * 2_000, "x^" * 9_000 + "x", "|" * 9_000, "x'" * 9_000,
     "a," * 9_999, "a=" * 9_999 + "a", "[" * 61 + "x" + "]" * 61, "\\" * 9_999],
    ids=lambda latex: latex[:8],
)  # fmt: skip
def test_deep_and_long_formulas_are_refused_or_read_at_once(latex: str) -> None:
    start = time.process_time()
    problem = problem_of(latex)
    assert time.process_time() - start < 2.0
    assert problem is None or isinstance(problem, Unreadable | LimitExceeded)


def test_nesting_and_length_have_stated_limits() -> None:
    with pytest.raises(LimitExceeded, match="nest deeper"):
        parse("(" * 9_000 + "x" + ")" * 9_000)
    with pytest.raises(LimitExceeded, match="at most 20000"):
        parse("x" * (LENGTH_LIMIT + 1))
    with pytest.raises(LimitExceeded, match="operations"):
        parse("+".join("a" * 1_000))
    assert parse("(" * 50 + "x" + ")" * 50).items
    assert parse(" + ".join(f"x_{{{i}}}" for i in range(150))).items


TOKENS = st.sampled_from(
    r"""a b i 1 0,5 = + - \cdot * / ( ) [ ] { } \{ \} | \| ^ _ ' , & \\ \quad \left( \right) \left.
    \right| \frac \sqrt \sum \max \log \partial \Delta \hat \mathbf \text{if} \text{(a}
    \begin{bmatrix} \end{bmatrix} \begin{cases} \end{cases}
    \begin{aligned} \end{aligned} \dots \prime < > : d
    \over \substack \underset \stackrel \boxed \arg \not \operatorname \mathrm{d} \Sigma \rm .
    % $ \lceil \rceil \begin{array} \end{array} \middle \tag""".split()
)


@given(st.lists(TOKENS, max_size=25).map(" ".join))
def test_any_words_give_a_tree_or_a_located_error(latex: str) -> None:
    assert located(problem_of(latex), latex)


@given(st.text(max_size=40))
def test_any_text_gives_a_tree_or_a_located_error(latex: str) -> None:
    assert located(problem_of(latex), latex)
