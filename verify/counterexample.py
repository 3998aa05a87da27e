"""Counterexamples to look at: small where the formula names no size, and reproducible.

`both_sides` is what the one-line reproduction calls.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from derive.errors import Problem
from derive.pipeline import load_model
from derive.reading.context import EMPTY, Context, load_context
from derive.reading.surface import Name, Node, Numeral, parts
from verify.attempt import Attempt, attempt
from verify.bench import SEED, Bench, take_sample
from verify.claim import sentence_of
from verify.compare import Outcome, difference
from verify.elsewhere import moved
from verify.setting import Convention, Setting
from verify.verdict import Status


def shown(outcome: Outcome, best: Attempt, text: str, setting: Setting) -> dict[str, Any] | None:
    """The outcome's counterexample, smaller where possible, with the line that reproduces it."""
    found = outcome.counterexample
    if found is None or "seed" not in found:
        return found
    small = _smaller(best, text, setting) or found
    return {**small, "python": _one_line(small, best, text, setting)}


def _smaller(best: Attempt, text: str, setting: Setting) -> dict[str, Any] | None:
    """The counterexample at small sizes; ``None`` for a formula that names a number."""
    if any(n.value not in (0, 1) for n in _numerals(sentence_of(text).nodes)):
        return None
    for sample in setting.bench.small:
        sizes = {s.name: n for s, n in sample.sizes.items()}
        bench = Bench(setting.bench.model.resized(**sizes), {}, sample)
        here = Setting(bench, setting.context, setting.defined)
        try:
            tried = attempt(text, here, moved(best.convention, here))
        except Problem:
            continue
        if tried.outcome.status is Status.REFUTED:
            return tried.outcome.counterexample
    return None


def _numerals(nodes: Sequence[Node]) -> Iterator[Numeral]:
    """Every number that is no label of a symbol."""
    for node in nodes:
        if isinstance(node, Numeral):
            yield node
        if not isinstance(node, Name):
            yield from _numerals(tuple(parts(node)))


def _one_line(found: Mapping[str, Any], best: Attempt, text: str, setting: Setting) -> str:
    choices = setting.origin_choices()
    arguments = [
        repr(text), repr(setting.bench.model.name),
        repr(None if setting.context is EMPTY else setting.context.name),
        f"sizes={found['sizes']!r}", f"at={found['index']!r}", f"seed={found['seed']}",
        f"origins={choices.index(best.convention.shifts)}",
    ]  # fmt: skip
    if setting.defined:
        arguments.append(f"defined={setting.defined!r}")
    return (
        f"from verify.counterexample import both_sides; print(both_sides({', '.join(arguments)}))"
    )


def both_sides(
    text: str,
    model: str | Path,
    context: str | Path | Context | None = None,
    *,
    sizes: Mapping[str, int] | None = None,
    at: Mapping[str, int] | None = None,
    seed: int = SEED,
    origins: int = 0,
    defined: Sequence[str] = (),
) -> dict[str, Any]:
    """Both sides of every link of a formula on the sample of this seed.

    At the index values ``at``, else where they lie farthest apart. ``origins`` is the number of the
    choice of origins, ``defined`` the deck's definitions before it. Raises `Problem`.
    """
    known = load_model(model)
    known = known.resized(**sizes) if sizes else known
    declared = EMPTY if context is None else context
    declared = declared if isinstance(declared, Context) else load_context(declared)
    sample = take_sample(known, seed)
    setting = Setting(Bench(known, {}, sample), declared, list(defined))
    tried = attempt(text, setting, Convention(setting.origin_choices()[origins]))
    if tried.problem is not None:
        raise tried.problem
    found = []
    for link in tried.identities:
        worst = difference(link, sample)
        index = dict(zip((a.name for a in link.axes), worst.at, strict=True))
        pair = (worst.left, worst.right)
        if at is not None and set(at) == set(index):
            index, pair = dict(at), sample.pair(link.left, link.right, link.axes, at)
        found.append({"index": index, "left": pair[0], "right": pair[1]})
    return {"links": found, "sizes": {s.name: n for s, n in sample.sizes.items()}}
