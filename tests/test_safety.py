"""No text of a deck or sheet is ever run as Python, opened as a file, or shown as markup."""

from __future__ import annotations

import ast
import json
import time
from contextlib import suppress
from html.parser import HTMLParser
from pathlib import Path

import pytest

from derive.emit import emit
from derive.errors import Problem
from derive.reading.context import context_from_document
from derive.reading.document import document_from_text
from derive.reading.sheet import model_from_text
from reports.content import model_report
from reports.html import html
from reports.latex import latex_document
from reports.verdict_json import as_text, to_json
from tests.verify.sheets import RELAY, marks, relay
from verify.judge import judge_document
from verify.verdict import Judgement, Status

ROOT = Path(__file__).resolve().parent.parent
SECRET = "the text of a file that no deck may open"


def judge(text: str) -> Judgement:
    return judge_document(document_from_text(text), relay(), marks(), seconds=3.0)


def attacks(trace: Path) -> list[str]:
    """Formulas that would leave ``trace`` if any part of them were run."""
    code = f"__import__('os').system('touch {trace}')"
    return [
        rf"\text{{{code}}} = 1",
        rf"\bar{{B}}(i) = \text{{{code}}}",
        rf"\mathrm{{{code}}}(i) = \bar{{s}}(i)",
        rf"\operatorname{{{code}}} s(i) = \bar{{B}}(i)",
        rf"\bar{{B}} \text{{{code}}} \bar{{s}}",
        r"\bar{B}(i) = \mathrm{eval}(\mathrm{open}(s(i)))",
        rf"\bar{{B}}_{{{code}}} = \bar{{s}}",
        rf"s(i)(lambda: {code})() = 1",
        rf"\directlua{{os.execute('touch {trace}')}} = \write18{{touch {trace}}}",
        rf"B.__class__.__mro__ = \bar{{s}}.__init__.__globals__ + open('{trace}', 'w')",
    ]


