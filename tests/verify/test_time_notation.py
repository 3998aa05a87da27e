"""Recurrences as other people write them: products of Jacobians, immediate derivatives, powers."""

from __future__ import annotations

from pathlib import Path

import pytest

from derive.reading.context import context_from_document
from derive.reading.document import document_from_text
from derive.reading.sheet import model_from_text
from verify.judge import judge_deck, judge_text
from verify.verdict import Status, Verdict

RNN = model_from_text(
    r"""---
loss: E
sizes: {T: 3, n: 2}
time: {t: T}
functions: {'\phi': generic}
types: {s_t: column n, x_t: column n, 'y_t': column n, W_{r}: matrix n n}
inputs: [x, 'y', s_0]
---
$$ a_t = W_r s_{t-1} + x_t \qquad s_t = \phi(a_t) $$
$$ E_t = \frac12 \| s_t - y_t \|^2 \qquad E = \sum_{t=1}^T E_t $$
""",
    "rnn",
)
SETTLED = "layout: numerator"
IMMEDIATE = "layout: numerator\nderivatives: immediate"


def judged(formula: str, declared: str, folder: Path) -> Verdict:
    """The verdict on a formula under front matter of a context."""
    context = folder / "said.md"
    context.write_text(f"---\n{declared}\n---\n", encoding="utf-8")
    return judge_text(f"$$ {formula} $$", RNN, context).claims[0]


FORMULAS = [
    (r"\frac{\partial E_3}{\partial W_r} = \sum_{k=1}^{3} \frac{\partial E_3}{\partial s_3}"
     r" \frac{\partial s_3}{\partial s_k} \frac{\partial s_k}{\partial W_r}", IMMEDIATE),
    (r"E_t(s_t, y_t) = \frac12 \| s_t - y_t \|^2", SETTLED),
    (r"(\nabla_{s_T} E)_i = s_{T,i} - y_{T,i}", SETTLED),
    (r"\nabla_{W_r} E = \sum_t \nabla_{a_{t+1}} E \, s_t^T", "title: columns"),
]  # fmt: skip


@pytest.mark.parametrize(("formula", "declared"), FORMULAS)
def test_what_others_write_is_read(formula: str, declared: str, tmp_path: Path) -> None:
    assert judged(formula, declared, tmp_path).status in (Status.PROVED, Status.CONFIRMED)


def test_a_product_of_jacobians_needs_its_order(tmp_path: Path) -> None:
    formula = r"\frac{\partial s_t}{\partial s_k} = \prod_{i=k+1}^{t} \mathrm{diag}(\phi'(a_i)) W_r"
    verdict = judged(formula, SETTLED, tmp_path)
    assert verdict.conditions == ("right if a product of matrices begins with the last one",)


@pytest.mark.long
@pytest.mark.parametrize(
    "formula",
    [
        r"\frac{\partial s_t}{\partial s_k} = \prod_{i=k+1}^{t} \mathrm{diag}(\phi'(a_{i-1})) W_r",
        r"\frac{\partial s_t}{\partial s_k} = \prod_{i=k}^{t} \mathrm{diag}(\phi'(a_i)) W_r",
    ],
)
def test_a_product_by_one_factor_too_many_is_wrong(formula: str, tmp_path: Path) -> None:
    assert judged(formula, SETTLED, tmp_path).status in (Status.REFUTED, Status.ILL_FORMED)


LINEAR = model_from_text(
    "---\nsizes: {T: 3}\ntime: {t: T}\ntypes: {x_t: scalar, f_t: scalar}\ninputs: [x, f, h_0]\n"
    "---\n$$ h_t = f_t h_{t-1} + x_t $$\n",
    "linear",
)


