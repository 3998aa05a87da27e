r"""Documents that define their own network are judged by it, or ask for what they leave open."""

from __future__ import annotations

from unittest.mock import patch

import pytest

from derive.errors import Problem
from derive.reading.document import document_from_text
from verify.judge import judge_deck
from verify.mending.repair import Repair
from verify.verdict import Judgement, Status, Verdict

INDICES = r"""
$$ z_i = \sum_{j=1}^{n} W_{ij} x_j + b_i, \quad a_i = \frac{1}{1 + e^{-z_i}}, \qquad
   i = 1, \dots, m $$
The loss is $L = \frac{1}{2} \sum_{i=1}^m (a_i - y_i)^2$.
"""
MATRICES = r"""
Let $x \in \mathbb{R}^n$, $W \in \mathbb{R}^{m \times n}$ and $b \in \mathbb{R}^m$.
$$ z = W x + b, \quad a = \sigma(z), \quad L = \frac12 \| a - y \|^2 $$
"""
NUMBERS = r"$$ z = w x + b, \quad a = \tanh(z), \quad E = \frac12 (a - t)^2 $$ "


def judged(text: str, path: str = "page.md") -> Judgement:
    """Judged without suggestions and small counterexamples, which have tests of their own."""
    with (
        patch("verify.judge.repair_for_targets", return_value=Repair(None, 0)),
        patch("verify.judge.with_smallest", side_effect=lambda outcome, *_: outcome),
    ):
        return judge_deck(document_from_text(text, path))


def last(text: str, path: str = "page.md") -> Verdict:
    return judged(text, path).claims[-1]


@pytest.mark.parametrize(
    ("page", "right", "wrong"),
    [
        pytest.param(INDICES, r"\frac{\partial L}{\partial W_{ij}} = (a_i - y_i) a_i (1 - a_i) x_j",
         r"\frac{\partial L}{\partial W_{ij}} = (a_i - y_i) a_i x_j", marks=pytest.mark.long),
        pytest.param(MATRICES, r"\frac{\partial L}{\partial W} = ((a - y) \odot \sigma'(z)) x^T",
         r"\frac{\partial L}{\partial W} = ((a + y) \odot \sigma'(z)) x^T", marks=pytest.mark.long),
        (NUMBERS, r"\frac{dE}{dw} = (a - t)(1 - a^2) x", r"\frac{dE}{dw} = (a - t)(1 - a) x"),
        pytest.param(MATRICES, r"\nabla_b L = (a - y) \odot \sigma'(z)", r"\nabla_b L = a - y",
         marks=pytest.mark.long),
        (MATRICES.replace("L", r"\mathcal{L}"),
         r"\frac{\partial \mathcal{L}}{\partial x} = W^\top ((a - y) \odot \sigma'(z))",
         r"\frac{\partial \mathcal{L}}{\partial x} = W ((a - y) \odot \sigma'(z))"),
    ],
)  # fmt: skip
def test_right_and_wrong_gradients(page: str, right: str, wrong: str) -> None:
    found = judged(f"{page}\n\n$$ {right} $$").claims
    assert {v.status for v in found[:-1]} == {Status.DEFINITION}
    assert found[-1].status is Status.PROVED
    assert last(f"{page}\n\n$$ {wrong} $$").status in {Status.REFUTED, Status.ILL_FORMED}


def test_what_is_added_to_a_product_has_its_shape() -> None:
    said = "y is a column m, as what stands beside it", "b is a column m, as what stands beside it"
    page = MATRICES.replace(r" and $b \in \mathbb{R}^m$", "")
    found = judged(page + r"$$ \nabla_b L = (a - y) \odot \sigma'(z) $$")
    assert {*said} <= {*found.assumed}
    assert found.claims[-1].status is Status.PROVED


def test_what_is_added_to_every_row_is_asked_for() -> None:
    shapes = r"Let $X \in \mathbb{R}^{N \times n}$, $W \in \mathbb{R}^{n \times m}$."
    loss = r"$$ L = \| Z - Y \|^2 $$"
    with pytest.raises(Problem, match="shapes of b"):
        judged(shapes + "$$ Z = X W + b $$" + loss)


def test_what_was_recognised_is_said() -> None:
    page = MATRICES + r"$$ \frac{\partial L}{\partial b} = (a - y) \odot \sigma'(z) $$"
    assert judged(page).assumed == (
        "the loss is L",
        "numbers are tried at n = 3, m = 4, which the page leaves open",
        "y is a column m, as what stands beside it",
        "σ is any differentiable function, as it is not defined",
    )


def test_what_holds_for_one_function_is_undecided_where_none_is_defined() -> None:
    page = NUMBERS.replace(r"\tanh", r"\sigma")
    slopes = r"$$ \frac{dE}{db} = (a - t) a (1 - a) $$"
    verdict = last(page + slopes)
    assert verdict.status is Status.UNDECIDED
    assert verdict.conditions == ("right if σ is the logistic function",)
    defined = r"where $\sigma(u) = \frac{1}{1 + \exp(-u)}$, so "
    assert last(page + defined + slopes).status is Status.PROVED
    assert last(page + slopes.replace("1 - a", "1 + a")).status is Status.REFUTED


@pytest.mark.long
def test_sizes_that_the_page_says_are_taken() -> None:
    page = INDICES + r"Here $n = 2$ and $m = 6$. $$ \frac{\partial L}{\partial b_i} = 0 $$"
    assert judged(page).assumed == ("the loss is L",)
    assert r"i = 1, \dots, 6" in last(page).read_as


