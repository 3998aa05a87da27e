"""The program: what it prints, what it exits with, and that it never shows a traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import jsonschema
import pytest

from reports.command import main
from tests.reports.test_verdict_json import SCHEMA

ROOT = Path(__file__).resolve().parents[2]
FAULTY = str(ROOT / "reports" / "examples" / "faulty.md")


@dataclass(frozen=True)
class Ran:
    """How one run of the program ended."""

    status: int
    out: str
    err: str


Program = Callable[..., Ran]


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Program:
    """Runs the program in this process; anything but an exit would be a traceback for a user."""

    def run(*arguments: str) -> Ran:
        monkeypatch.setattr(sys, "argv", ["backproof", *arguments])
        try:
            main()
        except SystemExit as stop:
            status = stop.code if isinstance(stop.code, int) else 0
        else:
            status = 0
        captured = capsys.readouterr()
        return Ran(status, captured.out, captured.err)

    return run


def test_models_lists_the_built_in_sheets(program: Program) -> None:
    ran = program("models")
    assert ran.status == 0
    assert any(line.startswith("zhang ") for line in ran.out.splitlines())


def test_plan_shows_what_each_step_costs_and_the_peak_memory(program: Program) -> None:
    lines = program("plan", "cnn-softmax", "--batch", "100").out.splitlines()
    assert lines[0] == "cnn-softmax: 100 samples, 64 at a time"
    (dense,) = (line.split() for line in lines if line.split()[:1] == ["Yin"])
    # 2 * 32 * 10 flops a sample
    assert dense[1] == "0.064"
    assert any(line.startswith("peak memory") for line in lines)
    assert any("softmax" in line for line in lines)


def test_check_shows_shapes_ranges_and_the_shift_that_was_assumed(program: Program) -> None:
    lines = program("check", "zhang").out.splitlines()
    image = next(line for line in lines if line.startswith("I "))
    assert "28 × 28" in image
    assert "-1..26" in image
    assumed = next(line for line in lines if line.startswith("assumed"))
    assert "1..12" in assumed
    assert "-1..10" in assumed


def test_derive_prints_each_step_with_its_rule(program: Program) -> None:
    ran = program("derive", "zhang", "W", "b")
    assert ran.status == 0
    assert "∂L/∂W(i, j) = " in ran.out
    assert "chain rule" in ran.out
    assert "∂/∂k1" not in ran.out


def test_derive_prints_latex_to_paste(program: Program) -> None:
    ran = program("derive", "zhang", "W", "--format", "latex")
    assert ran.out.startswith(r"\begin{align*}")
    assert r"\text{chain rule}" in ran.out


def test_code_is_python_that_says_what_made_it(program: Program, tmp_path: Path) -> None:
    target = tmp_path / "net.py"
    assert program("code", "zhang", "--size", "P=3", "-o", str(target)).status == 0
    source = target.read_text(encoding="utf-8")
    compile(source, "net.py", "exec")
    assert "backproof code zhang --size P=3" in source
    assert os.listdir(tmp_path) == ["net.py"]


@pytest.fixture(scope="module")
def judged() -> Ran:
    """The faulty deck, judged once by the program itself."""
    command = "import sys; from reports.command import main; main()"
    arguments = ["verify", FAULTY, "--model", "zhang", "--context", "zhang", "--format", "json"]
    done = subprocess.run(
        [sys.executable, "-c", command, *arguments], capture_output=True, text=True, cwd=ROOT
    )
    return Ran(done.returncode, done.stdout, done.stderr)


EXPECTED = {
    10: "proved",  # pooling as it is defined
    12: "proved",  # the output layer
    18: "proved",  # ∂L/∂b
    22: "refuted",  # σ' is missing
    26: "proved",  # ∂L/∂f
    32: "refuted",  # ¼ is missing
    36: "proved",  # Δb²
    40: "refuted",  # wrong sign of the kernel's indices
    44: "refuted",  # rot180 is missing
    48: "refuted",  # uphill
    50: "proved",  # downhill
}


def test_the_slips_of_our_deck_are_found_and_nothing_else(judged: Ran) -> None:
    found = {claim["line"]: claim["status"] for claim in json.loads(judged.out)["claims"]}
    assert found == EXPECTED
    assert judged.status == 1


def test_the_json_of_a_real_run_follows_the_schema(judged: Ran) -> None:
    jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(judged.out))
    assert judged.err == ""


def test_a_refuted_claim_has_a_counterexample_and_is_repaired(judged: Ran) -> None:
    for claim in json.loads(judged.out)["claims"]:
        refuted = claim["status"] == "refuted"
        assert (claim["counterexample"] is not None) == refuted
        assert (claim["suggestion"] is not None) == refuted


def test_verify_prints_diagnostics_like_a_compiler(program: Program, tmp_path: Path) -> None:
    deck = tmp_path / "deck.md"
    deck.write_text("# Bias\n\nWe get $\\frac{\\partial L}{\\partial b(i)} = f(i)$.\n")
    ran = program("verify", str(deck), "--model", "zhang")
    first = ran.out.splitlines()[0]
    assert first.startswith(f"{deck}:3:9: ")
    assert r"\frac{\partial L}{\partial b(i)} = f(i)" in first
    assert "read as: " in ran.out
    assert f"{deck}: 1 claim: 1 " in ran.out.splitlines()[-1]
    assert ran.status == 1


@pytest.mark.long
def test_what_is_allowed_does_not_fail(program: Program, tmp_path: Path) -> None:
    deck = tmp_path / "deck.md"
    deck.write_text("$$ \\hat{y} = \\sigma(W \\times f + b) $$\n\n$$ \\Delta b = \\frac{1}{ $$\n")
    arguments = ("verify", str(deck), "--model", "zhang")
    assert program(*arguments).status == 1
    assert program(*arguments, "--allow", "undecided,unreadable").status == 0


def test_verdicts_go_to_a_file_whole(program: Program, tmp_path: Path) -> None:
    deck, out = tmp_path / "deck.md", tmp_path / "verdicts.json"
    deck.write_text("$$ \\hat{y} = \\sigma(W \\times f + b) $$\n")
    ran = program("verify", str(deck), "--model", "zhang", "--format", "json", "-o", str(out))
    assert (ran.status, ran.out) == (0, "")
    assert json.loads(out.read_text(encoding="utf-8"))["summary"]["proved"] == 1


def _deck(folder: Path, content: bytes) -> str:
    path = folder / "deck.md"
    path.write_bytes(content)
    return str(path)


BAD_DECKS = {
    "empty": b"",
    "without formulas": b"# Only words\n",
    "binary": bytes(range(256)) * 4,
    "not UTF-8": "caf\u00e9 $a = b$".encode("latin-1"),
}


@pytest.mark.parametrize("content", BAD_DECKS.values(), ids=BAD_DECKS.keys())
def test_a_deck_that_cannot_be_judged_is_one_message(
    program: Program, tmp_path: Path, content: bytes
) -> None:
    ran = program("verify", _deck(tmp_path, content), "--model", "zhang")
    assert ran.status == 2
    assert ran.out == ""
    assert ran.err.startswith("backproof: ")
    assert "deck.md" in ran.err
    assert len(ran.err.splitlines()) == 1


BAD_CALLS = [
    (["verify", "no/such/deck.md", "--model", "zhang"], "no/such/deck.md"),
    (["verify", FAULTY, "--model", "nosuch"], "nosuch"),
    (["verify", FAULTY, "--model", "zhang", "--context", "nosuch"], "nosuch"),
    (["verify", FAULTY, "--model", "zhang", "--allow", "fine"], "fine"),
    (["verify", str(ROOT), "--model", "zhang"], str(ROOT)),
    (["derive", "nosuch"], "nosuch"),
    (["derive", "zhang", "nosuch"], "nosuch"),
    (["derive", "zhang", "--size", "P"], "NAME=VALUE"),
    (["derive", "zhang", "--size", "nosuch=3"], "nosuch"),
    (["code", "zhang", "--size", "P=0"], "at least 1"),
    (["code", "zhang", "-o", "no/such/folder/x.py"], "no/such/folder"),
    (["check", "no/such/sheet.md"], "no/such/sheet.md"),
    (["report", "zhang", "-o", "x.docx"], "x.docx"),
    (["report", "zhang", "--deck", "no/such/deck.md", "-o", "x.html"], "no/such/deck.md"),
    (["nosuch"], "nosuch"),
    (["code", "zhang", "--nosuch"], "--nosuch"),
    (["verify"], "DECK"),
]


@pytest.mark.parametrize(("arguments", "named"), BAD_CALLS)
def test_a_call_that_cannot_run_names_what_is_wrong(
    program: Program, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, arguments: list[str],
    named: str,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    ran = program(*arguments)
    assert ran.status == 2
    assert ran.out == ""
    assert named in ran.err
    assert "Traceback" not in ran.err
    assert os.listdir(tmp_path) == []


HEADING = {"html": "<h2>", "md": "\n## ", "tex": r"\section{\texorpdfstring{"}


@pytest.mark.long
@pytest.mark.parametrize("suffix", HEADING)
def test_a_report_ends_with_what_was_assumed(program: Program, tmp_path: Path, suffix: str) -> None:
    target = tmp_path / f"zhang.{suffix}"
    assert program("report", "zhang", "-o", str(target)).status == 0
    text = target.read_text(encoding="utf-8")
    last = text[text.rindex(HEADING[suffix]) :]
    assert last.startswith(f"{HEADING[suffix]}Assumed")
    assert "1..12" in last


@pytest.mark.long
def test_a_report_is_a_pdf_where_the_typesetter_is_installed(
    program: Program, tmp_path: Path
) -> None:
    pytest.importorskip("typst")
    target = tmp_path / "zhang.pdf"
    assert program("report", "zhang", "-o", str(target)).status == 0
    assert target.read_bytes().startswith(b"%PDF-")


def test_nothing_is_on_the_standard_error_but_problems(program: Program) -> None:
    assert program("derive", "zhang", "b").err == ""


@pytest.mark.long
def test_a_reader_that_goes_away_ends_the_program_quietly() -> None:
    command = "from reports.command import main; main()"
    shell = f"{sys.executable} -c '{command}' derive zhang | head -n 1"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {shell}"], capture_output=True, text=True, cwd=ROOT
    )
    assert done.stderr == ""
    assert len(done.stdout.splitlines()) == 1


def test_the_readme_shows_what_the_program_prints(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = readme.split("```text\n")[1].split("```")[0].splitlines()
    deck = "reports/examples/faulty.md"
    printed = program("verify", deck, "--model", "zhang", "--context", "zhang").out.splitlines()
    assert shown
    for line in shown:
        assert line in printed


BAD_FORMULAS = {
    "undefined symbol": r"\Delta b = \Delta Q \cdot 3",
    "unbalanced brace": r"\Delta b = \frac{1}{2",
    "a sum to 10^9": r"\Delta b(i) = \sum_{j=1}^{1000000000} W(i, j)",
    "brackets 3000 deep": r"\Delta b = " + "(" * 3000 + "1" + ")" * 3000,
    "brackets 10000 deep": r"\Delta b = " + "{" * 10_000 + "1" + "}" * 10_000,
    "10000 signs": r"\Delta b = " + "-" * 10_000 + "b",
    "code as a name": r"\text{__import__('os').mkdir('owned')}(i) = b(i) + \Delta b(i) Q",
}


@pytest.mark.long
@pytest.mark.parametrize("formula", BAD_FORMULAS.values(), ids=BAD_FORMULAS.keys())
def test_a_bad_formula_gets_a_verdict_and_the_rest_is_still_judged(
    program: Program, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, formula: str
) -> None:
    good = "$$ \\hat{y} = \\sigma(W \\times f + b) $$\n\n"
    (tmp_path / "deck.md").write_text(f"{good}$$ {formula} $$\n\n{good}")
    monkeypatch.chdir(tmp_path)
    ran = program("verify", "deck.md", "--model", "zhang", "--format", "json")
    first, bad = json.loads(ran.out)["claims"]
    assert first["status"] == "proved"
    assert len(first["places"]) == 2
    assert bad["status"] in {"ill-formed", "unreadable", "undecided"}
    assert (bad["line"], bool(bad["message"])) == (3, True)
    assert ran.status == 1
    assert os.listdir(tmp_path) == ["deck.md"]
