r"""How long reading takes: ``python -m tests.benchmarks.reading [--profile]``, at a clone's root.

A thousand formulas by others, those of the corpus and of a slide, a Markdown deck each topic:
found, parsed and given their meaning. Seconds of the processor in one process, which other work on
the machine changes little; less than `ASKED` are asked for, on two cores.
"""

from __future__ import annotations

import cProfile
import pstats
import sys
import time
from collections import defaultdict
from collections.abc import Iterator

from derive.equations import Model
from derive.errors import Problem
from derive.pipeline import load_model
from derive.reading.context import Context, load_context, reading_scope
from derive.reading.document import document_from_text
from derive.reading.parse import parse
from derive.reading.scope import Scope
from derive.reading.sentence import sentences
from derive.reading.statement import statement
from tests.benchmarks.judging import ZHANG
from tests.corpus.library import topics
from verify.extract import extract

FORMULAS = 1000
ASKED = 10.0
Subject = tuple[Model, Context, list[str]]


def subjects(count: int = FORMULAS) -> Iterator[Subject]:
    """Formulas with the model and the context that they are read in, ``count`` in all."""
    zhang = load_model("zhang"), load_context("zhang"), list(ZHANG)
    known = [(t.model, t.context, [c.latex for c in t.claims]) for t in topics()]
    for model, context, formulas in (*known, *[zhang] * (count // len(ZHANG) + 1)):
        yield model, context, formulas[:count]
        count -= len(formulas[:count])
        if not count:
            return


def read(given: list[Subject]) -> tuple[int, int, dict[str, float]]:
    """How many formulas there are, how many mean something, and seconds of each stage."""
    seconds: dict[str, float] = defaultdict(float)
    found = meant = 0
    for model, context, formulas in given:
        scope = reading_scope(model, context)
        started = time.process_time()
        document = document_from_text("\n\n".join(f"A formula: $$ {f} $$" for f in formulas))
        claims = extract(document).claims
        read_at = time.process_time()
        seconds["find and parse"] += read_at - started
        meant += sum(_means(claim.text, scope) for claim in claims)
        seconds["give a meaning"] += time.process_time() - read_at
        found += len(formulas)
    return found, meant, dict(seconds)


def _means(latex: str, scope: Scope) -> bool:
    try:
        for sentence in sentences(parse(latex)):
            statement(sentence, scope.afresh())
    except Problem:
        return False
    return True


def main() -> int:
    """Print the seconds; the exit status is 1 beyond `ASKED`."""
    given = list(subjects())
    profile = cProfile.Profile()
    if "--profile" in sys.argv:
        profile.enable()
    found, meant, seconds = read(given)
    profile.disable()
    total = sum(seconds.values())
    stages = ", ".join(f"{stage} {value:.1f} s" for stage, value in seconds.items())
    print(f"{found} formulas, {meant} with a meaning, {total:.1f} s of the processor: {stages}")
    if "--profile" in sys.argv:
        pstats.Stats(profile).sort_stats("cumulative").print_stats(40)
    return int(total > ASKED)


if __name__ == "__main__":
    sys.exit(main())
