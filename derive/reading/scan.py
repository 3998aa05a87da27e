r"""Characters to words: `scan` knows the spelling of LaTeX, and nothing of brackets or operands.

Spacing, sizes, comments, labels and tags disappear here; ``\text{…}`` and relatives become one
word; a digit that TeX would take alone (``\frac12``, ``x^23``) is split off.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from derive.errors import LimitExceeded, Unreadable
from derive.reading import symbols
from derive.reading.cursor import Cursor
from derive.reading.single_digits import single_digits
from derive.reading.tokens import Word
from derive.reading.unfolded import UNFOLDED, unfolded

_PIECE = re.compile(
    r"""(?P<SKIP>(?:\s|%[^\n]*(?:\n|$))+)
      | (?P<CONTROL>\\(?:operatorname\*|[A-Za-z]+|.|\n|$))
      | (?P<POINTED>\.(?:\s*\\(?:ast|times)(?![A-Za-z])|[*/^](?=[^*])))
      | (?P<GROUPED>(?<![\d,([{])\d{1,3}(?P<gap>[.,]|\{,\})\d{3}(?:(?P=gap)\d{3})+(?![\d,]))
      | (?P<NUMBER>(?:\d+(?:\.\d+|\{,\}\d+|\.(?=\s*[-+*/)}]))?|\.\d+)(?:[eE][+-]\d+)?)
      | (?P<RAISED>[⁰¹²³⁴-⁹]+) | (?P<LOWERED>[₀-₉]+) | (?P<TRANSPOSED>(?:\.T(?![A-Za-z])|ᵀ))
      | (?P<CODE>[A-Za-z]{2,}(?:\.[A-Za-z_]{2,})+|rot180(?=\s*\())
      | (?P<QUOTED>(?<=[(,\s])'[A-Za-z ]+'(?=[,)\s]))
      | (?P<PRIME>['’′″]+)
      | (?P<DOTS>\.\.\.|\.\.|…|⋯)
      | (?P<REL>[:=+\-*/]=(?!=)|=[:>]|<=|>=|->|<-(?!\d)|!=|==)
      | (?P<CHAR>.)""",
    re.VERBOSE,
)
_SPACED = re.compile(r"\\[,;:! ]|~|\\quad")
_PLAIN_NAME = re.compile(r"[^\W_]\w*(?:[-/.:]\w+)*'*\*?")
_DEPTH_LIMIT = 20  # of commands whose argument is scanned by itself, as \overset


def scan(latex: str) -> list[Word]:
    """The words of ``latex``. Raises `Unreadable` at a character or command that is none."""
    return single_digits(_Scanner(latex).words(0, len(latex)))


class _Scanner(Cursor):
    depth = 0

    @cached_property
    def double_bars(self) -> bool:
        """Whether ``||`` is one sign: no bar stands alone, as it would in ``|a||b|``."""
        return re.search(r"(?<![|\\])\|(?!\|)", self.latex) is None

    def words(self, start: int, end: int) -> Iterator[Word]:
        """Words of a part of the formula; parts within parts only so deep."""
        self.depth += 1
        if self.depth > _DEPTH_LIMIT:
            raise LimitExceeded(
                f"commands stand inside each other more than {_DEPTH_LIMIT} deep", offset=start
            )
        yield from self._words(start, end)
        self.depth -= 1

    def _words(self, start: int, end: int) -> Iterator[Word]:
        self.at = start
        while self.at < end:
            match = _PIECE.match(self.latex, self.at, end)
            assert match is not None  # CHAR takes anything
            begin, self.at = self.at, match.end()
            kind, text = match.lastgroup or "CHAR", match.group()
            if kind == "SKIP":
                continue
            if kind == "CONTROL":
                yield from self._control(text, begin, end)
            elif kind == "CHAR":
                yield from self._character(text, begin)
            elif kind in UNFOLDED:
                yield from unfolded(kind, text, begin, self.at)
            elif kind == "PRIME":
                count = sum(2 if c == "″" else 1 for c in text)
                yield Word("PRIME", "'" * count, begin, self.at)
            else:
                yield Word(kind, text, begin, self.at)

    def _character(self, text: str, begin: int) -> Iterator[Word]:
        if text == "|" and self.latex[self.at : self.at + 1] == "|" and self.double_bars:
            self.at += 1
            text = "‖"
        text = symbols.SYNONYMS.get(text, text)
        kind = symbols.KIND_OF.get(text)
        if kind in ("OPEN", "CLOSE", "BAR"):
            yield self._delimiter(text, begin)
        elif kind is not None:
            yield Word(kind, text, begin, self.at)
        elif text.startswith("\\"):
            yield from self._control(text, begin, self.at)
        elif text.isalpha():
            yield Word("NAME", text, begin, self.at)
        elif text == ".":
            if self.latex[self.at :].strip():
                yield Word("COMMA", text, begin, self.at)
        elif text != "~" and text != "\ufeff":
            raise Unreadable(
                f"the character {text!r} has no meaning in a formula", offset=begin,
                expected="a symbol, a number, an operator or a bracket",
            )  # fmt: skip

    def _delimiter(self, text: str, begin: int) -> Word:
        if text in symbols.CLOSING_BARS and symbols.CLOSING_BARS[text] not in self.latex:
            return Word("BAR", symbols.CLOSING[text], begin, self.at)  # f \rvert_{x = 0}
        for kind, table in (
            ("OPEN", symbols.OPENING),
            ("CLOSE", symbols.CLOSING),
            ("BAR", symbols.BARS),
        ):
            if text in table:
                return Word(kind, table[text], begin, self.at)
        raise AssertionError(text)

    def _control(self, text: str, begin: int, end: int) -> Iterator[Word]:
        if text in (r"\left", r"\right"):
            yield self._sided(text, begin)
        elif text == r"\middle":
            self.argument()
            yield Word("REL", r"\mid", begin, self.at)
        elif text in (r"\begin", r"\end"):
            yield self._environment(text, begin)
        elif text in symbols.TEXTS or text == r"\operatorname*":
            yield from self._text(text, begin)
        elif text in (r"\stackrel", r"\overset", r"\underset"):
            yield from self._stacked(text, end)
        elif text in (r"\xrightarrow", r"\xleftarrow", r"\xRightarrow"):
            self.option()
            above = self.argument()
            yield Word("REL", "\\" + text[2:], begin, self.at)
            yield self._above(*above)
        elif text == r"\textcolor":
            self.argument()
        elif text == r"\not":
            yield self._negated(begin)
        elif text == r"\arg":
            yield from self._arg(begin)
        elif text in symbols.IGNORED_WITH_ARGUMENT:
            self.option()
            self.argument()
        elif text in symbols.INTEGRALS:
            raise Unreadable(
                f"{text} is an integral, which models do not have", offset=begin,
                expected=r"sums, products, maxima",
                advice=r"write a sum with \sum_{i=1}^{n} if a sum is meant",
            )  # fmt: skip
        elif text in symbols.QUANTIFIERS:
            yield Word("TEXT", symbols.QUANTIFIERS[text], begin, self.at)
        elif text in symbols.OLD_STYLES:
            yield from self._old_style(text, begin)
        elif text not in symbols.IGNORED:
            yield self._symbol(text, begin)

    def _old_style(self, text: str, begin: int) -> Iterator[Word]:
        r"""``{\rm ReLU}`` and ``{\bf x}``: a style for the rest of the group."""
        match = re.compile(r"\s*([A-Za-z]+)").match(self.latex, self.at)
        if match and (len(match.group(1)) > 1 or text == r"\rm"):
            self.at = match.end()
            yield Word("TEXT", match.group(1), begin, self.at)
        elif symbols.OLD_STYLES[text]:
            yield Word("ACCENT", symbols.OLD_STYLES[text], begin, self.at)

    def _symbol(self, text: str, begin: int) -> Word:
        if text == "\\":
            raise Unreadable("a lone backslash", offset=begin, expected="a command after it")
        kind = symbols.KIND_OF.get(text, "NAME")
        if kind in ("OPEN", "CLOSE", "BAR"):
            return self._delimiter(text, begin)
        if kind == "PRIME":
            text = "'"
        if text in (r"\_", r"\%", r"\#", r"\&", r"\$"):
            text = text[1:]
        return Word(kind, text, begin, self.at)

    def _sided(self, text: str, begin: int) -> Word:
        r"""``\left`` or ``\right`` with its delimiter, ``.`` for an invisible one."""
        start, end = self.piece()
        delimiter = symbols.SYNONYMS.get(self.latex[start:end], self.latex[start:end])
        kind = "OPEN" if text == r"\left" else "CLOSE"
        tables = ({".": ".", "<": "<", ">": "<"}, symbols.BARS, symbols.OPENING, symbols.CLOSING)
        for table in tables:
            if delimiter in table:
                if table in (symbols.OPENING, symbols.CLOSING):
                    kind = "OPEN" if table is symbols.OPENING else "CLOSE"
                return Word(kind, table[delimiter], begin, self.at)
        raise Unreadable(
            f"{text} stands before {delimiter!r}", offset=begin,
            expected=r"a bracket, | or . after " + text,
        )  # fmt: skip

    def _environment(self, text: str, begin: int) -> Word:
        match = re.compile(r"\s*\{\s*([A-Za-z]+)\*?\s*\}").match(self.latex, self.at)
        if match is None:
            raise Unreadable(f"{text} without a name", offset=begin, expected=text + "{name}")
        self.at = match.end()
        name = match.group(1)
        if text == r"\begin" and (name in symbols.LAYOUTS or name == "array"):
            self.option()
            if name in ("array", "alignat", "alignedat"):
                self.argument()
        return Word("BEGIN" if text == r"\begin" else "ENDENV", name, begin, self.at)

    def _text(self, command: str, begin: int) -> Iterator[Word]:
        start, end = self.argument()
        raw = self.latex[start:end]
        if self.latex[start - 1] != "{" and not raw[-1:].isalnum():
            raise Unreadable(
                f"{command} stands before {raw!r}", offset=begin, expected=f"{command}{{…}}"
            )
        plain = re.sub(r"\\([_&%#$])", r"\1", _SPACED.sub(" ", raw))
        joined = plain.replace(" ", "")
        if joined in symbols.WORD_OPERATORS:
            yield Word("BIG", symbols.WORD_OPERATORS[joined], begin, self.at)
        elif len(re.findall(r"(?<!\\)\$", raw)) % 2 == 0 and re.search(r"(?<!\\)\$", raw):
            yield from self._words_with_formulas(start, end)
        elif re.search(r"[\\^_{]", plain.replace("_", "") if "text" in command else plain):
            self.at = start - 1 if self.latex[start - 1] == "{" else start
        elif _PLAIN_NAME.fullmatch(joined) and "operatorname" in command:
            yield Word("TEXT", joined, begin, self.at)
        elif plain.strip():
            yield Word("TEXT", plain, begin, self.at)

    def _words_with_formulas(self, start: int, end: int) -> Iterator[Word]:
        r"""``\text{if $x > 0$}``: words and formulas in turn."""
        after = self.at
        for number, piece in enumerate(re.split(r"(?<!\\)\$", self.latex[start:end])):
            if number % 2:
                yield from self.words(start, start + len(piece))
                yield Word("QUAD", "$", start + len(piece), start + len(piece))
            elif piece.strip():
                yield Word("TEXT", piece, start, start + len(piece))
            start += len(piece) + 1
        self.at = after

    def _stacked(self, text: str, end: int) -> Iterator[Word]:
        r"""``\overset{!}{=}`` is ``=``; ``\underset{k}{\arg\max}`` is ``\arg\max_k``."""
        label, body = self.argument(), self.argument()
        after = self.at
        words = list(self.words(*body))
        if len(words) == 1 and words[0].kind == "BIG" and text == r"\underset":
            yield words[0]
            yield Word("SUB", "_", *label)
            yield Word("LBRACE", "{", *label)
            yield from self.words(*label)
            yield Word("RBRACE", "}", *label)
        elif len(words) == 1 and words[0].kind == "REL":
            above = self._above(*label)
            yield words[0].as_kind("REL", symbols.DEMANDED.get(above.text, words[0].text))
            yield above
        elif len(words) == 1:
            yield words[0]
        else:
            yield Word("LBRACE", "{", body[0], body[0])
            yield from words
            yield Word("RBRACE", "}", body[1], body[1])
        self.at = after

    def _above(self, start: int, end: int) -> Word:
        """What stands above a relation, as plain text."""
        plain = re.sub(r"\\(?:text|mathrm|textrm|mathit|textit)\b|[{}]", "", self.latex[start:end])
        return Word("LABEL", plain.strip(), start, end)

    def _negated(self, begin: int) -> Word:
        start, end = self.argument()
        relation = self.latex[start:end].strip()
        if symbols.KIND_OF.get(relation) != "REL":
            raise Unreadable(
                rf"\not stands before {relation!r}", offset=begin, expected="a relation after it"
            )
        return Word("REL", r"\not" + relation, begin, self.at)

    def _arg(self, begin: int) -> Iterator[Word]:
        match = re.compile(r"(?:\s|\\[,!;])*\\(max|min)(?![A-Za-z])").match(self.latex, self.at)
        if match:
            self.at = match.end()
            yield Word("BIG", r"\arg" + match.group(1), begin, self.at)
        else:
            yield Word("NAME", r"\arg", begin, self.at)
