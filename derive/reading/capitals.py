r"""A matrix in capitals, its parts in small letters: X, its elements ``x_{ij}``, samples ``x_i``.

A small letter that nothing defines is of the matrix in capitals where there is one: its element
where it has two indices, else its row or column of that number, a column by itself. Where the
shapes leave one of the two it is meant. So it is for ``X_i``, and X where only ``x_{ij}`` is known.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator
from dataclasses import replace

from derive.equations import Notation
from derive.index import Axis, Index
from derive.reading.fitting import TRANSPOSES
from derive.reading.letters import occurrences
from derive.reading.lexicon import Entry, Occurrence
from derive.reading.names import label, letter_of, readable, same_label, spread, unstyled, whole
from derive.reading.problems import ByShape, Undeclared
from derive.reading.scope import Scope
from derive.reading.surface import Group, Node, Numeral
from derive.reading.undeclared import as_typed

Script = int | str
SAMPLES = "samples"
"""The name under which it is declared what samples are of a matrix, one for all matrices."""
ROWS, COLUMNS = "rows", "columns"
GREEK = frozenset({r"\phi", r"\psi", r"\theta", r"\xi", r"\omega"})
"""Letters whose capitals are matrices of features or parameters, and no other quantity."""

_MARKED = re.compile(r"((?:\\[a-z]+\{)?)([A-Za-z])(\}?'*)")
"""A letter with an accent or primes."""


def in_other_case(item: Occurrence, scope: Scope) -> Undeclared | None:
    """The question which part of a matrix ``item`` is; ``None`` where there is no such matrix."""
    if item.args is not None:
        return None
    letter = unstyled(item.head)
    wanted = {letter, _in_other_case(letter)}
    entries = scope.lexicon.entries.values()
    alike = [e for e in entries if _is_tensor(e, wanted, item.prefix)]
    if not alike and letter[:1] in scope.lexicon.prefixes and not item.prefix:
        alike = [e for e in entries if _is_tensor(e, {letter[1:]}, letter[0])]  # dout_i
    samples = scope.operators.get(SAMPLES)
    found = tuple(r for e in alike for r in _readings(item, e, samples))
    if not found:
        return None
    text = readable(as_typed(item))
    return Undeclared(f"nothing declares what {text} means", as_typed(item), found, item.span.start)


def _in_other_case(letter: str) -> str:
    r"""``X`` for ``x``, ``\Phi`` for ``\phi``, ``W'`` for ``w'``, ``\hat{R}`` for ``\hat{r}``.

    A symbol that has no other case as it is.
    """
    marked = _MARKED.fullmatch(letter) if len(letter) > 1 else None
    if marked is not None:
        return marked[1] + _in_other_case(marked[2]) + marked[3]
    if letter.lower() in GREEK:
        return "\\" + letter[1:].capitalize() if letter == letter.lower() else letter.lower()
    return letter.swapcase() if len(letter) == 1 and letter.isalpha() else letter


def _is_capital(letter: str) -> bool:
    marked = _MARKED.fullmatch(letter)
    return marked[2].isupper() if marked is not None else letter.isupper()


def part_of_meant(item: Occurrence, scope: Scope) -> Undeclared | None:
    r"""The question which part of a matrix that a symbol is declared to mean ``\delta_i`` is."""
    declared = any(_is_meant(e) for e in scope.lexicon.close_to(item))
    return in_other_case(item, scope) if declared else None


def part_that_runs(letter: str, body: Iterable[Node], scope: Scope) -> Undeclared | None:
    """The question which part of a matrix ``A_i`` is, whose answer gives i its range."""
    for item in (i for node in body for i in occurrences(node)):
        scripts = (*spread(item.name.sub), *item.name.sup)
        inside = (s.body if isinstance(s, Group) else s for s in scripts)
        if scope.lexicon.match(item) is None and letter in map(letter_of, inside):
            asked = in_other_case(item, scope)
            if asked is not None:
                return asked
    return None


def is_part_of_computed(item: Occurrence, scope: Scope) -> bool:
    """Whether it is an element, in small letters, or a row or column of a computed matrix."""
    if scope.model is None or item.prefix:
        return False
    letter = unstyled(item.head)
    small = letter == letter.lower()
    computed = {
        unstyled(e.notation.head)
        for e in scope.lexicon.entries.values()
        if e.rank == 2 and e.tensor in scope.model.by_tensor
    }
    asked = in_other_case(item, scope)
    texts = [r.text for r in asked.readings] if asked is not None else []
    if small and _in_other_case(letter) in computed and any("is an element of" in t for t in texts):
        return True
    return letter in computed and any("is a row of" in t for t in texts)


def _is_tensor(entry: Entry, heads: Container[str], prefix: str) -> bool:
    known = entry.ranges is not None and entry.rank in (1, 2) and (entry.tensor or _is_meant(entry))
    return bool(known) and entry.prefix == prefix and unstyled(entry.notation.head) in heads


def _is_meant(entry: Entry) -> bool:
    """Whether the symbol of a whole matrix means an expression, as a declared δ does."""
    bare = not any(isinstance(s, int) for s in (*entry.notation.sub, *entry.notation.sup))
    return entry.body is not None and entry.rank == 2 and bare


def _readings(item: Occurrence, entry: Entry, samples: str | None) -> Iterator[ByShape]:
    labels = [s for s in (*entry.notation.sub, *entry.notation.sup) if isinstance(s, str)]
    scripts = _scripts(item, labels)
    if scripts is None:
        return
    sub, sup = scripts
    count = sum(isinstance(s, int) for s in (*sub, *sup))
    text, name = readable(as_typed(item)), whole(entry.notation)
    plain = unstyled(entry.notation.head)
    same = unstyled(item.head) in (plain, entry.prefix + plain)
    if not same and _is_capital(unstyled(item.head)):
        if not count and entry.rank == 2:
            if sum(isinstance(s, int) for s in entry.notation.sub + entry.notation.sup) > 1:
                cells = _entry(item, entry, sub, sup, (0, 1))
                yield ByShape(f"{text} has the elements {name}", cells)
                return
            for lies in (ROWS, COLUMNS) if samples is None else (samples,):
                order = (0, 1) if lies == ROWS else (1, 0)
                part = _entry(item, entry, sub, sup, order)
                asked = (SAMPLES, lies) if samples is None else part
                yield ByShape(f"{text} has the {lies} {name}", asked)
        return
    if count == entry.rank and not same:
        yield ByShape(f"{text} is an element of {name}", _entry(item, entry, sub, sup, (0, 1)))
        if count == 2 and any(isinstance(s, int) for s in sup):
            swapped = _entry(item, entry, sub, sup, (1, 0))
            yield ByShape(f"{text} is an element of {name}, its number above first", swapped)
    elif (count, entry.rank) == (1, 2) and _shows_digits(item):
        if not same and not sup:  # x_{12}
            both = _entry(item, entry, (0, 1), (), (0, 1))
            yield ByShape(f"{text} is an element of {name}", both)
    elif (count, entry.rank) == (1, 2):
        for words, order in (("row", (0, 1)), ("column", (1, 0))):
            part = _entry(item, entry, sub, sup, order)
            yield ByShape(f"{text} is a {words} of {name}, as a column", part)
        if same:
            lying = replace(_entry(item, entry, sub, sup, (0, 1)), row=True)
            yield ByShape(f"{text} is a row of {name}", lying)


def _shows_digits(item: Occurrence) -> bool:
    return any(isinstance(n, Numeral) and len(n.text) > 1 for n in item.name.sub)


def _scripts(
    item: Occurrence, labels: list[str]
) -> tuple[tuple[Script, ...], tuple[Script, ...]] | None:
    """The scripts of ``item``: the matrix's own labels, and slots; ``None`` where one is neither.

    What turns or raises the symbol is left out.
    """
    rest, count = [*labels], 0
    sides: list[tuple[Script, ...]] = []
    above = spread(item.name.sup)
    for items in (spread(item.name.sub), above):
        side: list[Script] = []
        for node in items:
            text = label(node)
            own = next((k for k in rest if text is not None and same_label(k, text)), None)
            if own is not None:
                rest.remove(own)
                side.append(own)
            elif items is above and _modifies(node):
                continue
            elif _counts(node):
                side.append(count)
                count += 1
            else:
                return None
        sides.append(tuple(side))
    return None if rest else (sides[0], sides[1])


def _modifies(script: Node) -> bool:
    return label(script) in TRANSPOSES or isinstance(script, Numeral)


def _counts(script: Node) -> bool:
    inner = script.body if isinstance(script, Group) else script
    return isinstance(inner, Numeral) or letter_of(inner) is not None


def _entry(
    item: Occurrence,
    matrix: Entry,
    sub: tuple[Script, ...],
    sup: tuple[Script, ...],
    order: tuple[int, int],
) -> Entry:
    """The symbol whose slots are the matrix's indices in this order, those not shown behind."""
    assert matrix.ranges is not None
    shown = sum(isinstance(s, int) for s in (*sub, *sup))
    places = order[: matrix.rank] if matrix.rank == 2 else (0,)
    ranges = tuple(matrix.ranges[k] for k in places)
    axes = tuple(Axis("ij"[k], *pair) for k, pair in enumerate(ranges))
    at = {place: Index.of(axis) for place, axis in zip(places, axes, strict=True)}
    notation = Notation(item.head, sub, sup, tuple(range(shown, matrix.rank)))
    body = matrix.element(tuple(at[k] for k in range(matrix.rank)))
    return replace(
        matrix, notation=notation, prefix=item.prefix, tensor="", offsets=(), ranges=ranges,
        axes=axes, body=body, row=False, letters=(), strict=False,
    )  # fmt: skip
