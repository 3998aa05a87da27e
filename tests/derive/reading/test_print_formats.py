"""A statement that prints tells which number of its output belongs to which name."""

from __future__ import annotations

import pytest

from derive.reading.document import document_from_text
from derive.reading.printed import printed

LISTING = "```python\n{}\n```\n\n{}\n"


def read(statement: str, output: str) -> list[tuple[str, str]]:
    document = document_from_text(LISTING.format(statement, output))
    return [(p.latex, p.number) for p in printed(document)]


@pytest.mark.parametrize(
    ("statement", "output"),
    [
        ("print(f'step {net.w.grad}, {net.b.grad}')", "step 0.25, -1.5"),
        ('print(f"step {net.w.grad.item():.2f}, {net.b.grad:.1f}")', "step 0.25, -1.5 (page 3)"),
        ("print('step', net.w.grad, net.b.grad)", "step tensor(0.25) tensor(-1.5)"),
    ],
)
def test_numbers_belong_to_what_was_put_in(statement: str, output: str) -> None:
    assert read(statement, output) == [
        (r"\text{net.w.grad}", "0.25"),
        (r"\text{net.b.grad}", "-1.5"),
    ]


def test_plain_names_are_symbols_and_each_number_is_read_once() -> None:
    assert read("print(f'loss: {loss}')", "loss: 0.1234567") == [(r"\text{loss}", "0.1234567")]
    assert read("print(f'out {y_hat:.3f}')", "out 0.547") == [(r"\hat{y}", "0.547")]


@pytest.mark.parametrize("statement", ["print(f'{x}')", "print(f'x {f(x)}')", "print('x')"])
def test_what_has_no_label_or_no_name_tells_nothing(statement: str) -> None:
    assert read(statement, "x 0.25") == []


def test_every_number_has_its_place() -> None:
    text = LISTING.format("print(f'a {p.q}, {p.r}')", "a 1.25, 2.5")
    for found in printed(document_from_text(text)):
        at = found.number_start
        assert text[at : at + len(found.number)] == found.number
        assert found.start <= at < found.end
