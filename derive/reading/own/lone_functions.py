r"""Pages that define functions and no network: ``g(s) = \frac{1}{1 + e^{-s}}`` and its slope.

Each function is applied to its own argument, so that there is something to differentiate.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from derive.reading.build_model import Written
from derive.reading.own.functions import Functions
from derive.reading.own.network import Network
from derive.reading.own.statements import Page
from derive.reading.parse import parse
from derive.reading.printing import to_latex
from derive.reading.sentence import sentences


def network_of(page: Page, functions: Functions, declared: Mapping[str, Any]) -> Network:
    """The network of a page; where it has none, that of its functions alone."""
    network = Network(page, functions, declared)
    if network.first or not functions.used:
        return network
    page.equations += _applied(functions)
    return Network(page, functions, declared)


def _applied(functions: Functions) -> Iterator[Written]:
    """An equation for every function that the page defines: a value of it at its argument."""
    for number, written in enumerate(functions.used, start=1):
        text = rf"\mathrm{{value}}_{{{number}}} = {to_latex(written.sentence.nodes[0])}"
        (sentence,) = sentences(parse(text))
        yield Written(sentence, text, written.start)
