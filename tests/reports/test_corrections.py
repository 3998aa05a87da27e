"""`backproof verify --fix`: a corrected copy beside the deck, and never over it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import jsonschema
import pytest

from tests.reports.test_command import Program, program
from tests.reports.test_verdict_json import SCHEMA
from tests.verify.sheets import MARKS, RELAY

__all__ = ["program"]

DECK = "$$ \\bar{B} = -\\bar{s} $$\r\n\r\n$$ \\bar{s}(i) = 3 (t(i) + o(i))\\, o(i) $$\r\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "relay.md").write_text(RELAY, encoding="utf-8")
    (tmp_path / "marks.md").write_text(MARKS, encoding="utf-8")
    (tmp_path / "deck.md").write_bytes(DECK.encode())
    return tmp_path


def arguments(folder: Path, copy: Path, *more: str) -> list[str]:
    deck, model, context = (str(folder / f"{n}.md") for n in ("deck", "relay", "marks"))
    return ["verify", deck, "--model", model, "--context", context, "--fix", str(copy), *more]


def test_the_copy_is_corrected_and_the_changes_are_said(program: Program, folder: Path) -> None:
    copy = folder / "corrected.md"
    ran = program(*arguments(folder, copy))
    assert ran.status == 1  # the deck itself is as wrong as before
    assert copy.read_bytes() == DECK.replace("-", "").encode()
    assert (folder / "deck.md").read_bytes() == DECK.encode()
    assert "deck.md:1:4: corrected, now proved: " in ran.err
    assert "deck.md:3:4: not corrected: no right formula was found within one edit" in ran.err
    assert ran.err.endswith("corrected.md: 1 formula corrected, 1 wrong as before\n")


@pytest.mark.long
def test_the_verdicts_stay_one_object_for_other_programs(program: Program, folder: Path) -> None:
    copy = folder / "corrected.md"
    ran = program(*arguments(folder, copy, "--format", "json"))
    found = json.loads(ran.out)
    jsonschema.Draft202012Validator(SCHEMA).validate(found)
    assert found["summary"]["refuted"] == 2
    one, two = (claim["id"] for claim in found["claims"])
    assert found["corrections"] == {
        "copy": str(copy),
        "changed": [{"id": one, "now": "proved"}],
        "left": [{"id": two, "reason": "no right formula was found within one edit"}],
    }


@pytest.mark.parametrize("name", ["deck.md", "relay.md", "marks.md", "soft.md", "hard.md"])
def test_nothing_that_is_read_is_written_over(program: Program, folder: Path, name: str) -> None:
    (folder / "soft.md").symlink_to(folder / "deck.md")
    os.link(folder / "deck.md", folder / "hard.md")
    before = (folder / name).read_bytes()
    ran = program(*arguments(folder, folder / name))
    assert ran.status == 2
    assert "would overwrite" in ran.err
    assert (folder / name).read_bytes() == before


def test_the_copy_and_the_verdicts_are_two_files(program: Program, folder: Path) -> None:
    ran = program(*arguments(folder, folder / "x.md", "--output", str(folder / "." / "x.md")))
    assert ran.status == 2
    assert not (folder / "x.md").exists()
