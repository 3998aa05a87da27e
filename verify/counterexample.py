"""Counterexamples to look at: small, precise, and reproducible in one line.

`both_sides` is what the one-line reproduction calls.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from derive.equations import Model, adjoint_of
from derive.errors import LimitExceeded
from derive.pipeline import gradients, load_model, model_names
from derive.reading.context import EMPTY, Context, load_context
from derive.reading.problems import Undeclared
from verify.attempt import Attempt, attempt
from verify.bench import SEED, Bench, Sample, sample_at, take_sample
from verify.clock import Clock, TimeUp
from verify.compare import Outcome, difference, difference_text
from verify.pointwise import Pointwise
from verify.setting import Convention, Setting
from verify.smallest import Found, precisely, read_again, smallest
from verify.values_shown import arrays_of, count, shown_values

SECONDS = 2.0
"""The longest that the search for a smaller counterexample lasts; a tenth of a second is usual."""
LONGEST = 12
"""Characters of an exact value in a message."""
MOST_SHOWN = 4
"""Sizes in a message."""
MOST_VALUES = 400
"""Numbers that are shown; where it takes more, a sample is given by its seed."""


def with_smallest(
    outcome: Outcome, best: Attempt, text: str, setting: Setting, clock: Clock
) -> Outcome:
    """The outcome with the smallest counterexample found, and the line that reproduces it."""
    first = outcome.counterexample
    if first is None or "seed" not in first:
        return outcome
    try:
        found = smallest(text, best, setting, Clock(min(clock.left, SECONDS)))
    except (TimeUp, MemoryError, RecursionError, LimitExceeded):
        found = None  # the first one stands
    if (
        found is None
        or sum(map(count, shown_values(found.values, found.sample.model).values())) > MOST_VALUES
    ):
        return replace(outcome, counterexample=_with_line(first, best, text, setting))
    shown = _with_line(_shown(found), best, text, setting)
    old = difference_text(first["left"], first["right"], first["index"])
    new = difference_text(_short(shown, "left"), _short(shown, "right"), shown["index"])
    if 0 < len(shown["sizes"]) <= MOST_SHOWN:
        new += f" (with {', '.join(f'{name} = {n}' for name, n in shown['sizes'].items())})"
    return replace(outcome, message=outcome.message.replace(old, new), counterexample=shown)


def _shown(found: Found) -> dict[str, Any]:
    """The counterexample as plain dictionaries, lists, texts and numbers."""
    pairs = zip(found.link.axes, found.at, strict=True)
    shown: dict[str, Any] = {
        "index": {a.name: n for a, n in pairs},
        "left": found.left,
        "right": found.right,
        "numbers": found.number,
        "sizes": {s.name: n for s, n in found.sample.sizes.items()},
        "values": shown_values(found.values, found.sample.model),
    }
    if found.precise is not None:
        shown["exact_left"], shown["exact_right"] = found.precise
    return shown


def _short(shown: Mapping[str, Any], side: str) -> float | str:
    """The exact value where it is short enough for a message, else the double."""
    exact: str = shown.get(f"exact_{side}", "")
    value: float = shown[side]
    return exact if exact and len(exact) <= LONGEST and "." not in exact else value


# Reproduction


def _with_line(
    found: Mapping[str, Any], best: Attempt, text: str, setting: Setting
) -> dict[str, Any]:
    """The counterexample with a line of Python that computes both sides again."""
    arguments = [repr(text), repr(_model_name(setting.bench.model))]
    if setting.context is not EMPTY:
        arguments.append(repr(_context_name(setting.context)))
    convention = best.convention
    more = {
        "sizes": found["sizes"],
        "at": found["index"],
        "values": found.get("values"),
        "seed": found.get("seed"),
        "run": found.get("run"),
        "origins": setting.origin_choices().index(convention.shifts),
        "choices": _choices(text, setting, convention),
        "outside": tuple(sorted(convention.outside)),
        "defined": list(setting.defined),
    }
    arguments += [f"{name}={value!r}" for name, value in more.items() if value]
    call = f"both_sides({', '.join(arguments)})"
    return {**found, "python": f"from verify.counterexample import both_sides; print({call})"}


def _model_name(model: Model) -> str:
    return model.path if model.name not in model_names() and model.path else model.name


def _context_name(context: Context) -> str:
    return context.path if context.path and Path(context.path).exists() else context.name


def _choices(text: str, setting: Setting, convention: Convention) -> tuple[int, ...]:
    """The number of the reading that was chosen for each undeclared symbol, in order."""
    chosen: list[int] = []
    here = replace(convention, declared=())
    for reading in convention.declared:
        try:
            attempt(text, setting, here)
        except Undeclared as problem:
            texts = [r.text for r in problem.readings]
            chosen.append(texts.index(reading.text) if reading.text in texts else 0)
            here = replace(here, declared=(*here.declared, reading))
    return tuple(chosen)


def both_sides(
    text: str,
    model: str | Path,
    context: str | Path | Context | None = None,
    *,
    sizes: Mapping[str, int] | None = None,
    at: Mapping[str, int] | None = None,
    values: Mapping[str, Any] | None = None,
    seed: int = SEED,
    run: int = 0,
    origins: int = 0,
    choices: Sequence[int] = (),
    outside: Sequence[str] = (),
    defined: Sequence[str] = (),
) -> dict[str, Any]:
    """Both sides of every link of a formula at these ``values``, or on a drawn sample.

    At the index values ``at``, else where they lie farthest apart; exactly too, where ``values``
    are given and it can be had. ``seed`` and ``run`` say which sample is drawn, ``origins`` is
    the number of the choice of origins, ``choices`` those of the readings of undeclared symbols,
    ``outside`` what is zero outside its ranges, ``defined`` the deck's definitions before it.
    Raises `Problem`.
    """
    known = load_model(model)
    known = known.resized(**sizes) if sizes else known
    declared = EMPTY if context is None else context
    declared = declared if isinstance(declared, Context) else load_context(declared)
    setting = Setting(Bench(known, gradients(known)), declared, list(defined)).restricted()
    convention = Convention(setting.origin_choices()[origins], outside=frozenset(outside))
    for choice in choices:
        convention = _declaring(text, setting, convention, choice)
    arrays = None if values is None else arrays_of(values, setting.bench.fixed)
    sample = _sample(setting.bench, arrays, seed, run)
    found = []
    for link in read_again(text, convention, setting):
        here = link if arrays is None else replace(link, scalars=())
        worst = difference(here, sample)
        index = dict(zip((a.name for a in link.axes), worst.at, strict=True))
        shown: dict[str, Any] = {"index": index, "left": worst.left, "right": worst.right}
        if at is not None and set(at) == set(index):
            left, right = sample.with_scalars(here.scalars).pair(
                link.left, link.right, link.axes, at
            )
            shown = {"index": dict(at), "left": left, "right": right}
        if arrays is not None:
            shown |= _exactly(Pointwise(link, setting.bench), arrays, shown, sample)
        found.append(shown)
    return {"links": found, "sizes": {s.name: n for s, n in sample.sizes.items()}}


def _sample(bench: Bench, arrays: Mapping[str, np.ndarray] | None, seed: int, run: int) -> Sample:
    if arrays is None:
        return take_sample(bench.model, seed, bench.restrictions, run)
    doubles = {n: a.astype(np.float64) for n, a in arrays.items()}
    known = {n: a for n, a in doubles.items() if (adjoint_of(n) or n) in bench.model.tensors}
    more = {n: a for n, a in doubles.items() if n not in known}
    return sample_at(bench.model, known, seed).with_values(more)


def _exactly(
    link: Pointwise, values: Mapping[str, np.ndarray], shown: Mapping[str, Any], sample: Sample
) -> dict[str, Any]:
    """Both sides exactly or to fifty digits, where they can be had."""
    at = tuple(shown["index"][a.name] for a in link.link.axes)
    found = precisely(link, values, at, (shown["left"], shown["right"]), sample)
    if found is None:
        return {}
    (left, right), number = found
    return {"exact_left": left, "exact_right": right, "numbers": number}


def _declaring(text: str, setting: Setting, convention: Convention, choice: int) -> Convention:
    try:
        attempt(text, setting, convention)
    except Undeclared as problem:
        reading = problem.readings[choice]
        return replace(convention, declared=(*convention.declared, reading))
    return convention
