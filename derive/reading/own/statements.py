r"""What a page says of its own network: definitions, spaces, sizes, whose gradients it takes.

A definition is the first equation for a symbol that is no gradient and reads none. ``x \in
\mathbb{R}^{m \times n}`` tells a shape, ``n = 3`` a size. Nothing is judged here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction

from derive.errors import LimitExceeded, Unreadable
from derive.reading.bounds import read_bounds
from derive.reading.build_model import Written
from derive.reading.cases import Cases, cases_of, is_case, number_of
from derive.reading.chains import first_link, further_links, symbol_of
from derive.reading.document import Document
from derive.reading.fitting import TRANSPOSES
from derive.reading.lexicon import occurrence
from derive.reading.names import head, label, size_key
from derive.reading.own.marks import (
    ERROR,
    is_error,
    is_gradient,
    is_mark,
    marked_symbols,
    marks_gradients,
)
from derive.reading.own.page_words import with_words, words_of
from derive.reading.parse import parse
from derive.reading.said_shares import share_of
from derive.reading.said_symmetry import symmetric_of
from derive.reading.sentence import EQUALS, UPDATES, Sentence, sentences
from derive.reading.shown import shown_table
from derive.reading.surface import (
    Big,
    Binary,
    Call,
    Collection,
    Fraction_,
    Group,
    Name,
    Node,
    Prefixed,
    Scripted,
    walk,
)
from derive.reading.undeclared import PREFIXES

DEFINING = EQUALS | UPDATES


@dataclass
class Page:
    """Equations that may define, and what else is said.

    ``implied`` are those of chains, for symbols that no equation defines.
    ``spaces`` are shapes as typed, by LaTeX; ``numbers`` the values of letters, ``lists`` the
    lengths of lists of numbers; ``numerators`` the heads of what is differentiated,
    ``differentiated`` of what by, ``plain`` where it shows nothing above; ``shares`` what sums to
    one over which letter; ``symmetric`` are matrices, and where it is said; ``ranges`` are those of
    letters by themselves, as typed; ``bounds`` the sizes that bound indices or are lengths,
    ``lengths`` those of spaces, ``running`` the letters that run themselves; ``cases`` what letters
    are compared with; ``matrices`` says whether anything shows that symbols without indices are
    arrays; ``marks`` whether a d stands before gradients.
    """

    equations: list[Written] = field(default_factory=list)
    implied: list[Written] = field(default_factory=list)
    spaces: dict[str, tuple[str, ...]] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    lists: list[tuple[str, int]] = field(default_factory=list)
    numerators: dict[str, int] = field(default_factory=dict)
    differentiated: set[str] = field(default_factory=set)
    plain: set[str] = field(default_factory=set)
    ranges: dict[str, set[tuple[str, str]]] = field(default_factory=dict)
    shares: list[tuple[str, str]] = field(default_factory=list)
    symmetric: list[tuple[str, int]] = field(default_factory=list)
    bounds: dict[str, None] = field(default_factory=dict)
    running: set[str] = field(default_factory=set)
    lengths: set[str] = field(default_factory=set)
    cases: Cases = field(default_factory=dict)
    matrices: bool = False
    marks: bool = False

    @property
    def sizes(self) -> list[str]:
        """Letters that bound indices or are lengths, in order; a length may run elsewhere."""
        return [n for n in self.bounds if n not in self.running or n in self.lengths]


def page_of(document: Document) -> Page:
    """What a document says; formulas that cannot be read say nothing."""
    page = Page(cases=cases_of(document))
    found = [*_stated(document)]
    plain = [written.sentence for written, _ in found]
    page.marks = marks_gradients(plain)
    words = words_of(plain)
    for written, text in found:
        _take(page, replace(written, sentence=with_words(written.sentence, words)), text)
    known = [symbol_of(w.sentence) for w in page.equations]
    for written in page.implied:
        if (symbol := symbol_of(written.sentence)) is not None and symbol not in known:
            page.equations.append(written)
            _bounds(page, written.sentence)
    return page


def _stated(document: Document) -> Iterator[tuple[Written, str]]:
    """Every sentence that can be read, with the text of its delimiter."""
    previous: Sentence | None = None
    for segment in document.formulas():
        if document.fault(segment.outer_start, segment.outer_end) is not None:
            continue
        try:
            tree = parse(segment.text)
        except (Unreadable, LimitExceeded):
            continue
        for sentence in sentences(tree, previous):
            span = sentence.span
            latex = segment.text[span.start : span.end]
            yield Written(sentence, latex, segment.start), segment.text
            previous = sentence


def _take(page: Page, written: Written, text: str) -> None:
    sentence = written.sentence
    for node in sentence.nodes:
        _gradients(page, node)
        page.matrices = page.matrices or any(map(_is_of_matrices, walk(node)))
    if sentence.kind == "relation" and sentence.operators[-1] == r"\in":
        _space(page, sentence, text)
        sentence = replace(sentence, nodes=sentence.nodes[:-1], operators=sentence.operators[:-1])
        if not sentence.operators or not set(sentence.operators) <= EQUALS:
            return
        sentence = replace(sentence, kind="equation")
    if sentence.kind == "quantifier":
        _ranges(page, sentence, text)
    if sentence.kind != "equation" or sentence.continued or not set(sentence.operators) <= DEFINING:
        return
    if (share := share_of(sentence)) is not None:
        name, letter = share
        typed = text[name.span.start : name.span.end].strip()
        page.shares.append((head(name), f"{typed} over {letter}"))
    elif (matrix := symmetric_of(sentence)) is not None:
        page.symmetric.append((head(matrix), written.start))
    elif (number := number_of(sentence)) is not None:
        _take_number(page, *number)
    elif (listed := _list(sentence)) is not None:
        page.lists.append(listed)
    elif _defines(sentence, page):
        page.equations.append(replace(written, sentence=(two := first_link(sentence))))
        _bounds(page, two)
        more = (s for s in further_links(sentence) if _defines(s, page))
        page.implied += (replace(written, sentence=s) for s in more)


def _take_number(page: Page, letter: str, value: Fraction) -> None:
    """``n = 3``, unless it is one of several cases."""
    if value.denominator == 1 and value > 0 and not is_case(letter, value, page.cases):
        page.numbers.setdefault(letter, int(value))


def _list(sentence: Sentence) -> tuple[str, int] | None:
    """The symbol that a row or a column of several numbers is shown for, and how many they are."""
    table = shown_table(sentence.nodes[-1]) if len(sentence.nodes) == 2 else None
    item = occurrence(sentence.nodes[0])
    if table is None or item is None or item.prefix or table.joined is not None:
        return None
    if 1 not in (len(table.rows), table.width):
        return None
    return item.head, max(len(table.rows), table.width)


def _ranges(page: Page, sentence: Sentence, text: str) -> None:
    r"""``i, j = 1, \dots, n`` by itself."""
    for node in sentence.nodes:
        for bound in read_bounds(node, None):
            if bound.low is not None and bound.high is not None:
                ends = (bound.low.span, bound.high.span)
                typed = (text[ends[0].start : ends[0].end], text[ends[1].start : ends[1].end])
                page.ranges.setdefault(bound.letter, set()).add(typed)
                page.running.add(bound.letter)
                _sizes(page, bound.low)
                _sizes(page, bound.high)


def _defines(sentence: Sentence, page: Page) -> bool:
    """Whether the left side is a symbol of the network, and nothing on the right a gradient."""
    item = occurrence(sentence.nodes[0])
    if item is None or is_mark(item) or item.name.primes:
        return False
    right = sentence.nodes[1]
    if not any(isinstance(n, Name | Call) for n in walk(right)):
        return False
    if page.marks and any(marked_symbols(right)):
        return False
    threshold = any(isinstance(s, Name) and head(s) == ERROR for s in item.name.sub)
    read = (n for n in walk(right) if not (threshold and is_error(n)))
    return not any(is_gradient(n, item) for n in read)


def _gradients(page: Page, node: Node) -> None:
    r"""Heads of L and W in ``\frac{\partial L}{\partial W}``, ``dL/dW``, ``\nabla_W L``."""
    for part in walk(node):
        if isinstance(part, Fraction_):
            top, bottom = part.top, part.bottom
        elif isinstance(part, Binary) and part.operator == "/":
            top, bottom = part.left, part.right
        elif isinstance(part, Prefixed) and part.operator == r"\nabla":
            top, bottom = part, part.sub[0] if part.sub else part
        else:
            continue
        if isinstance(top, Prefixed) and top.operator in PREFIXES:
            name = _head(top.body)
            if name is not None:
                page.numerators[name] = page.numerators.get(name, 0) + 1
            below = _head(bottom.body if isinstance(bottom, Prefixed) else bottom)
            if below is not None:
                page.differentiated.add(below)
            if below is not None and not _shows_above(bottom):
                page.plain.add(below)


def _shows_above(node: Node) -> bool:
    return any(isinstance(n, Name) and n.sup for n in walk(node))


def _head(node: Node) -> str | None:
    item = occurrence(node)
    return None if item is None else item.head


def _space(page: Page, sentence: Sentence, text: str) -> None:
    r"""``W \in \mathbb{R}^{m \times n}``: the lengths as typed; none for a number."""
    real = sentence.nodes[-1]
    if not isinstance(real, Name) or real.base not in ("R", r"\R") or real.sub:
        return
    if real.base == "R" and not {r"\mathbb", r"\mathbf", r"\mathds"} & {*real.accents}:
        return
    lengths = tuple(text[n.span.start : n.span.end].strip() for s in real.sup for n in _product(s))
    for script in real.sup:
        inside = (n for n in walk(script) if isinstance(n, Name))
        page.lengths |= {key for n in inside if (key := size_key(n)) is not None}
        _sizes(page, script)
    first = sentence.nodes[0]
    names = first.items if isinstance(first, Collection) and first.bracket == "" else (first,)
    for name in names:
        item = occurrence(name)
        if item is not None and item.args is None:
            page.spaces.setdefault(text[name.span.start : name.span.end].strip(), lengths)


def _product(node: Node) -> Iterator[Node]:
    if isinstance(node, Binary) and node.operator in (r"\times", "*"):
        yield from _product(node.left)
        yield from _product(node.right)
    else:
        yield node


def _bounds(page: Page, sentence: Sentence) -> None:
    """Take the letters that run in a sentence, and the sizes that bound them."""
    items = [(quantifier, None) for quantifier in sentence.quantifiers]
    bigs = (n for node in sentence.nodes for n in walk(node) if isinstance(n, Big))
    for item, upper in (*items, *((item, big.upper) for big in bigs for item in big.lower)):
        for bound in read_bounds(item, upper):
            page.running.add(bound.letter)
            _sizes(page, bound.low)
            _sizes(page, bound.high)


def _sizes(page: Page, node: Node | None) -> None:
    for part in walk(node) if node is not None else ():
        if isinstance(part, Name) and (key := size_key(part)) is not None:
            page.bounds.setdefault(key)


def _is_of_matrices(node: Node) -> bool:
    """A transposition, ⊙, a norm, a bold letter or one with an arrow."""
    if isinstance(node, Name):
        bold = {r"\mathbf", r"\boldsymbol", r"\bm", r"\vec", r"\pmb"} & {*node.accents}
        return bool(bold) or any(_turns(s) for s in node.sup)
    if isinstance(node, Scripted):
        return any(_turns(s) for s in node.sup)
    if isinstance(node, Binary):
        return node.operator in (r"\odot", r"\circ", r"\otimes", "@")
    return isinstance(node, Group) and node.bracket == r"\|"


def _turns(script: Node) -> bool:
    return label(script) in TRANSPOSES
