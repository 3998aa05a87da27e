r"""``\input`` reads files of the document's folder in, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from derive.reading.document import Document, document_from_text, read_document


def read(folder: Path, **files: str) -> Document:
    """The document ``main.tex`` beside other files; ``sub__part`` is ``sub/part.tex``."""
    for name, text in files.items():
        path = folder / (name.replace("__", "/") + ".tex")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return read_document(folder / "main.tex")


def places(document: Document) -> list[str]:
    return [f"{s.text.strip()}: {document.origin(s.start).said}" for s in document.formulas()]


def test_files_stand_where_they_are_named(tmp_path: Path) -> None:
    document = read(
        tmp_path,
        main="\\input macros\n$\\first$ % \\input{none}\n\\include{sub/part} $e$",
        macros="\\newcommand{\\first}{a}",
        sub__part="\n$b$\\input{inner}\n\\endinput $no$",
        sub__inner="\\documentclass{x}$no$\\begin{document}$c$\\end{document}$no$",
    )
    assert not document.faults
    assert places(document) == [
        "a: line 2, column 2",
        f"b: {tmp_path}/sub/part.tex, line 2, column 2",
        f"c: {tmp_path}/sub/inner.tex, line 1, column 39",
        "e: line 3, column 21",
    ]


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (r"\input{../secret}", "outside the folder"),
        (r"\input{/etc/passwd}", "outside the folder"),
        (r"\input{sub/../../secret}", "outside the folder"),
        (r"\input{link}", "outside the folder"),
        (r"\import{../}{secret}", "outside the folder"),
        (r"\input{missing}", "there is no such file in the folder"),
        (r"\input{main}", "reads itself in"),
        (r"\input{circle}", "reads itself in"),
        (r"\input{binary}", "binary"),
        (r"\input{" + "x" * 5000 + "}", "names no file"),
        (r"\input{a\b}", "names no file"),
    ],
)
def test_what_is_not_read_in_is_told_at_its_place(tmp_path: Path, command: str, says: str) -> None:
    folder = tmp_path / "deck"
    folder.mkdir()
    (tmp_path / "secret.tex").write_text("$secret$")
    (folder / "link.tex").symlink_to(tmp_path / "secret.tex")
    (folder / "binary.tex").write_bytes(b"\xff\xfe\x00")
    document = read(folder, main=f"$a$\n {command} $b$", circle=r"\input{circle}")
    (fault,) = document.faults
    assert says in fault.message
    if "circle" not in command:
        assert document.origin(fault.start).said == "line 2, column 2"
    assert [s.text for s in document.formulas()] == ["a", "b"]


def test_a_text_that_is_no_file_reads_nothing() -> None:
    document = document_from_text(r"\input{/etc/hostname} $a$", "nowhere/deck.tex")
    assert "outside the folder" in document.faults[0].message
    assert not document_from_text(r"\input{x} $a$").faults  # Markdown has no files to read in


def test_files_that_name_each_other_again_and_again_end(tmp_path: Path) -> None:
    document = read(tmp_path, main=r"\input{a}", a=r"\input{b}\input{b}" * 8, b=r"\input{c}" * 40,
                    c="$c$")  # fmt: skip
    assert len(list(document.formulas())) < 200
    assert "more than 200 files" in document.faults[0].message
