"""Functions of a listing are put in where they are called, and judged by what they return."""

from __future__ import annotations

import ast

import pytest

from derive.reading.document import document_from_text
from derive.reading.python.functions import Functions, insides
from tests.verify.claims import context, sheet
from verify.judge import judge_document
from verify.verdict import Status, Verdict

TWO = sheet(r"""---
loss: E
inputs: [u, t]
functions: {g: tanh}
---
$$ p = g(c u) \qquad q = g(k p) \qquad E = (q - t)^2 $$
""")
NAMES = context(r"""code: {u: u, x: u, self.c: c, self.k: k, p: p, q: q, out: q, t: t}""")

NET = """class Net:
    def __init__(self):
        self.c = torch.tensor(0.5)

    def forward(self, x):
        x = torch.tanh(x * self.c)
        x = torch.tanh(x * {last})
        return x
"""


def _judged(*blocks: str) -> tuple[Verdict, ...]:
    deck = "\n\n".join(f"```python\n{block}\n```" for block in blocks)
    return judge_document(document_from_text(deck), TWO, NAMES).claims


def _last(*blocks: str) -> Verdict:
    return _judged(*blocks)[-1]


def test_the_output_of_a_module_is_what_its_forward_returns() -> None:
    right = _last(NET.format(last="self.k"), "net = Net()", "q = net(u)")
    assert right.status is Status.PROVED, right.message


def test_a_forward_that_computes_something_else_is_refuted_where_it_is_called() -> None:
    wrong = _last(NET.format(last="self.c"), "net = Net()", "q = net(u)")
    assert wrong.status is Status.REFUTED


def test_a_parameter_that_gets_another_value_is_no_symbol_there() -> None:
    inside = [v for v in _judged(NET.format(last="self.k")) if v.latex.startswith("x = ")]
    assert {v.status for v in inside} == {Status.DEFINITION}
    assert all("within forward" in v.message for v in inside)


def test_what_follows_a_changed_parameter_is_judged_with_its_value_there() -> None:
    body = "def run(x):\n    x = torch.tanh(x * self.c)\n    {name} = torch.tanh(x * self.k)\n"
    assert _last(body.format(name="q")).status is Status.PROVED
    assert _last(body.format(name="p")).status is Status.REFUTED


def test_a_function_inside_a_function_is_put_in_too() -> None:
    inner = "def act(v, w):\n    return torch.tanh(v * w)\n"
    outer = "def net(v):\n    h = act(v, self.c)\n    return act(h, self.k)\n"
    assert _last(inner, outer, "out = net(u)").status is Status.PROVED


@pytest.mark.parametrize(
    "definition",
    [
        "def net(v):\n    if v > 0:\n        return v\n    return -v\n",
        "def net(v, *others):\n    return v\n",
        "def net(v, w):\n    return v\n",
        "def net(v):\n    v += 1\n    return v\n",
        "def net(v):\n    return net(v)\n",
        "def net(v):\nreturn v\n",
        "def net(v):\n    return [v for v in (v, 1)][0]\n",
    ],
)
def test_what_is_no_single_expression_is_left_open(definition: str) -> None:
    assert _last(f"{definition}u = 1.0", "q = net(u)").status is Status.UNDECIDED


def test_a_name_that_is_no_instance_any_more_is_not_called() -> None:
    functions = Functions()
    functions.define("class A:\n    def __call__(self, v):\n        return v * v\n")
    functions.note(ast.parse("a = A()").body[0])
    assert functions.put_in(ast.parse("y = a(3)").body[0]) == "y = 3 * 3"
    functions.note(ast.parse("a = load()").body[0])
    assert functions.put_in(ast.parse("y = a(3)").body[0]) is None


def test_expressions_that_grow_without_end_are_not_put_together() -> None:
    doubling = "\n".join(["    v = v * v"] * 60)
    functions = Functions()
    functions.define(f"def f(v):\n{doubling}\n    return v\ndef g(v):\n    return v * v\n")
    assert functions.put_in(ast.parse("y = f(2)").body[0]) is None
    nested = "g(" * 30 + "x" + ")" * 30
    assert len(functions.put_in(ast.parse(f"y = {nested}").body[0]) or "") < 10_000
    assert len(list(insides(f"def f(v):\n{doubling}\n"))) < 20


def test_statements_inside_are_found_by_their_offsets() -> None:
    listing = "é = 1\ndef f(a):\n    é = a; a = é * 2\n    return a\n"
    ((start, inside),) = insides(listing)
    assert listing[start:].startswith("a = é * 2")
    assert (inside.function, inside.name, inside.of_parameter) == ("f", "a", True)
