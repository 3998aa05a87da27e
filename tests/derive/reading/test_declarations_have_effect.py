"""A declaration has an effect, or is refused at its place: none is passed over in silence."""

from __future__ import annotations

from functools import cache

import pytest

from derive.equations import Model
from derive.errors import Problem
from derive.reading.context import context_from_document
from derive.reading.document import document_from_text
from derive.reading.sheet import model_from_text
from verify.judge import judge_document
from verify.verdict import Status, Verdict

BODY = r"""$$ h_i = \sum_{j=1}^{m} W_{ij} x_j + b_i, \quad i = 1, \dots, n $$
$$ L = \frac{1}{2} \sum_{i=1}^{n} (h_i - y_i)^2 $$
"""


@cache
def model(types: str) -> Model:
    front = f"---\nloss: L\ninputs: [x, 'y']\nsizes: {{n: 3, m: 2}}\n{types}---\n"
    return model_from_text(front + BODY, "dense")


def judged(declaration: str, formula: str, types: str = "") -> Verdict:
    """The verdict on a formula under a context of one line."""
    context = context_from_document(document_from_text(f"---\n{declaration}\n---\n"), "line")
    document = document_from_text(f"$$ {formula} $$\n")
    return judge_document(document, model(types), context).claims[0]


@pytest.mark.parametrize("sign", ["+", "-", r"\div", r"\sum", "foo", "", r"\oplus"])
def test_nothing_can_be_declared_of_what_is_no_product(sign: str) -> None:
    with pytest.raises(Problem, match="is no product") as found:
        judged(f"operators: {{'{sign}': convolution}}", "h_i = h_i")
    assert found.value.line == 2


@pytest.mark.parametrize(
    ("sign", "meaning"),
    [("*", "norm"), ("*", "from the last"), ("|", "convolution"), (r"\prod", "matmul"),
     ("power", "dot")],
)  # fmt: skip
def test_a_sign_has_its_own_meanings(sign: str, meaning: str) -> None:
    with pytest.raises(Problem, match=f"'{meaning}' is not known"):
        judged(f"operators: {{'{sign}': {meaning}}}", "h_i = h_i")


@pytest.mark.parametrize("sign", [r"\odot", "⊙"])
def test_a_sign_may_be_declared_as_it_is_typed(sign: str) -> None:
    types = "types: {W: matrix n m, x: column m}\n"
    formula = r"h_i = \sum_j (W_{i,:} \odot x)_j + b_i"
    assert judged(f"operators: {{'{sign}': matmul}}", formula, types).status is not Status.PROVED


@pytest.mark.parametrize(
    ("declaration", "message"),
    [
        ("scalars: [x]", "x is an array of the model"),
        ("scalars: ['x_i']", "x is an array of the model"),
        ("scalars: ['3']", "3 is no symbol"),
        ("gradients: {prefix: '+'}", "is no mark"),
        ("gradients: {prefix: ''}", "is no mark"),
        (r"gradients: {accent: '\Delta'}", "is no mark"),
        (r"slopes: {'\dot{h}': h}", "h is no function"),
        ("title: 3", "3 is no text"),
        ("ties: first", "no such declaration"),
        ("values: {q: 1}", "q is no symbol of the model"),
        ("declare: {one-hot: [h]}", "h is no input"),
    ],
)
def test_what_would_have_no_effect_is_refused_at_its_line(declaration: str, message: str) -> None:
    with pytest.raises(Problem, match=message) as found:
        judged(declaration, r"\frac{\partial L}{\partial b_i} = h_i - y_i")
    assert found.value.line == 2


@pytest.mark.parametrize("name", [r"\eta", r"\beta_1", r"\eta^{(2)}"])
def test_a_scalar_is_known_by_its_whole_name(name: str) -> None:
    step = rf"b_i \leftarrow b_i - {name} \frac{{\partial L}}{{\partial b_i}}"
    assert judged(f"scalars: ['{name}']", step).status is Status.PROVED