def test_front_matter_of_a_page_declares_and_that_of_a_site_does_not() -> None:
    declared = "functions: {'\\sigma': logistic}\ngradients: {prefix: d}"
    front = f"---\nlayout: post\ntags: [a]\n{declared}\n---\n"
    page = front + MATRICES + r"$$ \mathrm{d}b = (a - y) \odot a \odot (1 - a) $$ $$ db = a $$"
    assert last(page).status is Status.REFUTED


def test_shapes_are_asked_for_in_one_message() -> None:
    page = r"$$ z = W x + b, \quad L = \| z - y \|^2 $$ $$ \frac{\partial L}{\partial W} = z x^T $$"
    with pytest.raises(Problem) as caught:
        judged(page)
    said = str(caught.value)
    assert "page.md:1:1: no model is given" in said
    assert "the shapes of W, x, b, y" in said
    assert (
        "types: {W: 'matrix n_z n_x', x: 'column n_x', b: 'column n_z', 'y': 'column n_z'}" in said
    )


def test_two_losses_are_asked_about() -> None:
    page = r"$$ L = (w - 1)^2 $$ $$ J = 3 w $$ $\frac{dL}{dw} = 1$ $\frac{dJ}{dw} = 3$"
    with pytest.raises(Problem, match="which of L or J is the loss"):
        judged(page)
    assert last("---\nloss: J\n---\n" + page).status is Status.PROVED


@pytest.mark.parametrize("text", ["Only words.", r"$x$ and $\frac{dy}{dx}$", r"$$ \frac{ $$"])
def test_a_page_without_a_network_says_so(text: str) -> None:
    with pytest.raises(Problem, match="no model is given, and the document defines none"):
        judged(text)


def test_an_equation_that_means_nothing_is_told_at_its_place() -> None:
    page = MATRICES.replace(r"$b \in \mathbb{R}^m$", r"$b \in \mathbb{R}^n$")
    with pytest.raises(
        Problem, match=r"page.md:3:8: sum: a column of m does not fit a column of n"
    ) as caught:
        judged(page)
    assert "--model sheet.md" in str(caught.value)


@pytest.mark.parametrize(
    ("path", "head"),
    [
        ("page.tex", "%!TEX\n% ---\n% loss: J\n% ---\n"),
        ("page.html", "<!DOCTYPE html>\n<!--\n---\nloss: J\n---\n-->\n"),
        ("page.md", "---\nloss: J\n---\n"),
    ],
)
def test_front_matter_stands_in_comments_where_a_page_has_those(path: str, head: str) -> None:
    page = r"$$ L = (w - 1)^2 $$ $$ J = 3 w $$ $\frac{dL}{dw} = 1$ $\frac{dJ}{dw} = 3$"
    assert last(head + page, path).status is Status.PROVED
    with pytest.raises(Problem, match="which of L or J") as caught:
        judged(page, path)
    pasted = caught.value.expected.partition(":\n")[2] + "\n"
    assert last(pasted.replace("L", "J") + page, path).status is Status.PROVED
    with pytest.raises(Problem, match=rf"{path}:{head.count(chr(10), 0, head.index('loss')) + 1}:"):
        judged(head.replace("J", "*b") + page, path)


@pytest.mark.long
def test_ranges_are_those_of_the_same_places_elsewhere() -> None:
    page = r"""$$ \hat{y}_i = w x_i + b $$ $$ L = \frac{1}{N} \sum_{i=1}^{N} (\hat{y}_i - y_i)^2 $$
        $$ \frac{\partial L}{\partial w} = \frac{2}{N} \sum_{i=1}^{N} (\hat{y}_i - y_i) x_i $$"""
    assert last(page).status is Status.PROVED
    assert "i runs over 1..N, as in its places elsewhere" in judged(page).assumed
    softmax = r"""$$ y_i = \frac{e^{x_i}}{\sum_{j=1}^{n} e^{x_j}} $$
        $$ \frac{\partial y_i}{\partial x_j} = y_i (\delta_{ij} - y_j) $$"""
    assert last(softmax).status is Status.PROVED


def test_terms_of_a_number_are_numbers() -> None:
    page = r"""$z = w^T x + b$, $a = \tanh(z)$, $E = \frac12 (a - t)^2$,
        with $w, x \in \mathbb{R}^d$.
        $$ \frac{\partial E}{\partial w} = (a - t)(1 - a^2) x $$"""
    assert last(page).status is Status.PROVED
    assert "b is a number, as what stands beside it" in judged(page).assumed


def test_what_stands_inside_a_function_alone_is_asked_for_too() -> None:
    with pytest.raises(Problem, match="the shapes of W, x, b"):
        judged(r"$$ a = \sigma(W x + b), \quad L = \frac12 \| a \|^2 $$ $$ \nabla_b L = a $$")


def test_what_is_added_to_a_length_is_a_number() -> None:
    loss = r"Let $a, b \in \mathbb{R}^n$. $$ L = \max(0, m - \| a - b \|^2) $$"
    found = last(rf"{loss} $$ \frac{{\partial L}}{{\partial m}} = \mathbb{{1}}[L > 0] $$")
    assert found.status in {Status.PROVED, Status.CONFIRMED}


def test_lengths_that_front_matter_names_are_sizes() -> None:
    page = r"$$ z = W x + b, \quad L = \frac12 \| z \|^2 $$ $$ \nabla_W L = z x^T $$"
    with pytest.raises(Problem, match="shapes of W") as asked:
        judged(page)
    front = str(asked.value).split("otherwise:\n")[1]
    assert last(f"---{front.split('---')[1]}---\n{page}").status is Status.PROVED


def test_the_end_of_times_that_front_matter_names_is_a_size() -> None:
    page = r"$$ h_t = \tanh(w h_{t-1} + u x_t) $$ $$ \frac{dh_t}{dx_t} = u (1 - h_t^2) $$"
    assert last(f"---\ntime: {{t: T}}\n---\n{page}").status is Status.PROVED
