"""What is written alike is matched alike, each symbol with its own nodes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from derive.equations import Notation
from derive.index import Index
from derive.reading.lexicon import Entry, Lexicon, Match, occurrence
from derive.reading.parse import parse
from derive.reading.surface import Node

RANGES = tuple((Index.of(1), Index.of(9)) for _ in range(4))
ENTRIES = (
    Entry(Notation("W", sub=(0, 1)), 2, "W", ranges=RANGES[:2]),
    Entry(Notation("k", sub=(0, 1), sup=("2",), args=(2, 3)), 4, "k2", ranges=RANGES),
)
SYMBOLS = ("W_{ij}", "W_{i,j}", "W^T", "W_{ij}^2", "W_{ijk}", "k_{q,p}^2(u, v)", "k^2", "V_{ij}")


def _alone(text: str) -> Node:
    (node,) = parse(text).items
    return node


def _match(lexicon: Lexicon, node: Node) -> Match | None:
    item = occurrence(node)
    assert item is not None
    return lexicon.match(item)


@given(st.lists(st.sampled_from(SYMBOLS), min_size=2, max_size=6))
def test_a_symbol_is_matched_as_if_it_came_first(texts: list[str]) -> None:
    lexicon = Lexicon.of(ENTRIES)
    for text in texts:
        node = parse(f"1 + {text}").items[0].below[1]
        assert _match(lexicon, node) == _match(Lexicon.of(ENTRIES), node)


@given(st.sampled_from(SYMBOLS), st.sampled_from(SYMBOLS))
def test_its_slots_are_its_own_nodes(first: str, second: str) -> None:
    lexicon = Lexicon.of(ENTRIES)
    for text in (first, second):
        for before in ("", "1 + "):
            node = parse(before + text).items[0]
            node = node.below[1] if before else node
            match = _match(lexicon, node)
            own = {id(n) for n in node.whole}
            nodes = [] if match is None else [*match.slots, *match.powers]
            assert all(id(n) in own for n in nodes if n is not None)


def test_a_form_is_the_same_anywhere_but_not_with_other_gaps() -> None:
    here, there = _alone("W_{ij}"), parse("1 + W_{ij}").items[0].below[1]
    assert here.form == there.form
    assert here.form != _alone("W_{i j}").form
    assert here.form != _alone("W_{ji}").form
    assert _alone("W_{i}^2").form != _alone("W_{i}^3").form
