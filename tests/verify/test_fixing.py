r"""A corrected copy: wrong formulas replaced by right ones, everything else as it was."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import verify
from derive.reading.document import document_from_text
from tests.verify.sheets import marks, relay
from tests.verify.unhurried import unhurried
from verify.fixing import Fixed
from verify.splices import changed, respaced
from verify.verdict import Status

RIGHT_AND_SLIPS = {
    r"\bar{M} = \bar{s} \times h^T": r"\bar{M} = -\bar{s} \times h^T",
    r"\bar{h} = M^T \times \bar{s}": r"\bar{h} = M \times \bar{s}",
    r"\bar{B} = \bar{s}": r"\bar{B} = -\bar{s}",
    r"\bar{M}(i,j) = \bar{s}(i)\, h(j)": r"\bar{M}(i,j) = \bar{s}(j)\, h(i)",
    r"\bar{g}_r = X_{rot180} * \bar{A}_{r,\phi}": r"\bar{g}_r = X * \bar{A}_{r,\phi}",
    r"M \leftarrow M - \eta \bar{M}": r"M \leftarrow M + \eta \bar{M}",
}
RIGHT = tuple(RIGHT_AND_SLIPS)


def fixed(text: str) -> Fixed:
    with unhurried():
        return verify.fix(document_from_text(text), relay(), marks())


def test_a_right_deck_stays_as_it_is() -> None:
    deck = "Right:\r\n\r\n$$ \\bar{B} = \\bar{s} $$ \t\r\n"
    found = fixed(deck)
    assert found.text == deck
    assert not found.changed
    assert not found.left


@pytest.mark.long
@settings(max_examples=12, deadline=None)
@given(
    st.lists(st.sampled_from(RIGHT), min_size=1, max_size=4),
    st.data(),
    st.sampled_from(("\n", "\r\n")),
)
def test_a_deck_with_slips_is_fixed_and_a_right_one_stays(
    formulas: list[str], data: st.DataObject, end: str
) -> None:
    slips = [data.draw(st.sampled_from((f, RIGHT_AND_SLIPS[f]))) for f in formulas]
    deck = end.join(f"É {n}: $$ {f} $$" for n, f in enumerate(slips))
    found = fixed(deck)
    assert found.after.accepted
    assert not found.left
    assert "".join(found.text.split()) == "".join(
        end.join(f"É {n}: $$ {f} $$" for n, f in enumerate(formulas)).split()
    )
    if slips == formulas:
        assert found.text == deck
        assert not found.changed


def test_only_the_wrong_formulas_change_at_all_their_places() -> None:
    deck = (
        "# Notes\r\n\r\nFirst $\\bar{h} = M \\times \\bar{s}$, in a table:\r\n\r\n"
        "| what | formula |\r\n|---|---|\r\n| back | $\\bar{h}=M \\times \\bar{s}$ |\r\n\r\n"
        "`code $\\bar{h} = M \\times \\bar{s}$`, right: $\\bar{B} = \\bar{s}$.\r\n"
    )
    found = fixed(deck)
    first, table, rest = deck.split("M \\times", 2)
    assert found.text == f"{first}M^T \\times{table}M^T \\times{rest}"
    (change,) = found.changed
    assert len(change.splices) == 2
    assert change.status is Status.PROVED


def test_only_the_wrong_link_of_a_chain_changes() -> None:
    chain = (
        r"$$ \bar{c}_r = \frac{\partial J}{\partial c_r} = %s\sum_{i,j} \bar{A}_{r,\phi}(i,j) $$"
    )
    assert fixed(chain % "-").text == chain % ""


@pytest.mark.long
def test_a_line_that_continues_a_formula_is_corrected_in_its_own_place() -> None:
    deck = "$$ \\bar{h} = \\frac{\\partial J}{\\partial h} $$\n\n$$ = M %s\\times \\bar{s} $$\n"
    assert "".join(fixed(deck % "").text.split()) == "".join((deck % "^T").split())


def test_what_has_no_right_formula_near_is_left_and_said() -> None:
    deck = "$$ \\bar{s}(i) = 3 (t(i) + o(i))\\, o(i) $$\n\n$$ \\bar{B} = -\\bar{s} $$\n"
    found = fixed(deck)
    assert [item.reason for item in found.left] == ["no right formula was found within one edit"]
    assert found.text == deck.replace("-", "")
    assert found.after.summary["refuted"] == 1


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_bytes_outside_the_edits_stay(mark: bytes, tmp_path: Path) -> None:
    deck = tmp_path / "deck.md"
    deck.write_bytes(mark + "ção\r\n$$ \\bar{B} = -\\bar{s} $$\r\n\tend  ".encode())
    found = verify.fix(deck, relay(), marks())
    assert found.data == deck.read_bytes().replace(b"-", b"")


def test_the_shortest_stretch_that_changes() -> None:
    assert changed("abcb", "abxcb")[1] == "x"
    span, new = changed("aa", "aaa")
    assert "aa"[: span.start] + new + "aa"[span.end :] == "aaa"


@given(st.text("ab ", max_size=12), st.data())
def test_a_stretch_is_found_again_under_other_spacing(text: str, data: st.DataObject) -> None:
    copy = "".join(sign + " " * data.draw(st.integers(0, 2)) for sign in text if sign != " ")
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    span, _ = changed(text, text[:start] + text[end:])
    own = respaced(text, copy, span)
    bare = "".join(text[span.start : span.end].split())
    assert "".join(copy[own.start : own.end].split()) == bare
    assert "".join(copy[: own.start].split()) == "".join(text[: span.start].split())


def test_sizes_beside_formulas_and_shared_verdicts_do_not_disturb_a_copy() -> None:
    text = r"""$W$ 1×1

1	2
3	4

$2 + 2 = 5$

- Input (size: 20)
- 3x3 conv, 4, /1 (output size: 10)
"""
    found = fixed(text)
    assert "$2 + 2 = 4$" in found.text
    assert [c.verdict.latex for c in found.changed] == ["2 + 2 = 5"]
    assert {item.verdict.latex for item in found.left} == {
        r"1 \times 1",
        r"\text{output size: }10",
    }
