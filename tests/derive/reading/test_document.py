"""Where mathematics stands in a document, and what is wrong with a document that has none."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from derive.errors import LimitExceeded, Problem
from derive.reading.document import SIZE_LIMIT, Document, document_from_text, read_document


def found(text: str, path: str = "deck.md") -> list[tuple[str, str]]:
    """Kind and content of everything that is not prose."""
    segments = document_from_text(text, path).segments
    return [(s.kind, s.text) for s in segments if s.kind != "prose"]


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("let $x$ be", [("inline", "x")]),
        ("$a$$b$", [("inline", "a"), ("inline", "b")]),
        ("$$a = b$$", [("display", "a = b")]),
        ("$$\na\n= b\n$$", [("display", "\na\n= b\n")]),
        ("```math\na = b\n```\n", [("display", "a = b\n")]),
        (r"\(a\) and \[b\]", [("inline", "a"), ("display", "b")]),
        (r"\begin{equation}a\end{equation}", [("display", "a")]),
        (r"\begin{align*}a &= b \\ c\end{align*}", [("display", r"a &= b \\ c")]),
        (r"\begin{alignat}{2}a\end{alignat}", [("display", "a")]),
        (r"$$\begin{align}a\end{align}$$", [("display", r"\begin{align}a\end{align}")]),
        ("```python\nx = '$a$'\n```\n", [("code", "x = '$a$'\n")]),
        ("~~~\n$a$\n~~~", [("code", "$a$\n")]),
        ("`$a$` is $b$", [("code", "`$a$`"), ("inline", "b")]),
        ("``a ` $b$`` $c$", [("code", "``a ` $b$``"), ("inline", "c")]),
        ("<!-- $a$ --> $b$", [("comment", " $a$ "), ("inline", "b")]),
        (r"costs \$5, $x$", [("inline", "x")]),
        (r"$\$ x$", [("inline", r"\$ x")]),
        ("size $5 \\times 5$ )", [("inline", r"5 \times 5")]),
        ("$2$", [("inline", "2")]),
    ],
)
def test_mathematics_in_markdown(text: str, segments: list[tuple[str, str]]) -> None:
    assert found(text) == segments


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("$x is open\n\nand $y$", "never closed"),
        ("$$x is open\n\nThe next paragraph\n\n$$y$$", "never closed by $$"),
        ("$$x", "never closed"),
        (r"\(x", "never closed"),
        (r"\[x", "never closed"),
        (r"\begin{align} x", "never closed"),
        ("it costs $5", "money"),
        ("from $5 to $10", "money"),
        ("<!-- x", "never closed"),
    ],
)
def test_what_is_no_formula_is_refused_with_the_reason(text: str, reason: str) -> None:
    refused = list(document_from_text(text, "deck.md").refused())
    assert refused
    assert all(reason in segment.reason for segment in refused)


def test_after_an_open_dollar_reading_goes_on() -> None:
    document = document_from_text("$x is open\n\nand $y$", "deck.md")
    assert [s.text for s in document.formulas()] == ["y"]
    (broken,) = document.refused()
    assert (broken.kind, document.position(broken.start)) == ("broken", (1, 1))


def test_mathematics_in_latex_stands_in_the_document() -> None:
    text = "\\newcommand{\\a}{$n$}\n\\begin{document}\n$x$ % $no$\n\\verb|$no$|\n\\[y\\]\n" \
        "\\begin{verbatim}$no$\\end{verbatim}\n\\begin{gather}z\\end{gather}\n" \
        "100\\% of $w$\n\\end{document} $after$"  # fmt: skip
    formulas = [s.text for s in document_from_text(text, "notes.tex").formulas()]
    assert formulas == ["x", "y", "z", "w"]


# Tables


def test_tab_separated_rows_are_a_table_with_its_formulas() -> None:
    text = "before $a$\n\n$x_1$\t$x_2$\n0.5\t0,1\n\nafter $b$"
    document = document_from_text(text, "deck.md")
    (table,) = (s for s in document.segments if s.kind == "table")
    assert [s.text for s in table.inner] == ["x_1", "x_2"]
    assert [s.text for s in document.formulas()] == ["a", "x_1", "x_2", "b"]
    assert [[cell for cell, _ in row] for row in document.rows(table)] == [
        ["$x_1$", "$x_2$"],
        ["0.5", "0,1"],
    ]
    assert all(text[at:].startswith(cell) for row in document.rows(table) for cell, at in row)


def test_pipes_under_a_rule_are_a_table() -> None:
    text = "| name | $|x|$ |\n|---|:-:|\n| a \\| b | 2 |\n\nnot | a table"
    document = document_from_text(text, "deck.md")
    (table,) = (s for s in document.segments if s.kind == "table")
    assert document.rows(table) == [[("name", 2), ("$|x|$", 9)], [("a \\| b", 29), ("2", 38)]]


@pytest.mark.parametrize("text", ["$a\tb$ in a line", "$$\na\t&b\n$$", "\tindented prose"])
def test_a_tab_inside_a_formula_makes_no_table(text: str) -> None:
    assert all(kind != "table" for kind, _ in found(text))


# Front matter


SHEET = "---\nloss: L\nsizes: {P: 6}\nfunctions: {\\sigma: logistic}\n---\n$$L = x$$\n"


def test_front_matter_is_declared_with_places() -> None:
    document = document_from_text(SHEET, "sheet.md")
    assert document.front == {"loss": "L", "sizes": {"P": 6}, "functions": {"\\sigma": "logistic"}}
    assert document.front_places == {"loss": (2, 1), "sizes": (3, 1), "functions": (4, 1)}
    assert [document.position(s.start) for s in document.formulas()] == [(6, 3)]


def test_front_matter_with_other_line_ends_is_the_same() -> None:
    document = document_from_text(SHEET.replace("\n", "\r\n"), "sheet.md")
    assert document.front_places["sizes"] == (3, 1)
    assert [document.position(s.start) for s in document.formulas()] == [(6, 3)]


def test_a_rule_at_the_top_of_a_deck_is_no_front_matter() -> None:
    document = document_from_text("---\n# Title\n\n$x$: a\n---\n", "deck.md")
    assert document.front == {}
    assert [s.text for s in document.formulas()] == ["x"]


@pytest.mark.parametrize(
    ("yaml", "line", "says"),
    [
        ("a: [1, 2", 3, "cannot be read"),
        ('a: "\\sigma"', 2, "single quotes"),
        ("a: 1\nb: 2\na: 3", 4, "declared twice"),
        ("a: &x [1]\nb: *x", 3, "alias"),
        ("a: !!python/object:os.system x", 2, "cannot be read"),
        ("a: " + "[" * 100 + "]" * 100, 2, "nests deeper"),
        ("a: 2001-99-99", 1, "cannot be read"),
        ("a: " + "x" * 70_000, 1, "characters"),
        ("a: b: c", 2, "cannot be read"),
    ],
)
def test_bad_front_matter_has_a_place(yaml: str, line: int, says: str) -> None:
    with pytest.raises(Problem, match=says) as caught:
        document_from_text(f"---\n{yaml}\n---\n$x$", "sheet.md")
    assert (caught.value.path, caught.value.line) == ("sheet.md", line)


# Places


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_and_columns_count_code_points_from_one(end: str) -> None:
    document = document_from_text(f"é😀 $x$ ü{end}{end}  $y$", "deck.md")
    assert [document.position(s.start) for s in document.formulas()] == [(1, 5), (3, 4)]


def test_the_text_around_a_formula() -> None:
    text = "C1 layer\n\n- kernel,  $k$  (size  $5 \\times 5$ ) and $b$\nnext"
    document = document_from_text(text, "deck.md")
    _, size, _ = document.formulas()
    assert document.before(size) == "- kernel,  $k$  (size  "
    assert document.after(size) == " ) and $b$"


# Files


@pytest.mark.parametrize(
    ("data", "says", "line"),
    [
        (b"", "empty", None),
        (b" \n\t\n", "empty", None),
        (b"a\nb\0c", "binary", 2),
        (b"%PDF-1.7\n\0", "PDF", 1),
        ("é".encode("utf-16"), "UTF-16", 1),
        (b"ok\nok\n\xe9", "byte 6 is 0xe9, which is not UTF-8", 3),
    ],
)
def test_a_file_that_cannot_be_read(tmp_path: Path, data: bytes, says: str, line: int) -> None:
    path = tmp_path / "deck.md"
    path.write_bytes(data)
    with pytest.raises(Problem) as caught:
        read_document(path)
    assert says in str(caught.value)
    assert (caught.value.path, caught.value.line) == (str(path), line)


def test_a_path_that_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="no such file"):
        read_document(tmp_path / "missing.md")
    with pytest.raises(Problem, match="directory"):
        read_document(tmp_path)
    with pytest.raises(Problem, match="cannot be read"):
        read_document("a\0b")
    with pytest.raises(Problem, match="cannot be read"):
        read_document(tmp_path / ("x" * 5000))


def test_a_file_beyond_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "deck.md"
    path.write_bytes(b"x" * (SIZE_LIMIT + 1))
    with pytest.raises(LimitExceeded, match="at most"):
        read_document(path)


def test_a_byte_order_mark_moves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "deck.md"
    path.write_bytes(b"\xef\xbb\xbf$x$\n")
    document = read_document(path)
    assert [document.position(s.start) for s in document.formulas()] == [(1, 2)]


# Laws

PIECES = st.sampled_from(
    ["$", "$$", "```", "```math", "\n", "\n\n", "\\(", "\\)", "\\[", "\\]", "\\$", "\\", "5", "x ",
     "`", "<!--", "-->", "\t", "|", "|---|---|\n", "\\begin{align}", "\\end{align}", "% ", "---\n",
     "a: b\n",
     "\\begin{document}", "\\end{document}", "\\verb|", "\r\n"]
)  # fmt: skip


def tiles(document: Document) -> bool:
    ends = [0, *(s.outer_end for s in document.segments)]
    starts = [*(s.outer_start for s in document.segments), len(document.text)]
    return ends == starts


@given(st.lists(PIECES, min_size=1, max_size=30).map("".join), st.sampled_from(["a.md", "a.tex"]))
def test_segments_tile_the_text(text: str, path: str) -> None:
    try:
        document = document_from_text(text, path)
    except Problem:
        return
    assert tiles(document)
    for segment in document.formulas():
        assert document.text[segment.start : segment.end] == segment.text
        # A fence that is not closed ends with the document, as CommonMark has it.
        assert segment.outer_start < segment.start <= segment.end <= segment.outer_end


@pytest.mark.long
@pytest.mark.parametrize(
    "piece",
    ["$", "$5 ", "$$ a\n\n", "\\( ", "\\[ ", "\\( \n\n", "`a ``", "<!-- ", "\\begin{align} ",
     "|a|\n|-|\n",
     "a\tb\n\n", "$x$\t", "```math\n", "~~~\n", "\\", "x\r", "\\$", "$$ $ \n\n"]
)  # fmt: skip
@pytest.mark.parametrize("path", ["a.md", "a.tex"])
def test_cutting_takes_time_linear_in_the_text(piece: str, path: str) -> None:
    start = time.process_time()
    document = document_from_text(piece * (120_000 // len(piece)), path)
    assert tiles(document)
    assert time.process_time() - start < 3.0
