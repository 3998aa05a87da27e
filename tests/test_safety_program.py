"""The five injections through the program, from a file to code, HTML, LaTeX and the terminal.

By names of symbols, names of functions, YAML tags, paths in ``\\input``, and markup in prose.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from reports.command import main
from reports.printable import printable

SECRET = "the text of a file that no deck may open"
Program = Callable[..., tuple[int, str]]

SHEET = r"""---
title: {title}
loss: L
inputs: [x, t]
sizes: {{n: 3}}
functions: {{'{function}': logistic, 'g': generic}}
---
The prose: {prose}

$$ {symbol}_i = g({function}(w_i x_i)), \quad i = 1, \dots, n $$
$$ L = \frac{{1}}{{2}} \sum_{{i=1}}^{{n}} ({symbol}_i - t_i)^2 $$
"""
DECK = r"""---
title: {title}
---
{prose} $$ {symbol}_i = {function}(w_i x_i) $$ {prose}

$$ \frac{{\partial L}}{{\partial w_i}} = \text{{{prose}}} $$

$$ {path} $$ {path}
"""


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Program:
    """The status of the program and all that it printed; a traceback fails the test."""

    def run(*arguments: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["backproof", *arguments])
        try:
            main()
        except SystemExit as stop:
            status = stop.code if isinstance(stop.code, int) else 0
        else:
            status = 0
        captured = capsys.readouterr()
        return status, captured.out + captured.err

    return run


def code(trace: Path) -> str:
    return f"__import__('os').system('touch {trace}')"


HOSTILE: dict[str, Callable[[Path], dict[str, str]]] = {
    "symbols": lambda trace: {"symbol": rf"\mathrm{{{code(trace)}}}"},
    "keywords": lambda _: {"symbol": r"\mathrm{import}", "function": r"\mathrm{lambda}"},
    "functions": lambda trace: {"function": rf"\operatorname{{{code(trace)}}}"},
    "shell": lambda trace: {"function": rf"\write18{{touch {trace}}}"},
    "tags": lambda trace: {"title": f"!!python/object/apply:os.system ['touch {trace}']"},
    "paths": lambda trace: {"path": rf"\input{{{trace.with_name('secret.tex')}}}"},
    "markup": lambda _: {"prose": "<script>alert(1)</script> <img src=x onerror=alert(1)>"},
    "latex": lambda _: {"prose": r"\end{document} \input{/etc/passwd} \catcode`\$=12 %"},
    "escapes": lambda _: {"prose": "\x1b]0;title\x07 \x1b[31m \u202e", "title": r'"\e]0;x\a"'},
    "quotes": lambda _: {"title": '\'"""\nimport os\n"""\'', "prose": '"""'},
}
PAGES = {"markup": "html", "escapes": "html", "latex": "tex", "paths": "tex"}
PLAIN = {"title": "plain", "symbol": "y", "function": "h", "prose": "words", "path": "y_i = 1"}


def written(folder: Path, kind: str) -> tuple[Path, Path]:
    """A sheet and a deck with this attack, as files."""
    parts = {**PLAIN, **HOSTILE[kind](folder / "trace")}
    sheet, deck = folder / "sheet.md", folder / "deck.md"
    sheet.write_text(SHEET.format(**parts), encoding="utf-8")
    deck.write_text(DECK.format(**parts), encoding="utf-8")
    (folder / "secret.tex").write_text(f"$$ {SECRET} $$", encoding="utf-8")
    return sheet, deck


@pytest.mark.long
@pytest.mark.parametrize("kind", HOSTILE)
def test_nothing_of_a_hostile_sheet_or_deck_is_run(
    kind: str, tmp_path: Path, program: Program
) -> None:
    sheet, deck = written(tmp_path, kind)
    harmless = tmp_path / "plain.md"
    harmless.write_text(SHEET.format(**PLAIN), encoding="utf-8")
    page = tmp_path / f"page.{PAGES.get(kind, 'none')}"
    ran = [program("code", str(sheet), "-o", str(tmp_path / "net.py"))]
    if kind in PAGES:
        ran.append(program("report", str(harmless), "--deck", str(deck), "-o", str(page)))
    else:
        ran.append(program("verify", str(deck), "--model", str(harmless)))
    assert all(status in (0, 1, 2) for status, _ in ran)
    assert not any("Traceback" in printed for _, printed in ran)
    assert not (tmp_path / "trace").exists()
    texts = [p.read_text(encoding="utf-8") for p in (page, tmp_path / "net.py") if p.exists()]
    assert not any(SECRET in text for text in (*texts, *(printed for _, printed in ran)))
    assert not any("\x1b" in printed or "\u202e" in printed for _, printed in ran)
    _is_harmless(tmp_path)


def _is_harmless(folder: Path) -> None:
    """The files that were written hold no markup and no commands of their authors."""
    page, tex, net = folder / "page.html", folder / "page.tex", folder / "net.py"
    if page.exists():
        text = page.read_text(encoding="utf-8")
        assert "<script" not in text
        assert "<img" not in text
    if tex.exists():
        source = tex.read_text(encoding="utf-8")
        assert source.count(r"\end{document}") == 1
        assert not any(c in source for c in (r"\input{", r"\write18", r"\catcode`"))
    if net.exists():
        tree = ast.parse(net.read_text(encoding="utf-8"))
        imports = {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
        assert "os" not in imports
        called = {ast.unparse(n.func) for n in ast.walk(tree) if isinstance(n, ast.Call)}
        assert not called & {"eval", "exec", "__import__", "compile", "os.system"}


def test_what_steers_a_terminal_is_shown() -> None:
    assert printable("a\x1b[31m\x07\x9b\u202eb\n\tç→") == "a␛[31m␇��b\n\tç→"
