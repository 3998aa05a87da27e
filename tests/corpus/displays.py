"""Sums written out, chains and arrays with their truth, and what the judge says of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from derive.pipeline import gradients
from derive.reading.context import EMPTY
from derive.reading.sheet import model_from_text
from verify.bench import Bench
from verify.clock import Clock
from verify.compare import Outcome
from verify.readings import judge_readings
from verify.setting import Setting
from verify.verdict import Status

DISPLAYS = Path(__file__).with_name("displays.yaml")
SECONDS = 10.0


@dataclass(frozen=True)
class Displayed:
    """A display whose ``truth`` is no secret, what is said of it, and a part of the message."""

    sheet: str
    formula: str
    truth: str
    said: Status
    because: str
    tells: str = ""


@cache
def displays() -> tuple[Displayed, ...]:
    """All of them, in their order."""
    groups = yaml.safe_load(DISPLAYS.read_text(encoding="utf-8"))
    rows = [{**row, "sheet": group["sheet"]} for group in groups for row in group["rows"]]
    return tuple(Displayed(**{**row, "said": Status(row["said"])}) for row in rows)


@cache
def _bench(sheet: str) -> Bench:
    model = model_from_text(sheet, "display")
    return Bench(model, gradients(model))


def outcome_of(display: Displayed) -> Outcome:
    """The judge's decision, no repair sought."""
    setting = Setting(_bench(display.sheet), EMPTY)
    return judge_readings(display.formula, setting, Clock(SECONDS)).outcome
