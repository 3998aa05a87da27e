r"""Pages without a model as others write them: the right formula is accepted, a slip is not.

After Nielsen's and Ng's courses, Roelants, Britz, Wikipedia, CS224n, CS229, Distill and answers.
"""

from __future__ import annotations

import pytest

from tests.verify.test_dialects import Sheet
from tests.verify.test_own import judged, last
from verify.verdict import ACCEPTED, Status

FALSE = {Status.REFUTED, Status.ILL_FORMED}


def long(*case: object) -> object:
    """A case of the long tier."""
    return pytest.param(*case, marks=pytest.mark.long)


CHAIN = r"""
$$ \xi = - t \log(y) - (1 - t) \log(1 - y), \qquad z = w x + b $$
The output is $y = \sigma(z) = \frac{1}{1 + e^{-z}}$.
"""
FORM = r"""
$$ o_j = \varphi(\text{net}_j) = \varphi\left( \sum_{k=1}^{n} w_{kj} x_k \right),
   \quad j = 1, \dots, m $$
$$ E = \frac12 \sum_{j=1}^m (t_j - o_j)^2 $$ with $\varphi(z) = \frac{1}{1 + e^{-z}}$.
"""
WORD = r"""
$$ KL(p, q) = \sum_{i=1}^{n} p_i \log \frac{p_i}{q_i} $$
$$ q_i = \frac{e^{z_i}}{\sum_j e^{z_j}}, \quad i = 1, \dots, n $$
"""
SAMPLES = r"""---
sizes: {n: 4, d: 3}
types: {'\theta': column d, x^{(i)}: column d}
---
$$ h_\theta(x) = g(\theta^T x) = \frac{1}{1 + e^{-\theta^T x}} $$
$$ \ell(\theta) = \sum_{i=1}^{n} y^{(i)} \log h_\theta(x^{(i)})
   + (1 - y^{(i)}) \log (1 - h_\theta(x^{(i)})) $$
"""
TOKENS = r"""---
sizes: {n: 4, d: 5, d_k: 3}
types: {x_i: column d, W_Q: matrix d_k d, W_K: matrix d_k d}
---
$$ q_i = W_Q x_i, \quad k_i = W_K x_i, \quad i = 1, \dots, n $$
$$ s_{ij} = \frac{q_i^T k_j}{\sqrt{d_k}} $$
"""
COLUMNS = r"""---
sizes: {n_x: 3, n_1: 4, m: 5}
types: {X: matrix n_x m, W^{[1]}: matrix n_1 n_x, W^{[2]}: matrix 1 n_1, Y: matrix 1 m}
---
$$ a^{[1](i)} = \tanh(W^{[1]} x^{(i)}) $$
$$ a^{[2](i)} = W^{[2]} a^{[1](i)} $$
$$ J = \frac{1}{2m} \sum_{i=1}^{m} (a^{[2](i)} - y^{(i)})^2 $$
"""
FREE = r"$$ a_j = \sum_k w_{jk} x_k, \qquad E = \frac12 \sum_j (a_j - t_j)^2 $$"
PARTS = r"""---
sizes: {N: 4, D: 3}
types: {X: matrix N D}
---
$$ \mu_l = \frac{1}{N} \sum_{p=1}^N x_{pl}, \quad y_{kl} = x_{kl} - \mu_l $$
"""
ONE_HOT = r"""
$$ \hat{y}_o = p(o | c) = \frac{e^{z_o}}{\sum_{w=1}^{V} e^{z_w}} $$
$$ J = -\sum_{w=1}^{V} y_w \log \hat{y}_w $$ where $y$ is one-hot.
"""
SUMMED = r"""---
sizes: {T: 3, H: 2, C: 3}
types: {V: matrix C H, s_t: column H, y_t: column C}
time: {t: T}
declare: {one-hot: [y]}
---
$$ \hat{y}_t = \text{softmax}(V s_t) $$
$$ E_t(y_t, \hat{y}_t) = - y_t \log \hat{y}_t, \quad E = \sum_t E_t $$
"""

UNIT = r"""---
sizes: {n: 3}
types: {x: column n}
---
$$ y = \frac{x}{\|x\|} $$
"""
WORDS = r"""
$$ net_{h1} = w_1 i_1 + b_1, \quad out_{h1} = \frac{1}{1 + e^{-net_{h1}}} $$
$$ E_{total} = \frac{1}{2} (target_{h1} - out_{h1})^2 $$
"""
RATINGS = r"""---
sizes: {U: 4, I: 3, K: 2}
---
$$ e_{ui} = r_{ui} - \sum_{k=1}^{K} p_{uk} q_{ik} $$
$$ L = \sum_{u=1}^{U} \sum_{i=1}^{I} e_{ui}^2 + \lambda \left( \sum_{u,k} p_{uk}^2 \right) $$
"""
MARGIN = r"""---
sizes: {N: 4, d: 3}
types: {x_i: column d, w: column d}
---
$$ L = \frac{1}{N} \sum_{i=1}^{N} \max(0, 1 - y_i (w^T x_i + b)) + \frac{\lambda}{2} \|w\|^2 $$
"""
INSIDE = r"\mathbb{1}[y_i (w^T x_i + b) < 1] \, y_i x_i"


