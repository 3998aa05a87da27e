r"""A few characters that ask for too much: a verdict or a problem in moments, never a traceback.

Each was found by trying: powers of ten in printed numbers, dots that nothing fills, values with
thousands of digits, a notebook's long number, delimiters that are never closed by the thousand.
"""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from derive.errors import Problem
from derive.reading.context import context_from_document
from derive.reading.document import document_from_text, read_document
from tests.verify.sheets import marks, relay
from verify.judge import judge_document, judge_text
from verify.verdict import Status

SECONDS = 5.0
"""Of a processor, far more than any of this needs; each took a minute or all memory before."""


@pytest.mark.parametrize(
    "formula",
    [
        "s = 1e+999999999",
        "s = 1e-999999999",
        r"\exp(10^5) = 3",
        r"\exp(10^9) = 3",
        r"e^{-10^9} = 0.00",
        r"10^{10^{10}} = 3",
        r"\bar{h}(1) = M(1, 1) + M(1, 2) + \cdots + M(1, 999999999999)",
        r"s = \sum_{i=1}^{10^9} x(i)",
        r"s = x(10^{30})",
    ],
)
def test_what_stands_for_too_much_is_told(formula: str) -> None:
    started = time.process_time()
    (verdict,) = judge_text(formula, relay(), marks(), seconds=SECONDS).claims
    assert verdict.status not in (Status.PROVED, Status.CONFIRMED)
    assert time.process_time() - started < SECONDS


@pytest.mark.parametrize("value", ["'1e900000000'", "'1e-900000000'", "1e400", "[1, '2e99999999']"])
def test_declared_numbers_have_a_few_hundred_digits_at_most(value: str) -> None:
    document = document_from_text(f"---\nvalues: {{x: {value}}}\n---\n")
    with pytest.raises(Problem, match="is no number"):
        context_from_document(document, "long")


def test_a_long_number_in_a_notebook_is_told(tmp_path: Path) -> None:
    path = tmp_path / "deck.ipynb"
    path.write_text('{"cells": [{"source": ' + "9" * 5000 + "}]}")
    with pytest.raises(Problem, match="thousands of digits"):
        read_document(path)


def test_thousands_of_open_delimiters_are_one_verdict() -> None:
    started = time.process_time()
    document = document_from_text("<!-- " * 20_000 + "$s = s$")
    open_, _ = judge_document(document, relay(), marks()).claims
    assert open_.status is Status.UNREADABLE
    assert len(open_.places) == 20_000
    assert time.process_time() - started < 2 * SECONDS


@pytest.mark.parametrize("tag", ["!!bool abc", "!!timestamp abc", "!!binary x", "!!set {a, b}"])
def test_yaml_tags_are_refused_with_their_place(tag: str) -> None:
    with pytest.raises(Problem, match="tag") as caught:
        document_from_text(f"---\ntitle: x\nsizes: {tag}\n---\n")
    assert caught.value.line == 3
