r"""Labels of tables that fell apart on the way out of a slide, where one reading is possible.

∂J $\overline{\partial a}$       a bar under ∂J and above ∂a is that of a fraction
$\theta$   (1)                   the script of a symbol in the cell beside it
"""

from __future__ import annotations

import re

from derive.reading.tables import Cell

_BAR = re.compile(r"\\(?:overline|bar)\s*\{(?P<below>\\partial\b.*)\}", re.DOTALL)
_ABOVE = re.compile(r"(?:∂\s*(?P<plain>\w+)|\$\s*(?P<formula>\\partial\b[^$]*)\$)\s*$")
_SCRIPT = re.compile(r"\(\s*\w{1,2}\s*\)|\[\s*\w{1,2}\s*\]")
_OPEN = re.compile(r"\^\s*\{?\s*[(\[]?\s*\}?$")
LOST = "what stood above the bar of this label was lost"


def is_bar(label: str) -> bool:
    """Whether the label is the lower part of a fraction: nothing else has a bar over its ∂."""
    return _BAR.fullmatch(label.strip()) is not None


def fraction(label: str, before: str) -> str | None:
    """The fraction of such a bar and of what stands ``before`` it on its line, where it is told."""
    bar, above = _BAR.fullmatch(label.strip()), _ABOVE.search(before)
    if bar is None or above is None:
        return None
    top = above["formula"] or rf"\partial {above['plain']}"
    return rf"\frac{{{top.strip()}}}{{{bar['below']}}}"


def with_script(names: list[Cell]) -> Cell | None:
    """The symbol with the script in the cell beside it; ``None`` for any other head row."""
    if len(names) != 2 or not names[0][0].startswith("$") or not _SCRIPT.fullmatch(names[1][0]):
        return None
    symbol = _OPEN.sub("", names[0][0].strip("$ "))
    return f"{symbol}^{{{names[1][0]}}}", names[0][1]
