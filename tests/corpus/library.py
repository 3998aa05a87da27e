"""Formulas that others derived by hand, with their sources, and slips in them as people make.

One YAML file a topic in `topics`: a sheet, a context, and formulas. Each formula is ``right`` as it
stands or right ``when`` a ``condition`` holds; ``wrong`` holds slips by their kind. The truth is
stated here and checked in `tests.corpus.truth` by dense evaluation, never by the judge.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from derive.equations import Model
from derive.reading.context import EMPTY, Context, context_from_document
from derive.reading.document import document_from_text
from derive.reading.sheet import model_from_text
from verify.verdict import Status

TOPICS = Path(__file__).with_name("topics")

PROVED = frozenset({Status.PROVED, Status.CONFIRMED})
FALSE = frozenset({Status.REFUTED, Status.ILL_FORMED})
OPEN = frozenset({Status.UNDECIDED})


@dataclass(frozen=True)
class Claim:
    """A formula of a topic with its truth: ``right``, ``wrong`` or ``when``.

    ``note`` is the source of a right formula, the kind of a slip, or the condition.
    """

    topic: str
    truth: str
    latex: str
    note: str

    @property
    def expected(self) -> frozenset[Status]:
        """The verdicts that agree with the truth."""
        return {"right": PROVED, "wrong": FALSE, "when": OPEN}[self.truth]


@dataclass(frozen=True)
class Topic:
    """A small model with what is claimed of it.

    ``shapes`` are given where not every choice fits the model, ``positive`` are inputs that it can
    take from the half line only, ``one_hot`` those whose rows the context declares so.
    ``equivalent`` says of parts of formulas why a change in them
    changes nothing.
    """

    name: str
    title: str
    model: Model
    context: Context
    claims: tuple[Claim, ...]
    shapes: tuple[dict[str, int], ...] = ()
    positive: tuple[str, ...] = ()
    one_hot: tuple[str, ...] = ()
    equivalent: tuple[tuple[str, str], ...] = ()

    def only(self, truth: str) -> tuple[Claim, ...]:
        """The claims of this truth."""
        return tuple(c for c in self.claims if c.truth == truth)


@cache
def topics() -> tuple[Topic, ...]:
    """All topics, by name."""
    return tuple(topic(path.stem) for path in sorted(TOPICS.glob("*.yaml")))


@cache
def topic(name: str) -> Topic:
    """The topic of this name. Raises `Problem` for a sheet or context that is wrong."""
    data = yaml.safe_load((TOPICS / f"{name}.yaml").read_text(encoding="utf-8"))
    context = EMPTY
    if "context" in data:
        context = context_from_document(document_from_text(data["context"]), name)
    model = model_from_text(data["sheet"], name)
    return Topic(
        name, data["title"], model, context, tuple(_claims(name, data["formulas"])),
        shapes=tuple(data.get("shapes", ())),
        positive=tuple(data.get("positive", ())),
        one_hot=tuple(data.get("one_hot", ())),
        equivalent=tuple(data.get("equivalent", {}).items()),
    )  # fmt: skip


def _claims(name: str, formulas: list[dict[str, Any]]) -> Iterator[Claim]:
    for entry in formulas:
        truth = "right" if "right" in entry else "when"
        note = entry["source"] if truth == "right" else entry["condition"]
        yield Claim(name, truth, entry[truth].strip(), note)
        for slip, latex in entry.get("wrong", {}).items():
            yield Claim(name, "wrong", latex.strip(), slip)
