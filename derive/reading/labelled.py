r"""Numbers that stand under a label: tables, and lines of prose that hold nothing but numbers.

    $W^{(1)}$                $h$ 0.5 0.25          x_1  x_2  y
    0.5  0.2                                       0.5  0.1  0.6
    0.6  -0.1                                      0.2  0.6  0.8

A label is a formula alone on its line (words such as ``5×5 + pad 1`` may follow it), or the one
formula in the head of a table; a head row of symbols makes every column a list of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from derive.reading.broken_labels import LOST, fraction, is_bar, with_script
from derive.reading.document import Document
from derive.reading.segments import Segment
from derive.reading.tables import Cell

NUMBER = re.compile(r"[-−+]?\s?(?:\d+(?:[.,]\d+)?|\.\d+)(?:[eE][-+]?\d+)?\s?(?:\\?%)?")
_GROUPS = re.compile(r"[-−+]?\d{1,3}(?:,\d{3})+")
_BLANK = re.compile(r"[_.…·\s]*|\\[cdl]*dots")
_SYMBOL = re.compile(r"\$[^$]+\$|[^\W\d_](?:_?\d+|_\{\w+\}|_\w)?")
_BULLET = re.compile(r"\s*(?:[-*•>]|\d+[.)])?\s*")
_LINE = re.compile(r"[^\r\n]*(?:\r?\n)?")
_RELATION = re.compile(r"=|\\leftarrow|\\approx|\\sim|\\(?:Long|long)?[Rr]ightarrow|<|>|\\in\b")
_SIZES = re.compile(
    r"(?:\\[ ,;:]|~|\\q?quad|\s)+\(?(?:\\text\{[^{}]*\}\s*)?\d+\s*(?:\\times|×)\s*\d+.*", re.DOTALL
)
"""A size inside the label's own delimiters, with the words after it."""
_SIZE = re.compile(r"\s*\d+(?:\s*(?:\\times|×)\s*\d+)+\s*")
MOST_WORDS = 5
_NAMED = re.compile(
    r"\s*(?:[-*•>]\s*)?(?:[^\W\d_]+[ \t]+){0,2}"
    r"(?:input|image|kernel|filter|mask|weights?|bias(?:es)?|matrix|vector|output|map|"
    r"entrada|imagem|filtro|máscara|pesos?|matriz|vetor|saída|mapa|viés)[ \t]+",
    re.IGNORECASE,
)
"""``Updated weights`` before a symbol: at most two words and what the symbol is."""
"""Words behind a label, as in ``5×5 + pad 1``."""

LABEL = "the label of the numbers below"
NO_LABEL = "a table of numbers without a label"
WORDS = "a table with words: no quantity of a model is named"


@dataclass(frozen=True)
class Labelled:
    """The ``rows`` of numbers of one label; an empty cell has an empty text.

    ``start`` and ``end`` are where label and numbers stand. ``kind`` is ``table``, ``column`` (of a
    table with a head row of symbols), ``display`` (an array that names itself in its head) or
    ``alone``: one whole number, as a page number is too. ``note`` tells what was mended of a label
    that fell apart.
    """

    label: Cell
    rows: tuple[tuple[Cell, ...], ...]
    start: int
    end: int
    kind: str = "table"
    note: str = ""


@dataclass(frozen=True)
class Unlabelled:
    """A table that is bound to nothing, and why."""

    offset: int
    reason: str


def labelled(document: Document) -> Iterator[Labelled | Unlabelled]:
    """All numbers under labels, and the tables with numbers that have none, in order."""
    label: Segment | None = None
    for segment in document.segments:
        inside = headed_array(segment) if segment.kind == "display" else None
        if inside is not None:
            yield inside
            label = None
        elif segment.kind in ("inline", "display"):
            if label is None or not _is_its_size(document, label, segment):
                label = segment if _is_label(document, segment) else None
        elif segment.kind == "prose":
            if label is not None and (found := _in_prose(label, segment)) is not None:
                yield _whole_label(document, label, found)
                label = None
            elif label is not None and not _quiet(segment.text):
                label = None
        elif segment.kind == "table":
            yield from _in_table(document, segment, label)
            label = _alone_in(document, segment)
        else:
            label = None


