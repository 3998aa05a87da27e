"""A whole deck: every claim gets a verdict, none loses the others, none is green by default."""

from __future__ import annotations

import json
import signal
import time
from pathlib import Path

import pytest

from derive.errors import Problem
from derive.reading.document import document_from_text
from reports.verdict_json import to_json
from tests.verify.sheets import bench, marks, relay
from verify.judge import judge_deck, judge_document
from verify.verdict import Judgement, Status, Verdict

ZHANG = Path("/work/shared/seeds/003_8af0300fa1fb957e.txt")


def judge(text: str, **options: float) -> Judgement:
    return judge_document(document_from_text(text), relay(), marks(), **options)


def one(text: str) -> Verdict:
    (verdict,) = judge(f"$$ {text} $$").claims
    return verdict


DECK = r"""
The layer: $$ s(i) = \sum_{j=1}^{R n^2} M(i,j) h(j) + B(i) $$

Backwards: $\bar{B} = \bar{s}$, and
$$ \bar{h} = M \times \bar{s} $$

$$ \bar{M} = \frac{\partial J}{\partial M} = \bar{s} \times h $$

Broken: $\frac{1}{$. Unknown: $\bar{B} = Q$. Again $\bar{B}=\bar{s}$.
"""


def test_one_bad_formula_never_loses_the_others() -> None:
    verdicts = judge(DECK).claims
    assert [v.status for v in verdicts] == [
        Status.PROVED,
        Status.PROVED,
        Status.ILL_FORMED,
        Status.ILL_FORMED,
        Status.UNREADABLE,
        Status.ILL_FORMED,
    ]
    assert [v.id for v in verdicts] == ["c1", "c2", "c3", "c4", "c5", "c6"]
    assert len(verdicts[1].places) == 2


def test_the_judgement_is_what_the_schema_says_and_json_can_hold() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    import reports

    schema = Path(reports.__file__).with_name("verdicts.schema.json").read_text()
    text = json.dumps(to_json(judge(DECK)), allow_nan=False)
    jsonschema.validate(json.loads(text), json.loads(schema))


def test_an_accepted_claim_says_what_was_read_and_what_bears_it_out() -> None:
    verdict = one(r"\bar{M} = \bar{s} \times h^T")
    assert verdict.status is Status.PROVED
    assert verdict.scope == "all sizes"
    assert verdict.target == "∂J/∂M"
    assert r"\frac{\partial J}{\partial M(i, j)}" in verdict.read_as
    assert r"i = 1, \dots, 4" in verdict.read_as
    methods = {e.method: e.outcome for e in verdict.evidence}
    assert methods["normal forms"] == methods["autograd"] == "agrees"
    assert methods["finite differences"] == "agrees"


def test_the_first_wrong_link_of_a_chain_is_named() -> None:
    verdict = one(r"\bar{c}_r = \frac{\partial J}{\partial c_r} = \sum_{i,j} \bar{A}_r(i,j)")
    assert verdict.status is Status.REFUTED
    assert [p.status for p in verdict.parts] == [Status.DEFINITION, Status.REFUTED]
    assert verdict.parts[1].what in verdict.message


def test_a_symbol_that_the_deck_defines_is_known_afterwards() -> None:
    deck = r"$$ \Gamma(i) = o(i) - t(i) $$ then $$ \bar{o} = \Gamma $$ and $$ \bar{s} = \Gamma $$"
    assert [v.status for v in judge(deck).claims] == [
        Status.DEFINITION,
        Status.PROVED,
        Status.REFUTED,
    ]


def test_a_symbol_given_another_value_is_an_assignment_and_holds_from_there() -> None:
    deck = r"$\lambda = 2$, $2 \lambda = 4$, $\lambda = 3$, $2 \lambda = 6$, $2 \lambda = 4$"
    definition, proved, refuted = Status.DEFINITION, Status.PROVED, Status.REFUTED
    found = [v.status for v in judge(deck).claims]
    assert found == [definition, proved, definition, proved, refuted]
    other = deck.replace("$2 \\lambda = 4$, $\\lambda = 3$", "$\\lambda = 3$")
    assert [v.status for v in judge(other).claims] == [definition, definition, proved, refuted]


