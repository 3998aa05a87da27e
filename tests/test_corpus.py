"""Formulas written by others are proved, slips in them refuted and mended; and so say the figures.

The short tier judges two topics, the long tier all of them. ``python -m tests.corpus.measure``
prints the figures, and ``tests/corpus/survivors.md`` lists the mutants that say the same.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from joblib import Parallel, delayed

from derive.reading.parse import parse
from tests.corpus.figures import BY_HAND, Figures, judged_right, judged_slips, together
from tests.corpus.judging import SECONDS, decision
from tests.corpus.library import topic, topics
from tests.corpus.measure import details, kinds, table
from tests.corpus.slips import KINDS, slips
from tests.corpus.survivors import SURVIVORS, Mutation, Survivor, mutated, page
from tests.corpus.truth import holds
from verify.verdict import Status

SHORT = ("bilinear", "embedding")
PROOF_RATE = 0.95
REPAIR_RATE = 0.93
"""Of slips that are one edit, mended by the first suggestion; raised as the search gets better."""
OF_EACH = 15
"""Mutants of every formula that the long tier judges; `measure --survivors` judges all."""


@pytest.fixture(scope="module")
def short() -> Figures:
    return together([*map(judged_right, SHORT), *(judged_slips(name, 1) for name in SHORT[1:])])


@pytest.mark.long
def test_the_corpus_is_large_and_has_every_kind_of_slip() -> None:
    right = [claim for subject in topics() for claim in subject.only("right")]
    made = Counter(slip.kind for claim in right for slip in slips(claim))
    assert len(right) >= 240
    assert sum(len(subject.only("wrong")) for subject in topics()) >= 540
    assert set(made) == set(KINDS)
    assert min(made.values()) >= 10
    assert made.total() >= 3000


def test_every_right_formula_names_its_source() -> None:
    assert all(claim.note for subject in topics() for claim in subject.only("right"))


@pytest.mark.parametrize("name", SHORT)
def test_the_truth_is_told_by_numbers(name: str) -> None:
    for claim in topic(name).claims:
        assert holds(name, claim.latex) is (claim.truth == "right"), claim.latex


def test_the_truth_sees_a_thousandth() -> None:
    for claim in topic("bilinear").only("right"):
        head, _, rest = claim.latex.partition("=")
        assert not holds("bilinear", f"{head}= 1.001 ({rest})")


def test_the_truth_leaves_a_learning_rate_free() -> None:
    step = r"w_{kj}^{(2)} \leftarrow w_{kj}^{(2)} - \eta \delta_k^{(2)} z_j"
    assert [holds("dense_index", step) for _ in range(2)] == [True, True]


def test_no_verdict_is_wrong(short: Figures) -> None:
    assert [f.latex for f in short.wrong_verdicts] == []
    assert len(short.slips) >= 15


def test_right_formulas_are_proved(short: Figures) -> None:
    assert short.proof_rate >= PROOF_RATE


def test_slips_of_one_edit_are_mended_first(short: Figures) -> None:
    mended, of = short.repaired
    assert mended >= REPAIR_RATE * of


def test_no_mutant_of_a_right_formula_survives_that_is_wrong() -> None:
    found = [mutated(name, 3) for name in SHORT]
    assert [s.latex for m in found for s in m.survivors if not s.holds] == []
    assert sum(m.judged for m in found) >= 30


def test_a_wrong_verdict_would_be_seen(short: Figures) -> None:
    slip = short.slips[0]
    passed = replace(slip, status=Status.CONFIRMED)
    right = replace(short.of("right")[0], status=Status.ILL_FORMED)
    assert passed.wrong_verdict == "wrong, and accepted"
    assert right.wrong_verdict == "right, and refuted"
    assert "accepted" in details(Figures("lie", [passed]))[0]
    lie = Survivor("lie", "a = b", "a = c", "", False, "")
    assert "WRONG: `c`" in page([Mutation("lie", Counter(proved=1), (lie,))])


def test_the_figures_are_shown_by_topic_and_by_kind(short: Figures) -> None:
    assert table([short]).row_count == 2
    assert kinds(short).row_count == len(KINDS) + 1


def test_every_survivor_is_listed_with_a_reason() -> None:
    listed = SURVIVORS.read_text(encoding="utf-8").splitlines()
    survivors = [line for line in listed if line.startswith("- `")]
    assert len(survivors) > 100
    assert all(": " in line and "WRONG" not in line for line in survivors)
    names = {line.removeprefix("## ") for line in listed if line.startswith("## ")}
    assert names <= {subject.name for subject in topics()}


def test_a_derivative_by_a_gradient_means_nothing() -> None:
    claim = r"\frac{\partial \ell}{\partial \beta_j} = \frac{\partial \ell}{\partial \epsilon_{ij}}"
    assert decision("batch_normalisation", claim, SECONDS).status is Status.ILL_FORMED


@pytest.mark.parametrize("above", ["L^2", "L (1 - L)"])
def test_nothing_is_known_of_a_power_of_an_upstream_quantity(above: str) -> None:
    claim = rf"\frac{{\partial L}}{{\partial V}} = A^T \frac{{\partial {above}}}{{\partial O}}"
    assert decision("attention_softmax", claim, SECONDS).status is Status.ILL_FORMED


@pytest.mark.parametrize("kind", KINDS)
def test_a_slip_can_be_parsed_and_differs_from_the_formula(kind: str) -> None:
    found = [s for t in topics() for c in t.only("right") for s in slips(c) if s.kind == kind]
    for slip in found[:40]:
        parse(slip.latex)
        assert slip.latex != slip.claim.latex


@pytest.mark.full
def test_the_whole_corpus_has_no_wrong_verdict_and_is_proved_and_mended() -> None:
    tasks = [delayed(judge)(t.name) for t in topics() for judge in (judged_right, _one_of_each)]
    whole = together(Parallel(n_jobs=2)(tasks))
    mended, of = whole.repaired
    assert [(f.topic, f.latex) for f in whole.wrong_verdicts] == []
    assert whole.proof_rate >= PROOF_RATE
    assert mended >= REPAIR_RATE * of
    assert of >= 300
    assert {f.kind for f in whole.slips} == {*KINDS, BY_HAND}
    assert {f.status for f in whole.of("when")} == {Status.UNDECIDED}


def _one_of_each(name: str) -> Figures:
    return judged_slips(name, 1)


@pytest.mark.long
def test_the_truth_of_the_whole_corpus_is_told_by_numbers() -> None:
    told = [holds(c.topic, c.latex) is (c.truth == "right") for t in topics() for c in t.claims]
    assert all(told)


@pytest.mark.full
def test_no_wrong_mutant_of_the_whole_corpus_survives() -> None:
    found: list[Mutation] = Parallel(n_jobs=2)(delayed(mutated)(t.name, OF_EACH) for t in topics())
    assert [s.latex for m in found for s in m.survivors if not s.holds] == []
    assert sum(m.judged for m in found) >= 2000
