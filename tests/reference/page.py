"""The sheet language on one page: ``python -m tests.reference.page`` writes ``docs/reference.md``.

Every example is a case of ``constructs.yaml`` that `tests.test_reference` judges; the words that a
declaration may hold are taken from the code, so that the page cannot say more than is so.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from unittest.mock import patch

import yaml

from derive.given import RESTRICTIONS
from derive.optimisers import OPTIMISERS
from derive.reading.array_functions import ARRAY_FUNCTIONS
from derive.reading.composed import COMPOSED
from derive.reading.context import EMPTY, context_from_document
from derive.reading.document import document_from_text
from derive.reading.scope import OPERATOR_MEANINGS
from derive.reading.sheet import model_from_text
from derive.reading.types import DIMENSIONS
from derive.rules import RULES
from verify.judge import judge_deck
from verify.mending.repair import Repair
from verify.verdict import Verdict

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference.md"
CONSTRUCTS = Path(__file__).with_name("constructs.yaml")
INTRODUCTION = r"""# The sheet language on one page

Written by `python -m tests.reference.page`; every example is judged by the tests, the right formula
accepted and the wrong one not. Numbers are told of in [sheets.md](sheets.md), families, filters and
listings in [systems.md](systems.md).

A *sheet* is a document with front matter and equations in displays. A *deck* is any document with
claims; a *context* says what it leaves open. A deck that defines its own network needs no sheet:
what it leaves open is asked for, and may stand in its own front matter.
"""


@dataclass(frozen=True)
class Construct:
    """What is meant, the ``front`` matter and equation of a sheet or a whole ``document``."""

    say: str
    right: str
    wrong: str
    front: str = ""
    sheet: str = ""
    context: str = ""
    document: str = ""
    suffix: str = ".md"

    def verdict(self, formula: str) -> Verdict:
        """The verdict on a formula, without looking for repairs."""
        with (
            patch("verify.judge.repair_for_targets", return_value=Repair(None, 0)),
            patch("verify.judge.with_smallest", side_effect=lambda outcome, *_: outcome),
        ):
            return self._verdict(formula)

    def _verdict(self, formula: str) -> Verdict:
        if self.document:
            quoted = formula.replace("\\", "\\\\") if self.suffix == ".ipynb" else formula
            text = self.document.replace("{claim}", quoted)
            return judge_deck(document_from_text(text, f"deck{self.suffix}")).claims[-1]
        model = model_from_text(f"---\n{self.front}\n---\n$$ {self.sheet} $$", "sheet")
        declared = document_from_text(f"---\n{self.context}\n---\n") if self.context else None
        context = EMPTY if declared is None else context_from_document(declared, "context")
        return judge_deck(document_from_text(f"$$ {formula} $$"), model, context).claims[-1]


@dataclass(frozen=True)
class Part:
    """Constructs under one heading."""

    title: str
    constructs: tuple[Construct, ...]


@cache
def parts() -> tuple[Part, ...]:
    """All constructs."""
    found = yaml.safe_load(CONSTRUCTS.read_text(encoding="utf-8"))
    return tuple(Part(p["title"], tuple(Construct(**c) for c in p["constructs"])) for p in found)


def constructs() -> tuple[Construct, ...]:
    """The same without headings."""
    return tuple(c for part in parts() for c in part.constructs)


def declared(texts: Iterable[str]) -> set[str]:
    """The keys of some front matter."""
    return {key for text in texts if text for key in yaml.safe_load(text)}


def page() -> str:
    """The whole page."""
    return "\n".join([INTRODUCTION, *_words(), *(line for p in parts() for line in _part(p))])


def _words() -> Iterator[str]:
    yield "| in front matter | may be |\n| --- | --- |"
    yield f"| `types` | {_listed(DIMENSIONS)}, with lengths (`matrix m n`, `tensor P -1..1`) |"
    yield f"| `functions` | generic, {_listed([*RULES, *COMPOSED])}, {_listed(ARRAY_FUNCTIONS)} |"
    yield f"| `operators` | {_listed(OPERATOR_MEANINGS)} |"
    yield f"| `declare` | {_listed(RESTRICTIONS)} |"
    yield f"| `update` | {_listed(OPTIMISERS)} |\n"


def _listed(words: Iterable[str]) -> str:
    return ", ".join(words)


def _part(part: Part) -> Iterator[str]:
    yield f"## {part.title}\n\n| construct | write | right | wrong |\n| --- | --- | --- | --- |"
    yield from map(row, part.constructs)
    yield ""


def row(construct: Construct) -> str:
    """A line of a table."""
    front = construct.front.strip().split("\n")
    lines = [*front, construct.sheet and f"$$ {construct.sheet} $$"]
    lines += [f"{construct.context.strip()}   # context"] if construct.context else []
    lines += construct.document.strip().replace("{claim}", "…").split("\n")
    shown = "<br>".join(map(_code, (line for line in lines if line.strip())))
    say = construct.say[:1].upper() + construct.say[1:]
    return f"| {say} | {shown} | {_code(construct.right)} | {_code(construct.wrong)} |"


def _code(text: str) -> str:
    """Code in a cell of a table."""
    mark = "``" if "`" in text else "`"
    space = " " if mark == "``" else ""
    return f"{mark}{space}{text.replace('|', chr(92) + '|')}{space}{mark}"


def main() -> int:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")
    print(f"{PAGE}: {len(constructs())} constructs")
    return 0


if __name__ == "__main__":
    sys.exit(main())
