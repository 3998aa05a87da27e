r"""Who closes whom: `pair` gives every bracket, bar, environment and line break its terminal.

Done before the grammar so that a bracket left open is named by its own place, and so that ``|`` is
known to open, close, divide or evaluate. ``\left(`` may be closed by a plain ``)``; ``[a, b)`` is
an interval; the parenthesis in ``\text{ (size } 5 \times 5)`` is words on both sides.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import takewhile

from derive.errors import LimitExceeded, Unreadable
from derive.reading import symbols
from derive.reading.bars import settle_bars
from derive.reading.before_brackets import follows_symbol
from derive.reading.decimals import ends_decimal
from derive.reading.layout_arrays import only_aligns
from derive.reading.tokens import Word

DEPTH_LIMIT = 60
SPELLING = {
    "(": "( )", "[": "[ ]", "{": r"\{ \}", "<": r"\langle \rangle", "|": "| |", r"\|": r"\| \|",
    r"\lceil": r"\lceil \rceil", r"\lfloor": r"\lfloor \rfloor", ".": r"\left. \right.",
}  # fmt: skip


def _is_of_numbers(word: Word) -> bool:
    return word.kind in ("NUMBER", "COMMA")


@dataclass
class _Frame:
    """Something open: ``kind`` top, brace, bracket, option, words, or an environment's role."""

    kind: str
    opener: Word
    index: int
    commas: int = 0
    halved: bool = False
    celled: bool = False
    lists: bool = False
    bars: list[int] = field(default_factory=list)


def pair(words: list[Word]) -> list[Word]:
    """The words with brackets resolved. Raises `Unreadable`, `LimitExceeded`."""
    return _Pairing(words).run()


