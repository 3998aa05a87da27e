r"""Verdicts and corrections in notebooks, pages, LaTeX with macros: told and made as typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import verify
from derive.reading.document import document_from_text
from tests.derive.reading.containers.test_places import notebook
from tests.verify.sheets import marks, relay
from verify.fixing import Fixed
from verify.judge import judge_document
from verify.verdict import Judgement, Status

RIGHT, WRONG = r"\bar{h} = M^T \times \bar{s}", r"\bar{h} = M \times \bar{s}"
MACROS = r"""\newcommand{\br}[1]{\bar{#1}}
\newcommand{\bs}{\bar{s}}
\newcommand{\wrong}{\bar{h} = M \times \bar{s}}
\def\be{\begin{equation}}\def\ee{\end{equation}}
"""


def judged(text: str, path: str) -> Judgement:
    return judge_document(document_from_text(text, path), relay(), marks())


def fixed(text: str, path: str) -> Fixed:
    return verify.fix(document_from_text(text, path), relay(), marks())


@pytest.mark.long
@pytest.mark.parametrize(
    ("path", "text", "places"),
    [
        ("a.md", f"$${RIGHT}$$\n\n```math\n{WRONG}\n```\n", ["1:3", "4:1"]),
        ("a.tex", f"\\[{RIGHT}\\] % ${WRONG}$\n\\begin{{gather*}}\n{WRONG} \\end{{gather*}}",
         ["1:3", "3:1"]),
        ("a.rst", f"É :math:`{RIGHT}`\n\n.. math::\n\n   {WRONG}\n", ["1:10", "5:4"]),
        ("a.html", f"<p>&eacute; \\({RIGHT}\\)</p>\n<script type='math/tex'>{WRONG}</script>",
         ["1:15", "2:25"]),
        ("a.ipynb", notebook(("markdown", ["\n", f"É ${RIGHT}$"]), ("raw", f"$${WRONG}$$")),
         ["cell 1:2:4", "cell 2:1:3"]),
        ("a.txt", f"Text: \\({RIGHT}\\), \\({WRONG}\\)", ["1:9", "1:43"]),
    ],
)  # fmt: skip
def test_right_and_wrong_formulas_at_their_places(path: str, text: str, places: list[str]) -> None:
    found = judged(text, path).claims
    assert [v.status for v in found] == [Status.PROVED, Status.ILL_FORMED]
    assert [v.places[0].brief for v in found] == places
    copy = fixed(text, path)
    assert copy.after.accepted
    expected = json.dumps(WRONG)[1:-1] if path.endswith("ipynb") else WRONG
    head, _, tail = text.rpartition(expected)
    assert copy.text == head + expected.replace("M ", "M^T ") + tail


@pytest.mark.long
@pytest.mark.parametrize(
    ("typed", "corrected"),
    [
        (r"$\br{h} = M \times \bs$", r"$\br{h} = M^T \times \bs$"),
        (r"\be \br{h} = M \times \br{s} \ee", r"\be \br{h} = M^T \times \br{s} \ee"),
        (r"$\br{B} = -\bs$", r"$\br{B} = \bs$"),
        (r"$\wrong$", r"$\bar{h} = M^T \times \bar{s}$"),
    ],
)
def test_a_correction_keeps_the_authors_macros(typed: str, corrected: str) -> None:
    copy = fixed(MACROS + typed, "a.tex")
    assert copy.text == MACROS + corrected
    (verdict,) = copy.before.claims
    inside = corrected.removeprefix(r"\be").removesuffix(r"\ee").strip("$ ")
    assert verdict.suggestion is not None
    assert verdict.suggestion.latex == inside
    assert verdict.latex == typed.removeprefix(r"\be").removesuffix(r"\ee").strip("$ ")


def test_a_macro_without_its_argument_is_unreadable_there() -> None:
    right, wrong = judged(MACROS + "$\\br{B} = \\bs$ and\n $\\bs = \\br$", "a.tex").claims
    assert right.status is Status.PROVED
    assert wrong.status is Status.UNREADABLE
    assert wrong.message == (r"line 6, column 9: \br takes 1 argument, and one is missing here")


def test_files_that_are_read_in_stay_as_they_are(tmp_path: Path) -> None:
    part, deck = tmp_path / "part.tex", tmp_path / "deck.tex"
    part.write_text(f"\n ${WRONG}$")
    deck.write_text("\\input{part} \\input{../x} $\\bar{B} = -\\bar{s}$")
    copy = verify.fix(deck, relay(), marks())
    assert [v.places[0].at("deck.tex") for v in copy.before.claims] == [
        f"{part}:2:3", "deck.tex:1:14", "deck.tex:1:28",
    ]  # fmt: skip
    assert copy.text == "\\input{part} \\input{../x} $\\bar{B} = \\bar{s}$"
    (left,) = copy.left
    assert "correct that file by itself" in left.reason
    assert part.read_text() == f"\n ${WRONG}$"
