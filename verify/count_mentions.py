r"""Numbers of parameters, and shapes, that prose and tables give to named layers.

    C1: 6 maps of 5 x 5, 156 trainable parameters      Layer   Output     Parameters
    In total the network has 3,898 parameters.         C1      6@24x24    156

The layer is the last that is named before the number in its sentence, else the first after it; the
whole network where a word says so and none is named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from derive.reading.document import Document
from derive.reading.tables import Cell

TOTAL = "the network"
_LAYER = re.compile(
    r"(?<![\w.])(?:"
    r"[A-Z]{1,2}[_^]?\{?\d\}?"
    r"|(?:camada|capa|layer|couche)\s+(?!d[aeo]\b)[A-Z]\w?"
    r"|conv(?:olu\w*)?[ _-]?\d"
    r"|(?:\w+ )?(?:camada|capa|layer|couche)?\s?(?:de )?convolu\w*(?: layer)?(?: \d)?"
    r"|(?:\bFC|dens[ea]|fully[- ]connected|(?:totalmente|completamente) conectada)[ _-]?\d?"
    r"|output(?: layer)?|(?:camada|capa) de (?:sa[íi]da|salida)"
    r")(?!\w)",
    re.IGNORECASE,
)
_TOTAL = re.compile(
    r"\b(?:total|overall|altogether|ao todo|(?:the|whole|entire|this) (?:network|model)|(?:a|la|da|"
    r"esta|toda a|toda la) red?e?|o modelo|el modelo)\b",
    re.IGNORECASE,
)
_COUNT = r"(?P<number>\d{1,3}(?:[.,]\d{3})+|\d+)(?![\w]|[.,]\d)"
_UNIT = r"(?:\s*(?P<unit>thousand|mil|k|million|milhões|milhoes|millones|M)\b)?"
_WHAT = (
    r"(?:par[âáa]met(?:ro|er)s?|params?)|(?:weights|pesos)|"
    r"(?:connections|conex(?:ões|oes|iones))"
)
_KIND_OF = {"p": "parameters", "w": "weights", "c": "connections"}
_BEFORE = re.compile(
    rf"(?<![\w.,^×x*·/-]){_COUNT}{_UNIT}\s+(?:(?:de|of|trainable|trein[áa]veis|entrenables|"
    rf"learnable|free|livres|libres|ajust[áa]veis)\s+)?(?P<what>{_WHAT})\b",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    rf"\b(?P<what>{_WHAT})(?:\s+[^\W\d]+){{0,6}}?"
    rf"\s*(?:[:=]|is|are|é|são|son)\s*(?:[^=;\n]*=\s*)?{_COUNT}{_UNIT}(?!\s*[×x*·+\\/-])",
    re.IGNORECASE,
)
_SHAPE = re.compile(r"(\d+)\s*(?:@|[×x*]|\\times)\s*(\d+)(?:\s*(?:[×x*]|\\times)\s*(\d+))?")
_MAPS = re.compile(r"(?P<maps>\d+)\s*@\s*(?P<rows>\d+)\s*(?:[×x*]|\\times)\s*(?P<columns>\d+)")
_OF_OTHERS = re.compile(
    r"\b(?:each|cada|per|por (?:mapa|filtro|neur\w*)|an?other|outr[ao]s?|otr[ao]s?|first|second|"
    r"primeir[ao]|primer[ao]?|segund[ao])\b",
    re.IGNORECASE,
)
"""Between a layer and a number these say that it is of a part of the layer, or of another one."""
_SUPPOSED = re.compile(
    r"\b(?:would|could|if|teriam?|seriam?|se fosse|tendrían?|serían?|haría|faria|imagine|suppose|"
    r"suponha|suponga)\b",
    re.IGNORECASE,
)
"""Words of what is not the network of the deck."""
_PARTS = re.compile(r"[,:]|\b(?:and|e|y|und|while|enquanto|mientras)\b", re.IGNORECASE)
"""Between a number and a layer behind it these say that something else begins."""
_SOME = re.compile(r"\b(?:another|um|uma|un|una|any|cada|each)\s+(?:\w+\s+)?$", re.IGNORECASE)
_SOME_ENGLISH = re.compile(r"\ban?\s+(?:\w+\s+)?$", re.IGNORECASE)
"""Before a layer of which nothing says that it is the network's."""
_ENGLISH = re.compile(r"dense|fully|convolutional|output", re.IGNORECASE)
_EACH = re.compile(r"\s*(?:each|cada|per\b|por (?:mapa|filtro|neur))", re.IGNORECASE)
_SENTENCES = re.compile(r"(?:[^.;\n]|\.(?=\S))+")
_HEAD_SHAPE = re.compile(r"output|sa[íi]da|salida|shape|size|tamanho|tama[ñn]o|dimens", re.I)
_HEAD_COUNT = re.compile(
    rf"^\W*(?:n\w*[.ºo]?\s+(?:of|de)\s+|#\s*)?(?:\w+\s+)?(?P<what>{_WHAT})", re.I
)


