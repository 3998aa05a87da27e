"""What pyproject.toml promises is what the tests are run with at the lowest."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
# These check the source and never run with the program.
TOOLS = {"mypy", "ruff", "types-pyyaml"}


def _bounds(requirements: list[str]) -> dict[str, str]:
    """``name: lowest version`` of the requirements that name one."""
    found = (re.match(r"([\w-]+)>=([\d.]+)", text) for text in requirements)
    return {match[1]: match[2] for match in found if match}


def test_the_lowest_versions_are_those_that_are_promised() -> None:
    extras = PROJECT["optional-dependencies"]
    used = [*extras["pdf"], *extras["train"], *extras["dev"]]
    promised = _bounds([*PROJECT["dependencies"], *used])
    lines = (ROOT / "tests" / "lowest-requirements.txt").read_text(encoding="utf-8").splitlines()
    tested = dict(line.split("==") for line in lines if line and not line.startswith("#"))
    assert tested == {name: v for name, v in promised.items() if name not in TOOLS}


def test_every_dependency_is_justified_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    extras = PROJECT["optional-dependencies"]
    for name in _bounds([*PROJECT["dependencies"], *extras["pdf"], *extras["train"]]):
        assert re.search(rf"^\| `{re.escape(name)}` \|", readme, re.MULTILINE), name
