"""MATLAB listings in a deck: every statement is judged, a definition, open, or unreadable."""

from __future__ import annotations

import pytest

from derive.reading.document import document_from_text
from derive.reading.matlab.statements import statements
from tests.verify.claims import context, sheet
from verify.extract import extract
from verify.judge import judge_document
from verify.listings.matlab import listings
from verify.verdict import Status, Verdict

LAYER = sheet(r"""---
loss: L
inputs: [X, T]
sizes: {m: 3, n: 4, N: 5}
types: {X: matrix n N, T: matrix m N, W: matrix m n}
functions: {f: logistic}
---
$$ Z = W X $$
$$ Y = f(Z) $$
$$ L = \frac12 \sum_{i=1}^{m} \sum_{t=1}^{N} (Y(i, t) - T(i, t))^2 $$
""")
NAMES = context(r"""code:
  X: X
  W: W
  T: T
  Y: 'Y'
  net.out: Z
  delta: '\frac{\partial L}{\partial Z}'
  dW: '\frac{\partial L}{\partial W}'""")

FENCE = "```\n{}\n```\n"


def judged(code: str, fence: str = FENCE) -> tuple[Verdict, ...]:
    deck = document_from_text("Notes\n\n" + fence.replace("{}", code))
    return judge_document(deck, LAYER, NAMES).claims


STATEMENTS = [
    ("net.out = W*X;", Status.PROVED),
    ("net.out = W .* X;", Status.ILL_FORMED),
    ("delta = (Y - T) .* Y .* (1 - Y);", Status.PROVED),
    ("delta = (Y - T) .* Y; % the slope", Status.REFUTED),
    ("dW = delta*X';", Status.PROVED),
    ("dW = delta * X .' ;", Status.PROVED),
    ("dW = delta*X'/2;", Status.REFUTED),
    ("dW = ((Y - T) .* Y .* (1 - Y))*X';", Status.PROVED),
    ("eta = 0.1;", Status.DEFINITION),
    ("dW = zeros(size(W));", Status.DEFINITION),
    ("dW = unknown*X';", Status.UNDECIDED),
    ("dW = delta*reshape(X', [], 4);", Status.UNDECIDED),
    ("dW = delta(:,,1);", Status.UNREADABLE),
]


def test_a_statement_is_judged_by_the_formula_that_it_states() -> None:
    found = judged("\n".join(code for code, _ in STATEMENTS))
    told = [(v.latex.rstrip("; "), v.status) for v in found]
    assert told == [(code.split(";")[0].rstrip(), status) for code, status in STATEMENTS]


def test_what_is_said_names_places_and_symbols() -> None:
    wrong, open_, *_ = judged("dW = delta(:,,1);\ndW = unknown*X';\na = 1;\nb = 2;")
    assert "line 4, column 14" in wrong.message
    assert "unknown" in open_.message
    (right, *_) = judged("dW = delta*X';\na = 1;")
    assert right.assumptions[0].startswith(r"as a formula: \frac{\partial L}{\partial W} =")


@pytest.mark.parametrize(
    ("row", "read"),
    [
        ("[1 2 3]", "[1,2,3]"),
        ("[a -b]", "[a,-b]"),
        ("[a - b]", "[a - b]"),
        ("[a', b' c]", "[a\u2032, b\u2032,c]"),
        ("{'x' 1\n 'y' 2}", "{'x',1; 'y',2}"),
        ("f(a, b)", "f(a, b)"),
    ],
)
def test_rows_are_parted_by_spaces_and_line_ends(row: str, read: str) -> None:
    (found,) = statements(f"m = {row};")
    assert found.text == f"m = {read}"


def test_a_name_that_is_a_letter_away_from_one_with_a_value_is_a_slip() -> None:
    code = "width = 3;\nfor index2 = 1:3\n total = width + index22;\n more = widths;\nend"
    found = {v.latex: v for v in judged(code)}
    assert found["total = width + index22"].status is Status.ILL_FORMED
    assert "did you mean index2?" in found["total = width + index22"].message
    assert found["more = widths"].status is Status.ILL_FORMED
    assert found["width = 3"].status is Status.DEFINITION
    assert judged("a = 1;\nb = c;\nd = total;")[1].status is Status.DEFINITION


def test_statements_end_where_matlab_ends_them() -> None:
    code = "a = [1, 2; 3, 4]; b = a'; % c = 3;\nfor k = 1:3, d = a(k, ...\n  2); end\ns = 'x;y';"
    found = list(statements(code))
    assert [s.text.split()[0] for s in found] == ["a", "b", "for", "d", "end", "s"]
    assert all(code.startswith(s.text.split()[0], s.start) for s in found)


@pytest.mark.parametrize(
    "text",
    [
        "```python\nx = 1;\ny = 2;\n```",
        "```\nimport numpy as np\nx = np.zeros(3)\n```",
        "```\nfor (int i = 0; i < n; i++) {\n  x = x + 1;\n}\n```",
        "```\nx = 1\ny = 2\n```",
        "```\n$ make all\nok\n```",
        "First we set a to 1; then b.\nAfter that, c = d;\nand so on;\n",
        "```\nThe loss is small;\nthe gradient too;\n```",
    ],
)
def test_other_text_is_no_listing(text: str) -> None:
    assert not list(listings(document_from_text(text)))


def test_lines_of_code_outside_fences_are_a_listing() -> None:
    code = "% backward\ndelta = (Y - T) .* Y .* (1 - Y);\ndW = delta*X';\n"
    statuses = [v.status for v in judged(code, "Now in code:\n\n{}\nThat was all.\n")]
    assert statuses == [Status.PROVED, Status.PROVED]


def test_fields_are_handed_on_by_their_names() -> None:
    text = "```matlab\nopts.lambda = 0.1;\ngrad = 2*lambd;\n```\n"
    *_, found = extract(document_from_text(text)).claims
    assert "did you mean lambda?" in str(found.error)


def test_a_name_that_nothing_gives_a_value_is_said() -> None:
    loop = "for k = 1:count\n  rest = 1 - rate;\nend\n"
    text = f"```matlab\nrate = length(picked)/count;\n{loop}```\n"
    first, other = extract(document_from_text(text)).claims
    assert first.notes == ("no listing here gives picked a value",)
    assert not other.notes


def test_what_is_printed_gets_no_value_from_that() -> None:
    text = "```matlab\nrate = picked/4;\nsprintf('%d', picked);\nX = a(:,,1);\ny = X;\n```\n"
    first, _, last = extract(document_from_text(text)).claims
    assert first.notes == ("no listing here gives picked a value",)
    assert not last.notes


@pytest.mark.parametrize("statement", ["X = imgs(:,,2);", "Z = A(1,);", "V = f(,x);"])
def test_an_index_that_is_left_out_is_said(statement: str) -> None:
    (verdict,) = judged(statement, "```matlab\n{}\n```\n")
    assert verdict.status is Status.UNREADABLE
    assert "expected something before it, : for all" in verdict.message