def test_a_gradient_without_the_index_of_its_left_side_is_said_to_be_one() -> None:
    verdict = one(r"\bar{h}(j) = \frac{\partial J}{\partial h}")
    assert verdict.status is Status.DEFINITION
    assert any("element by element" in a for a in verdict.assumptions)
    assert not one(r"\bar{h} = \frac{\partial J}{\partial h}").assumptions


def test_an_initial_law_is_confirmed_where_it_is_glorots_else_a_definition() -> None:
    fans = "R n^2 + D"
    assert (
        one(rf"M \sim U\left(\pm \sqrt{{\frac{{6}}{{{fans}}}}}\right)").status is Status.CONFIRMED
    )
    assert one(r"M \sim U\left(\pm \frac{1}{10}\right)").status is Status.DEFINITION


def test_a_law_worked_out_from_sizes_that_are_not_the_models_is_open() -> None:
    fans = "R n^2 + D + 10"  # 12 in, 4 out
    found = one(rf"M \sim U\left(\pm \sqrt{{\frac{{6}}{{{fans}}}}}\right)")
    assert found.status is Status.UNDECIDED
    assert found.conditions == ("right if fan in and fan out add up to 26",)
    assert "0.612372" in found.message
    assert one(r"M \sim N(0, 2 / (R n^2))").status is Status.CONFIRMED


@pytest.mark.parametrize(
    ("text", "status"),
    [
        (r"M \text{ (size } 4 \times 12)", Status.PROVED),
        (r"M \text{ (size } 12 \times 4)", Status.REFUTED),
        (r"g_r \text{ (size } 3 \times 3)", Status.PROVED),
        (r"g_r \text{ (size } 5 \times 5)", Status.REFUTED),
        (r"B \text{ (size } 4 \times 1)", Status.PROVED),
        (r"c_r \text{ (size } 1 \times 1)", Status.PROVED),
        (r"c_r \text{ (size } 3 \times 1)", Status.REFUTED),
        (r"c_r \text{ (size } 1 \times 1), \quad r = 1, \dots, 4", Status.ILL_FORMED),
    ],
)
def test_displayed_sizes(text: str, status: Status) -> None:
    assert one(text).status is status


@pytest.mark.long
def test_the_declared_function_is_proved_by_its_exponentials() -> None:
    assert one(r"\phi(x) = \frac{1}{1 + e^{-x}}").status is Status.PROVED
    assert one(r"\phi(x) = \frac{1}{1 + e^{x}}").status is Status.REFUTED


