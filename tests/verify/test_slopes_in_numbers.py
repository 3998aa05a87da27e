r"""Tables of ``\partial a / \partial z`` where a is a function of z element by element."""

from __future__ import annotations

from derive.reading.sheet import model_from_text
from tests.verify.numbers.test_displayed import array
from verify.judge import judge_text
from verify.verdict import Status, Verdict

LAYER = model_from_text(
    r"""---
loss: E
inputs: [u]
functions: {g: tanh}
sizes: {n: 3}
types: {u: column n, k: column n}
---
$$ v = k \odot u $$
$$ a = g(v) $$
$$ b = \frac{a}{\sum_{j=1}^{n} a_j} $$
$$ E = \sum_{j=1}^{n} b_j^2 $$
""",
    "layer",
)
GIVEN = (array("u", "1", "2", "-1"), array("k", "0.5", "0.1", "0.3"))
SLOPES = "0.786", "0.961", "0.915"


def judged(display: str) -> Verdict:
    return judge_text("\n\n".join((*GIVEN, display)), LAYER).claims[-1]


def test_the_slopes_alone_may_be_shown() -> None:
    for table in (array(r"\frac{\partial a}{\partial v}", *SLOPES),
                  array(r"\frac{\partial a}{\partial v}", " & ".join(SLOPES))):  # fmt: skip
        verdict = judged(table)
        assert verdict.status is Status.CONFIRMED, verdict.message
        assert verdict.message.endswith("the derivative is taken element by element")


def test_a_wrong_slope_is_told_in_its_place() -> None:
    verdict = judged(array(r"\frac{\partial a}{\partial v}", "0.786", "0.691", "0.915"))
    assert verdict.status is Status.REFUTED
    assert verdict.suggestion is not None
    assert verdict.suggestion.edit == "0.691 should be 0.961"


def test_the_whole_derivative_has_zeros_beside_the_slopes() -> None:
    whole = array(
        r"\frac{\partial a}{\partial v}", "0.786 & 0 & 0", "0 & 0.961 & 0", "0 & 0 & 0.915"
    )
    assert judged(whole).status is Status.CONFIRMED


def test_what_mixes_elements_has_no_slopes() -> None:
    verdict = judged(array(r"\frac{\partial b}{\partial a}", *SLOPES))
    assert verdict.status is Status.ILL_FORMED