@dataclass(frozen=True)
class Mention:
    """What is said of one layer.

    ``what`` is ``parameters``, ``weights``, ``connections`` or ``shape``; ``unit`` what the number
    counts, 1000 in ``60 thousand``; ``start`` and ``end`` are its place, ``table`` that of a table.
    """

    layer: str
    what: str
    numbers: tuple[int, ...]
    unit: int
    start: int
    end: int
    table: int | None = None


def mentions(document: Document) -> Iterator[Mention]:
    """All numbers that are said of layers, in no order."""
    apart = [s for s in document.segments if s.kind in ("code", "display", "table")]
    for line in re.finditer(r"[^\n]+", document.text):
        if not any(s.outer_start <= line.start() < s.outer_end for s in apart):
            yield from _in_line(line.group().replace("$", " "), line.start())
    for table in (s for s in apart if s.kind == "table"):
        yield from _in_table(document.rows(table), table.start)


def _in_line(text: str, start: int) -> Iterator[Mention]:
    for sentence in _SENTENCES.finditer(text):
        words, at = sentence.group(), start + sentence.start()
        layers = [m for m in _LAYER.finditer(words) if not _is_some(m, words[: m.start()])]
        if _SUPPOSED.search(words):
            continue
        for match in (*_BEFORE.finditer(words), *_BEHIND.finditer(words)):
            layer = _of(match, layers, words)
            if layer is not None and not _EACH.match(words, match.end()):
                begin, end = at + match.start(), at + match.end()
                yield Mention(layer, _what(match["what"]), (_whole(match["number"]),),
                              _unit(match["unit"]), begin, end)  # fmt: skip
        for match in _MAPS.finditer(words):
            before = [m for m in layers if m.end() <= match.start()]
            if before:
                sides = tuple(int(match[k]) for k in ("maps", "rows", "columns"))
                yield Mention(before[-1].group(), "shape", sides, 1, at + match.start(),
                              at + match.end())  # fmt: skip


def _is_some(layer: re.Match[str], before: str) -> bool:
    """Whether an indefinite article stands before a layer that is named by its kind."""
    if re.search(r"\d", layer.group()):
        return False
    english = _ENGLISH.search(layer.group()) and _SOME_ENGLISH.search(before)
    return bool(english or _SOME.search(before))


def _of(match: re.Match[str], layers: list[re.Match[str]], sentence: str) -> str | None:
    """The layer that a number is said of."""
    if _TOTAL.search(sentence) and not layers:
        return TOTAL
    before = [m for m in layers if m.end() <= match.start("number")]
    after = [
        m
        for m in layers
        if m.start() >= match.end() and not _PARTS.search(sentence, match.end(), m.start())
    ]
    chosen = before[-1:] or after[:1]
    if not chosen:
        return None
    first, second = sorted((chosen[0].span(), match.span()))
    return None if _OF_OTHERS.search(sentence, first[1], second[0]) else chosen[0].group()


def _what(word: str) -> str:
    return "weights" if word.lower().startswith(("w", "pes")) else _KIND_OF[word[0].lower()]


def _whole(text: str) -> int:
    return int(re.sub(r"[.,]", "", text))


def _unit(word: str | None) -> int:
    if not word:
        return 1
    return 1000 if word.lower() in ("k", "mil", "thousand") else 1_000_000


# Tables


def _in_table(rows: list[list[Cell]], table: int) -> Iterator[Mention]:
    """The columns whose heads say what they count, of the rows whose first cell names a layer."""
    head, *body = rows
    for row in body:
        layer = _first(row)
        if layer is None:
            continue
        for (title, _), (text, at) in zip(head[1:], row[1:], strict=False):
            found = _cell(title, text.strip().strip("$ "))
            if found is not None:
                what, numbers = found
                yield Mention(layer, what, numbers, 1, at, at + len(text), table)


def _first(row: list[Cell]) -> str | None:
    text = row[0][0].strip().strip("$*_ ") if row else ""
    if _TOTAL.fullmatch(text):
        return TOTAL
    return text if _LAYER.fullmatch(text) else None


def _cell(title: str, text: str) -> tuple[str, tuple[int, ...]] | None:
    """What the cell says under this head."""
    count = _HEAD_COUNT.match(title)
    if count is not None:
        number = re.fullmatch(rf"(?:[^=]*=\s*)?{_COUNT}", text)
        return (_what(count["what"]), (_whole(number["number"]),)) if number else None
    sides = _SHAPE.fullmatch(text.strip("()")) if _HEAD_SHAPE.search(title) else None
    return ("shape", tuple(int(n) for n in sides.groups() if n)) if sides else None
