"""The README's commands are the ones that `.ci/run` takes from it."""

from __future__ import annotations

from pathlib import Path

README = (Path(__file__).resolve().parent.parent / "README.md").read_text(encoding="utf-8")


def _fenced(language: str) -> list[str]:
    return [part.split("```")[0] for part in README.split(f"```{language}\n")[1:]]


def test_two_commands_do_all_the_setting_up() -> None:
    show, test = _fenced("sh")
    for command in (show, test):
        assert command.startswith("python3 -m venv .venv && .venv/bin/pip install")
        assert len(command.splitlines()) == 1
    assert "backproof report" in show
    assert test.rstrip().endswith("pytest -q -n auto")


def test_the_python_example_runs(tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("$$ \\hat{y} = \\sigma(W \\times f + b) $$\n")
    source, _ = _fenced("python")
    names: dict[str, object] = {}
    exec(source.replace('"notes.md"', repr(str(tmp_path / "notes.md"))), names)
    assert "def loss_and_gradients" in str(names["source"])


def test_the_example_of_a_backward_pass_says_what_it_says() -> None:
    _, source = _fenced("python")
    names: dict[str, object] = {}
    exec(source, names)
    right, wrong = names["right"], names["wrong"]
    assert (right.status, wrong.status) == ("confirmed", "refuted")  # type: ignore[attr-defined]
    assert any("x[0, 1] is at a kink" in said for said in right.assumptions)  # type: ignore[attr-defined]
    assert wrong.counterexample["index"] == [0, 0]  # type: ignore[attr-defined]
