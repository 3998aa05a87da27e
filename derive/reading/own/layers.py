r"""Pages that state their network for a layer l: ``a^l = \sigma(w^l a^{l-1} + b^l)``.

What stands before ``a^{l-1}`` in a product is a matrix, all else of layer l that nothing computes a
column, what the last layer is compared with one of its length. Capitals, ``Z^{[l]} = W^{[l]}
A^{[l-1]} + b^{[l]}``, hold one column for each sample. Three layers of unequal widths are tried.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from derive.equations import Model
from derive.index import Index
from derive.layers import Layers
from derive.reading.build_model import ModelBuilder, Written
from derive.reading.declarations import Front
from derive.reading.declare import single
from derive.reading.document import Document
from derive.reading.layer_families import families, layer_sentences, text_at, with_layers
from derive.reading.letters import occurrences
from derive.reading.lexicon import Occurrence, occurrence
from derive.reading.names import is_bare, label, letter_of, unstyled
from derive.reading.own.functions import GENERIC, Functions
from derive.reading.own.network import LOSSES
from derive.reading.own.statements import Page
from derive.reading.parse import parse
from derive.reading.printing import to_latex
from derive.reading.sums_over_layers import with_sums_written_out
from derive.reading.surface import Binary, Group, Juxtaposition, Name, Node, Numeral, walk

WIDTHS = (4, 5, 3, 2)
SAMPLES = 6
LAST = "L"
"""What the last layer is called by itself: ``z^{(L)} = w^{(L)} a^{(L-1)}`` states no other."""


@dataclass(frozen=True)
class Layered:
    """The model, the equations that it is made of, and what was taken for granted.

    ``open`` are the functions that nothing defines.
    """

    model: Model
    chosen: tuple[Written, ...]
    open: tuple[str, ...]
    assumed: tuple[str, ...]


def layered(
    document: Document, name: str, page: Page, functions: Functions, declared: Mapping[str, Any]
) -> Layered | None:
    """The model of a page that states its layers once; ``None`` where it does not.

    Raises `Problem` for what is wrong in its equations.
    """
    equations = _first([w for w in page.equations if w not in functions.used])
    letter = next((k for w in equations for k in _layer_letters(w)), None)
    if letter is None or "types" in declared:
        return None
    loss = _loss(page, equations)
    widths: tuple[int, ...] = WIDTHS
    if letter == LAST:
        family, widths = Layers("l", 1, 1, LAST), WIDTHS[:2]
    else:
        last = _last(page, equations, letter, loss)
        family = Layers(letter, 1, len(WIDTHS) - 1, last)
    types = _types(equations, letter, len(widths) - 1)
    if not types:
        return None
    front: dict[str, Any] = {
        "families": {family.letter: {"to": family.last, "last": family.name}},
        "sizes": {f"n_{family.letter}": [*widths], "m": SAMPLES},
        "inputs": _inputs(types, letter),
        "functions": {**functions.names, **(declared.get("functions") or {})},
    }
    if loss is not None:
        front["loss"] = loss
    front |= {k: v for k, v in declared.items() if k not in front}
    if not page.matrices and all(latex.islower() for latex in _letters(types)):
        types = dict.fromkeys(types, "scalar")  # one neuron a layer
    model = _built(replace(document, front=front), types, name, equations)
    count = ", ".join(f"n_{k} = {n}" for k, n in enumerate(widths))
    kinds = (f"{latex} is a {_word(kind)}" for latex, kind in types.items())
    tried = f"numbers are tried for {len(widths) - 1} layers, {count}"
    told = (*kinds,) if "scalar" in types.values() else (tried, *kinds)
    open_ = tuple(n for n, meaning in functions.names.items() if meaning == GENERIC)
    return Layered(model, tuple(equations), open_, told)


def _letters(types: Iterable[str]) -> Iterator[str]:
    for latex in types:
        if (item := occurrence(single(latex))) is not None:
            yield unstyled(item.name.base)


def _word(kind: str) -> str:
    return "number" if kind == "scalar" else kind


def _built(
    sheet: Document, types: Mapping[str, str], name: str, equations: Sequence[Written]
) -> Model:
    front = Front(replace(sheet, front={**sheet.front, "types": types}))
    (family,) = families(front)
    plain = ((w, with_sums_written_out(w.sentence, family)) for w in equations)
    sentences = ((w, one) for w, sentence in plain for one, _ in layer_sentences(sentence, family))
    written = [replace(w, sentence=one) for w, one in sentences]
    front = with_layers(front, family, (w.sentence for w in written))
    return replace(ModelBuilder(front, name).build(written), layers=family)


def _first(equations: Sequence[Written]) -> list[Written]:
    """The first equation for every symbol, whatever its layer."""
    found: dict[str, Written] = {}
    for written in equations:
        item = occurrence(written.sentence.nodes[0])
        if item is not None:
            found.setdefault(item.head, written)
    return [*found.values()]


def _layer_letters(written: Written) -> Iterator[str]:
    """The letter above the left side that the right side reads with 1 taken away."""
    item = occurrence(written.sentence.nodes[0])
    own = _layer(item)[0] if item is not None else None
    for one in occurrences(written.sentence.nodes[1]):
        if own is not None and _layer(one) == (own, -1):
            yield own


def _layer(item: Occurrence) -> tuple[str | None, int]:
    """The letter of the only script, which stands above, and what is added to it."""
    scripts = [s for s in item.name.sup if label(s) not in ("T", r"\top")]
    if len(scripts) != 1 or item.name.sub:
        return None, 0
    inner = scripts[0].body if isinstance(scripts[0], Group) else scripts[0]
    match inner:
        case Binary("-", Name() as name, Numeral(value=value)) if is_bare(name):
            return letter_of(name), -int(value)
        case Name() as name if is_bare(name):
            return letter_of(name), 0
    return None, 0


def _types(equations: Sequence[Written], letter: str, last: int) -> dict[str, str]:
    """Types of what the layers read; none where no weights stand before the layer below."""
    computed = {i.head for w in equations if (i := occurrence(w.sentence.nodes[0])) is not None}
    weights: dict[str, str] = {}
    below: dict[str, str] = {}
    for left, right in _products(equations):
        if _layer(left) == (letter, 0) and _layer(right) == (letter, -1):
            weights[to_latex(left.name)] = f"matrix n_{letter} n_{{{letter}-1}}"
            wide = unstyled(right.name.base).isupper()
            kind = f"matrix n_{{{letter}-1}} m" if wide else f"column n_{{{letter}-1}}"
            below[to_latex(right.name)] = kind
    if not weights:
        return {}
    wide = any(kind.startswith("matrix") for kind in below.values())
    found = {**weights, **below}
    for item in (i for w in equations for i in occurrences(w.sentence.nodes[1])):
        known = item.head in computed or to_latex(item.name) in found or item.args is not None
        if known or not unstyled(item.name.base)[:1].isalpha():
            continue
        if _layer(item) == (letter, 0):
            found[to_latex(item.name)] = f"column n_{letter}"
        elif not item.name.sup and not item.name.sub and unstyled(item.name.base) in "yYtT":
            kind = f"matrix n_{last} m" if wide else f"column n_{last}"
            found[to_latex(item.name)] = kind
    return found


def _products(equations: Sequence[Written]) -> Iterator[tuple[Occurrence, Occurrence]]:
    for node in (n for w in equations for n in walk(w.sentence.nodes[1])):
        factors: tuple[Node, ...] = node.factors if isinstance(node, Juxtaposition) else ()
        if isinstance(node, Binary) and node.operator in (r"\cdot", "@"):
            factors = (node.left, node.right)
        for left, right in pairwise(factors):
            one, two = occurrence(left), occurrence(right)
            if one is not None and two is not None:
                yield one, two


def _inputs(types: Mapping[str, str], letter: str) -> list[str]:
    """What the first layer reads, and what the last is compared with."""
    found = []
    for latex, kind in types.items():
        lower = text_at(latex, parse(latex).items, {letter: Index.of(1)})
        if f"{{{letter}-1}}" in kind and not kind.startswith(f"matrix n_{letter} "):
            found.append(lower)
        elif lower == latex:
            found.append(latex)
    return found


def _loss(page: Page, equations: Sequence[Written]) -> str | None:
    """What is differentiated, else what is called like a loss, of what no layer has; as LaTeX."""
    items = [occurrence(w.sentence.nodes[0]) for w in equations]
    plain = {to_latex(i.name): i.head for i in items if i is not None and _has_no_layer(i.name)}
    found = [t for t, h in plain.items() if h in page.numerators]
    found = found or [t for t, h in plain.items() if h in LOSSES]
    return found[0] if len(found) == 1 else None


def _has_no_layer(name: Name) -> bool:
    """``J``, and ``C_0`` of one sample."""
    return not name.sup and all(isinstance(s, Numeral) for s in name.sub)


def _last(page: Page, equations: Sequence[Written], letter: str, loss: str | None) -> str:
    """What the page calls the last layer: the one letter above a symbol that is no running one."""
    for item in (i for w in equations for n in w.sentence.nodes for i in occurrences(n)):
        own, added = _layer(item)
        if own is not None and own != letter and not added and own not in page.running:
            return own
    return LAST if loss != LAST else "N"
