"""Every format writes the same report, and a deck's text acts in none of them."""

from __future__ import annotations

import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from derive.errors import Problem
from reports.document import Formula, Literal, Text
from reports.findings import as_it_stands, worded
from reports.formula.tex import COMMANDS
from reports.html import html
from reports.latex import latex_document
from reports.markdown import markdown
from reports.pdf import pdf, typst_source
from reports.write import render, suffix_of
from tests.reports.documents import ATTACKS, every_block
from verify.verdict import Suggestion

REPORT = every_block(*ATTACKS)

ALLOWED_TAGS = set(
    """html head meta title style body nav p ul li a main h1 h2 h3 h4 section div pre code span
    table thead tbody tr th td details summary ol article dl dt dd math mrow mi mn mo mtext mspace
    mfrac msub msup msubsup munder mover munderover mtable mtr mtd msqrt mroot""".split()
)
ALLOWED_ATTRIBUTES = set(
    """lang charset name content http-equiv class id href aria-label aria-hidden open display
    alttext form fence lspace rspace width mathvariant stretchy accent accentunder""".split()
)
TABLE_TAGS = {"table", "thead", "tbody", "tr", "th", "td"}
VOID = {"meta"}


class _Page(HTMLParser):
    """Collects tags, checks that they nest, and keeps what links and texts say."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)
        self.links += [value or "" for name, value in attrs if name == "href"]
        self.ids += [value or "" for name, value in attrs if name == "id"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_holds_only_our_tags_and_every_text() -> None:
    page = _Page(html(REPORT))
    assert page.open == []
    assert page.tags <= ALLOWED_TAGS
    assert page.attributes <= ALLOWED_ATTRIBUTES
    for attack in ATTACKS:
        assert attack in page.text


def test_the_page_needs_nothing_from_outside() -> None:
    page = html(REPORT)
    assert not re.search(r"""(?:src|href)=["'](?!#)""", _without_text(page))
    assert "url(" not in page
    assert "@import" not in page


def _without_text(page: str) -> str:
    """The tags alone."""
    return "".join(re.findall(r"<[^<>]*>", page))


def test_every_link_has_its_anchor() -> None:
    page = _Page(html(REPORT))
    assert {link.removeprefix("#") for link in page.links} == set(page.ids)
    assert len(set(page.ids)) == len(page.ids)


def test_typst_sees_the_texts_inside_strings_only() -> None:
    outside = re.sub(r'"(?:[^"\\]|\\.)*"', '""', typst_source(REPORT), flags=re.DOTALL)
    assert "panic" not in outside
    assert "eval" not in outside


def test_the_pdf_is_a_pdf() -> None:
    pytest.importorskip("typst")
    assert pdf(REPORT).startswith(b"%PDF-")


def test_without_typst_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(Problem, match=r"backproof\[pdf\]"):
        pdf(REPORT)


def test_latex_keeps_no_command_of_the_text() -> None:
    source = latex_document(every_block(*ATTACKS))
    assert r"\input{" not in source
    assert r"\write" not in source
    assert source.count(r"\end{document}") == 1


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="no TeX Live on this machine")
def test_latex_compiles_with_every_sign_that_there_is(tmp_path: Path) -> None:
    signs = " ".join(f"$x {command} y$" for command in COMMANDS.values())
    source = latex_document(REPORT).replace(r"\end{document}", f"{signs}\n\\end{{document}}")
    (tmp_path / "report.tex").write_text(source, encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "report.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout.decode(errors="replace")[-3000:]


def test_markdown_shows_every_text_and_no_tag_or_link_of_it() -> None:
    page = _Page(MarkdownIt("commonmark").enable("table").render(markdown(REPORT)))
    assert page.tags <= {*"h1 h2 h3 p code pre em strong ul ol li".split()} | TABLE_TAGS
    assert page.links == []
    shown = " ".join(page.text.split())
    for attack in ATTACKS:
        assert " ".join(attack.split()) in shown


@pytest.mark.parametrize("suffix", [".html", ".md", ".tex"])
def test_every_format_has_the_same_headings(suffix: str) -> None:
    written = render(every_block("words"), suffix)
    assert isinstance(written, str)
    for heading in ("Part", "Assumed"):
        assert heading in written


def test_an_unknown_ending_is_named() -> None:
    assert suffix_of("a/b.HTML") == ".html"
    with pytest.raises(Problem, match=r"'x\.docx'.*\.html or"):
        suffix_of("x.docx")


def test_words_about_an_edit_are_set_as_mathematics() -> None:
    suggestion = Suggestion("a = b", r"the factor $\frac{1}{N}$ is missing")
    assert suggestion.edit == r"the factor \frac{1}{N} is missing"
    assert worded(suggestion.words) == (
        Text("the factor "),
        Formula(r"\frac{1}{N}"),
        Text(" is missing"),
    )
    assert worded("costs $5") == (Text("costs $5"),)


def test_a_claim_that_runs_over_delimiters_closes_its_bracket() -> None:
    assert as_it_stands(r"W$ (size $10 \times 192") == (
        Formula("W"),
        Text(" (size "),
        Formula(r"10 \times 192"),
        Text(")"),
    )


@pytest.mark.parametrize(
    "statement",
    ["x = torch.sigmoid(x)", "y_hat = model(x)", "net = Net()", "E = d**2", "a = b.*c", "B = A.T"],
)
def test_a_statement_of_a_program_is_shown_as_typed(statement: str) -> None:
    assert as_it_stands(statement) == (Literal(statement),)


@pytest.mark.parametrize("formula", ["E = CE(z)", "x_{ij} = 2", "a = f'(x) g_i(u)", "v_t = 0.9"])
def test_a_formula_without_commands_is_no_statement_of_a_program(formula: str) -> None:
    assert as_it_stands(formula) == (Formula(formula),)