class _Pairing:
    def __init__(self, words: list[Word]) -> None:
        self.words = words
        self.out: list[Word] = []
        self.at = 0
        self.stack = [_Frame("top", Word("TOP", "", 0, 0), 0)]

    def run(self) -> list[Word]:
        handlers = {
            "LBRACE": self._open_brace, "RBRACE": self._close_brace, "OPEN": self._open,
            "CLOSE": self._close, "BAR": self._bar, "BEGIN": self._begin, "ENDENV": self._end,
            "BREAK": self._break, "AMP": self._align, "COMMA": self._comma, "TEXT": self._text,
        }  # fmt: skip
        for at, word in enumerate(self.words):
            self.at = at
            handler = handlers.get(word.kind)
            if handler is not None:
                handler(word)
            elif word.kind == "NUMBER":
                self._number(word)
            elif word.kind != "SUBSTACK":
                self.out.append(word)
        self._drop_words()
        if len(self.stack) > 1:
            self._unclosed(self.stack[-1], "the end of the formula")
        settle_bars(self.out, self.stack[-1].bars)
        return self.out

    def _push(self, kind: str, word: Word) -> _Frame:
        if len(self.stack) > DEPTH_LIMIT:
            raise LimitExceeded(
                f"brackets nest deeper than {DEPTH_LIMIT}", offset=word.start,
                expected=f"at most {DEPTH_LIMIT} brackets inside each other",
            )  # fmt: skip
        self.stack.append(_Frame(kind, word, len(self.out)))
        return self.stack[-1]

    def _drop_words(self) -> None:
        """A parenthesis opened in words need not be closed."""
        while self.stack[-1].kind == "words":
            frame = self.stack.pop()
            self.stack[-1].bars += frame.bars

    def _unclosed(self, frame: _Frame, before: str) -> None:
        name = frame.opener.text
        if frame.kind == "brace":
            what, close = "{", "}"
        elif frame.kind in ("bracket", "option"):
            what, close = SPELLING.get(name, f"{name} {name}").split()
        else:
            what, close = rf"\begin{{{name}}}", rf"\end{{{name}}}"
        raise Unreadable(
            f"this {what} is not closed before {before}", offset=frame.opener.start,
            expected=f"a matching {close}", advice="unbalanced brackets",
        )  # fmt: skip

    # Braces and environments

    def _open_brace(self, word: Word) -> None:
        previous = self.words[self.at - 1].kind if self.at else ""
        self._push("substack" if previous == "SUBSTACK" else "brace", word)
        if previous != "SUBSTACK":
            self.stack[-1].lists = previous in ("SUB", "SUP")
            self.out.append(word)

    def _close_brace(self, word: Word) -> None:
        self._drop_words()
        frame = self.stack[-1]
        if frame.kind == "top":
            raise Unreadable(
                "this } closes nothing", offset=word.start, expected="a { before it",
                advice="unbalanced braces",
            )  # fmt: skip
        if frame.kind not in ("brace", "substack"):
            self._unclosed(frame, "this }")
        settle_bars(self.out, self.stack.pop().bars)
        if frame.kind == "brace":
            self.out.append(word)

    def _begin(self, word: Word) -> None:
        if word.text in symbols.CASES:
            self._push("cases", word)
            self.out.append(word.as_kind("CASES"))
        elif word.text in symbols.MATRICES and not only_aligns(self.words[self.at :]):
            self._push("matrix", word)
            self.out.append(word.as_kind("MATRIX"))
        elif word.text in symbols.MATRICES | symbols.LAYOUTS:
            self._push("layout", word)
        else:
            raise Unreadable(
                rf"\begin{{{word.text}}} is an unknown environment", offset=word.start,
                expected="a matrix, cases, or an aligned display",
            )  # fmt: skip

    def _end(self, word: Word) -> None:
        self._drop_words()
        frame = self.stack[-1]
        if frame.kind == "top":
            raise Unreadable(
                rf"\end{{{word.text}}} without \begin{{{word.text}}}", offset=word.start,
                expected=rf"\begin{{{word.text}}} before it",
            )  # fmt: skip
        if frame.opener.kind != "BEGIN" or frame.opener.text != word.text:
            self._unclosed(frame, rf"\end{{{word.text}}}")
        settle_bars(self.out, self.stack.pop().bars)
        if frame.kind != "layout":
            self.out.append(word.as_kind("END"))

    def _break(self, word: Word) -> None:
        self._drop_words()
        frame = self.stack[-1]
        if frame.kind in ("matrix", "cases"):
            settle_bars(self.out, frame.bars)
            self.out.append(word.as_kind("ROW"))
        elif frame.kind == "substack":
            self.out.append(word.as_kind("COMMA"))
        elif frame.kind in ("top", "layout"):
            self.out.append(word.as_kind("NEWLINE"))
        # inside a bracket a line break is layout

    def _align(self, word: Word) -> None:
        frame = self.stack[-1]
        if frame.kind in ("matrix", "cases") or self._holds_row(frame):
            settle_bars(self.out, frame.bars)
            self.out.append(word.as_kind("CELL"))
            frame.celled = True

    def _holds_row(self, frame: _Frame) -> bool:
        """Whether a bracket stands around the cells of one row of a matrix, which it only shows."""
        before = self.out[frame.index - 1].kind if frame.index else ""
        return frame.kind == "bracket" and before in ("MATRIX", "ROW")

    # Brackets

    def _open(self, word: Word) -> None:
        if word.text == "." and self.stack[-1].halved:
            self.stack[-1].halved = False
            return
        previous = self.out[-1] if self.out else None
        if word.text == "[" and previous is not None and previous.kind == "SQRT":
            self._push("option", word)
            self.out.append(word.as_kind("LOPT"))
            return
        callable_ = word.text in "([" or (word.text == "{" and self._follows_function())
        named = follows_symbol(self.out)
        frame = self._push("bracket", word)
        frame.lists = self._only_digits() or (callable_ and named) or word.text == "{"
        self.out.append(word.as_kind("LPAR" if callable_ else "LFENCE"))

    def _follows_function(self) -> bool:
        r"""``\exp\{…\}``, ``\max\{…\}`` and ``\mathbb{1}\{…\}`` are calls."""
        before = self.out[-1] if self.out else Word("TOP", "", 0, 0)
        if before.kind == "FUNC" or before.text in symbols.ALSO_FUNCTIONS:
            return True
        if before.kind == "TEXT" and len(before.text.strip()) > 1:
            return True
        last = [w.text for w in self.out[-3:]]
        return last == ["{", "1", "}"] and self.out[-4].kind == "ACCENT"

    def _only_digits(self) -> bool:
        r"""Numbers and commas alone; in ``\max(0, 0,5)`` a comma that touches is decimal."""
        inside = list(takewhile(_is_of_numbers, self.words[self.at + 1 :]))
        if [w.kind for w in self.words[self.at + 1 + len(inside) :][:1]] != ["CLOSE"]:
            return False
        starts = {word.start for word in inside}
        touching = [w.end in starts for w in inside if w.kind == "COMMA"]
        before = self.out[-1].kind if self.out else ""
        if before == "FUNC" and len(touching) < 2:
            return False
        return before not in ("FUNC", "BIG") or len(set(touching)) < 2

    def _close(self, word: Word) -> None:
        if self.stack[-1].kind == "words" and word.text == "(":
            self.stack[-2].bars += self.stack.pop().bars
            self.out.append(Word("TEXT", ")", word.start, word.end))
            return
        self._drop_words()
        frame = self.stack[-1]
        if frame.kind == "top":
            self._close_nothing(word)
        if frame.kind not in ("bracket", "option"):
            self._unclosed(frame, f"this {_closing(word.text)}")
        if word.text == "." and frame.opener.text in ("(", "["):
            frame.halved = True
            return
        settle_bars(self.out, self.stack.pop().bars)
        kind = self._bracket_kind(frame, word)
        if frame.celled:
            del self.out[frame.index]
            return
        opening = self.out[frame.index]
        closing = {"LPAR": "RPAR", "LOPT": "ROPT"}.get(opening.kind, "RFENCE")
        self.out[frame.index] = opening.as_kind(opening.kind, kind)
        self.out.append(word.as_kind(closing, kind))

    def _close_nothing(self, word: Word) -> None:
        raise Unreadable(
            f"this {_closing(word.text)} closes nothing", offset=word.start,
            expected=f"a {_opening(word.text)} before it", advice="unbalanced brackets",
        )  # fmt: skip

    def _bracket_kind(self, frame: _Frame, word: Word) -> str:
        opener, closer = frame.opener.text, word.text
        if opener == closer:
            return opener
        if "." in (opener, closer):
            return opener + closer
        if {opener, closer} == {"(", "["} and frame.commas == 1:
            return opener + _closing(closer)
        raise Unreadable(
            f"{_opening(opener)} is closed by {_closing(closer)}", offset=word.start,
            expected=_closing(opener), advice="unbalanced brackets",
        )  # fmt: skip

    def _bar(self, word: Word) -> None:
        self.stack[-1].bars.append(len(self.out))
        self.out.append(word)

    # Commas and words

    def _comma(self, word: Word) -> None:
        self.stack[-1].commas += 1
        self.out.append(word)

    def _number(self, word: Word) -> None:
        if not self.stack[-1].lists and ends_decimal(self.out, word, self.words[self.at + 1 :][:2]):
            whole = self.out[-2]
            self.out[-2:] = [Word("NUMBER", f"{whole.text},{word.text}", whole.start, word.end)]
            self.stack[-1].commas -= 1
        else:
            self.out.append(word)

    def _text(self, word: Word) -> None:
        surplus = word.text.count("(") - word.text.count(")")
        if surplus < 0 and self.stack[-1].kind == "words":
            self.stack[-2].bars += self.stack.pop().bars
        self.out.append(word)
        if surplus > 0:
            self._push("words", word)


def _closing(kind: str) -> str:
    return SPELLING.get(kind, kind).split()[-1]


def _opening(kind: str) -> str:
    return SPELLING.get(kind, kind).split()[0]