@pytest.mark.parametrize(
    ("page", "right", "wrong"),
    [
        long(CHAIN, r"\frac{\partial \xi}{\partial w} = x (y - t)",
         r"\frac{\partial \xi}{\partial w} = y - t"),
        long(FORM, r"\frac{\partial E}{\partial w_{ij}} = (o_j - t_j) o_j (1 - o_j) x_i",
         r"\frac{\partial E}{\partial w_{ij}} = (o_j - t_j) o_j x_i"),
        (WORD, r"\frac{\partial KL(p, q)}{\partial q_i} = -\frac{p_i}{q_i}",
         r"\frac{\partial KL}{\partial q_i} = \frac{p_i}{q_i}"),
        long(SAMPLES, r"\nabla_\theta \ell(\theta) = \sum_i (y^{(i)} - h_\theta(x^{(i)})) x^{(i)}",
         r"\nabla_\theta \ell(\theta) = \sum_i (h_\theta(x^{(i)}) - y^{(i)}) x^{(i)}"),
        long(TOKENS, r"\nabla_{q_i} L = \sum_j \nabla_{s_{ij}} L \, \frac{k_j}{\sqrt{d_k}}",
         r"\nabla_{q_i} L = \sum_j \frac{\partial L}{\partial s_{ij}} k_j"),
        long(COLUMNS, r"\frac{\partial J}{\partial W^{[2]}} = \frac{1}{m} (A^{[2]} - Y) A^{[1]T}",
         r"\frac{\partial J}{\partial W^{[2]}} = \frac{1}{m} (A^{[2]} - Y) A^{[1]}"),
        long(FREE, r"\frac{\partial E}{\partial w_{jk}} = (a_j - t_j) x_k",
         r"\frac{\partial E}{\partial w_{jk}} = (a_j - t_j) x_j"),
        (PARTS, r"\frac{\partial y_{kl}}{\partial x_{pq}} = \delta_{lq} (\delta_{kp} - \frac1N)",
         r"\frac{\partial y_{kl}}{\partial x_{pq}} = \delta_{lq} (\delta_{kp} - 1)"),
        (ONE_HOT, r"\frac{\partial J}{\partial z_w} = \hat{y}_w - y_w",
         r"\frac{\partial J}{\partial z_w} = y_w - \hat{y}_w"),
        long(SUMMED, r"\frac{\partial E}{\partial V} = \sum_t (\hat{y}_t - y_t) s_t^T",
         r"\frac{\partial E}{\partial V} = \sum_t (\hat{y}_t + y_t) s_t^T"),
        long(UNIT, r"\frac{\partial y}{\partial x} = \frac{1}{\|x\|} (I - y y^T)",
             r"\frac{\partial y}{\partial x} = \frac{1}{\|x\|} (I + y y^T)"),
        long(WORDS, r"\frac{\partial E_{total}}{\partial out_{h1}} = -(target_{h1} - out_{h1})",
             r"\frac{\partial E_{total}}{\partial out_{h1}} = target_{h1} - out_{h1}"),
        long(RATINGS,
             r"\frac{\partial L}{\partial p_{uk}} = 2 \lambda p_{uk} - 2 \sum_i e_{ui} q_{ik}",
             r"\frac{\partial L}{\partial p_{uk}} = \lambda p_{uk} - 2 \sum_i e_{ui} q_{ik}"),
        long(MARGIN, rf"\nabla_w L = \lambda w - \frac{{1}}{{N}} \sum_{{i=1}}^N {INSIDE}",
             rf"\nabla_w L = \lambda w + \frac{{1}}{{N}} \sum_{{i=1}}^N {INSIDE}"),
    ],
    ids=["chain", "form", "word", "samples", "tokens", "columns", "free", "parts", "one-hot",
         "summed", "unit", "words", "ratings", "margin"],
)  # fmt: skip
def test_right_and_wrong(page: str, right: str, wrong: str) -> None:
    assert last(f"{page}\n\n$$ {right} $$").status in ACCEPTED
    assert last(f"{page}\n\n$$ {wrong} $$").status in FALSE


