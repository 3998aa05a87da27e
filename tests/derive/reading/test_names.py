r"""Names: heads, labels, ASCII names, and which tensor an occurrence denotes."""

from __future__ import annotations

import builtins
import keyword

import pytest
from hypothesis import given
from hypothesis import strategies as st

from derive.equations import Notation
from derive.index import Index
from derive.reading.lexicon import Entry, Lexicon, Match, occurrence
from derive.reading.names import ascii_name, head, identifier, label, readable, size_key, written
from derive.reading.parse import parse
from derive.reading.surface import Name, Node, Numeral


def node(latex: str) -> Node:
    return parse(latex).items[0]


def name(latex: str) -> Name:
    found = node(latex)
    assert isinstance(found, Name)
    return found


@pytest.mark.parametrize(
    ("notation", "ascii_"),
    [
        (Notation("C", (0,), ("1",), (1, 2)), "C1"),
        (Notation("k", ("1", 0), ("1",), (1, 2)), "k1"),
        (Notation(r"\hat{y}", args=(0,)), "yhat"),
        (Notation("z", (0,), ("2",), (1, 2)), "z2"),
        (Notation("a", (), ("(2)",), (0,)), "a2"),
        (Notation("w", ("1",)), "w1"),
        (Notation(r"\lambda"), "lambda_"),
        (Notation(r"\sigma"), "sigma"),
        (Notation(r"\mathrm{net}"), "net"),
        (Notation(r"\mathbf{W}"), "W"),
        (Notation("h'"), "h_prime"),
        (Notation(r"\mathrm{__import__}"), "import_"),
        (Notation(r"\mathrm{class}"), "class_"),
        (Notation(r"\mathrm{max}"), "max_"),
    ],
)
def test_ascii_name(notation: Notation, ascii_: str) -> None:
    assert ascii_name(notation) == ascii_


def test_ascii_names_are_unique() -> None:
    first = ascii_name(Notation("k", ("1", 0), ("1",)))
    second = ascii_name(Notation("k", ("2", 0), ("1",)), {first})
    third = ascii_name(Notation("k", ("2", 0, 1), ("1",)), {first, second})
    assert (first, second, third) == ("k1", "k1_2", "k1_2_2")


@given(st.text(max_size=12))
def test_identifiers_are_harmless(text: str) -> None:
    found = identifier(text)
    assert found.isidentifier()
    assert not keyword.iskeyword(found)
    assert not hasattr(builtins, found)
    assert not found.startswith("_")


def test_heads_and_labels() -> None:
    assert head(name(r"\hat y")) == r"\hat{y}"
    assert head(name(r"\mathrm{net}_i")) == r"\mathrm{net}"
    assert label(name("S_{p,rot180}").sub[1]) == "rot180"
    assert label(name("a^{(2)}").sup[0]) == "(2)"
    assert label(name("x_{i+1}").sub[0]) is None
    assert size_key(name("N_1")) == "N_1"
    assert size_key(name(r"\hat N")) is None


def test_readable() -> None:
    assert readable(r"\Delta\hat{y}") == "Δy\u0302"
    assert readable(r"\sigma") == "σ"
    assert written(Notation("C", (0,), ("1",), (1, 2)), ("p", "0", "j")) == "C_p^1(0, j)"


ONE_TO = {n: (Index.of(1), Index.of(n)) for n in (2, 3, 4, 6)}


def entry(notation: Notation, *lengths: int, prefix: str = "", tensor: str = "") -> Entry:
    ranges = tuple(ONE_TO[n] for n in lengths)
    return Entry(notation, len(ranges), tensor or ascii_name(notation), prefix, ranges)


LEXICON = Lexicon.of(
    [
        entry(Notation("C", (0,), ("1",), (1, 2)), 6, 4, 4),
        entry(Notation("C", (0,), ("2",), (1, 2)), 6, 4, 4),
        entry(Notation("k", ("1", 0), ("1",), (1, 2)), 6, 3, 3),
        entry(Notation("b", (0,), ("1",)), 6),
        entry(Notation("b", args=(0,)), 4),
        entry(Notation("W", args=(0, 1)), 3, 4),
        entry(Notation("V", (0, 1)), 3, 4),
        entry(Notation(r"\hat{y}", args=(0,)), 4),
        entry(Notation("z", args=(0,)), 4),
        entry(Notation("z", (0,), ("2",), (1,)), 2, 4),
        entry(Notation("C", (0, r"\sigma"), ("2",), (1, 2)), 6, 4, 4, prefix=r"\Delta"),
    ],
    functions=(r"\sigma",),
)


def matched(latex: str) -> Match | None:
    item = occurrence(node(latex))
    assert item is not None
    return LEXICON.match(item)


@pytest.mark.parametrize(
    ("latex", "tensor", "omitted"),
    [
        ("C_p^1(i, j)", "C1", 0),
        ("C^1_p(i, j)", "C1", 0),
        ("C_p^2", "C2", 2),
        ("C^2", "C2", 3),
        ("k_{1,p}^1(u, v)", "k1", 0),
        ("b_p^1", "b1", 0),
        ("b", "b", 1),
        ("b(i)", "b", 0),
        ("b_i", "b", 0),
        ("W_{ij}", "W", 0),
        ("W_{i,j}", "W", 0),
        ("W[i, j]", "W", 0),
        ("V(i, j)", "V", 0),
        (r"\mathbf{W}", "W", 2),
        (r"\hat y_i", "yhat", 0),
        ("z", "z", 1),
        ("z_q^2", "z2", 1),
        (r"\Delta C_{q,\sigma}^2(i, j)", "C2", 0),
    ],
)
def test_match(latex: str, tensor: str, omitted: int) -> None:
    match = matched(latex)
    assert match is not None
    assert (match.entry.tensor, match.omitted) == (tensor, omitted)


@pytest.mark.parametrize(
    "latex", ["C_p^3(i, j)", "c_p^1", r"C_{q,\sigma}^2", "k_{2,p}^1", r"\Delta W", r"\hat z", "w"]
)
def test_no_match(latex: str) -> None:
    assert matched(latex) is None


def test_what_a_symbol_leaves_over() -> None:
    power = matched("b^2")
    assert power is not None
    assert [n.text for n in power.powers if isinstance(n, Numeral)] == ["2"]
    product = matched("b_p^1(1 - x, 2)")
    assert product is not None
    assert product.extra is not None
    rotated = matched("C_{p,rot180}^1(i, j)")
    assert rotated is not None
    assert rotated.rotated
    assert rotated.home(1) == (Index.of(-4), Index.of(-1))
    assert rotated.home(0) == (Index.of(1), Index.of(6))


def test_a_transposed_element_has_its_indices_swapped() -> None:
    match = matched("W^T(i, j)")
    assert match is not None
    assert [s.base for s in match.slots if isinstance(s, Name)] == ["j", "i"]
