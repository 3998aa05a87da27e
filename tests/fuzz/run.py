"""Judge many mutated decks: ``python -m tests.fuzz.run --count 10000 [--seed 0]`` prints counts.

Every input must give verdicts or a `Problem`, in time and memory; whatever else happens is printed
with the seed that reproduces it, and the exit status is 1.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from derive.errors import Problem
from derive.reading.context import context_from_document
from derive.reading.document import Document, read_document
from tests.fuzz.containers import mutant_in_container
from tests.fuzz.corpus import mutant
from tests.verify.sheets import marks, relay
from verify.clock import TimeUp, limited
from verify.judge import judge_deck, judge_document

CLAIM_SECONDS = 0.3
"""Limit of one claim; what is beyond it is undecided."""
DECK_SECONDS = 30.0
"""A deck that works longer hangs: far above a dozen claims at their limit. Waiting for a processor
that others have does not count, since long runs are to give way."""
MEMORY = 1 << 30


def outcome(number: int, folder: Path, seconds: float = CLAIM_SECONDS) -> Counter[str]:
    """What became of mutant ``number``: its statuses, or that it was a problem.

    Every third is read as a context too, every seventh is judged by its own equations. Raises
    whatever is no `Problem`, and `TimeoutError`.
    """
    rng = random.Random(number)
    suffix, data = mutant_in_container(rng)
    path = folder / f"deck{suffix}"
    path.write_bytes(data)
    (folder / "part.tex").write_bytes(mutant(rng))
    started = time.process_time()
    try:
        document = read_document(path)
        if number % 3 == 0:
            with limited(DECK_SECONDS):
                context_from_document(document, "fuzz")
        found = _judged(document, seconds)
        if number % 7 == 0:
            found += _judged_by_itself(document, seconds)
    except Problem:
        found = Counter({"problem": 1})
    except TimeUp:
        raise TimeoutError("the context was not read in time") from None
    if (worked := time.process_time() - started) > DECK_SECONDS:
        raise TimeoutError(f"{worked:.1f} s")
    return found


def _judged(document: Document, seconds: float) -> Counter[str]:
    judgement = judge_document(document, relay(), marks(), seconds=seconds)
    assert all(v.message or v.status.value == "proved" for v in judgement.claims)
    return Counter(v.status.value for v in judgement.claims)


def _judged_by_itself(document: Document, seconds: float) -> Counter[str]:
    with limited(DECK_SECONDS):
        judgement = judge_deck(document, seconds=seconds)
    return Counter(f"own {v.status.value}" for v in judgement.claims)


def peak_memory() -> int:
    """Bytes that this process has held at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def main() -> int:
    """Run, print, and say by the exit status whether all went well."""
    parser = argparse.ArgumentParser(description="Judge mutated decks.")
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    counts: Counter[str] = Counter()
    slowest, failed = (0.0, -1), 0
    with tempfile.TemporaryDirectory() as folder:
        for number in range(chosen.seed, chosen.seed + chosen.count):
            started = time.process_time()
            try:
                counts += outcome(number, Path(folder))
            except Exception as error:  # noqa: BLE001 - what escapes is what is sought
                failed += 1
                print(f"seed {number}: {type(error).__name__}: {str(error)[:200]}", flush=True)
            slowest = max(slowest, (time.process_time() - started, number))
    print(f"{chosen.count} decks, {failed} failed; {dict(counts)}")
    print(f"slowest {slowest[0]:.1f} s (seed {slowest[1]}), memory {peak_memory() >> 20} MiB")
    return int(failed > 0 or peak_memory() > MEMORY)


if __name__ == "__main__":
    sys.exit(main())
