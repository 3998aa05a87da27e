"""From the bytes of a file to its text, or one message that says why not and what to do."""

from __future__ import annotations

from pathlib import Path

from derive.errors import LimitExceeded, Problem

SIZE_LIMIT = 8 * 1024 * 1024
_BINARY = (
    (b"%PDF", "a PDF", "give its source, or a transcript in Markdown"),
    (b"PK\x03\x04", "a Word, PowerPoint or other zipped file",
     "save it as Markdown or LaTeX, with pandoc for example"),
    (b"\xd0\xcf\x11\xe0", "an old Word or PowerPoint file",
     "save it as Markdown or LaTeX"),
    (b"%!PS", "a PostScript file", "give its source, or a transcript in Markdown"),
    (b"\x89PNG", "an image", "give a transcript in Markdown"),
    (b"\xff\xd8\xff", "an image", "give a transcript in Markdown"),
)  # fmt: skip


def text_of(path: str | Path) -> str:
    """The text of the file at ``path``, without a byte order mark.

    Raises `Problem` where there is no such file, it is a directory, binary or not UTF-8, and
    `LimitExceeded` above `SIZE_LIMIT` bytes.
    """
    name = str(path)
    try:
        size = Path(path).stat().st_size
        with Path(path).open("rb") as stream:
            _refuse_binary(stream.read(8), name)
        if size > SIZE_LIMIT:
            raise LimitExceeded(
                f"the file has {size} bytes", path=name, expected=f"at most {SIZE_LIMIT}"
            )
        data = Path(path).read_bytes()
    except FileNotFoundError:
        raise Problem("there is no such file", path=name) from None
    except IsADirectoryError:
        raise Problem("this is a directory", path=name, expected="a document") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise Problem(f"the file cannot be read: {reason}", path=name) from None
    return _decoded(data, name)


def _decoded(data: bytes, name: str) -> str:
    if b"\0" in data:
        line = data[: data.index(b"\0")].count(b"\n") + 1
        raise Problem(
            "the file is binary (it holds a zero byte)", path=name, line=line, column=1,
            expected="text in UTF-8", advice=_advice(data),
        )  # fmt: skip
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise Problem(
            f"byte {error.start} is 0x{data[error.start]:02x}, which is not UTF-8", path=name,
            line=line, column=1, expected="text in UTF-8", advice=_advice(data),
        ) from None  # fmt: skip


def _refuse_binary(head: bytes, name: str) -> None:
    for mark, what, advice in _BINARY:
        if head.startswith(mark):
            raise Problem(
                f"this is {what}, which holds no formulas as text", path=name, line=1, column=1,
                expected="Markdown, LaTeX, a notebook, HTML, reStructuredText or plain text",
                advice=advice,
            )  # fmt: skip


def _advice(data: bytes) -> str:
    utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    return "the file is UTF-16: save it as UTF-8" if utf16 else ""
