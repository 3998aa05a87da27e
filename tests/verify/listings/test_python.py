"""Statements of Python listings as claims."""

from __future__ import annotations

import pytest

from derive.reading.document import document_from_text
from derive.reading.python.statements import statements
from tests.verify.claims import context, sheet
from verify.extract import extract
from verify.formulas import Kind
from verify.judge import judge_document
from verify.listings.python import python_listings
from verify.verdict import Status, Verdict

LAYER = sheet(r"""---
loss: L
inputs: [X, Y]
sizes: {N: 5, D: 3, K: 2}
functions: {'\sigma': logistic}
types: {X: matrix N D, W: matrix D K, b: row K, Y: matrix N K}
---
$$ Z = X W + b \qquad A = \sigma(Z) \qquad L = \frac{1}{2} \| A - Y \|^2 $$
""")
NAMES = context(r"""scalars: ['\eta']
values: {'\eta': 0.1}
code:
  X: X
  W: W
  b: b
  Z: Z
  A: A
  Y: Y
  lr: '\eta'
  loss: L
  dZ: '\frac{\partial L}{\partial Z}'
  dW: '\frac{\partial L}{\partial W}'
  db: '\frac{\partial L}{\partial b}'
  self.W: W""")


def _judged(*lines: str, fence: str = "python") -> tuple[Verdict, ...]:
    listing = "\n".join(lines)
    return judge_document(document_from_text(f"```{fence}\n{listing}\n```\n"), LAYER, NAMES).claims


@pytest.mark.parametrize(
    "statement",
    [
        "Z = X @ W + b",
        "Z = np.dot(X, self.W) + b  # scores",
        "A = 1 / (1 + np.exp(-Z))",
        "A = torch.sigmoid(Z)",
        "loss = 0.5 * np.sum((A - Y) ** 2)",
        "dZ = (A - Y) * A * (1 - A)",
        "dW = X.T @ dZ",
        "dW = np.dot(X.T, dZ)",
        "db = dZ.sum(axis=0)",
        "db = np.sum(\n    dZ, axis=0)",
        "W -= lr * dW",
        "W = W - lr * dW",
    ],
)
def test_right_statements_are_accepted(statement: str) -> None:
    (found,) = _judged(statement)
    assert found.status in {Status.PROVED, Status.CONFIRMED}, found.message


@pytest.mark.parametrize(
    "statement",
    [
        "Z = X @ W - b",
        "A = 1 / (1 + np.exp(Z))",
        "dZ = (A - Y) * A",
        "dW = X @ dZ",
        "db = dZ.sum(axis=1)",
        "W += lr * dW",
    ],
)
def test_wrong_statements_are_told_at_their_place(statement: str) -> None:
    (found,) = _judged(statement)
    assert found.status in {Status.REFUTED, Status.ILL_FORMED}
    assert found.latex == statement
    assert found.places[0].line == 2


def test_an_option_of_a_call_is_a_number_of_the_deck() -> None:
    right, wrong = _judged("opt = SGD(model.parameters(), lr=0.1)", "opt = SGD(ps, lr=0.01)")
    assert right.status is Status.CONFIRMED
    assert wrong.status is Status.REFUTED


def test_what_nobody_declared_is_open_or_a_definition() -> None:
    made, read, odd = _judged("x = torch.tensor(1.0)", "A = net(X)", "dZ = np.einsum('ij', A)")
    assert made.status is Status.DEFINITION
    assert read.status is Status.UNDECIDED
    assert odd.status is Status.UNDECIDED


def test_what_steers_is_counted_and_what_cannot_be_read_is_unreadable() -> None:
    text = "```python\nimport numpy as np\nfor i in range(3):\n    x = (1,\nprint(x)\n```\n"
    found = extract(document_from_text(text))
    assert [c.error is not None for c in found.claims] == [True]
    assert len(found.skipped) == 2


def test_a_name_without_a_value_is_told_where_one_is_a_letter_away() -> None:
    *_, found = _judged("weight = 1.0", "other = 2.0 * weigth1", "more = 2.0 * weigh")
    assert found.status is Status.ILL_FORMED
    assert "did you mean weight?" in found.message


def test_parameters_of_functions_have_values() -> None:
    text = (
        "```python\ndef step(weight, rate):\n    weighs = weight - rate\n    return weighs\n```\n"
    )
    found = extract(document_from_text(text)).claims
    assert [(c.kind, c.error) for c in found] == [(Kind.PYTHON, None)]


@pytest.mark.parametrize(
    "listing",
    ["x = y;\nz = w';", "\\frac{a}{b} = 1\nc = d", "let x = 1\nlet y = 2", "a = b\nc = d"],
)
def test_other_listings_without_a_name_are_no_python(listing: str) -> None:
    assert not list(python_listings(document_from_text(f"```\n{listing}\n```\n")))


def test_statements_end_at_lines_outside_brackets_and_texts() -> None:
    listing = "a = f(1,\n  2)  # a, b\nb = 'x; # y'; c = 3\n"
    found = list(statements(listing))
    assert [s.text.split(" = ")[0] for s in found] == ["a", "b", "c"]
    assert all(listing[s.start] == s.text[0] for s in found)


def test_nothing_of_a_listing_is_run() -> None:
    (found,) = _judged("W = __import__('os').system('false')")
    assert found.status is Status.UNDECIDED