def test_no_formula_is_run(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    for formula in attacks(trace):
        for verdict in judge(f"$$ {formula} $$").claims:
            assert verdict.status not in (Status.PROVED, Status.CONFIRMED), formula
        assert not trace.exists(), formula


TAGS = (
    "!!python/object/apply:os.system ['touch {trace}']",
    "!!python/object/new:os.system ['touch {trace}']",
    "!!python/name:os.system",
    "!!python/module:os",
    "!!python/object/apply:subprocess.Popen [['touch', '{trace}']]",
)


@pytest.mark.parametrize("tag", TAGS)
def test_no_tag_of_front_matter_makes_an_object(tag: str, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    text = f"---\ntitle: {tag.format(trace=trace)}\n---\n$a = b$\n"
    with pytest.raises(Problem, match=r"front matter|tag|python"):
        document_from_text(text)
    assert not trace.exists()


@pytest.mark.parametrize(
    "front",
    [
        "functions: {{'\\phi': \"{code}\"}}",
        'sizes: {{R: "{code}"}}',
        "operators: {{'*': \"{code}\"}}",
        "meanings: {{'\\gamma': \"{code}\"}}",
        'gradients: {{accent: "{code}"}}',
    ],
)
def test_no_declaration_is_run(front: str, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    declared = front.format(code=f"__import__('os').system('touch {trace}')")
    document = document_from_text(f"---\n{declared}\n---\n$a = b$\n")
    for read in (
        lambda: model_from_text(document.text, "sheet"),
        lambda: judge_document(document, relay(), context_from_document(document, "c")),
    ):
        with suppress(Problem):
            read()
    assert not trace.exists()


@pytest.mark.parametrize("command", ["input", "include", "verbatiminput", "usepackage", "openin"])
def test_no_file_is_opened_that_a_deck_names(command: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret.tex"
    secret.write_text(f"$$ {SECRET} $$", encoding="utf-8")
    named = rf"\{command}{{{secret}}}"
    judgement = judge(f"{named}\n\n$$ \\bar{{B}} = {named} $$\n\n$\\bar{{B}} = \\bar{{s}}$")
    assert SECRET not in as_text(to_json(judgement))
    assert judgement.claims[-1].status is Status.PROVED


MARKUP = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    r"\text{</script><script>alert(1)</script>}",
    r"\href{javascript:alert(1)}{x}",
    "&lt;b&gt; \"' onload='alert(1)'",
)


class _Tags(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {f"{name}={value}" for name, value in attrs}


def hostile_judgement() -> Judgement:
    return judge("\n\n".join(f"{m} $$ \\bar{{B}} = {m} $$ ${m} = 1$" for m in MARKUP))


def test_html_of_a_deck_is_text_in_the_report() -> None:
    page = _Tags(html(model_report(relay(), hostile_judgement())))
    assert not page.tags & {"script", "img", "iframe", "object", "b", "link", "base"}
    assert not any(a.startswith("on") for a in page.attributes)
    assert not any(a.startswith(("href=", "src=")) and "script:" in a for a in page.attributes)


def test_html_of_a_deck_is_text_in_a_notebook() -> None:
    page = _Tags(hostile_judgement()._repr_html_())
    assert page.tags <= {"p", "strong", "br"}


def test_latex_of_prose_does_nothing_in_the_report() -> None:
    deck = "\n\n".join(
        rf"{p} $$ \bar{{B}} = {p} $$"
        for p in (
            r"\input{/etc/passwd}",
            r"\write18{id}",
            r"\end{document}",
            r"\catcode`\$=12",
            "%",
        )
    )
    source = latex_document(model_report(relay(), judge(deck)))
    assert source.count(r"\end{document}") == 1
    for command in (r"\input{", r"\write18", r"\catcode`\$"):
        assert command not in source


TITLES = ('"""', "'''\nimport os\n", '\\"""', "\\", "\r\nimport os\r\n", "\u2028import os", "{x}")


@pytest.mark.parametrize("title", TITLES)
def test_a_title_stays_in_the_docstring_of_emitted_code(title: str) -> None:
    document = RELAY.replace("title: relay", f"title: {json.dumps(title)}")
    try:
        source = emit(model_from_text(document, title), command=title)
    except Problem:
        return
    assert _imports(source) == _imports(emit(relay()))


NAMES = (
    r"\text{import os}", r"\mathrm{class}", r"\mathrm{__import__}", r"\mathrm{np}", "lambda",
    r"\mathrm{eval}", r"\text{x; os.system('id')}", r"\mathrm{None}", r"\text{a\nb}",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_names_become_identifiers_in_emitted_code(name: str) -> None:
    sheet = RELAY.replace("P_r", name + "_r")
    try:
        source = emit(model_from_text(sheet, "sheet"))
    except Problem:
        return
    assert _imports(source) == _imports(emit(relay()))
    called = {ast.unparse(n.func) for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Call)}
    assert not called & {"eval", "exec", "__import__", "os.system", "open", "compile"}


def _imports(source: str) -> set[str]:
    """The modules that a source imports; it must parse."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    return found


def test_small_front_matter_stays_small() -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{b}: &{b} [*{a}, *{a}, *{a}, *{a}, *{a}, *{a}, *{a}, *{a}]\n"
        for a, b in zip("abcdefghi", "bcdefghij", strict=True)
    )
    started = time.thread_time()
    with pytest.raises(Problem):
        document_from_text(f"---\n{bomb}---\n$a = b$\n")
    assert time.thread_time() - started < 1


# What runs text, starts programs or revives objects, by the name that is called.
FORBIDDEN = {
    *"eval exec compile __import__ parse_expr lambdify system popen Popen".split(),
    *"spawn execv execve loads load full_load unsafe_load".split(),
    "load_all", "parse_latex", "literal_eval", "import_module", "sympify", "S", "startfile",
}  # fmt: skip
FORBIDDEN_MODULES = set("subprocess pickle marshal shelve dill cloudpickle".split())

ALLOWED = {
    # Names of our own modules, written in the file itself: nothing of a deck reaches them.
    ("derive/__init__.py", "import_module"),
    ("verify/__init__.py", "import_module"),
    ("reports/__init__.py", "import_module"),
    # Regular expressions; a typesetter whose source holds texts inside strings only.
    ("*", "re.compile"),
    ("reports/pdf.py", "typst.compile"),
    # A notebook is read as JSON, which is data.
    ("derive/reading/containers/notebook.py", "json.loads"),
    # What the parent process packed for its own workers, as joblib does; no file, no deck.
    ("verify/spread.py", "pickle"),
    ("verify/spread.py", "pickle.loads"),
    # The emitted module, which is there to be run; its names are sanitised (tests above).
    ("reports/training.py", "exec"),
    ("reports/training.py", "compile"),
}
SOURCES = [p for d in ("derive", "verify", "reports") for p in sorted((ROOT / d).rglob("*.py"))]


def _dangers(path: Path) -> list[str]:
    """Calls and imports of ``path`` that could run a text."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            whole = ast.unparse(node.func)
            if whole.split(".")[-1] in FORBIDDEN and not _strict(node):
                found.append(whole)
        elif isinstance(node, ast.Import):
            found += [a.name for a in node.names if a.name.split(".")[0] in FORBIDDEN_MODULES]
        elif isinstance(node, ast.ImportFrom):
            found += [m for m in [(node.module or "").split(".")[0]] if m in FORBIDDEN_MODULES]
    return found


def _strict(call: ast.Call) -> bool:
    """``sympify(…, strict=True)`` refuses texts."""
    return any(
        k.arg == "strict" and isinstance(k.value, ast.Constant) and k.value.value is True
        for k in call.keywords
    )


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_no_module_can_run_a_text(path: Path) -> None:
    name = str(path.relative_to(ROOT))
    left = [d for d in _dangers(path) if not {(name, d), ("*", d)} & ALLOWED]
    assert left == []


def test_the_scan_sees_what_it_forbids(tmp_path: Path) -> None:
    bad = tmp_path / "bad.py"
    bad.write_text(
        "import pickle\nimport os, sympy, yaml\neval('1')\nos.system('id')\nsympy.sympify('x')\n"
        "yaml.load('a', Loader=yaml.Loader)\nsympy.sympify(1, strict=True)\n"
    )
    assert _dangers(bad) == ["pickle", "eval", "os.system", "sympy.sympify", "yaml.load"]