@pytest.mark.long
@pytest.mark.parametrize("sign", ["+", "-"])
def test_a_likelihood_is_climbed_or_descended(sign: str) -> None:
    slope = r"\sum_{i=1}^n (y^{(i)} - h_\theta(x^{(i)})) x_j^{(i)}"
    step = rf"\theta_j := \theta_j {sign} \alpha {slope}"
    page = SAMPLES.replace("$$ \\ell", "the log likelihood\n$$ \\ell")
    verdict = last(f"{page}\n\n$$ {step} $$")
    assert verdict.status is Status.UNDECIDED
    assert "is to be m" in verdict.message


def test_what_is_made_up_is_said() -> None:
    found = judged(rf"{FREE} $$ \frac{{\partial E}}{{\partial a_j}} = a_j - t_j $$")
    assert "k runs over 1..n_k, as nothing says how far" in found.assumed


def test_words_below_a_symbol_are_no_indices() -> None:
    page = "---\ntime: {t: T}\nsizes: {T: 3}\ntypes: {x_t: scalar}\ngradients: {prefix: d}\n---\n"
    page += r"$$ h_t = \tanh(w h_{t-1} + x_t), \quad y_t = v h_t $$"
    verdict = last(rf"{page} $$ dh_t = v \, dy_t + dh_{{next}} $$")
    assert verdict.status is Status.UNDECIDED
    assert "h_{next} is not defined" in verdict.message


NEXT = Sheet(
    "sizes: {T: 3, n: 2}\ntime: {t: T}\ntypes: {x_t: column n, W: matrix n n, h_t: column n}",
    r"$$ a_t = W h_{t-1} + x_t, \quad h_t = \tanh(a_t), \quad y_t = 2 h_t $$",
    r"gradients: {prefix: d}" "\n" r"meanings: {'dh_{next}': 'W^T \partial L / \partial a_{t+1}'}",
)
QUADRATIC = Sheet(
    "loss: f\nsizes: {n: 3}\ntypes: {A: matrix n n, w: column n}\ndeclare: {symmetric: [A]}",
    r"$$ f = \frac12 w^T A w $$",
)
ANGLE = Sheet("sizes: {n: 3}\ntypes: {u: column n, v: column n}", r"$$ c = \cos(u, v) $$")
UPSTREAM = Sheet("loss: \\ell\nsizes: {n: 3}", r"$$ y_i = x_i^2, \quad i = 1, \dots, n $$")
LINEAR = Sheet(
    "loss: L\nsizes: {m: 2, n: 3}\ntypes: {W: matrix m n, x: column n, t: column m}\n"
    "inputs: [x, t]",
    r"$$ z = W x, \quad L = \frac12 \|z - t\|^2 $$",
)


@pytest.mark.parametrize(
    ("sheet", "right", "wrong"),
    [
        (NEXT, r"dh_t = 2 \, dy_t + dh_{next}", r"dh_t = 2 \, dy_t - dh_{next}"),
        (QUADRATIC, r"\nabla_w f = A w", r"\nabla_w f = 2 A w"),
        long(ANGLE, r"\frac{\partial c}{\partial u} = \frac{v}{\|u\| \|v\|} - c \frac{u}{\|u\|^2}",
         r"\frac{\partial c}{\partial u} = \frac{v}{\|u\| \|v\|} - c \frac{u}{\|u\|}"),
        (UPSTREAM, r"\frac{\partial \ell}{\partial x_i} = 2 x_i \frac{\partial \ell}{\partial y_i}",
         r"\frac{\partial \ell}{\partial x_i} = x_i \frac{\partial \ell}{\partial y_i}"),
        (LINEAR, r"dL = \operatorname{tr}((z - t)^T \, dW \, x)",
         r"dL = 2 \operatorname{tr}((z - t)^T \, dW \, x)"),
        (LINEAR, r"L = \frac12 (z - t)^2", r"L = (z - t)^2"),
    ],
    ids=["next", "symmetric", "cosine", "a name alone", "differentials", "left out sum"],
)  # fmt: skip
def test_sheets_of_others(sheet: Sheet, right: str, wrong: str) -> None:
    assert sheet.verdict(right).status in ACCEPTED
    assert sheet.verdict(wrong).status in FALSE


def test_a_differential_that_leaves_out_a_parameter_is_open() -> None:
    both = Sheet("sizes: {m: 2, n: 3}\ntypes: {W: matrix m n, x: column n}", "$$ z = W x $$")
    assert both.verdict(r"dz = W \, dx + dW \, x").status in ACCEPTED
    half = both.verdict(r"dz = W \, dx")
    assert half.status is Status.UNDECIDED
    assert half.message == "undeclared: right if W is held fixed"
