"""Whatever is done to a deck, it gives verdicts or a problem: no traceback, no hang."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.corpus import mutant
from tests.fuzz.run import MEMORY, outcome, peak_memory

_FEW = settings.default.max_examples


@settings(max_examples=max(6, _FEW // 2))
@given(number=st.integers(0, 1 << 32))
def test_a_mutated_deck_gives_verdicts_or_a_problem(
    number: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert outcome(number, tmp_path_factory.mktemp("fuzz"), seconds=0.05) is not None


def test_the_corpus_is_reproducible_and_varied() -> None:
    made = [mutant(random.Random(n)) for n in range(200)]
    assert made == [mutant(random.Random(n)) for n in range(200)]
    assert len(set(made)) > 190


def test_memory_stays_bounded() -> None:
    assert peak_memory() < 4 * MEMORY  # of the whole test run; the long run holds to MEMORY itself