def _is_label(document: Document, segment: Segment) -> bool:
    """A formula alone at the beginning of its line that states nothing, or stops at its ``=``."""
    text = segment.text.strip().removesuffix("=")
    before = document.before(segment)
    alone = _BULLET.fullmatch(before) is not None or fraction(text, before) is not None
    named = _NAMED.fullmatch(before) is not None
    return (alone or named) and bool(text.strip()) and not _RELATION.search(text)


def _alone_in(document: Document, table: Segment) -> Segment | None:
    """The formula that is all that a table holds: its numbers stand below an empty line."""
    if len(table.inner) != 1:
        return None
    (only,) = table.inner
    whole = document.text[only.outer_start : only.outer_end]
    return only if table.text.strip() == whole and not _RELATION.search(only.text) else None


def _is_its_size(document: Document, label: Segment, segment: Segment) -> bool:
    r"""Whether ``5 \times 5`` stands behind the label in its line: ``$I$ (size $5 \times 5$)``."""
    between = document.text[label.outer_end : segment.outer_start]
    return "\n" not in between and _SIZE.fullmatch(segment.text) is not None


def _whole_label(document: Document, label: Segment, found: Labelled) -> Labelled | Unlabelled:
    """The numbers under a fraction where its bar and what is below are all that its label kept."""
    text = found.label[0]
    if not is_bar(text):
        return found
    whole = fraction(text, document.before(label))
    if whole is None:
        return Unlabelled(found.start, LOST)
    return replace(found, label=(whole, found.label[1]), note=f"the label is read as {whole}")


def _quiet(text: str) -> bool:
    """At most a few words on the label's own line, then nothing."""
    first, *rest = text.split("\n")
    return len(first.split()) <= MOST_WORDS and not any(line.strip() for line in rest)


def _label_of(segment: Segment) -> Cell:
    text = _SIZES.sub("", segment.text.strip().removesuffix("=")).rstrip()
    return text, segment.start + len(segment.text) - len(segment.text.lstrip())


# Lines of prose


_ARRAY = re.compile(
    r"\s*=?\s*\\begin\{(array|[bp]?matrix)\}(?:\{[clr|\s]*\})?(?P<body>.*)\\end\{\1\}\s*", re.DOTALL
)


def headed_array(display: Segment) -> Labelled | None:
    r"""``\begin{array}{cc} & W \\ & 0.5 & 0.2 \end{array}``: the head row names what is below."""
    match = _ARRAY.fullmatch(display.text)
    if match is None:
        return None
    rows: list[list[Cell]] = [[]]
    for cell in re.finditer(r"(?P<text>(?:\\(?!\\).|[^&\\])*)(?P<end>&|\\\\|\Z)", match["body"]):
        text = cell["text"]
        start = display.start + match.start("body") + cell.start() + len(text) - len(text.lstrip())
        rows[-1].append((text.strip(), start))
        if cell["end"] == r"\\":
            rows.append([])
    rows = [row for row in rows if any(text for text, _ in row)]
    if len(rows) < 2:
        return None
    head, *body = rows
    names = [cell for cell in head if not _is_blank(cell)]
    if len(names) != 1 or NUMBER.fullmatch(names[0][0]) or _RELATION.search(names[0][0]):
        return None
    found = _bound(names[0], _from_the_first(body), display.outer_start, display)
    return None if found is None else replace(found, kind="display")


def _in_prose(label: Segment, prose: Segment) -> Labelled | None:
    """The lines after the label that hold numbers only, up to the first that does not."""
    rows: list[tuple[Cell, ...]] = []
    end = prose.start
    for line in _LINE.finditer(prose.text):
        if not line.group().strip():
            continue
        cells = _numbers(line.group(), prose.start + line.start())
        if cells is None:
            break
        rows.append(cells)
        end = cells[-1][1] + len(cells[-1][0])
    if not rows or len({len(row) for row in rows}) > 1:
        return None
    whole = len(rows) == 1 and len(rows[0]) == 1 and rows[0][0][0].lstrip("-−+").isdigit()
    kind = "alone" if whole else "table"
    return Labelled(_label_of(label), tuple(rows), label.outer_start, end, kind)


