r"""HTML with the source of its mathematics: the text of a page, MathJax's and KaTeX's scripts.

``\(…\)``, ``\[…\]`` and dollars stand in the text; ``<script type="math/tex">``, KaTeX's
annotations and Pandoc's ``<span class="math">`` get such delimiters. Entities are decoded, tags
part words or lines, and what a browser computes from the source (MathML, spans of glyphs) is left
out. The tags are found by patterns that take time linear in the page, whatever it holds.
"""

from __future__ import annotations

import re
from html import escape, unescape

from derive.errors import LimitExceeded
from derive.reading.containers.layers import Layer, Lines, Origin, Weaver

SUFFIXES = frozenset({".html", ".htm", ".xhtml"})
DEEPEST = 400
_TAG = re.compile(
    r"""<(?P<end>/?)(?P<name>[A-Za-z][\w:-]*+)
        (?P<rest>(?:[^<>"']++|"[^"]{0,4000}"|'[^']{0,4000}'){0,100}+)>""",
    re.VERBOSE,
)
_MARK = re.compile(
    r"<!--|<[!?][^<>]{0,4000}+>|<(?=[/A-Za-z])|&(?:[A-Za-z]{2,32}|\#x?[\da-fA-F]{1,7});"
)
_ATTRIBUTE = re.compile(r"""([\w:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_RAW = frozenset({"script", "style", "textarea", "title", "template", "svg", "noscript", "iframe"})
_EMPTY = frozenset("area base br col embed hr img input link meta source track wbr".split())
_UNCLOSED = frozenset("p li td th tr dt dd tbody thead tfoot option colgroup".split())
"""What need not be closed, and neither hides nor delimits anything."""
_LINES = frozenset({"br", "tr", "dt", "dd"})
_CELLS = frozenset({"td", "th"})
_PARAGRAPHS = frozenset(
    "p div li ul ol dl table section article header footer main nav aside blockquote figure "
    "figcaption h1 h2 h3 h4 h5 h6 hr body form details summary".split()
)
_RENDERED = frozenset(
    {"katex-html", "MathJax", "MathJax_Display", "MathJax_Preview", "MJX_Assistive_MathML"}
)
_DISPLAYSTYLE = re.compile(r"\s*\{\\displaystyle(?![A-Za-z])(.*)\}\s*", re.DOTALL)
_MACROS = re.compile(r"[mM]acros[\"']?\s*:\s*\{")
_ENTRY = re.compile(
    r"""["']?\\{0,2}(?P<name>[A-Za-z]+)["']?\s*:\s*(?:
      (?P<quote>["'])(?P<body>(?:\\.|[^"'\\\n])*)(?P=quote)
    | \[\s*(?P<other>["'])(?P<longer>(?:\\.|[^"'\\\n])*)(?P=other)
      \s*,\s*(?P<count>\d)[^\]\n]*\])""",
    re.VERBOSE,
)


class Page(Layer):
    """The text of a page."""

    def __init__(self, weaver: Weaver, raw: str) -> None:
        super().__init__(weaver.text, weaver.stretches)
        self.lines = Lines(raw)

    def origin(self, offset: int, end: bool = False) -> Origin:
        """The line of the file."""
        return Origin(*self.lines.position(self._source(offset, end)[1]))

    def encoded(self, text: str) -> str:
        """With ``<``, ``>`` and ``&`` as entities."""
        return escape(text, quote=False)


def page(raw: str) -> Page:
    """The text of a page. Raises `LimitExceeded` for elements deeper than `DEEPEST`."""
    work = _Work(raw)
    work.run()
    return Page(work.weaver, raw)


class _Work:
    """``hidden`` is the depth of the element whose text is left out; ``open`` are all of them."""

    def __init__(self, raw: str) -> None:
        self.raw = raw
        self.at = 0
        self.weaver = Weaver()
        self.open: list[tuple[str, str]] = []  # elements, and what is written at their end
        self.hidden: int | None = None

    def run(self) -> None:
        """The page from its beginning to its end."""
        while (mark := _MARK.search(self.raw, self.at)) is not None:
            self._text(mark.start())
            if mark.group() == "<":
                tag = _TAG.match(self.raw, mark.start())
                if tag is None:
                    self._text(mark.end())
                else:
                    self.at = tag.end()
                    self._tag(tag)
            elif mark.group() == "<!--":
                closing = self.raw.find("-->", mark.end())
                self.at = closing + 3 if closing >= 0 else len(self.raw)
            elif mark.group().startswith("&"):
                self._entity(mark)
            else:
                self.at = mark.end()
        self._text(len(self.raw))

    def _text(self, end: int) -> None:
        if self.hidden is None:
            self.weaver.same(self.raw[self.at : end], self.at)
        self.at = end

    def _entity(self, mark: re.Match[str]) -> None:
        if self.hidden is None:
            self.weaver.made(unescape(mark.group()).replace("\xa0", " "), *mark.span())
        self.at = mark.end()

    def _put(self, text: str, at: int) -> None:
        if self.hidden is None and text:
            self.weaver.made(text, at, at)

    def _tag(self, tag: re.Match[str]) -> None:
        name = tag["name"].lower()
        if name in _PARAGRAPHS:
            self._put("\n\n", tag.start())
        elif name in _LINES:
            self._put("\n", tag.start())
        elif name in _CELLS and not tag["end"]:
            self._put("\t", tag.start())
        if tag["end"]:
            self._close(name, tag.start())
        elif name in _RAW:
            self._raw(name, tag)
        elif name not in _EMPTY | _UNCLOSED and not tag["rest"].endswith("/"):
            self._open(name, tag)

    def _open(self, name: str, tag: re.Match[str]) -> None:
        if len(self.open) >= DEEPEST:
            line, column = Lines(self.raw).position(tag.start())
            raise LimitExceeded(
                f"elements stand inside each other more than {DEEPEST} deep",
                line=line, column=column,
            )  # fmt: skip
        about = _attributes(tag["rest"])
        opening, closing = _delimiters(name, about, [n for n, _ in self.open])
        if name == "annotation" and opening:
            self._annotation(tag, opening, closing)
            return
        if opening and self.raw[tag.end() : tag.end() + 4].lstrip()[:2] not in (r"\(", r"\[", "$$"):
            self._put(opening, tag.start())
        else:
            closing = ""
        self.open.append((name, closing))
        if self.hidden is None and _is_hidden(name, about):
            self.hidden = len(self.open)

    def _close(self, name: str, at: int) -> None:
        """Close the last element of this name and all in it; a stray end tag closes nothing."""
        if name not in (known for known, _ in self.open):
            return
        while self.open:
            found, closing = self.open.pop()
            if self.hidden is not None and len(self.open) < self.hidden:
                self.hidden = None
            self._put(closing, at)
            if found == name:
                return

    def _raw(self, name: str, tag: re.Match[str]) -> None:
        """Elements whose content is no text: skipped, but for scripts that hold mathematics."""
        closing = re.compile(rf"</{name}\s*>", re.IGNORECASE).search(self.raw, tag.end())
        end = closing.start() if closing is not None else len(self.raw)
        kind = _attributes(tag["rest"]).get("type", "") if name == "script" else ""
        if kind.startswith("math/tex"):
            display = "mode=display" in kind.replace(" ", "")
            opening, ending = (r"\[", r"\]") if display else (r"\(", r"\)")
            self._put(opening, tag.start())
            if self.hidden is None:
                self.weaver.same(self.raw[tag.end() : end], tag.end())
            self._put(ending, end)
        elif name == "script":
            self._configured(tag.end(), end)
        self.at = closing.end() if closing is not None else end

    def _configured(self, start: int, end: int) -> None:
        """The macros of a MathJax or KaTeX configuration as definitions."""
        for macros in _MACROS.finditer(self.raw, start, end):
            at = macros.end()
            while (entry := _ENTRY.search(self.raw, at, end)) is not None:
                if self.raw[at : entry.start()].strip(" \t\r\n,"):
                    break
                at = entry.end()
                body = _script_text(entry["body"] or entry["longer"] or "")
                count = max([int(entry["count"] or 0), *map(int, re.findall(r"#([1-9])", body))])
                said = rf"\newcommand{{\{entry['name']}}}" + (f"[{count}]" if count else "")
                self._put(f"{said}{{{body}}}\n", entry.start())

    def _annotation(self, tag: re.Match[str], opening: str, closing: str) -> None:
        """The TeX of a formula whose MathML is left out."""
        end = self.raw.find("</", tag.end())
        end = end if end >= 0 else len(self.raw)
        whole = _DISPLAYSTYLE.fullmatch(self.raw, tag.end(), end)
        start, stop = whole.span(1) if whole is not None else (tag.end(), end)
        hidden, self.hidden = self.hidden, None
        self._put(opening, tag.start())
        self.at = start
        while (mark := _MARK.search(self.raw, self.at, stop)) is not None:
            self._text(mark.start())
            if mark.group().startswith("&"):
                self._entity(mark)
            else:
                self._text(mark.end())
        self._text(stop)
        self._put(closing, stop)
        self.hidden, self.at = hidden, end


def _attributes(rest: str) -> dict[str, str]:
    return {
        m[1].lower(): unescape(next((g for g in m.groups()[1:] if g is not None), ""))
        for m in _ATTRIBUTE.finditer(rest)
    }


def _delimiters(name: str, about: dict[str, str], around: list[str]) -> tuple[str, str]:
    """What is written at the beginning and the end of an element."""
    classes = about.get("class", "").split()
    if name == "annotation" and about.get("encoding", "").lower() == "application/x-tex":
        return (r"\[", r"\]") if "math-display" in around else (r"\(", r"\)")
    if name in ("span", "div") and "math" in classes and {"inline", "display"} & {*classes}:
        return (r"\[", r"\]") if "display" in classes else (r"\(", r"\)")
    if name == "pre" and "pre" not in around:
        return "\n\n```\n", "\n```\n\n"
    return "", ""


def _is_hidden(name: str, about: dict[str, str]) -> bool:
    classes = about.get("class", "").split()
    return name in ("math", "mjx-container") or bool(_RENDERED & {*classes})


def _script_text(body: str) -> str:
    """A string of a script as it is meant: two backslashes are one."""
    return re.sub(r"\\(.)", r"\1", body)