def test_numbers_are_multiplied_over_a_range() -> None:
    deck = (
        r"$$ \frac{\partial h_t}{\partial h_k} = \prod_{t \ge i > k} f_i $$"
        "\n\n"
        r"$$ \frac{\partial h_t}{\partial h_k} = \prod_{i=k}^{t} f_i $$"
    )
    right, wrong = judge_text(deck, LINEAR).claims
    assert right.status in (Status.PROVED, Status.CONFIRMED)
    assert wrong.status in (Status.REFUTED, Status.ILL_FORMED)


def test_a_condition_holds_for_every_formula_before_it() -> None:
    model = model_from_text("---\nloss: L\n---\n$$ L = \\max(0, a - b) $$\n", "margin")
    deck = (
        r"$$ \frac{dL}{da} = 1, \quad \frac{dL}{db} = -1 \quad \text{if } L > 0 $$"
        "\n\n"
        r"$$ \frac{dL}{da} = 1, \quad \frac{dL}{db} = 1 \quad \text{if } L > 0 $$"
    )
    statuses = [c.status for c in judge_text(deck, model).claims]
    assert statuses[:2] == [Status.PROVED] * 2
    assert statuses[2:] == [Status.REFUTED] or statuses[3] is Status.REFUTED


def test_one_cell_alone_gives_back_less_than_the_gradient() -> None:
    model = model_from_text(
        "---\nsizes: {T: 2}\ntime: {t: T}\ntypes: {x_t: scalar}\ninputs: [x, h_0]\n---\n"
        "$$ z_t = w h_{t-1} + x_t \\qquad h_t = \\tanh(z_t) $$\n",
        "cell",
    )
    step = r"\frac{\partial L}{\partial h_{t-1}} = w \frac{\partial L}{\partial z_t}"
    right, wrong = judge_text(f"$$ {step} $$\n\n$$ {step} h_t $$", model).claims
    assert right.conditions == (
        "right if a gradient of a state is what comes back through the next step alone",
    )
    assert wrong.status is Status.REFUTED


def own(page: str, declared: str = "title: page") -> list[Status]:
    """The statuses of a page that is judged by its own equations."""
    context = context_from_document(document_from_text(f"---\n{declared}\n---\n"), "said")
    return [c.status for c in judge_deck(document_from_text(page), None, context).claims]


def test_arrows_define_and_letters_get_the_ranges_of_their_neighbours() -> None:
    page = (
        r"$$ L \leftarrow \frac1N \sum_{n=1}^N (p_n - y_n)^2, \quad p_n \leftarrow \sigma(a_n), $$"
        "\n"
        r"$$ a_n \leftarrow w x_n $$ $$ \frac{dL}{da_n} = \frac2N (p_n - y_n) p_n (1 - p_n) $$"
    )
    assert own(page, r"functions: {\sigma: logistic}") == [Status.DEFINITION] * 3 + [Status.PROVED]


def test_numbers_may_show_what_they_depend_on() -> None:
    page = (
        r"$$ b_i = \frac{a_i}{\text{RMS}(\mathbf{a})} g_i, \quad i = 1, \dots, n"
        r" \quad \text{where } \text{RMS}(\mathbf{a}) = \sqrt{\frac1n \sum_{i=1}^n a_i^2} $$"
        "\n"
        r"$$ \frac{\partial L}{\partial g_i} = \frac{\partial L}{\partial b_i}"
        r" \frac{a_i}{\text{RMS}(\mathbf{a})} $$"
    )
    assert own(page) == [Status.DEFINITION] * 2 + [Status.PROVED]


def test_a_threshold_is_no_error() -> None:
    page = (
        r"$$ L_\delta(r) = \begin{cases} \frac12 r^2 & |r| \le \delta \\"
        r" \delta (|r| - \frac12 \delta) & \text{otherwise} \end{cases} $$ $$ r = w x - y $$"
        "\n"
        r"$$ \frac{\partial L_\delta}{\partial r} = \begin{cases} r & |r| \le \delta \\ \delta \,"
        r" \mathrm{sgn}(r) & \text{otherwise} \end{cases} $$"
    )
    assert own(page) == [Status.DEFINITION] * 2 + [Status.PROVED]
