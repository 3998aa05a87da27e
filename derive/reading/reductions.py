"""The loop over the tables that Lark makes of a grammar, for formulas are read by the thousand.

Most reductions of a grammar with many levels only rename: a factor is a product is a sum. Where
such a chain ends depends on two states and the next word alone, and is looked up. What cannot be
read is left to Lark, which says what was expected.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from lark import Lark, Token
from lark.parse_tree_builder import ExpandSingleChild
from lark.parsers.lalr_analysis import Shift
from lark.parsers.lalr_parser import LALR_Parser

from derive.reading.tokens import Word

_END = "$END"
_START = "start"


class _Rule(NamedTuple):
    """What is made of the last ``size`` values, and the symbol that they become."""

    build: Callable[[list[Any]], Any]
    size: int
    origin: str

    @property
    def renames(self) -> bool:
        """Whether one value becomes another symbol and stays what it is."""
        return self.size == 1 and isinstance(self.build, ExpandSingleChild)


def _token(kind: str, text: str, start: int, end: int) -> Token:
    """What Lark's constructor makes in four times as long: it looks for arguments of old."""
    token: Token = str.__new__(Token, text)
    token.type, token.value = kind, text
    token.start_pos, token.end_pos = start, end
    return token


class Reductions:
    """The states of ``lark``'s LALR parser: where each symbol leads, and what is reduced when."""

    def __init__(self, lark: Lark) -> None:
        lalr = lark.parser.parser
        assert isinstance(lalr, LALR_Parser)
        table, callbacks = lalr.parser.parse_table, lalr.parser.callbacks
        self._first, self._last = table.start_states[_START], table.end_states[_START]
        self._onwards: dict[Any, dict[str, Any]] = {}
        self._rules: dict[Any, dict[str, _Rule]] = {}
        for state, actions in table.states.items():
            self._onwards[state] = {k: arg for k, (act, arg) in actions.items() if act is Shift}
            self._rules[state] = {
                k: _Rule(callbacks[rule], len(rule.expansion), rule.origin.name)
                for k, (act, rule) in actions.items()
                if act is not Shift
            }
        self._renamed: dict[tuple[Any, Any, str], Any] = {}

    def parse(self, words: Sequence[Word]) -> Any:
        """What the rules make of ``words``; ``None`` where a word cannot stand where it does."""
        states, values = [self._first], list[Any]()
        for kind, text, start, end in (*words, Word(_END, "", 0, 0)):
            while (onwards := self._onwards[states[-1]].get(kind)) is None:
                if (rule := self._rules[states[-1]].get(kind)) is None:
                    return None
                build, size, origin = rule
                at = len(values) - size
                values[at:] = [build(values[at:])]
                del states[at + 1 :]
                self._reach(states, origin, kind)
                if kind == _END and states[-1] == self._last:
                    return values[-1]
            states.append(onwards)
            values.append(_token(kind, text, start, end))
        return None

    def _reach(self, states: list[Any], symbol: str, kind: str) -> None:
        """Add the state behind a ``symbol``, once it has all its names before a word ``kind``."""
        key = (states[-1], symbol, kind)
        if key not in self._renamed:
            onwards = self._onwards[states[-1]]
            state = onwards[symbol]
            while (rule := self._rules[state].get(kind)) is not None and rule.renames:
                state = onwards[rule.origin]
            self._renamed[key] = state
        states.append(self._renamed[key])
