r"""Contexts: declarations of meaning, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from derive.errors import IllFormed, Problem
from derive.index import Index
from derive.reading.context import (
    Context,
    apply_context,
    context_from_document,
    load_context,
    reading_scope,
)
from derive.reading.declare import declare_alias
from derive.reading.document import document_from_text
from derive.reading.parse import parse
from derive.reading.problems import Undeclared
from derive.reading.scope import Scope, numeric_scope
from derive.reading.sentence import sentences
from derive.reading.sheet import load_model
from derive.reading.statement import statement
from tests.derive.reading.scopes import CONTEXT, model, scope


def context(front: str, body: str = "Some prose.") -> Context:
    return context_from_document(document_from_text(f"---\n{front}\n---\n{body}\n", "c.md"), "c")


def target(latex: str, here: Scope) -> tuple[str | None, tuple[Index, ...]]:
    (sentence,) = sentences(parse(latex))
    found = statement(sentence, here)
    return found.target, found.indices


def test_zhang() -> None:
    declared = load_context("zhang")
    assert declared.prefixes == (r"\Delta",)
    assert declared.gradients_zero_outside
    assert not declared.tensors_zero_outside
    here = reading_scope(load_model("zhang"), declared)
    meanings = {
        r"\Delta W": "∂W",
        r"\Delta \hat{y}": "∂z",
        r"\Delta C_q^2": "∂C2",
        r"\Delta C_{q,\sigma}^2": "∂z2",
        r"\Delta C_{p,\sigma}^1(i, j)": "∂z1",
        r"\Delta f(j)": "∂f",
    }
    assert {latex: target(latex, here)[0] for latex in meanings} == meanings


def test_an_alias_has_its_letters_as_slots() -> None:
    here = declare_alias(
        numeric_scope(model()), r"\delta_{j}^{i}(p)", r"\partial L/\partial z_p^1(i, j)"
    )
    name, indices = target(r"\delta_{2}^{1}(2)", here)
    assert name == "∂z1"
    assert [i.value for i in indices] == [2, 1, 2]


def test_an_alias_of_a_whole_array_takes_indices_too() -> None:
    here = declare_alias(numeric_scope(model()), r"\delta_p", r"\partial L / \partial z_p^1")
    assert target(r"\delta_p(3, 4)", here)[0] == "∂z1"
    assert target(r"\delta_p", here)[0] == "∂z1"


def test_an_alias_may_stand_for_any_expression() -> None:
    here = declare_alias(numeric_scope(model()), "r(i)", r"\hat y(i) - t(i)")
    (sentence,) = sentences(parse("r_2 = 0"))
    body = statement(sentence, here).sides[0].body
    (plain,) = sentences(parse(r"\hat y(2) - t(2) = 0"))
    assert body == statement(plain, here).sides[0].body


def test_an_alias_beats_the_prefix() -> None:
    assert target(r"\Delta \hat y", scope())[0] == "∂z"
    only_prefix = Context("p", prefixes=(r"\Delta",))
    assert target(r"\Delta \hat y", scope(only_prefix))[0] == "∂yhat"


def test_definitions_may_stand_in_the_body() -> None:
    declared = context("title: t", r"$$ \Delta \hat y = \frac{\partial L}{\partial z} $$")
    assert declared.meanings == ((r"\Delta \hat y", r"\frac{\partial L}{\partial z}"),)
    assert target(r"\Delta \hat y", reading_scope(model(), declared))[0] == "∂z"


def test_an_accent_can_mark_gradients() -> None:
    here = reading_scope(model(), context(r"gradients: {accent: '\bar'}"))
    assert target(r"\bar{W}_{ij}", here)[0] == "∂W"
    assert target(r"\bar W", here)[0] == "∂W"


def test_without_it_symbols_are_undeclared() -> None:
    with pytest.raises(Undeclared, match="nothing declares what ΔW means"):
        target(r"\Delta W", reading_scope(model()))


def test_functions_and_operators() -> None:
    declared = context(
        r"functions: {\log: log10}" + "\n" + r"operators: {'\star': full correlation}"
    )
    here = reading_scope(model(), declared)
    assert here.functions[r"\log"] == "log10"
    assert here.operators[r"\star"] == "full correlation"


@pytest.mark.parametrize(
    ("front", "message"),
    [
        ("loss: L", "loss: no such declaration"),
        ("gradients: {mark: x}", "mark is not known"),
        ("gradients: {prefix: 3}", "3 is no mark"),
        ("meanings: {x: 3}", "x is given no LaTeX"),
        ("outside: {W: zero}", "W is not known"),
        ("scalars: 3", "no list of names"),
        ("functions: {f: nosuch}", "'nosuch' is not known"),
    ],
)
def test_wrong_contexts(front: str, message: str) -> None:
    with pytest.raises(Problem, match=message) as caught:
        context(front)
    assert (caught.value.line, caught.value.path) == (2, "c.md")


def test_a_body_holds_definitions_only() -> None:
    with pytest.raises(Problem, match="declarations and definitions only") as caught:
        context("title: t", "\n\n$$ W $$")
    assert caught.value.line == 6


@pytest.mark.parametrize(
    ("pattern", "meaning", "message"),
    [
        (r"\Delta q", r"\partial L / \partial q", "q is neither a known symbol"),
        ("a + b", "z", "no symbol"),
        ("r", "W(i, j)", "does not show the index i, j"),
    ],
)
def test_meanings_that_mean_nothing(pattern: str, meaning: str, message: str) -> None:
    with pytest.raises(IllFormed, match=message):
        apply_context(numeric_scope(model()), Context("c", meanings=((pattern, meaning),)))


def test_missing_contexts(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="there is no context 'nosuch'"):
        load_context("nosuch")
    with pytest.raises(Problem, match="there is no such file"):
        load_context(tmp_path / "nosuch.md")


def test_a_context_on_disk(tmp_path: Path) -> None:
    path = tmp_path / "mine.context.md"
    path.write_text("---\nscalars: ['\\alpha']\n---\n")
    assert load_context(path).scalars == (r"\alpha",)
    assert CONTEXT.scalars == (r"\alpha",)