def _numbers(line: str, start: int) -> tuple[Cell, ...] | None:
    """The numbers of a line that holds nothing else."""
    cells = [(m.group(), start + m.start()) for m in re.finditer(r"\S+", line)]
    fine = all(NUMBER.fullmatch(t) and not _GROUPS.fullmatch(t) for t, _ in cells)
    return tuple(cells) if cells and fine else None


# Tables


def _in_table(
    document: Document, table: Segment, before: Segment | None
) -> Iterator[Labelled | Unlabelled]:
    rows = document.rows(table)
    if not any(NUMBER.fullmatch(text) for row in rows for text, _ in row):
        return
    head, body = rows[0], rows[1:]
    names = [cell for cell in head if not _is_blank(cell)]
    joined = with_script(names) if body else None
    if joined is not None:
        found = _bound(joined, _from_the_first(body), joined[1], table)
        note = f"the label is read as {joined[0]}"
        yield _words(table) if found is None else replace(found, note=note)
    elif body and len(names) == 1 and names[0][0].startswith("$"):
        numbers = _from_the_first(body)
        yield _bound(_unwrapped(names[0]), numbers, names[0][1], table) or _words(table)
    elif body and names and all(_SYMBOL.fullmatch(text) for text, _ in names):
        yield from _columns(head, body, table)
    elif before is not None:
        label = _label_of(before)
        yield _bound(label, rows, before.outer_start, table) or _words(table)
    else:
        plain = all(_is_blank(c) or NUMBER.fullmatch(c[0]) for row in rows for c in row)
        yield Unlabelled(table.start, NO_LABEL if plain else WORDS)


def _words(table: Segment) -> Unlabelled:
    return Unlabelled(table.start, WORDS)


def _is_blank(cell: Cell) -> bool:
    return _BLANK.fullmatch(cell[0]) is not None


def _unwrapped(cell: Cell) -> Cell:
    """The formula of ``$…$`` with its offset; other text as it is."""
    text, start = cell
    if not text.startswith("$"):
        return cell
    inner = text.strip("$")
    return inner.strip(), start + text.index(inner) + len(inner) - len(inner.lstrip())


def _bound(label: Cell, rows: list[list[Cell]], start: int, table: Segment) -> Labelled | None:
    """The numbers of the table; ``None`` where a column mixes words and numbers."""
    width = max(len(row) for row in rows)
    padded = [[*row, *[("", table.end)] * (width - len(row))] for row in rows]
    columns = []
    for column in zip(*padded, strict=True):
        if not any(NUMBER.fullmatch(text) for text, _ in column):
            if all(map(_is_blank, column)):
                columns.append([("", at) for _, at in column])
            continue  # signs beside the table
        if not all(_is_blank(c) or NUMBER.fullmatch(c[0]) for c in column):
            return None
        columns.append([("", at) if _is_unclear(text) else (text, at) for text, at in column])
    while columns and not any(text for text, _ in columns[-1]):
        columns.pop()
    shown = [k for k, row in enumerate(zip(*columns, strict=True)) if any(t for t, _ in row)]
    if not columns or not shown:
        return None
    kept = tuple(tuple(row) for row in zip(*columns, strict=True))
    return Labelled(label, kept[: shown[-1] + 1], start, table.outer_end)


def _from_the_first(rows: list[list[Cell]]) -> list[list[Cell]]:
    """The rows from the first column on that holds a number: what is before is layout."""
    places = [k for row in rows for k, (text, _) in enumerate(row) if NUMBER.fullmatch(text)]
    return [row[min(places, default=0) :] for row in rows]


def _is_unclear(text: str) -> bool:
    """Empty, or a comma that may part thousands or decimals."""
    return NUMBER.fullmatch(text) is None or _GROUPS.fullmatch(text) is not None


def _columns(
    head: list[Cell], body: list[list[Cell]], table: Segment
) -> Iterator[Labelled | Unlabelled]:
    """Every column under its symbol, a row for each sample."""
    found = []
    for place, name in enumerate(head):
        if _is_blank(name):
            continue
        cells = [[row[place]] if place < len(row) else [("", table.end)] for row in body]
        one = _bound(_unwrapped(name), cells, name[1], table)
        if one is None:
            yield _words(table)
            return
        found.append(Labelled(one.label, one.rows, one.start, one.end, "column"))
    yield from found
