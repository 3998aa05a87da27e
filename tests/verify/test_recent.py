"""What is remembered is bounded, and never told of another text, scope or model."""

from __future__ import annotations

import pickle
from dataclasses import replace

from derive.pipeline import gradients
from derive.reading.document import document_from_text
from derive.reading.lexicon import occurrence
from tests.verify.sheets import bench, marks, relay
from verify.bench import MOST_RESIZED, Bench
from verify.claim import sentence_of
from verify.extract import extract
from verify.recent import Recent
from verify.setting import Convention, Setting
from verify.spread import Deck, Task, _unpacked, judge_share
from verify.understood import understood
from verify.verdict import Status


def test_only_the_last_results_are_kept() -> None:
    asked: list[int] = []
    recent: Recent[int] = Recent(2)
    for key in (1, 2, 1, 3, 1, 2):
        assert recent.get(key, lambda key=key: asked.append(key) or 10 * key) == 10 * key
    assert asked == [1, 2, 3, 2]


def test_what_was_understood_is_known_until_a_definition_comes() -> None:
    setting = Setting(bench(), marks())
    text = r"\bar{o} = 2 \lambda \bar{o}"
    setting.defined.append(r"\lambda = 2")
    first = understood(text, setting, Convention())
    assert understood(text, setting, Convention()) is first
    setting.defined.append(r"\lambda = 3")
    second = understood(text, setting, Convention())
    assert second.statement.sides[1] != first.statement.sides[1]


def test_a_lexicon_without_a_symbol_forgets_it() -> None:
    lexicon = Setting(bench(), marks()).scope(Convention()).lexicon
    item = occurrence(sentence_of("o = t").nodes[0])
    assert item is not None
    match = lexicon.match(item)
    assert match is not None
    assert match is lexicon.match(item)
    without = {k: e for k, e in lexicon.entries.items() if k != match.entry.key}
    assert replace(lexicon, entries=without).match(item) is None


def test_benches_at_other_sizes_are_kept_but_not_all() -> None:
    whole = Bench(relay(), {})
    first = whole.at({"D": 2})
    assert whole.at({"D": 2}) is first
    for n in range(MOST_RESIZED):
        whole.at({"D": n + 3})
    assert whole.at({"D": 2}) is not first


def test_a_process_keeps_the_bench_of_one_deck() -> None:
    document = document_from_text(r"$\bar{B} = \bar{s}$, $B \text{ (size } 4 \times 1)$")
    tasks = [Task(claim, f"c{n}", 0) for n, claim in enumerate(extract(document).claims)]
    packed = [
        pickle.dumps(Deck(m, gradients(m), marks(), document, (), 10.0, 0, others=False))
        for m in (relay(), relay(D=5))
    ]
    found = [[v.status for v, _ in judge_share(p, tasks)] for p in packed]
    assert found == [[Status.PROVED, Status.PROVED], [Status.PROVED, Status.REFUTED]]
    assert _unpacked(packed[1]).base is _unpacked(packed[1]).base
    assert _unpacked(packed[0]).base is not _unpacked(packed[1]).base