def test_what_is_too_large_as_it_stands_is_proved_at_small_sizes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Normal forms find nothing, the model has one term too many for the exact test."""
    monkeypatch.setattr("verify.compare.proves_equal", lambda *_: False)
    large = {"R": 5, "D": 6, "w": 2, "n": 4}
    monkeypatch.setattr("verify.exact.MOST_TERMS", bench(**large).trials.work - 1)

    def judged() -> Verdict:
        document = document_from_text(r"$$ \bar{M} = \bar{s} \times h^T $$")
        (verdict,) = judge_document(document, relay(**large), marks()).claims
        return verdict

    verdict = judged()
    assert (verdict.status, verdict.scope) == (Status.PROVED, "the tested sizes")
    exact = [e for e in verdict.evidence if e.method == "exact test" and e.outcome == "agrees"]
    assert len(exact) == 2
    assert all(" at R = " in e.detail for e in exact)
    monkeypatch.setattr("verify.exact.MOST_TERMS", 0)
    assert judged().status is Status.CONFIRMED


def test_time_runs_out_for_one_claim_only() -> None:
    started = time.thread_time()
    deck = r"$$ J = \frac12 \sum_{i=1}^{D} (o(i) - t(i))^2 $$ $$ \bar{B} = \bar{s} $$"
    verdicts = judge(deck, seconds=1e-6).claims
    assert [v.status for v in verdicts] == [Status.UNDECIDED, Status.UNDECIDED]
    assert all("time ran out" in v.message for v in verdicts)
    assert time.thread_time() - started < 60


@pytest.mark.parametrize(
    "text",
    [
        r"\bar{B}(i) = \sum_{j=1}^{1000000000} \bar{s}(i)",
        r"\bar{B}(i) = \sum_{j=1}^{10^9} \sum_{k=1}^{10^9} h(j) h(k)",
        "(" * 10_000 + "x" + ")" * 10_000,
        "{" * 10_000 + "x = 1" + "}" * 10_000,
        r"\bar{B} = " + " + ".join([r"\bar{s}"] * 3000),
        r"\mathrm{__import__}(os) = 1",
        r"\bar{B}(i) = \mathrm{eval}(s(i))",
        r"\bar{B}(i) = s(i)^{10^{10}}",
        r"\bar{B}(i) = 1/0",
        r"\bar{B}(i) = s(i/0)",
        r"\bar{B}(0) = \bar{s}(0)",
        r"x = \begin{cases} 1 & x > 0 \\ 0 \end{cases}",
        r"\bar{B} = \max_i s(i)",
    ],
)
def test_hostile_formulas_get_a_verdict_and_are_never_accepted(text: str) -> None:
    started = time.thread_time()
    (verdict,) = judge(f"$$ {text} $$", seconds=3.0).claims
    assert verdict.status not in (Status.PROVED, Status.CONFIRMED)
    assert verdict.message
    assert time.thread_time() - started < 6


def test_a_deck_without_formulas_is_a_problem() -> None:
    with pytest.raises(Problem, match="no formula"):
        judge("Words only.\n\n1\t2\n")


def test_no_model_and_unknown_model_are_problems() -> None:
    document = document_from_text("$a = b$")
    with pytest.raises(Problem, match="no model"):
        judge_deck(document)
    with pytest.raises(Problem):
        judge_deck(document, "no-such-model")


def test_a_context_for_another_model_is_told_at_once() -> None:
    from derive.reading.context import context_from_document

    other = context_from_document(
        document_from_text("---\nmeanings: {'\\gamma': '\\partial J / \\partial nothing'}\n---\n"),
        "other",
    )
    with pytest.raises(Problem, match="cannot mean"):
        judge_deck(document_from_text("$a = b$"), relay(), other)


@pytest.mark.long
@pytest.mark.skipif(not ZHANG.exists(), reason="the decks do not lie beside the project")
def test_zhangs_deck_holds_with_its_context() -> None:
    judgement = judge_deck(ZHANG, "zhang", "zhang")
    wrong = [v for v in judgement.claims if v.status not in (Status.PROVED, Status.CONFIRMED)]
    assert all(v.status is Status.DEFINITION for v in wrong)
    assert judgement.summary["proved"] >= 40


@pytest.mark.long
@pytest.mark.skipif(not ZHANG.exists(), reason="the decks do not lie beside the project")
def test_zhangs_deck_without_context_is_never_refuted() -> None:
    judgement = judge_deck(ZHANG, "zhang")
    assert judgement.summary["refuted"] == judgement.summary["ill-formed"] == 0
    undecided = [v for v in judgement.claims if v.status is Status.UNDECIDED]
    assert undecided
    assert all(v.conditions for v in undecided)


def test_a_sign_that_stands_alone_asserts_nothing() -> None:
    judgement = judge(r"Here $=$ means equality, and $\bar{B} = \bar{s}$.")
    assert [v.status for v in judgement.claims] == [Status.PROVED]
    assert [s.reason for s in judgement.skipped] == ["words or a sign alone"]
    assert judge("$=$").claims == ()


def test_no_timer_is_left_behind_by_a_limit_that_ends_at_once() -> None:
    assert one(r"\bar{B} = \bar{s}").status is Status.PROVED
    judge(r"$$ \bar{B} = \bar{s} $$", seconds=1e-6)
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
