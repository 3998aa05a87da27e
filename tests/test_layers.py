"""One direction only: reports -> verify -> derive, no cycle, nothing heavy for `--help`."""

from __future__ import annotations

import ast
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("derive", "verify", "reports")
MAY_IMPORT = {"derive": {"derive"}, "verify": {"derive", "verify"}, "reports": set(PACKAGES)}

# The judge shares the language with the accused, not the rules that it judges; what they derived
# reaches it as data, by the one door of the pipeline.
HEAVY = {"sympy", "numpy", "autograd", "lark", "typst"}
ENGINE = {"derive.element", "derive.collapse", "derive.adjoint"}
DOOR = "derive.pipeline"


def _modules() -> dict[str, Path]:
    found = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


MODULES = _modules()


def _imported(module: str, body: list[ast.stmt]) -> set[str]:
    """Modules of the house that these statements import, deferred ones included.

    What stands under ``if TYPE_CHECKING:`` is not imported when the program runs.
    """
    names: set[str] = set()
    for node in body:
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        for item in ast.walk(node):
            if isinstance(item, ast.Import):
                names.update(alias.name for alias in item.names)
            elif isinstance(item, ast.ImportFrom):
                assert item.level == 0, f"{module}: relative imports hide the layers"
                origin = item.module or ""
                inner = {f"{origin}.{a.name}" for a in item.names}
                names.update((inner & MODULES.keys()) or {origin})
    return {name for name in names if name.split(".")[0] in PACKAGES}


IMPORTS = {
    module: _imported(module, ast.parse(path.read_text(encoding="utf-8")).body)
    for module, path in MODULES.items()
}


def _top_level(module: str) -> set[str]:
    """Only what is imported as the module itself is loaded."""
    body = ast.parse(MODULES[module].read_text(encoding="utf-8")).body
    return _imported(module, [n for n in body if isinstance(n, ast.Import | ast.ImportFrom)])


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_only_its_layer_and_those_below(module: str) -> None:
    reached = {name.split(".")[0] for name in IMPORTS[module]}
    assert reached <= MAY_IMPORT[module.split(".")[0]]


@pytest.mark.parametrize("module", MODULES)
def test_what_a_module_imports_exists(module: str) -> None:
    assert IMPORTS[module] <= MODULES.keys()


def test_no_module_imports_itself_by_a_detour() -> None:
    graph = {module: _top_level(module) & MODULES.keys() for module in MODULES}
    try:
        tuple(TopologicalSorter(graph).static_order())
    except CycleError as error:
        pytest.fail(f"a cycle of imports: {' -> '.join(error.args[1])}")


def _reached(start: str) -> set[str]:
    """Everything that loading ``start`` loads, but for what is behind the door."""
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        module = waiting.pop()
        if module not in seen and module != DOOR:
            seen.add(module)
            waiting.extend(IMPORTS.get(module, ()))
    return seen


@pytest.mark.parametrize("module", [m for m in MODULES if m.startswith("verify")])
def test_the_judge_does_not_share_the_engines_rules(module: str) -> None:
    assert not _reached(module) & ENGINE


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_shows_at_most_twelve_names(package: str) -> None:
    module = __import__(package)
    assert len(module.__all__) <= 12
    assert sorted(module.__all__) == module.__all__


@pytest.mark.parametrize("package", PACKAGES)
def test_every_name_that_a_package_shows_is_there(package: str) -> None:
    module = __import__(package)
    for name in module.__all__:
        assert getattr(module, name) is not None


@pytest.mark.parametrize("arguments", [["--help"], ["verify", "--help"], ["--version"]])
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    assert not imported_by(arguments) & {*HEAVY, "yaml"}


def test_the_models_are_listed_without_being_read() -> None:
    assert not imported_by(["models"]) & {*HEAVY, "rich"}


def test_a_sheet_is_checked_without_being_differentiated_or_computed() -> None:
    assert not imported_by(["check", "zhang"]) & {"sympy", "numpy", "autograd"}


def imported_by(arguments: list[str]) -> set[str]:
    """The modules that the program has imported when it has done this."""
    script = (
        "import sys\nfrom reports.command import main\n"
        f"sys.argv = ['backproof', *{arguments!r}]\n"
        "try:\n    main()\nexcept SystemExit as stop:\n    assert not stop.code, stop.code\n"
        "print(*sys.modules, file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return set(done.stderr.split())
